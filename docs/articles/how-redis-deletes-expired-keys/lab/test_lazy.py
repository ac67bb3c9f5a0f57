"""The lazy way: a key past its TTL dies when somebody looks at it, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

MIB = 1024 * 1024

LOOKUPS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "GET": (("GET", "report"), None),
    "EXISTS": (("EXISTS", "report"), 0),
    "TTL": (("TTL", "report"), -2),
    "TYPE": (("TYPE", "report"), "none"),
    "DEL": (("DEL", "report"), 0),
    "UNLINK": (("UNLINK", "report"), 0),
    "SCAN": (("SCAN", 0), (0, [])),
    "RANDOMKEY": (("RANDOMKEY",), None),
}


@pytest.mark.fails_when("somebody reads the key first", assertion="cache.dbsize() == 1", read_first=True)
def test_a_key_past_its_ttl_keeps_its_memory_until_somebody_asks(
    start_cache: Callable[..., Any], read_first: bool = False
) -> None:
    """With the active cycle off, a value of 10 MiB stays in memory after its TTL until a GET, which answers nil, frees
    it."""
    # --8<-- [start:held]
    cache = start_cache()
    cache.sweep(False)  # only a lookup can delete
    cache.set("report", "x" * (10 * MIB), px=20)
    cache.outlive(500)  # the TTL, and ticks in plenty
    if read_first:
        cache.get("report")

    assert cache.keys("*") == []  # KEYS hides it
    assert cache.dbsize() == 1  # DBSIZE counts it
    assert cache.memory_usage("report") > 10 * MIB  # all there
    before = cache.stat("used_memory")

    assert cache.get("report") is None  # and this deletes it

    freed = before - cache.stat("used_memory")
    assert cache.memory_usage("report") is None
    assert freed > 9 * MIB
    # --8<-- [end:held]


@pytest.mark.fails_when("the TTL has not passed yet", assertion="cache.raw(*words) == answer", ttl_ms=3_600_000)
@pytest.mark.parametrize("command", LOOKUPS)
def test_every_lookup_of_a_dead_key_deletes_it(start_cache: Callable[..., Any], command: str, ttl_ms: int = 1) -> None:
    """On a master GET, EXISTS, TTL, TYPE, DEL, UNLINK, SCAN and RANDOMKEY answer as if a key past its TTL did not
    exist, and delete it."""
    cache = start_cache()
    cache.sweep(False)
    cache.set("report", "x", px=ttl_ms)
    cache.outlive(1)
    words, answer = LOOKUPS[command]

    assert cache.raw(*words) == answer

    assert cache.dbsize() == 0
    assert cache.stat("expired_keys") == 1


@pytest.mark.fails_when("`SCAN` lists the keys, not `KEYS`", assertion="cache.dbsize() == 1", by="SCAN")
def test_keys_dbsize_and_memory_usage_leave_a_dead_key_in_place(
    start_cache: Callable[..., Any], by: str = "KEYS"
) -> None:
    """KEYS hides a key past its TTL, DBSIZE and INFO keyspace count it, MEMORY USAGE weighs it, and none of the four
    deletes it."""
    cache = start_cache()
    cache.sweep(False)
    cache.set("report", "x", px=1)
    cache.outlive(1)

    for _ in range(3):
        assert (cache.keys("*") if by == "KEYS" else list(cache.scan_iter())) == []
        assert cache.dbsize() == 1
        assert cache.memory_usage("report") > 0
        assert cache.info("keyspace")["db0"]["keys"] == 1

    assert cache.stat("expired_keys") == 0


@pytest.mark.fails_when("the `SCAN` has `MATCH live:*`", assertion="cache.dbsize() == 500", match="live:*")
def test_a_full_scan_is_a_sweep(start_cache: Callable[..., Any], match: str | None = None) -> None:
    """A SCAN over the whole keyspace of a master deletes every key past its TTL and returns only the living."""
    cache = start_cache()
    cache.sweep(False)
    cache.fill("dead:", 5_000, ttl_ms=1)
    cache.fill("live:", 500, ttl_ms=3_600_000)
    cache.outlive(1)
    assert cache.dbsize() == 5_500

    living = set(cache.scan_iter(match, count=500))

    assert living == {f"live:{i}" for i in range(500)}
    assert cache.dbsize() == 500
    assert cache.stat("expired_keys") == 5_000


@pytest.mark.fails_when(
    "the cycle finds the key before anybody asks", assertion='["the TTL has passed", "job"]', cycle=True
)
def test_the_expired_event_tells_of_the_deletion_and_not_of_the_ttl(
    start_cache: Callable[..., Any], cycle: bool = False
) -> None:
    """The keyspace event `expired` is sent when something finds the dead key and deletes it, not when its TTL ends."""
    cache = start_cache(notify_keyspace_events="Ex")
    cache.sweep(False)
    with cache.pubsub(ignore_subscribe_messages=True) as events:
        events.subscribe("__keyevent@0__:expired", "notes")
        events.get_message(timeout=10)
        events.get_message(timeout=10)
        cache.set("job", "x", px=1)
        cache.outlive(1)
        if cycle:
            cache.sweep(True)
            wait_until(lambda: cache.dbsize() == 0, seconds=30, what="the cycle")
        cache.publish("notes", "the TTL has passed")
        cache.exists("job")

        told = [events.get_message(timeout=10) for _ in range(2)]

    assert [message["data"] for message in told] == ["the TTL has passed", "job"]


@pytest.mark.fails_when("the `SET` has `KEEPTTL`", assertion='cache.ttl("a") == -1', keepttl=True)
def test_a_plain_set_takes_the_ttl_away(start_cache: Callable[..., Any], keepttl: bool = False) -> None:
    """SET over a key with a TTL leaves a key that never expires; SET with KEEPTTL leaves the deadline."""
    cache = start_cache()
    cache.set("a", "x", ex=3_600)
    cache.set("b", "x", ex=3_600)

    cache.set("a", "y", keepttl=keepttl)
    cache.set("b", "y", keepttl=True)

    assert cache.ttl("a") == -1
    assert cache.ttl("b") > 0
    assert cache.info("keyspace")["db0"]["keys"] == 2
    assert cache.info("keyspace")["db0"]["expires"] == 1
