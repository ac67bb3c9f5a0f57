"""Connections that nobody gives back, and how the pool and the server show it."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from engblog.lab.process import wait_until
from pool import Pool, PoolTimeoutError
from poolers import stats

Connect = Callable[..., psycopg.Connection[Any]]
MakePool = Callable[..., Pool]


def _one(db: psycopg.Connection[Any], sql: str) -> Any:
    row = db.execute(sql).fetchone()
    assert row
    return row[0]


# --8<-- [start:leak]
def leaky(pool: Pool, order: str) -> None:
    """Take a connection and give it back, unless something goes wrong in between."""
    connection = pool.take()
    connection.execute("SELECT balance FROM accounts WHERE id = %s", [int(order)])
    pool.give_back(connection)


def careful(pool: Pool, order: str) -> None:
    """Do the same in a `with` block."""
    with pool.connection() as connection:
        connection.execute("SELECT balance FROM accounts WHERE id = %s", [int(order)])
        # --8<-- [end:leak]


@pytest.mark.fails_when("it uses a `with` block", assertion="starved", handle=careful)
def test_three_bad_requests_empty_a_pool_of_three(
    make_pool: MakePool, handle: Callable[[Pool, str], None] = leaky
) -> None:
    """After three requests that raised an exception, a pool of three has no connection left for a good one."""
    pool = make_pool(3, timeout=1)
    for bad in ("one", "two", "three"):
        with pytest.raises(ValueError, match="invalid literal"):
            handle(pool, bad)
    starved = False
    try:
        handle(pool, "1")
    except PoolTimeoutError:
        starved = True
    assert starved


@pytest.mark.fails_when("the lost connection had begun a transaction", assertion="states == [", begun=True)
def test_a_leak_outside_of_a_transaction_looks_healthy(
    make_pool: MakePool, db: psycopg.Connection[Any], begun: bool = False
) -> None:
    """A connection that was taken and lost before its first statement is `idle` for the server, like a free one."""
    pool = make_pool(2)
    lost = pool.take()
    if begun:
        lost.execute("SELECT 1")
    free = next(connection for connection in pool.all if connection is not lost)
    states = at_rest(db, lost, free)
    assert states == [("idle", "Client", "ClientRead")] * 2


@pytest.mark.fails_when("the pool has five", assertion="done == 0", size=5)
def test_a_pool_can_deadlock_with_itself(
    postgresql: Any, make_pool: MakePool, db: psycopg.Connection[Any], size: int = 4
) -> None:
    """Four requests that each hold one of four connections and want a second wait until a fifth is added."""
    pool = make_pool(size)
    finished: list[int] = []
    all_hold_one = threading.Barrier(5)

    # --8<-- [start:nested]
    def request() -> None:
        with pool.connection() as order:
            order.execute("SELECT balance FROM accounts WHERE id = 1")
            all_hold_one.wait()
            with pool.connection() as audit:  # a second connection while holding the first
                audit.execute("SELECT 1")
        # --8<-- [end:nested]
        finished.append(1)

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    all_hold_one.wait()
    queue = pool.idle.not_empty._waiters  # type: ignore[attr-defined]  # who waits in take()
    wait_until(lambda: len(queue) == 4 or len(finished) == 4, seconds=60, what="four requests to wait or to finish")
    done = len(finished)
    waits = _one(db, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    pool.all.append(psycopg.connect(postgresql.dsn))
    pool.give_back(pool.all[-1])
    for thread in threads:
        thread.join()
    assert done == 0
    assert waits == 0
    assert len(finished) == 4


@pytest.mark.fails_when("nobody has a transaction open", assertion="refused", begun=False)
def test_the_queue_has_a_time_limit(
    postgresql: Any, connect: Connect, start_pooler: Callable[..., Any], begun: bool = True
) -> None:
    """While a client sits in a transaction on the only connection, PgBouncer ends the next: `query_wait_timeout`."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=1, query_wait_timeout=1)
    holder = connect(pooler.dsn, autocommit=not begun)
    holder.execute("SELECT 1")
    refused = ""
    try:
        connect(pooler.dsn).execute("SELECT 1")
    except psycopg.OperationalError as error:
        refused = str(error)
    assert refused
    assert "query_wait_timeout" in refused


@pytest.mark.fails_when("nobody has a transaction open", assertion="maxwait", begun=False)
def test_show_pools_counts_who_waits(
    postgresql: Any, connect: Connect, start_pooler: Callable[..., Any], begun: bool = True
) -> None:
    """`SHOW POOLS` counts a client that waits for a connection as `cl_waiting`; `maxwait` is how long it has waited."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=1)
    holder = connect(pooler.dsn, autocommit=not begun)
    holder.execute("SELECT 1")
    with asking(connect(pooler.dsn)) as thread:
        seen = after_a_second(thread, postgresql, pooler)
        holder.rollback()
    assert seen["maxwait"] >= 1
    assert seen["cl_waiting"] == 1


def at_rest(db: psycopg.Connection[Any], *clients: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """Return what the server says of the sessions of *clients*, once each of them waits for its client."""
    pids = [client.info.backend_pid for client in clients]
    seen: list[tuple[Any, ...]] = []

    def look() -> bool:
        query = "SELECT state, wait_event_type, wait_event FROM pg_stat_activity WHERE pid = ANY (%s)"
        seen[:] = db.execute(query, [pids]).fetchall()
        return all(event == "ClientRead" for *_, event in seen)

    wait_until(look, seconds=60, what="the sessions to wait for their clients")
    return seen


def show_pools(server: Any, pooler: Any) -> dict[str, int]:
    """Ask PgBouncer's console with psql, as the article does, for the pool of the database ``postgres``."""
    command = [server.program("psql"), "-h", "127.0.0.1", "-p", str(pooler.port), "-U", "postgres", "-A", "-F,"]
    command += ["pgbouncer", "-c", "SHOW POOLS"]
    head, *rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = head.split(",")
    row = next(row for row in rows if row.startswith("postgres,"))
    return {name: int(value) for name, value in zip(names, row.split(","), strict=False) if value.isdigit()}


def after_a_second(thread: threading.Thread, server: Any, pooler: Any) -> dict[str, int]:
    """Return the row of ``SHOW POOLS`` once a client has waited for a second, or the thread has its answer."""
    while True:
        over, row = not thread.is_alive(), show_pools(server, pooler)
        if over or row["maxwait"] >= 1:
            return row
        time.sleep(0.05)


@contextlib.contextmanager
def asking(client: psycopg.Connection[Any]) -> Iterator[threading.Thread]:
    """Let a client ask something in a thread, which must have its answer at the end of the block."""
    thread = threading.Thread(target=client.execute, args=["SELECT 1"])
    thread.start()
    yield thread
    thread.join()


@pytest.mark.fails_when("the pool has a second connection", assertion="seen.query_time >= 1", size=2)
def test_pgbouncers_query_time_contains_the_wait(
    postgresql: Any, connect: Connect, start_pooler: Callable[..., Any], size: int = 1
) -> None:
    """PgBouncer 1.18 counts a second's wait for a connection as `wait_time`, and into `query_time` as well."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=size)
    holder = connect(pooler.dsn, autocommit=False)
    holder.execute("SELECT 1")
    with asking(connect(pooler.dsn)) as thread:
        after_a_second(thread, postgresql, pooler)
        holder.rollback()
    seen = stats(pooler)
    assert seen.query_time >= 1  # of three statements that took no time
    assert seen.waited >= 1


@pytest.mark.fails_when("the timeout is off", assertion="ended", milliseconds=0)
def test_the_server_can_end_a_forgotten_transaction(
    connect: Connect, db: psycopg.Connection[Any], milliseconds: int = 300
) -> None:
    """`idle_in_transaction_session_timeout` ends a session that sits in a transaction, and its row lock is free."""
    forgotten = connect(autocommit=False)
    forgotten.execute(f"SET idle_in_transaction_session_timeout = {milliseconds}")
    forgotten.execute("SELECT FROM accounts WHERE id = 2 FOR UPDATE")
    db.execute(f"SET lock_timeout = '{60 if milliseconds else 1}s'")  # without a time-out, nothing would end it later
    ended = True
    try:
        db.execute("UPDATE accounts SET balance = 0 WHERE id = 2")
    except psycopg.errors.LockNotAvailable:
        ended = False
    assert ended
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        forgotten.execute("SELECT 1")


@pytest.mark.fails_when("the first one has ended its transaction", assertion="found == [", begun=False)
def test_the_query_finds_the_forgotten_transaction(
    db: psycopg.Connection[Any], connect: Connect, begun: bool = True
) -> None:
    """`holders.sql` counts the sessions that are idle in a transaction, and names the one that has been so longest."""
    forgotten, later = connect(autocommit=not begun), connect(autocommit=False)
    forgotten.execute("SELECT 1")
    later.execute("SELECT 1")
    at_rest(db, forgotten, later)
    rows = db.execute(Path(__file__).with_name("holders.sql").read_text(encoding="utf-8")).fetchall()
    found = [(count, pid) for state, _, count, _, pid in rows if state == "idle in transaction"]
    assert found == [(2, forgotten.info.backend_pid)]


@pytest.mark.fails_when("waiting for a lock ends after 200 ms", assertion="refused", lock_timeout="200ms")
def test_one_locked_row_empties_the_pool(
    postgresql: Any,
    connect: Connect,
    db: psycopg.Connection[Any],
    start_pooler: Callable[..., Any],
    lock_timeout: str = "0",
) -> None:
    """When four clients wait for one locked row on a pool of four, a query that needs no lock gets no connection."""
    pooler = start_pooler(postgresql, pool_mode="transaction", default_pool_size=4, query_wait_timeout=2)
    locker = connect(autocommit=False)
    locker.execute("SELECT FROM accounts WHERE id = 1 FOR UPDATE")

    def deposit() -> None:
        client = connect(pooler.dsn)
        with contextlib.suppress(psycopg.errors.LockNotAvailable), client.transaction():
            client.execute(f"SET LOCAL lock_timeout = '{lock_timeout}'")
            client.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1")

    threads = [threading.Thread(target=deposit) for _ in range(4)]
    for thread in threads:
        thread.start()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    wait_until(
        lambda: _one(db, waiting) == 4 or not any(thread.is_alive() for thread in threads),
        seconds=30,
        what="four clients to wait for the row",
    )
    refused = ""
    try:
        connect(pooler.dsn).execute("SELECT 1")
    except psycopg.OperationalError as error:
        refused = str(error)
    locker.rollback()
    for thread in threads:
        thread.join()
    assert refused
    assert "query_wait_timeout" in refused
