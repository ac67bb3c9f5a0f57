"""PgBouncer's own counters: how long its clients were served, and how long they waited for a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row


@dataclass(frozen=True)
class Stats:
    """Totals for the database ``postgres``; times are in seconds, of all clients together."""

    transactions: int
    query_time: float
    """From the arrival of a query to its end: PgBouncer 1.18 counts the wait for a connection into it."""
    transaction_time: float
    """The same for transactions."""
    waited: float
    """Waits for a server connection."""

    @property
    def served(self) -> float:
        """Time that clients spent in transactions on a server connection."""
        return self.transaction_time - self.waited

    def __sub__(self, other: Stats) -> Stats:
        """Return what was added since *other*."""
        return Stats(
            self.transactions - other.transactions,
            self.query_time - other.query_time,
            self.transaction_time - other.transaction_time,
            self.waited - other.waited,
        )


def stats(pooler: Any) -> Stats:
    """Ask PgBouncer's console for what it has counted."""
    row = next(row for row in console(pooler, "SHOW STATS_TOTALS") if row["database"] == "postgres")
    times = (int(row[name]) / 1e6 for name in ("query_time", "xact_time", "wait_time"))
    return Stats(int(row["xact_count"]), *times)


def full(pooler: Any, clients: int, size: int) -> bool:
    """True once each of *clients* is served or waits in the queue of a pool that serves *size* of them."""
    pools = [row for row in console(pooler, "SHOW POOLS") if row["database"] != "pgbouncer"]
    served = [int(row["sv_active"]) for row in pools]
    return all(serves >= size for serves in served) and clients == sum(served) + sum(
        int(row["cl_waiting"]) for row in pools
    )


def console(pooler: Any, command: str) -> list[dict[str, Any]]:
    """Run a command of PgBouncer's console, which speaks only the simple protocol and has no transactions."""
    with psycopg.connect(pooler.dsn.replace("dbname=postgres", "dbname=pgbouncer"), autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection, row_factory=dict_row)
        return cursor.execute(command).fetchall()
