"""Slots: what the server refuses, and how pools in front of it add up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from engblog.lab.process import wait_until
from poolers import full

SLOTS, RESERVED = 20, 3
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def small(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL with few slots, a role for the application, and a second database."""
    server = start_postgresql(fsync="off", max_connections=SLOTS, superuser_reserved_connections=RESERVED)
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute("CREATE ROLE app LOGIN")
        db.execute("CREATE DATABASE reports")
    return server


@pytest.fixture
def watcher(small: Any) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection, which takes one slot; nobody else is connected when the test begins."""
    with psycopg.connect(small.dsn, autocommit=True) as db:
        while _count(db):
            db.execute("SELECT pg_sleep(0.01)")
        yield db


def _count(db: psycopg.Connection[Any]) -> int:
    row = db.execute(COUNT).fetchone()
    assert row
    return int(row[0])


def _connect(stack: contextlib.ExitStack, dsn: str, times: int) -> tuple[int, list[str]]:
    """Connect and ask, *times* times; return how many were answered, and the errors of the others."""
    errors: list[str] = []
    for _ in range(times):
        try:
            _ask(stack, dsn, "SELECT 1")
        except psycopg.OperationalError as error:
            errors.append(str(error).partition("FATAL:")[2].strip().splitlines()[0])
    return times - len(errors), errors


def _begin(stack: contextlib.ExitStack, dsn: str, times: int) -> None:
    """Let *times* clients begin a transaction, and don't wait until they have."""
    for _ in range(times):
        connection = psycopg.connect(dsn)
        stack.callback(connection.close)
        connection.pgconn.send_query(b"BEGIN; SELECT 1")


def _until_refused(stack: contextlib.ExitStack, dsn: str, times: int) -> int:
    """Connect and ask up to *times* times, until one is refused; return how many were answered."""
    for answered in range(times):
        try:
            _ask(stack, dsn, "SELECT 1")
        except psycopg.OperationalError:
            return answered
    return times


def _ask(stack: contextlib.ExitStack, dsn: str, sql: str) -> None:
    connection = psycopg.connect(dsn, autocommit=True, prepare_threshold=None)
    stack.callback(connection.close)
    connection.execute(sql)


@pytest.mark.fails_when("each of the six pools has two connections", assertion="len(errors) == 24 - 16", each=2)
def test_six_small_pools_are_one_big_one(
    small: Any, watcher: psycopg.Connection[Any], record: Any, each: int = 4
) -> None:
    """Six pools of four meet 20 slots, of which 3 are reserved and 1 is in use: 16 connect, and 8 are refused."""
    assert _count(watcher) == 0
    with contextlib.ExitStack() as stack:
        answered = 0
        errors: list[str] = []
        for _ in range(6):
            opened, refused = _connect(stack, small.dsn.replace("user=postgres", "user=app"), each)
            answered, errors = answered + opened, errors + refused
        assert len(errors) == 24 - 16
        assert answered == SLOTS - RESERVED - 1
    assert all("remaining connection slots are reserved" in error for error in errors)
    record.number("refused", errors[0], note="what an ordinary role is told when only the reserved slots are free")


@pytest.mark.fails_when("the last one is the application's", assertion="opened == RESERVED", user="app")
def test_a_superuser_still_gets_in(
    small: Any, watcher: psycopg.Connection[Any], record: Any, user: str = "postgres"
) -> None:
    """When the application's slots are full, exactly three superusers get in, and the fourth is refused."""
    assert _count(watcher) == 0
    app = small.dsn.replace("user=postgres", "user=app")
    with contextlib.ExitStack() as stack:
        _connect(stack, app, SLOTS)
        opened, errors = _connect(stack, small.dsn.replace("user=postgres", f"user={user}"), RESERVED + 1)
        assert opened == RESERVED
    assert "too many clients already" in errors[0]
    record.number("full", errors[0], note="what everybody is told when all slots are taken")


@pytest.mark.fails_when("the pool mode is session", assertion="answered == 24", pool_mode="session")
def test_a_pooler_takes_them_all(
    small: Any,
    watcher: psycopg.Connection[Any],
    start_pooler: Callable[..., Any],
    pool_mode: str = "transaction",
) -> None:
    """PgBouncer in transaction mode, pool of 4: all 24 clients are connected and answered, over at most 4 sessions."""
    pooler = start_pooler(small, pool_mode=pool_mode, default_pool_size=4, query_wait_timeout=1)
    with contextlib.ExitStack() as stack:
        answered = _until_refused(stack, pooler.dsn, 24)
        assert answered == 24
        assert 1 <= _count(watcher) <= 4


@pytest.mark.fails_when("both use one database", assertion="busy == 6", second="postgres")
def test_a_pool_for_each_database(
    small: Any, watcher: psycopg.Connection[Any], start_pooler: Callable[..., Any], second: str = "reports"
) -> None:
    """One PgBouncer with `default_pool_size = 3` and clients of two databases opens six server connections."""
    pooler = start_pooler(small, pool_mode="transaction", default_pool_size=3)
    with contextlib.ExitStack() as stack:
        for database in ("postgres", second):
            _begin(stack, pooler.dsn.replace("dbname=postgres", f"dbname={database}"), 4)
        wait_until(lambda: full(pooler, clients=8, size=3), seconds=60, what="full pools")
        busy = _count(watcher)
        assert busy == 6


@pytest.mark.fails_when("there is one PgBouncer", assertion="busy == 6", poolers=1)
def test_two_poolers_add_up(
    small: Any, watcher: psycopg.Connection[Any], start_pooler: Callable[..., Any], poolers: int = 2
) -> None:
    """Two PgBouncers, each with `default_pool_size = 3`, open six server connections for one database and user."""
    running = [start_pooler(small, pool_mode="transaction", default_pool_size=3) for _ in range(poolers)]
    with contextlib.ExitStack() as stack:
        for pooler in running:
            _begin(stack, pooler.dsn, 4)
        for pooler in running:
            wait_until(lambda pooler=pooler: full(pooler, clients=4, size=3), seconds=60, what="a full pool")
        busy = _count(watcher)
        assert busy == 6


@pytest.mark.fails_when("`max_client_conn` is 10", assertion="answered == 5", max_client_conn=10)
def test_the_pooler_has_a_limit_too(
    small: Any,
    watcher: psycopg.Connection[Any],
    record: Any,
    start_pooler: Callable[..., Any],
    max_client_conn: int = 5,
) -> None:
    """With `max_client_conn = 5`, PgBouncer accepts five clients and refuses the sixth."""
    pooler = start_pooler(small, pool_mode="transaction", default_pool_size=4, max_client_conn=max_client_conn)
    assert _count(watcher) == 0
    with contextlib.ExitStack() as stack:
        answered, errors = _connect(stack, pooler.dsn, 6)
        assert answered == 5
    assert "no more connections allowed" in errors[0]
    record.number("pooler_full", errors[0], note="what the client after the last one is told by PgBouncer")
