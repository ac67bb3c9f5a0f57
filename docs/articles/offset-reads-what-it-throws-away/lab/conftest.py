"""What the tests share: a PostgreSQL and a MariaDB with 100,000 orders for each file, and empty tables."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeAlias

import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.servers import MariaDB, PostgreSQL

from .databases import Database, Maria, Postgres, run_file

On: TypeAlias = Callable[[str], Database]


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Launcher) -> PostgreSQL:
    """A server whose statistics change only when a test says so, without parallel scans.

    EXPLAIN shows the rows of a parallel scan as an average of its workers, rounded, which is no exact count.
    """
    started: PostgreSQL = start_postgresql(fsync="off", autovacuum="off", max_parallel_workers_per_gather=0)
    with closing(Postgres(started.dsn)) as database:
        run_file(database, "orders.sql")
    return started


@pytest.fixture(scope="module")
def pg(postgresql: PostgreSQL) -> Iterator[Postgres]:
    """A connection to it."""
    with closing(Postgres(postgresql.dsn)) as database:
        yield database


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Launcher) -> MariaDB:
    """A server with the default optimizer, whose statistics change only when a test says so."""
    started: MariaDB = start_mariadb(innodb_flush_log_at_trx_commit=2, innodb_stats_auto_recalc="OFF")
    with closing(Maria(started.port)) as database:
        run_file(database, "orders-mariadb.sql")
    return started


@pytest.fixture(scope="module")
def maria(mariadb: MariaDB) -> Iterator[Maria]:
    """A connection to it."""
    with closing(Maria(mariadb.port)) as database:
        yield database


@pytest.fixture(scope="module")
def on(pg: Postgres, maria: Maria) -> On:
    """``on("PostgreSQL")`` and ``on("MariaDB")`` are those connections."""
    servers: dict[str, Database] = {"PostgreSQL": pg, "MariaDB": maria}
    return servers.__getitem__
