"""What the lab's tests share: a PostgreSQL, connections that end with the test, and pgbench."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from pool import Pool  # noqa: E402

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL with the tables of ``schema.sql``, in which nobody waits for a disk."""
    server = start_postgresql(fsync="off", autovacuum="off", max_connections=120)
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute((LAB / "schema.sql").read_text(encoding="utf-8"))
    return server


@pytest.fixture
def connect(postgresql: Any) -> Iterator[Callable[..., Connection]]:
    """Open connections that end with the test."""
    made: list[Connection] = []

    def one(dsn: str = postgresql.dsn, *, autocommit: bool = True, prepare: int | None = None) -> Connection:
        made.append(psycopg.connect(dsn, autocommit=autocommit, prepare_threshold=prepare))
        return made[-1]

    yield one
    for connection in made:
        connection.close()


@pytest.fixture
def start_pooler(start_pgbouncer: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Start PgBouncers that end with the test, whether it passes or not, and with them their server connections."""
    running: list[Any] = []

    def start(*arguments: Any, **settings: Any) -> Any:
        running.append(start_pgbouncer(*arguments, **settings))
        return running[-1]

    yield start
    for pooler in running:
        pooler.stop()


@pytest.fixture
def db(connect: Callable[..., Connection]) -> Connection:
    """A direct connection, which looks at what the others do."""
    return connect()


@pytest.fixture
def make_pool(postgresql: Any) -> Iterator[Callable[..., Pool]]:
    """Make pools that are closed after the test."""
    made: list[Pool] = []

    def make(size: int, *, dsn: str = postgresql.dsn, timeout: float = 60) -> Pool:
        made.append(Pool(dsn, size, timeout))
        return made[-1]

    yield make
    for pool in made:
        pool.close()
