"""What it costs to free one big value, and who waits while it happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache as once_each
from statistics import median
from typing import Any

import pytest
from engblog.lab.process import wait_until

MEMBERS = 1_000_000
RUNS = 5
SETS = 640
OF_BIG_SETS = "longest expire cycle of a run, hz 100, 640 sets of 5,000 members"
LIMIT_MS = 2.5
"""How long a slow cycle may take at hz 100, by its own limit of a quarter of a tick."""


class Bystander(threading.Thread):
    """Another client: pings without pause and remembers its longest wait."""

    def __init__(self, client: Any) -> None:
        """Ping through *client*, which nobody else may use meanwhile."""
        super().__init__()
        self._client = client
        self._done = threading.Event()
        self.pings = 0
        self.longest_ms = 0.0

    def run(self) -> None:
        """Ping until told to stop."""
        while not self._done.is_set():
            start = time.perf_counter()
            self._client.ping()
            self.longest_ms = max(self.longest_ms, (time.perf_counter() - start) * 1_000)
            self.pings += 1

    def stop(self) -> None:
        """Stop, once at least one more ping has come back."""
        enough = self.pings + 2
        wait_until(lambda: self.pings >= enough, seconds=60, what="two more pings")
        self._done.set()
        self.join()


@contextmanager
def bystander(cache: Any) -> Iterator[Bystander]:
    """A second connection that pings while the block runs."""
    with type(cache)(port=cache.server.port) as client:
        thread = Bystander(client)
        thread.start()
        wait_until(lambda: thread.pings >= 100, seconds=60, what="a hundred pings")
        try:
            yield thread
        finally:
            thread.stop()


@pytest.mark.fails_when("`lazyfree-lazy-user-del` is `yes`", assertion="min(del_ms) > 50 * min(unlink_ms)", lazy="yes")
def test_del_stops_the_server_and_unlink_does_not(
    start_cache: Callable[..., Any], record: Any, lazy: str = "no"
) -> None:
    """DEL of a set of 1,000,000 members keeps the main thread busy at least fifty times as long as UNLINK, and another
    client waits for it."""
    # --8<-- [start:unlink]
    cache = start_cache(lazyfree_lazy_user_del=lazy)
    cache.big_set("template", MEMBERS)

    del_ms, wait_del = timed(cache, cache.delete)
    unlink_ms, wait_unlink = timed(cache, cache.unlink)

    assert min(del_ms) > 50 * min(unlink_ms)
    assert median(wait_del) > min(del_ms) / 2  # somebody waited
    assert median(wait_unlink) < median(wait_del)
    # --8<-- [end:unlink]
    micro = [1_000 * each for each in unlink_ms]
    record.samples("del_ms", del_ms, unit="ms", digits=2, note="DEL of a set of 1,000,000 members, INFO commandstats")
    record.samples("unlink_us", micro, unit="µs", digits=2, note="UNLINK of such a set, INFO commandstats")
    record.samples("wait_del", wait_del, unit="ms", digits=2, note="longest PING of another client during DEL")
    record.samples("wait_unlink", wait_unlink, unit="ms", digits=2, note="longest PING of another during UNLINK")


def timed(cache: Any, remove: Callable[[str], Any], *, dead: bool = False) -> tuple[list[float], list[float]]:
    """Copy the template and *remove* the copy, RUNS times; with *dead*, once its TTL has passed.

    Return the milliseconds that each removal kept the main thread, and another client's longest wait meanwhile.
    """
    spent, waits = [], []
    for _ in range(RUNS):
        cache.copy("template", "victim")
        if dead:
            cache.pexpire("victim", 100)  # PEXPIRE itself deletes a key whose deadline passes while it runs
            cache.outlive(100)
        cache.config_resetstat()
        with bystander(cache) as other:
            remove("victim")
        spent.append(cache.command_us(remove.__name__.replace("delete", "del")) / 1_000)
        waits.append(other.longest_ms)
    return spent, waits


def _wait_for_lazy_frees(cache: Any, objects: int) -> None:
    wait_until(lambda: cache.stat("lazyfreed_objects") == objects, seconds=60, what="the background thread")


@pytest.mark.fails_when("`DEL` removes the set", assertion="median(held) > 50", by="delete")
def test_unlink_gives_the_memory_back_later(start_cache: Callable[..., Any], record: Any, by: str = "unlink") -> None:
    """One command after UNLINK the key is gone, most of its memory is still in use, and lazyfree_pending_objects is
    1."""
    cache = start_cache()
    held, pending = [], []
    for _ in range(RUNS):
        freed = cache.stat("lazyfreed_objects") + 1
        cache.big_set("big", MEMBERS)
        full = cache.stat("used_memory")
        with cache.pipeline(transaction=False) as batch:
            getattr(batch, by)("big")
            _, left, just_after = batch.dbsize().info("memory").execute()
        assert left == 0
        if by == "unlink":
            _wait_for_lazy_frees(cache, freed)
        empty = cache.stat("used_memory")
        held.append(100 * (just_after["used_memory"] - empty) / (full - empty))
        pending.append(just_after["lazyfree_pending_objects"])

    record.samples("held_after_unlink", held, unit="%", digits=2, note="memory not yet returned, one command later")
    assert median(held) > 50
    assert median(pending) == 1


@pytest.mark.fails_when(
    "`lazyfree-lazy-expire` is `yes` for both", assertion="min(eager) > 50 * min(lazy)", first="yes"
)
def test_reading_a_big_dead_key_pays_for_its_deletion(
    start_cache: Callable[..., Any], record: Any, first: str = "no"
) -> None:
    """EXISTS on an expired set of 1,000,000 members takes at least fifty times as long as with lazyfree-lazy-expire,
    and the slow log lists it."""
    cache = start_cache(lazyfree_lazy_expire=first)
    cache.sweep(False)
    cache.big_set("template", MEMBERS)

    eager, _ = timed(cache, cache.exists, dead=True)
    slow = {entry["command"] for entry in cache.slowlog_get()}
    cache.config_set("lazyfree-lazy-expire", "yes")
    lazy, _ = timed(cache, cache.exists, dead=True)

    micro = [1_000 * each for each in lazy]
    record.samples("exists_ms", eager, unit="ms", digits=2, note="EXISTS on an expired set of 1,000,000 members")
    record.samples("exists_lazy_us", micro, unit="µs", digits=2, note="the same with lazyfree-lazy-expire yes")
    assert min(eager) > 50 * min(lazy)
    assert b"EXISTS victim" in slow  # the log blames the command


@pytest.mark.fails_when("`lazyfree-lazy-expire` is `yes`", assertion="min(dead) > 50 * min(live)", lazy="yes")
def test_unlink_of_a_dead_key_is_a_del(start_cache: Callable[..., Any], record: Any, lazy: str = "no") -> None:
    """UNLINK of a set of 1,000,000 members that is past its TTL takes at least fifty times as long as of a living
    one."""
    cache = start_cache(lazyfree_lazy_expire=lazy)
    cache.sweep(False)
    cache.big_set("template", MEMBERS)

    live, _ = timed(cache, cache.unlink)
    dead, _ = timed(cache, cache.unlink, dead=True)
    assert cache.stat("expired_keys") == 1  # of the last run: expiry deleted it before UNLINK looked

    record.samples("unlink_dead_ms", dead, unit="ms", digits=2, note="UNLINK of an expired set of 1,000,000 members")
    assert min(dead) > 50 * min(live)


@pytest.fixture(scope="module")
def die_at_once(start_cache: Callable[..., Any]) -> Callable[[str], list[tuple[int, int]]]:
    """Results of :func:`_die_at_once` on five servers with the given lazyfree-lazy-expire, run once for each value."""
    return once_each(lambda lazy: [_die_at_once(start_cache(hz=100, lazyfree_lazy_expire=lazy)) for _ in range(RUNS)])


@pytest.mark.fails_when("another thread frees the sets", assertion="max(firsts) <= 400", lazy="yes")
def test_the_cycle_looks_at_the_clock_after_sixteen_loops(
    die_at_once: Callable[[str], list[tuple[int, int]]], record: Any, lazy: str = "no"
) -> None:
    """An expire cycle over sets of 5,000 members goes on for 16 loops of 20 keys, and so takes over twice the 2.5 ms
    that it may take at hz 100."""
    runs = die_at_once(lazy)
    firsts = [first for _, first in runs]

    record.samples("first_cycle", firsts, note="sets gone at the server's next answer, sets of 5,000 members")
    record.samples("cycle_big", [longest for longest, _ in runs], unit="ms", note=OF_BIG_SETS)
    assert min(firsts) >= 320
    # 16 loops, and one of the fast cycle right behind: its first 15 were the empty databases. A loop ends with the
    # bucket of its twentieth key.
    assert max(firsts) <= 400
    assert min(longest for longest, _ in runs) > 2 * LIMIT_MS


@pytest.mark.fails_when("the main thread frees the sets", assertion="median(longest) < median(eager) / 10", lazy="no")
def test_lazy_expiry_lets_the_cycle_keep_to_its_limit(
    die_at_once: Callable[[str], list[tuple[int, int]]], record: Any, lazy: str = "yes"
) -> None:
    """With lazyfree-lazy-expire the longest expire cycle over sets of 5,000 members takes less than a tenth of the time
    that it takes without."""
    eager = [longest for longest, _ in die_at_once("no")]
    longest = [longest for longest, _ in die_at_once(lazy)]
    record.samples("cycle_big_lazy", longest, unit="ms", note=f"{OF_BIG_SETS}, lazyfree-lazy-expire yes")
    assert median(longest) < median(eager) / 10


def _die_at_once(cache: Any) -> tuple[int, int]:
    """Let 640 sets of 5,000 members die at once; return the longest expire cycle in milliseconds, and how many keys
    the first cycle deleted."""
    cache.sweep(False)
    cache.big_set("big:0", 5_000)
    with cache.pipeline(transaction=False) as batch:
        for i in range(1, SETS):
            batch.copy("big:0", f"big:{i}")
        batch.execute()
        deadline = cache.now_ms() + 1_000
        for i in range(SETS):
            batch.pexpireat(f"big:{i}", deadline)
        batch.execute()
    cache.outlive(1_000)
    cache.raw("LATENCY", "RESET")
    cache.sweep(True)
    while (left := cache.dbsize()) == SETS:
        pass
    wait_until(lambda: cache.dbsize() == 0, seconds=60, what="every big set to be gone")
    longest = int(cache.longest_ms("expire-cycle"))
    cache.server.stop()
    return longest, SETS - left
