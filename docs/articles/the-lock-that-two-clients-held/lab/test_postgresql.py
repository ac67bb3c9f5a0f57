"""Advisory locks of PostgreSQL, poolers in front of them, and ways to do without a lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from clients import PATIENCE
from engblog.lab.process import wait_until
from incident import Incident

Connect = Callable[..., psycopg.Connection[Any]]
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"


def _one(db: psycopg.Connection[Any], sql: str, *values: Any) -> Any:
    row = db.execute(sql, values).fetchone()
    assert row
    return row[0]


def _keepalive(port: int) -> tuple[bool, int]:
    """Tell whether the server's socket to that client *port* sends keepalive probes, and how many are unanswered."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, _, remote, _, _, timer, _, _, unanswered, *_ = line.split()
        if remote == f"0100007F:{port:04X}":
            return timer.startswith("02:"), int(unanswered)
    raise AssertionError(f"no connection from port {port}")


@pytest.mark.fails_when("the holder is killed", assertion="not got_it", killed=True)
def test_a_stopped_holder_keeps_an_advisory_lock(
    incident: Incident, connect: Connect, db: psycopg.Connection[Any], killed: bool = False
) -> None:
    """A stopped client's kernel answers keepalives that give up after 2 s, so its lock is still taken after 4 s."""
    keepalives = [_one(db, f"SHOW tcp_keepalives_{name}") for name in ("idle", "interval", "count")]
    assert keepalives == ["1", "1", "1"]
    holder = incident.start(lock="advisory", holds=["read"])
    holder.wait("read")
    port = _one(db, "SELECT client_port FROM pg_stat_activity WHERE pid = %s", holder.wait("locked"))
    if killed:
        holder.kill()
    else:
        holder.pause()
    waiting, got_it = connect(), True
    waiting.execute("SET lock_timeout = '4s'")
    try:
        waiting.execute("SELECT pg_advisory_lock(%s)", [incident.number])
    except psycopg.errors.LockNotAvailable:
        got_it = False
    assert not got_it
    assert _keepalive(port) == (True, 0)  # probes are sent, and none is without an answer


@pytest.mark.fails_when("it writes on another connection", assertion="(sold, gone) == (1, 1)", same_connection=False)
def test_a_write_on_the_locks_connection_dies_with_the_lock(
    incident: Incident, postgresql: Any, db: psycopg.Connection[Any], same_connection: bool = True
) -> None:
    """If the server ends the session that holds the lock, a write on that same connection fails with it."""
    dsn = f"{postgresql.dsn} options='-c idle_session_timeout=1000'"
    task = {"lock": "advisory", "same_connection": same_connection}
    sold, gone = incident.play(task, lambda: _one(db, HELD, incident.number) == 0, lock_dsn=dsn)
    assert (sold, gone) == (1, 1)
    assert incident.says[0].startswith("connection lost")


@pytest.mark.fails_when("it is a transaction's lock", assertion="held == 1", take="pg_advisory_xact_lock")
def test_a_session_lock_survives_rollback(
    incident: Incident, connect: Connect, db: psycopg.Connection[Any], take: str = "pg_advisory_lock"
) -> None:
    """A session-level advisory lock that was taken in a transaction is still held after its ROLLBACK."""
    client = connect(autocommit=False)
    client.execute(f"SELECT {take}(%s)", [incident.number])
    client.rollback()
    held = _one(db, HELD, incident.number)
    assert held == 1


@pytest.mark.fails_when("it was taken once", assertion="held == 1", times=1)
def test_a_lock_taken_twice_must_be_given_back_twice(
    incident: Incident, connect: Connect, db: psycopg.Connection[Any], times: int = 2
) -> None:
    """After two `pg_advisory_lock` calls in one session, one unlock leaves the lock taken, and the second frees it."""
    client = connect()
    for _ in range(times):
        client.execute("SELECT pg_advisory_lock(%s)", [incident.number])
    assert _one(client, "SELECT pg_advisory_unlock(%s)", incident.number) is True
    held = _one(db, HELD, incident.number)
    assert held == 1
    assert _one(client, "SELECT pg_advisory_unlock(%s)", incident.number) is True
    assert _one(db, HELD, incident.number) == 0


TWICE = """
SELECT count(*) FROM (
    SELECT FROM generate_series(1, 200000) AS i GROUP BY {hash} HAVING count(*) > 1
) AS numbers
"""


@pytest.mark.fails_when("the hash has 64 bits", assertion="shared > 0", hash_of="hashtextextended('order:' || i, 0)")
def test_two_names_can_share_a_number(
    db: psycopg.Connection[Any], record: Any, hash_of: str = "hashtext('order:' || i)"
) -> None:
    """Among the names order:1 to order:200000, some share their hashtext, so two of them share a lock."""
    shared = _one(db, TWICE.format(hash=hash_of))
    record.number("shared", shared, note="values of hashtext that two or more of the 200,000 names have")
    assert shared > 0


@pytest.mark.fails_when("the pool mode is session", assertion="got == [True, True]", pool_mode="session")
def test_two_clients_hold_a_session_lock_through_pgbouncer(
    incident: Incident,
    connect: Connect,
    start_pgbouncer: Callable[..., Any],
    postgresql: Any,
    pool_mode: str = "transaction",
) -> None:
    """Through PgBouncer in transaction mode, two clients get one session-level lock, on one server connection."""
    pooler = start_pgbouncer(postgresql, pool_mode=pool_mode, default_pool_size=2)
    # --8<-- [start:pooled]
    clients = [connect(pooler.dsn), connect(pooler.dsn)]
    got = [_one(client, "SELECT pg_try_advisory_lock(%s)", incident.number) for client in clients]
    assert got == [True, True]
    # --8<-- [end:pooled]
    backends = [_one(client, "SELECT pg_backend_pid()") for client in clients]
    assert backends[0] == backends[1]


@pytest.mark.fails_when("the pool mode is session", assertion="unlocked is False", pool_mode="session")
def test_an_unlock_through_pgbouncer_can_miss(
    incident: Incident,
    connect: Connect,
    start_pgbouncer: Callable[..., Any],
    postgresql: Any,
    db: psycopg.Connection[Any],
    pool_mode: str = "transaction",
) -> None:
    """Through PgBouncer in transaction mode, an unlock on another server connection returns false; the lock stays."""
    pooler = start_pgbouncer(postgresql, pool_mode=pool_mode, default_pool_size=2)
    holder, other = connect(pooler.dsn), connect(pooler.dsn, autocommit=False)
    holder.execute("SELECT pg_advisory_lock(%s)", [incident.number])
    other.execute("SELECT 1")  # a transaction that stays open, on the server connection that has the lock
    unlocked = _one(holder, "SELECT pg_advisory_unlock(%s)", incident.number)
    assert unlocked is False
    other.rollback()
    holder.close()
    other.close()
    assert _one(db, HELD, incident.number) == 1


@pytest.mark.fails_when("it is a session's lock", assertion="got == [True, False]", take="pg_try_advisory_lock")
def test_a_transactions_lock_works_through_pgbouncer(
    incident: Incident,
    connect: Connect,
    start_pgbouncer: Callable[..., Any],
    postgresql: Any,
    take: str = "pg_try_advisory_xact_lock",
) -> None:
    """Through PgBouncer in transaction mode, a transaction-level lock keeps the second client out until COMMIT."""
    pooler = start_pgbouncer(postgresql, pool_mode="transaction", default_pool_size=2)
    clients = [connect(pooler.dsn, autocommit=False), connect(pooler.dsn, autocommit=False)]
    got = []
    for client in clients:
        got.append(_one(client, f"SELECT {take}(%s)", incident.number))
        if take == "pg_try_advisory_lock":
            client.commit()  # a session's lock is meant to outlive the transaction
    assert got == [True, False]
    clients[0].commit()
    assert _one(clients[1], f"SELECT {take}(%s)", incident.number)


def test_the_query_names_the_holder(incident: Incident, connect: Connect, db: psycopg.Connection[Any]) -> None:
    """The query on `pg_locks` lists the session that holds an advisory lock and the session that waits for it."""
    holder, waiting = connect(), connect()
    holder.execute("SELECT pg_advisory_lock(%s)", [incident.number])
    waiting.execute("SET lock_timeout = '60s'")
    query = (Path(__file__).parent / "holders.sql").read_text(encoding="utf-8")
    pipeline = waiting.pgconn
    pipeline.send_query(f"SELECT pg_advisory_lock({incident.number})".encode())

    def listed() -> list[tuple[bool, int]]:
        return [(row[0], row[2]) for row in db.execute(query) if row[1] == incident.number]

    wait_until(lambda: len(listed()) == 2, seconds=PATIENCE, what="the second session to wait")
    assert listed() == [(True, holder.info.backend_pid), (False, waiting.info.backend_pid)]
    holder.close()
    while pipeline.get_result():
        pass


@pytest.mark.fails_when("the write does not compare", assertion="(sold, gone) == (1, 1)", store="Store")
def test_a_version_column_refuses_the_stale_write(incident: Incident, store: str = "VersionedStore") -> None:
    """Without any lock, a write that compares the row's version is refused if somebody has written since the read."""
    sold, gone = incident.play({"lock": "none", "store": store}, lambda: True)
    assert (sold, gone) == (1, 1)
    assert incident.says == ["refused", "sold"]


@pytest.mark.fails_when("the client subtracts", assertion="(sold, gone) == (2, 2)", store="Store")
def test_a_relative_update_counts_both_sales(incident: Incident, store: str = "RelativeStore") -> None:
    """Without any lock, `pieces = pieces - 1` counts the sales of both clients."""
    sold, gone = incident.play({"lock": "none", "store": store}, lambda: True)
    assert (sold, gone) == (2, 2)


INSERT = "INSERT INTO invoices VALUES ('2026-11', 7) ON CONFLICT DO NOTHING"


@pytest.mark.fails_when("there is no unique key", assertion="rows == [1, 0]", key="")
def test_a_unique_key_lets_one_run_through(
    connect: Connect, db: psycopg.Connection[Any], key: str = ", UNIQUE (month, customer)"
) -> None:
    """Of two runs that insert the same month's invoice for a customer, a unique key lets one through."""
    db.execute(f"DROP TABLE IF EXISTS invoices; CREATE TABLE invoices (month text, customer int{key})")
    rows = [connect().execute(INSERT).rowcount for _ in range(2)]
    assert rows == [1, 0]


# --8<-- [start:take]
TAKE = """
SELECT id FROM jobs WHERE NOT done
ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# --8<-- [end:take]


def _take(worker: psycopg.Connection[Any], sql: str) -> int | None:
    worker.execute("SET lock_timeout = '500ms'")
    try:
        row = worker.execute(sql).fetchone()
    except psycopg.errors.LockNotAvailable:
        return None
    return int(row[0]) if row else None


@pytest.mark.fails_when("SKIP LOCKED is left out", assertion="took == [1, 2]", sql=TAKE.replace("SKIP LOCKED", ""))
def test_skip_locked_hands_out_each_job_once(connect: Connect, db: psycopg.Connection[Any], sql: str = TAKE) -> None:
    """With SKIP LOCKED, a second worker gets the next job; when the first one's connection ends, its job is free."""
    db.execute("TRUNCATE jobs")
    db.execute("INSERT INTO jobs VALUES (1), (2), (3)")
    workers = [connect(autocommit=False) for _ in range(2)]
    took = [_take(worker, sql) for worker in workers]
    assert took == [1, 2]
    pid = workers[0].info.backend_pid
    workers[0].close()
    wait_until(
        lambda: db.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).rowcount == 0,
        seconds=60,
        what="the backend to end",
    )
    assert _take(connect(autocommit=False), sql) == 1
