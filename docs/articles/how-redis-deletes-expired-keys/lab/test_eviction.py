"""maxmemory: what eviction removes while dead keys still hold memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

KEYS = 5_000
SIZE = 2_000
RUNS = 5


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
    """At maxmemory under noeviction a server refuses a SET although every key in it is past its TTL; reads work, and
    after one SCAN the same SET succeeds."""
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
    """At maxmemory under volatile-lru a server refuses a SET, with the error of noeviction, when no key has a TTL."""
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
    "the first policy is `volatile-ttl` too", assertion="live > 0.5 * evicted", first="volatile-ttl"
)
def test_allkeys_lru_evicts_the_living_while_the_dead_stay(
    start_cache: Callable[..., Any], record: Any, first: str = "allkeys-lru"
) -> None:
    """allkeys-lru evicts living keys that were used longer ago while keys past their TTL stay; volatile-ttl evicts the
    dead, and counts them in evicted_keys, not in expired_keys."""
    policies = (first, "volatile-ttl")
    caches = [start_cache(maxmemory_policy=policy) for policy in policies for _ in range(RUNS)]
    for cache in caches:
        cache.sweep(False)
        cache.fill("live:", KEYS, ttl_ms=3_600_000, size=SIZE)
    lost = [_live_keys_lost(cache) for cache in caches]

    for policy, runs in zip(policies, (lost[:RUNS], lost[RUNS:]), strict=True):
        key = policy.replace("-", "_")
        live, evicted = zip(*runs, strict=True)
        record.samples(f"{key}_live", live, note=f"live keys among the evicted, {policy}, half of all keys dead")
        record.samples(f"{key}_evicted", evicted, note=f"evicted_keys, {policy}, half of all keys dead")
    assert all(live > 0.5 * evicted for live, evicted in lost[:RUNS])
    assert all(live < 0.1 * evicted for live, evicted in lost[RUNS:])


def _live_keys_lost(cache: Any) -> tuple[int, int]:
    """Beside the live keys write as many that die, then 1,000 over the limit: return (live keys lost, evicted_keys)."""
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
