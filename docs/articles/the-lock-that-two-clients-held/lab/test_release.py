"""Taking and giving back a lock in Redis, and what a failover does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from engblog.lab.process import wait_until
from redis_lock import CarelessLock, RedisLock


def _take_over(port: int, name: str, kind: type[RedisLock]) -> tuple[RedisLock, RedisLock]:
    """Have one client hold the lock until it expires, and another one take it."""
    first, second = kind(port, name, ttl=50), kind(port, name, ttl=60_000)
    assert first.acquire()
    wait_until(lambda: second.acquire() is not None, seconds=60, what="the lease to end")
    return first, second


@pytest.mark.fails_when("the release compares first", assertion="third.acquire() is not None", kind=RedisLock)
def test_del_releases_somebody_elses_lock(cache_server: Any, kind: type[RedisLock] = CarelessLock) -> None:
    """A holder whose lease has ended deletes the next holder's lock with a plain DEL, and a third client gets in."""
    first, second = _take_over(cache_server.port, f"del {kind.__name__}", kind)
    first.release()
    third = kind(cache_server.port, first.name, ttl=60_000)
    assert third.acquire() is not None
    assert not second.is_mine()


@pytest.mark.fails_when("the release is a DEL", assertion="second.is_mine()", kind=CarelessLock)
def test_compare_and_delete_leaves_the_next_holder_alone(cache_server: Any, kind: type[RedisLock] = RedisLock) -> None:
    """A holder whose lease has ended releases nothing if the release compares the value before it deletes."""
    first, second = _take_over(cache_server.port, f"compare {kind.__name__}", kind)
    released = first.release()
    assert second.is_mine()
    assert not released


@pytest.mark.fails_when("SET NX PX does both", assertion="cache.pttl(name) == -1", together=True)
def test_a_lock_without_expiry_outlives_its_holder(cache_server: Any, cache: Any, together: bool = False) -> None:
    """If a client creates the key without an expiry and goes away, the key has no lifetime and nobody gets the lock."""
    name = f"two steps {together}"
    with redis.Redis(port=cache_server.port) as client:
        if together:
            client.set(name, "value", nx=True, px=60_000)
        else:
            client.setnx(name, "value")  # and no PEXPIRE, because the client ends here
    assert cache.pttl(name) == -1
    assert RedisLock(cache_server.port, name, 60_000).acquire() is None


@pytest.mark.fails_when("the client asks WAIT for a replica", assertion="held == [True, True]", wait=True)
def test_a_failover_forgets_the_lock(start_redis: Callable[..., Any], wait: bool = False) -> None:
    """A replica that was cut off lacks the lock that the primary granted, so after a failover both clients hold it."""
    primary, replica = (start_redis(save="", repl_diskless_sync_delay=0) for _ in range(2))
    ours, theirs = RedisLock(primary.port, "job", 60_000), RedisLock(replica.port, "job", 60_000)
    theirs.redis.execute_command("REPLICAOF", "127.0.0.1", str(primary.port))
    wait_until(
        lambda: ours.redis.info("replication").get("slave0", {}).get("state") == "online",
        seconds=60,
        what="the replica to be online",
    )
    theirs.redis.execute_command("REPLICAOF", "127.0.0.1", "1")  # nothing listens there: the link is down
    wait_until(lambda: ours.redis.info("replication")["connected_slaves"] == 0, seconds=60, what="the link to go")
    granted = ours.acquire() is not None
    if wait:
        granted = granted and ours.redis.wait(1, 500) == 1
    primary.stop()
    theirs.redis.execute_command("REPLICAOF", "NO", "ONE")
    held = [granted, theirs.acquire() is not None]
    assert held == [True, True]
