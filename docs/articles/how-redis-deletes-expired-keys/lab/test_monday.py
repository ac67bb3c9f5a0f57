"""The settings and the counters that the article sends its reader to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import wait_until

COUNTERS = (
    "expired_keys",
    "expired_stale_perc",
    "expired_time_cap_reached_count",
    "expire_cycle_cpu_milliseconds",
    "evicted_keys",
    "lazyfree_pending_objects",
)


def test_every_setting_of_monday_conf_takes_effect_on_a_running_server(start_cache: Callable[..., Any]) -> None:
    """Each of the six settings of monday.conf differs from the default of Redis 7.0, and CONFIG SET changes it on a
    running server."""
    cache = start_cache(latency_monitor_threshold=0)
    lines = (Path(__file__).parent / "monday.conf").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split() for line in lines if line and not line.startswith("#"))
    assert len(settings) == 6

    for name, value in settings.items():
        assert cache.config_get(name)[name] != value
        cache.config_set(name, value)
        assert cache.config_get(name)[name] == value


def test_info_has_every_counter_that_the_article_reads(start_cache: Callable[..., Any]) -> None:
    """INFO of Redis 7.0 shows expired_keys, expired_stale_perc, expired_time_cap_reached_count, evicted_keys,
    expire_cycle_cpu_milliseconds and lazyfree_pending_objects, and per database keys and expires."""
    cache = start_cache()
    cache.fill("k", 100, ttl_ms=3_600_000)

    assert set(COUNTERS) <= set(cache.info("everything"))
    assert {"keys", "expires"} <= set(cache.info("keyspace")["db0"])


@pytest.mark.fails_when("`DEL` deletes the first key", assertion='cache.stat("expired_keys") == 1', by="delete")
def test_expired_keys_counts_both_ways_to_die(start_cache: Callable[..., Any], by: str = "get") -> None:
    """expired_keys counts the keys past their TTL that a lookup deleted and those that the cycle deleted; a DEL of a
    living key adds nothing to it."""
    cache = start_cache()
    cache.sweep(False)
    cache.fill("k", 3, ttl_ms=1 if by == "get" else 3_600_000)
    cache.outlive(1)
    getattr(cache, by)("k0")
    assert cache.stat("expired_keys") == 1
    cache.sweep(True)
    wait_until(lambda: cache.dbsize() == 0, seconds=30, what="the cycle")
    assert cache.stat("expired_keys") == 3
    cache.set("k", "x", ex=3_600)
    cache.delete("k")
    assert cache.stat("expired_keys") == 3
