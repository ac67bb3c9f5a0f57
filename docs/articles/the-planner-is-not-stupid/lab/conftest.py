"""The shop, on one PostgreSQL for each test file, and a transaction for each test, which is rolled back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engblog.lab.servers import Server

SETTINGS: dict[str, str | int] = {
    "default_statistics_target": 1000,  # ANALYZE reads 300,000 rows: the whole table, so estimates repeat
    "max_parallel_workers_per_gather": 0,  # plans without workers are shorter
    "jit": "off",
    "autovacuum": "off",  # the tests decide when statistics change
    "timezone": "UTC",
    "fsync": "off",
}


@pytest.fixture(scope="module")
def server(start_postgresql: Callable[..., Any]) -> Server:
    """PostgreSQL with the shop in it."""
    server: Server = start_postgresql(**SETTINGS)
    load = [server.program("psql"), "-d", server.dsn, "-qX", "-v", "ON_ERROR_STOP=1", "-f"]
    subprocess.run([*load, str(Path(__file__).parent / "shop.sql")], check=True, capture_output=True)
    return server


@pytest.fixture
def shop(server: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose changes to the shop are rolled back."""
    with psycopg.connect(server.dsn) as connection:
        yield connection
        connection.rollback()
