"""What the lab's tests share: one server of each kind for a test file, and a new shop for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engblog.lab.servers import Server

from .shop import Shop

POSTGRESQL = {"log_lock_waits": "on", "deadlock_timeout": "100ms", "max_connections": 200}


@pytest.fixture(scope="module")
def server_of(
    start_postgresql: Callable[..., Any], start_mariadb: Callable[..., Any], start_mysql: Callable[..., Any]
) -> Callable[[str], Server]:
    """``server_of("MySQL")`` returns the running server of that kind, and starts it at the first call."""
    start = {
        "PostgreSQL": lambda: start_postgresql(**POSTGRESQL),
        "MariaDB": start_mariadb,
        "MySQL": start_mysql,
    }
    running: dict[str, Server] = {}

    def get(kind: str) -> Server:
        if kind not in running:
            running[kind] = start[kind]()
        return running[kind]

    return get


@pytest.fixture
def open_shop(server_of: Callable[[str], Server]) -> Iterator[Callable[..., Shop]]:
    """``open_shop("MySQL", foreign_key=False)`` returns a new :class:`Shop`; an earlier one is closed."""
    shops: list[Shop] = []

    def close() -> None:
        while shops:
            shops.pop().close()

    def open_one(kind: str, **options: Any) -> Shop:
        close()
        shops.append(Shop(server_of(kind), **options))
        return shops[-1]

    yield open_one
    close()
