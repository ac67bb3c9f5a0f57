"""What a snapshot and a restart do with keys past their TTL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_snapshot_carries_the_dead_and_a_master_drops_them_on_loading(start_cache: Callable[..., Any]) -> None:
    """SAVE writes dead keys too; a master that starts from the snapshot leaves out all of them."""
    cache = start_cache()
    cache.sweep(False)
    cache.fill("dead:", 1_000, ttl_ms=1)
    cache.fill("live:", 100, ttl_ms=3_600_000)
    cache.outlive(1)
    cache.save()
    cache.connection_pool.disconnect()
    cache.server.stop()

    cache.server.start()

    assert cache.stat("rdb_last_load_keys_expired") == 1_000
    assert cache.dbsize() == 100
