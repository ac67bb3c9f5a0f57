"""Redlock, as the Redis documentation describes it: a majority of independent servers, and two looks at the clock."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis_lock import RELEASE


class Redlock:
    """A lease that a majority of Redis servers has granted."""

    def __init__(
        self, ports: list[int], name: str, ttl: int, *, between: Callable[[int], None], timed: bool = True
    ) -> None:
        """Prepare to take the lock; call *between* when all have answered. Without *timed*, look at the clock once."""
        once = Retry(NoBackoff(), 0)  # a node that can't be reached is left out at once
        self.nodes = [redis.Redis(port=port, retry=once, decode_responses=True) for port in ports]
        self.name, self.ttl, self.between, self.timed = name, ttl, between, timed
        self.value = secrets.token_hex(20)

    # --8<-- [start:acquire]
    def acquire(self) -> str | None:
        """Take the lock on a majority of nodes, within its lifetime; otherwise give everything back."""
        started = time.monotonic()
        granted = sum(self._set(node) for node in self.nodes)
        self.between(granted)  # the lab can stop the process here
        elapsed = (time.monotonic() - started) * 1000
        drift = self.ttl / 100 + 2
        in_time = elapsed < self.ttl - drift or not self.timed
        if granted > len(self.nodes) // 2 and in_time:
            return self.value
        self.release()
        return None

    # --8<-- [end:acquire]

    def _set(self, node: redis.Redis) -> bool:
        with contextlib.suppress(redis.exceptions.ConnectionError):
            return bool(node.set(self.name, self.value, nx=True, px=self.ttl))
        return False

    def is_mine(self) -> bool:
        """Ask all nodes whether a majority still holds our value."""
        return sum(node.get(self.name) == self.value for node in self.nodes) > len(self.nodes) // 2

    def release(self) -> bool:
        """Delete our value wherever it is."""
        for node in self.nodes:
            with contextlib.suppress(redis.exceptions.ConnectionError):
                node.eval(RELEASE, 1, self.name, self.value)
        return True
