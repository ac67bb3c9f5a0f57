"""What a connection costs the server, whether it is used or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

Connect = Callable[..., psycopg.Connection[Any]]
TABLES = 500


def _status(pid: int, field: str) -> int:
    """Read a number of ``/proc/PID/status``."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{field}:"))


def _pids(db: psycopg.Connection[Any]) -> set[int]:
    return {pid for (pid,) in db.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")}


@pytest.mark.fails_when("they connect to PgBouncer", assertion="len(new) == 10", pooled=True)
def test_each_connection_is_a_process(
    postgresql: Any,
    db: psycopg.Connection[Any],
    connect: Connect,
    start_pooler: Callable[..., Any],
    pooled: bool = False,
) -> None:
    """Ten connections are ten more processes, each of them a child of the postmaster."""
    server = start_pooler(postgresql, pool_mode="transaction") if pooled else postgresql
    before = _pids(db)
    clients = [connect(server.dsn) for _ in range(10)]
    for client in clients:
        client.execute("SELECT 1")
    new = _pids(db) - before
    assert len(new) == 10
    assert all(_status(pid, "PPid") == postgresql.pid for pid in new)


@pytest.mark.fails_when("it reads no table", assertion="grown > 2 * fresh", tables=0)
def test_a_connection_keeps_what_it_has_read_about_tables(
    db: psycopg.Connection[Any], connect: Connect, record: Any, tables: int = TABLES
) -> None:
    """A backend that has read 500 tables has more than twice its first anonymous memory, even after `DISCARD ALL`."""
    db.execute(
        f"DO $$ BEGIN FOR i IN 1 .. {TABLES} LOOP"
        " EXECUTE format('CREATE TABLE IF NOT EXISTS part%s (id int PRIMARY KEY, a text, b text, c text)', i);"
        " END LOOP; END $$"
    )
    client = connect()
    client.execute("SELECT 1")
    pid = client.info.backend_pid
    fresh = _status(pid, "RssAnon")
    client.execute(
        f"DO $$ BEGIN FOR i IN 1 .. {tables} LOOP EXECUTE format('SELECT a FROM part%s WHERE id = 1', i);"
        " END LOOP; END $$"
    )
    client.execute("DISCARD ALL")
    grown = _status(pid, "RssAnon")
    record.number("fresh", fresh / 1024, unit="MiB", note="RssAnon of a new backend after SELECT 1")
    record.number("grown", grown / 1024, unit="MiB", note="RssAnon after reading 500 tables, after DISCARD ALL")
    assert grown > 2 * fresh


@pytest.mark.fails_when("they have only read", assertion="listed == 40", writing=False)
def test_a_snapshot_lists_everybody_who_writes(
    db: psycopg.Connection[Any], connect: Connect, writing: bool = True
) -> None:
    """With 40 open transactions that have written a row, a new snapshot of another session lists 40 transactions."""
    for number in range(40):
        client = connect(autocommit=False)
        client.execute(f"INSERT INTO accounts VALUES ({100 + number}, 0)" if writing else "SELECT FROM accounts")
    # --8<-- [start:snapshot]
    db.execute("SELECT pg_current_xact_id()")  # a later transaction begins and commits
    (listed,) = db.execute("SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot())").fetchone() or (0,)
    # --8<-- [end:snapshot]
    assert listed == 40


@pytest.mark.fails_when("`max_connections` stays at 100", assertion="large > small", slots=100)
def test_slots_cost_memory_before_anybody_connects(start_postgresql: Any, record: Any, slots: int = 1000) -> None:
    """A server with `max_connections = 1000` allocates more shared memory than one with 100."""
    if int(start_postgresql.version.split(".")[0]) < 15:
        pytest.skip("shared_memory_size came with PostgreSQL 15")
    server = start_postgresql(fsync="off", max_connections=100)
    small = _shared_memory(server)
    server.stop()
    server.settings["max_connections"] = slots
    server.start()
    large = _shared_memory(server)
    server.stop()
    record.number("slots_cost", large - small, unit="MB", note="shared_memory_size at 1,000 slots, less that at 100")
    assert large > small


def _shared_memory(server: Any) -> int:
    with psycopg.connect(server.dsn) as db:
        row = db.execute("SELECT setting::int FROM pg_settings WHERE name = 'shared_memory_size'").fetchone()
    assert row
    return int(row[0])
