"""What the lab's tests share: a MariaDB server for each file, MySQL where a claim needs it, and empty databases."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from engblog.lab.pytest_plugin import Launcher
from engblog.lab.servers import MariaDB, MySQL

from .sql import Connection, connect, empty

BINARY_LOG: dict[str, str | int] = {"log_bin": "primary", "binlog_format": "ROW", "server_id": 1, "sync_binlog": 0}
On: TypeAlias = Callable[[str], Connection]


@pytest.fixture(scope="module")
def server(start_mariadb: Launcher) -> MariaDB:
    """A server that writes a binary log of rows; it may lose the last second in a crash, which makes it fast."""
    started: MariaDB = start_mariadb(innodb_flush_log_at_trx_commit=2, **BINARY_LOG)
    return started


@pytest.fixture
def db(server: MariaDB) -> Iterator[Connection]:
    """A connection to a database ``test`` without tables."""
    connection = empty(server)
    yield connection
    connection.close()


@pytest.fixture
def other(server: MariaDB, db: Connection) -> Iterator[Connection]:
    """A second client of the same database."""
    connection = connect(server)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def mysql(start_mysql: Launcher) -> MySQL:
    """MySQL 5.6, which is as strict here as MySQL has been by default since 5.7."""
    started: MySQL = start_mysql(sql_mode="STRICT_TRANS_TABLES", innodb_flush_log_at_trx_commit=2)
    return started


@pytest.fixture
def on(server: MariaDB, mysql: MySQL) -> Iterator[On]:
    """``on("MySQL")`` and ``on("MariaDB")`` connect to an empty database of that server."""
    opened: list[Connection] = []

    def connected(product: str) -> Connection:
        opened.append(empty({"MySQL": mysql, "MariaDB": server}[product]))
        return opened[-1]

    yield connected
    for connection in opened:
        connection.close()
