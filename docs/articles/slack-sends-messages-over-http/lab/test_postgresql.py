"""Two things that a server with many writers must know, on PostgreSQL: SQLite lets only one write at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from chat_client import until

SCHEMA = """
    DROP TABLE IF EXISTS message, channel;
    CREATE TABLE channel (id text PRIMARY KEY, last bigint NOT NULL);
    CREATE TABLE message (seq bigserial PRIMARY KEY, text text NOT NULL, client_msg_id text);
    INSERT INTO channel VALUES ('C1', 0);
"""
INSERTS = {
    "a sequence": "INSERT INTO message (text) VALUES (%s)",
    "the channel's row": """
        -- --8<-- [start:number]
        WITH next AS (
            UPDATE channel SET last = last + 1 WHERE id = 'C1' RETURNING last
        )
        INSERT INTO message (seq, text) SELECT last, %s FROM next
        -- --8<-- [end:number]
    """,
}


@pytest.fixture(scope="module")
def server(start_postgresql: Callable[..., Any]) -> Any:
    """One PostgreSQL for all tests of this file."""
    return start_postgresql()


@pytest.fixture
def connect(server: Any) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """``connect()`` opens a connection to an empty database; each statement commits outside a transaction block."""
    opened: list[psycopg.Connection[Any]] = []

    def connect() -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(server.dsn, autocommit=True))
        return opened[-1]

    connect().execute(SCHEMA)
    yield connect
    for connection in opened:
        connection.close()


def _waits(watcher: psycopg.Connection[Any], writer: psycopg.Connection[Any], write: Future[Any]) -> bool:
    """Return whether *writer* waits for a lock, once it waits or has done its *write*."""

    def blocked() -> bool:
        asked = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
        return bool(watcher.execute(asked, [writer.info.backend_pid]).fetchone()[0])  # type: ignore[index]

    until(lambda: write.done() or blocked(), "the second write to end or to wait")
    return not write.done()


@pytest.mark.fails_when(
    "numbers come from the channel's row", assertion='"slow" not in seen', numbers="the channel's row"
)
def test_a_cursor_over_a_sequence_skips_what_commits_late(
    connect: Callable[[], psycopg.Connection[Any]], numbers: str = "a sequence"
) -> None:
    """A reader whose cursor is the greatest number it saw misses a message with a lower one that commits later."""
    slow, fast, reader = connect(), connect(), connect()
    insert = INSERTS[numbers]
    # --8<-- [start:skip]
    slow.execute("BEGIN")
    slow.execute(insert, ["slow"])
    with ThreadPoolExecutor(1) as pool:
        write = pool.submit(fast.execute, insert, ["fast"])
        _waits(reader, fast, write)

        seen, cursor = _read_on(reader, cursor=0)
        slow.execute("COMMIT")
        write.result()
    seen += _read_on(reader, cursor)[0]
    # --8<-- [end:skip]
    assert "slow" not in seen
    assert seen == ["fast"]


def _read_on(reader: psycopg.Connection[Any], cursor: int) -> tuple[list[str], int]:
    """Return the texts after *cursor*, and the cursor for the next time."""
    rows = reader.execute("SELECT seq, text FROM message WHERE seq > %s ORDER BY seq", [cursor]).fetchall()
    return [text for _, text in rows], rows[-1][0] if rows else cursor


@pytest.mark.fails_when("the column is not unique", assertion="waited", unique=False)
def test_a_second_insert_of_a_key_waits_for_the_first(
    connect: Callable[[], psycopg.Connection[Any]], unique: bool = True
) -> None:
    """ON CONFLICT DO NOTHING waits for another transaction's uncommitted key, and then inserts nothing."""
    first, second, watcher = connect(), connect(), connect()
    conflict = "ON CONFLICT (client_msg_id) DO NOTHING" if unique else ""
    if unique:
        first.execute("CREATE UNIQUE INDEX ON message (client_msg_id)")
    insert = f"INSERT INTO message (text, client_msg_id) VALUES ('hello', 'k1') {conflict} RETURNING seq"
    first.execute("BEGIN")
    first.execute(insert)
    with ThreadPoolExecutor(1) as pool:
        write = pool.submit(lambda: second.execute(insert).fetchall())
        waited = _waits(watcher, second, write)
        first.execute("COMMIT")
        inserted = write.result()
    assert waited
    assert inserted == []
