"""What the lab's tests share: a store, a cache, an etcd, and client processes to stop and to kill."""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from engblog.lab.launchers import keeper_of

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from clients import Client  # noqa: E402
from etcd_server import Etcd  # noqa: E402
from incident import Incident  # noqa: E402

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL with the tables of ``schema.sql``."""
    server = start_postgresql(fsync="off", tcp_keepalives_idle=1, tcp_keepalives_interval=1, tcp_keepalives_count=1)
    with psycopg.connect(server.dsn, autocommit=True) as db:
        db.execute((LAB / "schema.sql").read_text(encoding="utf-8"))
    return server


@pytest.fixture(scope="module")
def cache_server(start_redis: Callable[..., Any]) -> Any:
    """A Redis that keeps nothing on disk."""
    return start_redis(save="")


@pytest.fixture
def cache(cache_server: Any) -> Any:
    """A connection to it."""
    return redis.Redis(port=cache_server.port, decode_responses=True)


@pytest.fixture(scope="module")
def etcd(request: pytest.FixtureRequest, record: Any) -> Iterator[Etcd]:
    """An etcd, which ends with the module."""
    keeper = keeper_of(request.config)
    folder = Path(tempfile.mkdtemp(prefix="lab-etcd-"))
    keeper.folder(folder)
    server = Etcd(folder, on_start=keeper.server)
    record.version("etcd", server.version)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def db(postgresql: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the test's own, outside of every lock."""
    with psycopg.connect(postgresql.dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def connect(postgresql: Any) -> Iterator[Callable[..., psycopg.Connection[Any]]]:
    """Open connections that end with the test."""
    made: list[psycopg.Connection[Any]] = []

    def one(dsn: str = postgresql.dsn, *, autocommit: bool = True) -> psycopg.Connection[Any]:
        # PgBouncer cannot follow prepared statements from one server connection to another
        made.append(psycopg.connect(dsn, autocommit=autocommit, prepare_threshold=None))
        return made[-1]

    yield one
    for connection in made:
        connection.close()


@pytest.fixture
def incident(postgresql: Any, db: psycopg.Connection[Any]) -> Iterator[Incident]:
    """An item of which there are 100 pieces, and clients that sell them."""
    number = next(_NUMBERS)
    made: list[Client] = []

    def start(**task: Any) -> Client:
        made.append(Client(**{"dsn": postgresql.dsn, "item": f"item{number}", "number": number, **task}))
        return made[-1]

    db.execute("INSERT INTO stock (item, pieces) VALUES (%s, 100)", [f"item{number}"])
    yield Incident(start, db, f"item{number}", number)
    for client in made:
        client.end()
