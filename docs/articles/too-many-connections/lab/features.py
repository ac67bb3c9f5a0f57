"""Features of a PostgreSQL session: how a client gets each, and how to see whether a client has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import psycopg
from psycopg import errors, pq

Connection = psycopg.Connection[Any]
Connect = Callable[..., Connection]


def one(db: Connection, sql: str) -> Any:
    """Return the first column of the first row."""
    row = db.execute(sql).fetchone()
    assert row
    return row[0]


@dataclass(frozen=True)
class Feature:
    """Something that a session remembers after its transaction."""

    name: str
    make: Callable[[Connection], object]
    has: Callable[[Connection], bool]


@dataclass(frozen=True)
class Stage:
    """Where clients act: a way to connect through the pooler, and a direct connection to the server."""

    connect: Connect
    direct: Connection

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Keep the server connection that was used last busy with another client's statement."""
        self.direct.execute("SELECT pg_advisory_lock(77)")
        other = self.connect()
        waiting = Thread(target=other.execute, args=["SELECT pg_advisory_xact_lock(77)"])
        waiting.start()
        while not one(self.direct, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            time.sleep(0.01)
        yield
        self.direct.execute("SELECT pg_advisory_unlock(77)")
        waiting.join()


# --8<-- [start:play]
def play(stage: Stage, feature: Feature) -> tuple[bool, bool]:
    """Let a client make something; return whether it still has it, and whether its neighbour has it."""
    owner, neighbour = stage.connect(), stage.connect()
    feature.make(owner)
    leaked = feature.has(neighbour)
    with stage.occupied():  # so the owner's next statement needs another server connection, if it may get one
        return feature.has(owner), leaked
    # --8<-- [end:play]


def setting(name: str, value: str) -> Feature:
    """SET, and SHOW to look."""
    return Feature(
        name, lambda db: db.execute(f"SET {name} = '{value}'"), lambda db: bool(one(db, f"SHOW {name}") == value)
    )


def succeeds(sql: str, without: type[psycopg.Error]) -> Callable[[Connection], bool]:
    """Return a function that is true for a client for which *sql* does not fail with the error *without*."""

    def tried(db: Connection) -> bool:
        try:
            db.execute(sql)
        except without:
            return False
        return True

    return tried


def hears_itself(db: Connection) -> bool:
    """True if the session listens: then it also hears what it sends, before its statement has ended."""
    heard: list[psycopg.Notify] = []
    db.add_notify_handler(heard.append)
    db.execute("NOTIFY orders")
    return bool(heard)


TRACKED = setting("TimeZone", "Asia/Tokyo")
STATE = [
    setting("statement_timeout", "5s"),
    Feature(
        "advisory lock",
        lambda db: db.execute("SELECT pg_advisory_lock(1)"),
        lambda db: bool(one(db, "SELECT pg_try_advisory_lock(1)")),  # its holder gets it again, others do not
    ),
    Feature(
        "prepared statement",  # of the protocol, as drivers make them
        lambda db: db.pgconn.prepare(b"plan", b"SELECT $1::int + 1"),
        lambda db: db.pgconn.exec_prepared(b"plan", [b"1"]).status == pq.ExecStatus.TUPLES_OK,
    ),
    Feature(
        "temporary table",
        lambda db: db.execute("CREATE TEMPORARY TABLE basket (id int)"),
        succeeds("SELECT * FROM basket", without=errors.UndefinedTable),
    ),
    Feature(
        "cursor WITH HOLD",
        lambda db: db.execute("DECLARE rest CURSOR WITH HOLD FOR SELECT generate_series(1, 3)"),
        succeeds("FETCH ALL FROM rest", without=errors.InvalidCursorName),
    ),
    Feature("LISTEN", lambda db: db.execute("LISTEN orders"), hears_itself),
]


def transaction(stage: Stage) -> str:
    """BEGIN … COMMIT."""
    client = stage.connect()
    try:
        client.execute("BEGIN")
        client.execute("SELECT 1")
        client.execute("COMMIT")
    except psycopg.OperationalError:
        assert client.closed
        return "disconnected"
    return "works"


def local_setting(stage: Stage) -> str:
    """SET LOCAL in a transaction."""
    client, neighbour = stage.connect(), stage.connect()
    try:
        with client.transaction():
            client.execute("SET LOCAL statement_timeout = '6s'")
            held = one(client, "SHOW statement_timeout") == "6s"
    except psycopg.OperationalError:
        assert client.closed
        return "disconnected"
    return "works" if held and one(neighbour, "SHOW statement_timeout") != "6s" else "leaks"
