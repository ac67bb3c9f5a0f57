"""What the lab's tests share: one server of each kind for a test file, and a new shop for each test."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engblog.lab.servers import Server

from .shop import Shop

OpenShop = Callable[..., Shop]


@pytest.fixture(scope="module")
def postgresql(start_postgresql: Callable[..., Any]) -> Any:
    """PostgreSQL at its defaults, which also logs who waits for a lock for longer than 100 ms."""
    return start_postgresql(log_lock_waits="on", deadlock_timeout="100ms")


@pytest.fixture(scope="module")
def mariadb(start_mariadb: Callable[..., Any]) -> Any:
    """MariaDB at its defaults."""
    return start_mariadb()


@pytest.fixture(scope="module")
def mysql(start_mysql: Callable[..., Any]) -> Any:
    """MySQL 5.6 at its defaults."""
    return start_mysql()


@pytest.fixture
def open_postgresql(postgresql: Server) -> Iterator[OpenShop]:
    """``open_postgresql(foreign_key=False)`` returns a new :class:`Shop`; an earlier one is closed."""
    opening = _opening(postgresql)
    yield functools.partial(next(opening), postgresql.name)
    next(opening, None)


@pytest.fixture
def open_innodb(mariadb: Server, mysql: Server) -> Iterator[OpenShop]:
    """``open_innodb("MySQL")`` does the same on MariaDB or MySQL."""
    yield from _opening(mariadb, mysql)


@pytest.fixture
def open_shop(postgresql: Server, mariadb: Server, mysql: Server) -> Iterator[OpenShop]:
    """``open_shop("PostgreSQL")`` does the same on any of the three."""
    yield from _opening(postgresql, mariadb, mysql)


def _opening(*servers: Server) -> Iterator[OpenShop]:
    by_name = {server.name: server for server in servers}
    shops: list[Shop] = []

    def close() -> None:
        while shops:
            shops.pop().close()

    def open_one(kind: str, **options: Any) -> Shop:
        close()
        shops.append(Shop(by_name[kind], **options))
        return shops[-1]

    yield open_one
    close()
