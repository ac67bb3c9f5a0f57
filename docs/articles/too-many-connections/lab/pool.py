"""A connection pool in a few lines: enough to see what any pool does."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg


class PoolTimeoutError(Exception):
    """Nobody gave a connection back in time."""


class Pool:
    """A fixed number of connections, and a queue for everybody else."""

    def __init__(self, dsn: str, size: int, timeout: float) -> None:
        """Open *size* connections; let callers wait for one for up to *timeout* seconds."""
        self.timeout = timeout
        self.all = [psycopg.connect(dsn) for _ in range(size)]
        self.idle: queue.Queue[psycopg.Connection[Any]] = queue.Queue()
        for connection in self.all:
            self.idle.put(connection)

    def take(self) -> psycopg.Connection[Any]:
        """Return a free connection, and wait for one if there is none."""
        try:
            return self.idle.get(timeout=self.timeout)
        except queue.Empty:
            raise PoolTimeoutError(f"no connection within {self.timeout:g} s") from None

    def give_back(self, connection: psycopg.Connection[Any]) -> None:
        """End whatever transaction is still open, and let the next caller have the connection."""
        connection.rollback()
        self.idle.put(connection)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """Lend a connection to a `with` block, which cannot forget to give it back."""
        connection = self.take()
        try:
            yield connection
        finally:
            self.give_back(connection)

    def close(self) -> None:
        """Close all connections, lent or not."""
        for connection in self.all:
            connection.close()
