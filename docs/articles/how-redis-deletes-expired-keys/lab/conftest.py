"""A Redis whose keys die on command: what every test of this lab starts from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from engblog.lab.process import LabError, wait_until


class Cache(redis.Redis):
    """A client of one Redis of this lab, with the few moves that the tests share."""

    server: Any
    """The process, with its ``port`` and ``send(signal)``."""

    _FILL = """
    for i = ARGV[1], ARGV[2] do
        redis.call('SET', KEYS[1] .. i, ARGV[3], 'PX', ARGV[4])
    end
    """

    def fill(self, prefix: str, keys: int, *, ttl_ms: int, size: int = 8) -> None:
        """Write *keys* keys ``<prefix>0``, ``<prefix>1``, … that live for *ttl_ms*."""
        script = self.register_script(self._FILL)
        for first in range(0, keys, 50_000):
            last = min(first + 50_000, keys) - 1
            script(keys=[prefix], args=[first, last, "x" * size, ttl_ms])

    _ADD = """
    local members = {}
    for i = ARGV[1], ARGV[2] do members[#members + 1] = i end
    redis.call('SADD', KEYS[1], unpack(members))
    """

    def big_set(self, name: str, members: int) -> None:
        """Build a set of *members* members, 1,000 at a time."""
        script = self.register_script(self._ADD)
        for first in range(0, members, 1_000):
            script(keys=[name], args=[first, min(first + 1_000, members) - 1])

    def raw(self, *words: str | int) -> Any:
        """Send one command word by word, for those that the client has no method for."""
        return self.execute_command(*words)  # type: ignore[no-untyped-call]

    def sweep(self, on: bool) -> None:
        """Switch the active expiry cycle on or off: the server's own switch for tests."""
        self.raw("DEBUG", "SET-ACTIVE-EXPIRE", int(on))

    def now_ms(self) -> int:
        """The server's clock, which decides what has expired."""
        seconds, microseconds = self.time()
        return int(seconds) * 1_000 + int(microseconds) // 1_000

    def outlive(self, ttl_ms: int) -> None:
        """Return once every key that was written before with *ttl_ms* or less to live is past its TTL."""
        deadline = self.now_ms() + ttl_ms + 1
        wait_until(lambda: self.now_ms() > deadline, seconds=30, what="the TTL to pass")

    def stat(self, name: str) -> Any:
        """One field of ``INFO``."""
        return self.info("everything")[name]

    def command_us(self, name: str) -> float:
        """Microseconds that one call of a command kept the main thread, on average (``INFO commandstats``)."""
        return float(self.info("commandstats")[f"cmdstat_{name}"]["usec_per_call"])

    def set_or_error(self, key: str, value: str) -> str:
        """Write a value; return the text of the server's refusal, or ``OK``."""
        try:
            self.set(key, value)
        except redis.ResponseError as refused:
            return str(refused)
        return "OK"

    def longest_ms(self, event: str) -> int:
        """The longest *event* that the latency monitor saw; 1 when all were below its threshold of 1 ms."""
        latest = {row[0]: row[3] for row in self.raw("LATENCY", "LATEST")}
        return int(latest.get(event, 1))

    def spend(self, seconds: float) -> float:
        """Leave the server alone for *seconds*, the window of a measurement; return how long it really was."""
        start = time.monotonic()
        time.sleep(seconds)
        return time.monotonic() - start


@pytest.fixture(scope="module")
def start_cache(start_redis: Callable[..., Any]) -> Iterator[Callable[..., Cache]]:
    """``start_cache(hz=100)`` starts a Redis without snapshots and returns its :class:`Cache`."""
    running: list[tuple[Any, Cache]] = []

    def start(**settings: str | int) -> Cache:
        fixed: dict[str, str | int] = {"save": "", "enable_debug_command": "local", "latency_monitor_threshold": 1}
        try:
            server = start_redis(**{**fixed, **settings})
        except LabError as error:
            if "enable-debug-command" not in str(error):
                raise
            del fixed["enable_debug_command"]  # before 7.0 the command needed no permission
            server = start_redis(**{**fixed, **settings})
        cache = Cache(port=server.port, decode_responses=True)
        cache.server = server
        running.append((server, cache))
        return cache

    yield start
    for server, cache in running:
        cache.close()
        server.stop()
