"""maxmemory: what eviction removes while dead keys still hold memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

KEYS = 5_000
SIZE = 2_000


def _full_of_dead_keys(cache: Any) -> None:
    """Fill the cache with keys that are all past their TTL, and set the limit at what they use."""
    cache.sweep(False)
    cache.fill("dead:", KEYS, ttl_ms=1, size=SIZE)
    cache.outlive(1)
    cache.config_set("maxmemory", cache.stat("used_memory"))


@pytest.mark.fails_when(
    "the policy is `allkeys-lru`", assertion='refused.startswith("command not allowed")', policy="allkeys-lru"
)
def test_noeviction_refuses_writes_while_every_key_is_dead(
    start_cache: Callable[..., Any], record: Any, policy: str = "noeviction"
) -> None:
    """At maxmemory with noeviction a SET fails although every key is past its TTL; reads work; a SCAN makes room."""
    cache = start_cache(maxmemory_policy=policy)
    _full_of_dead_keys(cache)

    refused = cache.set_or_error("new", "x" * SIZE)
    assert refused.startswith("command not allowed")
    assert cache.get("no such key") is None

    assert list(cache.scan_iter()) == []
    assert cache.set("new", "x" * SIZE)
    record.number("oom", refused, note="the error of SET at maxmemory under noeviction")
    assert cache.stat("expired_keys") == KEYS
    assert cache.stat("evicted_keys") == 0


@pytest.mark.fails_when("the keys have a TTL", assertion='refused.startswith("command not allowed")', ttl_seconds=3_600)
def test_a_volatile_policy_refuses_writes_when_no_key_has_a_ttl(
    start_cache: Callable[..., Any], ttl_seconds: int | None = None
) -> None:
    """volatile-lru with nothing but keys without a TTL fails a SET just as noeviction does."""
    cache = start_cache(maxmemory_policy="volatile-lru")
    with cache.pipeline(transaction=False) as batch:
        for i in range(KEYS):
            batch.set(f"kept:{i}", "x" * SIZE, ex=ttl_seconds)
        batch.execute()
    cache.config_set("maxmemory", cache.stat("used_memory"))

    refused = cache.set_or_error("new", "x" * SIZE)
    assert refused.startswith("command not allowed")
    assert cache.stat("evicted_keys") == 0


@pytest.mark.fails_when(
    "the first policy is `volatile-ttl` too", assertion="lost[0][0] > 0.5 * lost[0][1]", first="volatile-ttl"
)
def test_allkeys_lru_evicts_the_living_while_the_dead_stay(
    start_cache: Callable[..., Any], record: Any, first: str = "allkeys-lru"
) -> None:
    """allkeys-lru goes by last access alone: it evicts older live keys and keeps dead ones; volatile-ttl does not."""
    policies = (first, "volatile-ttl")
    lost = [_live_keys_lost(start_cache(maxmemory_policy=policy)) for policy in policies]

    for policy, (live, evicted) in zip(policies, lost, strict=True):
        key = policy.replace("-", "_")
        record.number(f"{key}_live", live, note=f"live keys among the evicted, {policy}, half of all keys dead")
        record.number(f"{key}_evicted", evicted, note=f"evicted_keys, {policy}, half of all keys dead")
    assert lost[0][0] > 0.5 * lost[0][1]
    assert lost[1][0] < 0.1 * lost[1][1]


def _live_keys_lost(cache: Any) -> tuple[int, int]:
    """Write live keys, then as many that die, then 1,000 over the limit: return (live keys lost, evicted_keys)."""
    cache.sweep(False)
    cache.fill("live:", KEYS, ttl_ms=3_600_000, size=SIZE)
    wait_until(lambda: cache.object("IDLETIME", "live:0") >= 2, seconds=30, what="the LRU clock, which counts seconds")
    cache.fill("dead:", KEYS, ttl_ms=1, size=SIZE)
    cache.outlive(1)
    cache.config_set("maxmemory", cache.stat("used_memory"))

    for i in range(1_000):  # one command at a time: eviction runs between commands
        cache.set(f"new:{i}", "x" * SIZE, ex=3_600)

    cache.config_set("maxmemory", 0)
    evicted = int(cache.stat("evicted_keys"))
    assert evicted > 500
    assert cache.stat("expired_keys") == 0  # a dead key that is evicted counts as evicted
    with cache.pipeline(transaction=False) as batch:
        for i in range(KEYS):
            batch.exists(f"live:{i}")
        return KEYS - sum(batch.execute()), evicted
