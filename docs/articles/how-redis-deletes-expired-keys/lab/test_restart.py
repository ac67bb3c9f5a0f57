"""What a snapshot, an append-only file and a restart do with keys past their TTL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

DEAD, LIVE = 1_000, 100


def _restarted(start_cache: Callable[..., Any], appendonly: str) -> tuple[int, int, int]:
    """Restart a server that holds dead and living keys; return how many dead keys its files carried, how many keys it
    loaded, and how many dead ones it left out: a sweep finds those that were loaded."""
    cache = start_cache(appendonly=appendonly)
    cache.sweep(False)
    cache.fill("dead:", DEAD, ttl_ms=1)
    cache.fill("live:", LIVE, ttl_ms=3_600_000)
    cache.outlive(1)
    if appendonly == "yes":
        cache.bgrewriteaof()
        done = ("aof_rewrite_scheduled", "aof_rewrite_in_progress")
        wait_until(lambda: not any(map(cache.stat, done)), seconds=60, what="the append-only file")
    else:
        cache.save()
    cache.connection_pool.disconnect()
    cache.server.stop()
    carried = sum(file.read_bytes().count(b"dead:") for file in cache.server.folder.rglob("*.rdb"))

    cache.server.start()

    living = sum(1 for _ in cache.scan_iter(count=1_000))
    wait_until(lambda: cache.dbsize() == living, seconds=30, what="the sweep and the cycle")
    found_dead = cache.stat("expired_keys")
    return carried, living + found_dead, DEAD - found_dead


@pytest.mark.fails_when("`appendonly` is `yes`", assertion="left_out == DEAD", appendonly="yes")
def test_a_snapshot_carries_the_dead_and_a_master_drops_them_on_loading(
    start_cache: Callable[..., Any], appendonly: str = "no"
) -> None:
    """SAVE writes keys past their TTL too, and a master that starts from the snapshot leaves all of them out."""
    carried, loaded, left_out = _restarted(start_cache, appendonly)
    assert carried == DEAD
    assert left_out == DEAD
    assert loaded == LIVE


@pytest.mark.fails_when("`appendonly` is `no`", assertion="left_out == 0", appendonly="no")
def test_a_master_that_starts_from_an_append_only_file_loads_the_dead_too(
    start_cache: Callable[..., Any], appendonly: str = "yes"
) -> None:
    """A master that starts from an append-only file loads all 1,000 keys past their TTL with the living."""
    _, loaded, left_out = _restarted(start_cache, appendonly)
    assert left_out == 0
    assert loaded == DEAD + LIVE
