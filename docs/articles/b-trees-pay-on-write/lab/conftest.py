"""What the tests share: a PostgreSQL on which only a test vacuums or makes a checkpoint, and a MariaDB."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.servers import MariaDB, PostgreSQL

from .mariadb import Maria
from .postgres import Postgres
from .tables import make_keys


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Launcher) -> PostgreSQL:
    """A server that never vacuums by itself and has room for all the log of a test between two checkpoints."""
    started: PostgreSQL = start_postgresql(
        fsync="off", autovacuum="off", checkpoint_timeout="1h", max_wal_size="4GB", max_parallel_workers_per_gather=0
    )
    return started


@pytest.fixture(scope="module")
def pg(postgresql: PostgreSQL) -> Iterator[Postgres]:
    """A connection to it, with the functions that make keys."""
    with closing(Postgres(postgresql.dsn)) as database:
        database.file("keys.sql")
        yield database


@pytest.fixture(scope="module")
def keyed(pg: Postgres) -> Postgres:
    """The same connection, with a table of keys."""
    make_keys(pg)
    return pg


@pytest.fixture
def reader(postgresql: PostgreSQL) -> Iterator[Postgres]:
    """A second connection."""
    with closing(Postgres(postgresql.dsn)) as database:
        yield database


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Launcher) -> MariaDB:
    """A server that counts, and that writes pages back only when it's told to.

    The list of its pages is a temporary table. With these settings it stays in memory; on disk, it would be in a folder
    that other servers share.
    """
    memory = {"max_heap_table_size": "128M", "tmp_memory_table_size": "128M", "innodb_buffer_pool_size": "64M"}
    quiet = {"innodb_stats_persistent": "OFF", "innodb_flush_log_at_trx_commit": 2}
    started: MariaDB = start_mariadb(innodb_monitor_enable="all", **quiet, **memory)
    return started


@pytest.fixture(scope="module")
def maria(mariadb: MariaDB) -> Iterator[Maria]:
    """A connection to it."""
    with closing(Maria(mariadb.port)) as database:
        yield database
