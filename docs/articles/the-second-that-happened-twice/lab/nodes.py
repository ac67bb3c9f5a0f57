"""A node of a store with last-write-wins: a table in PostgreSQL, and a clock that stamps its writes."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from .hlc import HybridClock, WallClock

TABLE = "CREATE TABLE kv (key text PRIMARY KEY, value text, time bigint, counter int, node text)"
# --8<-- [start:rule]
WRITE = """
INSERT INTO kv VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value,
  time = excluded.time, counter = excluded.counter, node = excluded.node
"""
MERGE = f"""{WRITE}
WHERE (excluded.time, excluded.counter, excluded.node)
    > (kv.time, kv.counter, kv.node)
"""
# --8<-- [end:rule]
CLOCKS = {"wall": WallClock, "hybrid": HybridClock}


class Node:
    """One node, whose wall clock is that of its server."""

    def __init__(self, name: str, dsn: str, clock: str, **settings: Any) -> None:
        """Start with an empty table on the server *dsn*, and stamp writes by *clock*."""
        self.name = name
        self.db = psycopg.connect(dsn, autocommit=True, row_factory=tuple_row)
        self.db.execute("DROP TABLE IF EXISTS kv")
        self.db.execute(TABLE)
        self.clock = CLOCKS[clock](self._milliseconds, **settings)

    def _milliseconds(self) -> int:
        row = self.db.execute("SELECT extract(epoch FROM clock_timestamp()) * 1000").fetchone()
        assert row
        return int(row[0])

    def write(self, key: str, value: str) -> bool:
        """Write as a client's request does, and tell whether the node confirmed it."""
        time, counter = self.clock.stamp()
        return self.db.execute(WRITE, [key, value, time, counter, self.name]).rowcount == 1

    def read(self, key: str) -> str | None:
        """The value that a client gets."""
        row = self.db.execute("SELECT value FROM kv WHERE key = %s", [key]).fetchone()
        return row[0] if row else None

    def pull(self, other: Node) -> None:
        """Take every row of another node that wins against ours."""
        for row in other.db.execute("SELECT * FROM kv").fetchall():
            self.clock.receive(row[2], row[3])
            self.db.execute(MERGE, row)

    def stamp_of(self, key: str) -> tuple[int, int]:
        """The stamp with which a value is stored."""
        row = self.db.execute("SELECT time, counter FROM kv WHERE key = %s", [key]).fetchone()
        assert row
        return row[0], row[1]


def sync(one: Node, other: Node) -> None:
    """Exchange all rows in both directions."""
    one.pull(other)
    other.pull(one)
