"""One request and its answer, over the barest client that each server can be asked with, and what it costs."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import psycopg

Call = Callable[[], Any]

ROUNDS = 15
"""How often each cost is measured. Every round is recorded."""


class Wire:
    """A socket that sends bytes and reads until the answer is whole. No client library is in between."""

    def __init__(self, port: int) -> None:
        """Connect to *port* of 127.0.0.1 and send small packets at once."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # --8<-- [start:ask]
    def ask(self, request: bytes, end: bytes) -> bytes:
        """Send *request*; return what comes back, up to and with *end*."""
        self._socket.sendall(request)
        answer = self._socket.recv(65536)
        while not answer.endswith(end):
            answer += self._socket.recv(65536)
        return answer

    # --8<-- [end:ask]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def command(*words: str | int) -> bytes:
    """A Redis command as it goes over the wire."""
    parts = [str(word).encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


class Lookup:
    """A query by primary key through libpq itself, parsed and planned each time or prepared once."""

    def __init__(self, dsn: str, query: bytes, mode: str = "auto") -> None:
        """Connect and prepare *query*, whose only parameter is ``$1``; *mode* is the ``plan_cache_mode``."""
        self._connection = psycopg.connect(dsn, autocommit=True)
        self._connection.execute(f"SET plan_cache_mode = {mode}")
        self._pg = self._connection.pgconn
        self._query = query
        self._pg.prepare(b"lookup", query)
        for _ in range(6):  # the first five are planned anew
            self.prepared()

    def prepared(self, key: bytes = b"4711") -> bytes | None:
        """Bind and execute."""
        return self._pg.exec_prepared(b"lookup", [key]).get_value(0, 0)

    def anew(self, key: bytes = b"4711") -> bytes | None:
        """Parse, plan and execute."""
        return self._pg.exec_params(self._query, [key]).get_value(0, 0)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def microseconds(calls: dict[str, Call], *, times: int = 25) -> dict[str, list[float]]:
    """Microseconds of each of *calls* in every round, in turns, so that a busy moment of the machine meets all of them.

    A round is the mean of *times* calls. It begins with a pause, because the scheduler seldom interrupts whoever has
    just slept, and with as many calls that are not timed, because the first ones find the other side asleep.
    """
    measured: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            time.sleep(0.02)
            for _ in range(times):
                call()
            start = time.perf_counter_ns()
            for _ in range(times):
                call()
            measured[name].append((time.perf_counter_ns() - start) / times / 1_000)
    return measured
