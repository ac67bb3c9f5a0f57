"""What the lab's tests share: a MariaDB server for each file and an empty database for each test."""

from collections.abc import Iterator

import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.servers import MariaDB

from .sql import Connection, connect, run

BINARY_LOG: dict[str, str | int] = {"log_bin": "primary", "binlog_format": "ROW", "server_id": 1, "sync_binlog": 0}


@pytest.fixture(scope="module")
def server(start_mariadb: Launcher) -> MariaDB:
    """A server that writes a binary log of rows; it may lose the last second in a crash, which makes it fast."""
    started: MariaDB = start_mariadb(innodb_flush_log_at_trx_commit=2, **BINARY_LOG)
    return started


@pytest.fixture
def db(server: MariaDB) -> Iterator[Connection]:
    """A connection to a database ``test`` without tables."""
    connection = connect(server)
    run(connection, "SET foreign_key_checks = OFF")  # a child table must not keep its parent from being dropped
    run(connection, "CREATE OR REPLACE DATABASE test")
    run(connection, "SET foreign_key_checks = ON")
    connection.select_db("test")
    yield connection
    connection.close()


@pytest.fixture
def other(server: MariaDB, db: Connection) -> Iterator[Connection]:
    """A second client of the same database."""
    connection = connect(server)
    yield connection
    connection.close()
