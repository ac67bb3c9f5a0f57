"""A lock in one Redis: taken with one SET, given back by a script that compares before it deletes."""

from __future__ import annotations

import secrets
import threading

import redis

# --8<-- [start:lock]
RELEASE = """
if redis.call("GET", KEYS[1]) == ARGV[1] then
    return redis.call("DEL", KEYS[1])
end
return 0
"""


class RedisLock:
    """A lease in Redis: it ends by itself after *ttl* milliseconds."""

    def __init__(self, port: int, name: str, ttl: int) -> None:
        """Prepare to take the lock *name*; nothing is sent yet."""
        self.redis = redis.Redis(port=port, decode_responses=True)
        self.name, self.ttl = name, ttl
        self.value = secrets.token_hex(20)  # ours, and nobody else's

    def acquire(self) -> str | None:
        """Take the lock and return our value, or None if somebody has it."""
        return self.value if self.redis.set(self.name, self.value, nx=True, px=self.ttl) else None

    def release(self) -> bool:
        """Delete the lock if it is still ours."""
        return bool(self.redis.eval(RELEASE, 1, self.name, self.value))
        # --8<-- [end:lock]

    def is_mine(self) -> bool:
        """Ask Redis whether the lock is still ours."""
        return bool(self.redis.get(self.name) == self.value)


class CarelessLock(RedisLock):
    """The same lock, released without looking."""

    def release(self) -> bool:
        """Delete the lock, whoever has it."""
        return bool(self.redis.delete(self.name))


# --8<-- [start:token]
ACQUIRE = """
if redis.call("SET", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then
    return redis.call("INCR", KEYS[2])
end
return false
"""


class NumberedLock(RedisLock):
    """The same lock, and each holder gets a higher number than the one before."""

    def acquire(self) -> int | None:  # type: ignore[override]
        """Take the lock and return its fencing token, or None if somebody has it."""
        return self.redis.eval(ACQUIRE, 2, self.name, self.name + ":token", self.value, self.ttl)
        # --8<-- [end:token]


RENEW = """
if redis.call("GET", KEYS[1]) == ARGV[1] then
    return redis.call("PEXPIRE", KEYS[1], ARGV[2])
end
return 0
"""


class RenewedLock(RedisLock):
    """The same lock, with a thread that extends it while the process runs."""

    def acquire(self) -> str | None:
        """Take the lock and start to renew it ten times in each lifetime."""
        value = super().acquire()
        if value:
            threading.Thread(target=self._renew, daemon=True).start()
        return value

    def _renew(self) -> None:
        pause = threading.Event()
        while not pause.wait(self.ttl / 10_000):
            self.redis.eval(RENEW, 1, self.name, self.value, self.ttl)
