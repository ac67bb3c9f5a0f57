"""What it costs to free one big value, and who waits while it happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from engblog.lab.process import wait_until

MEMBERS = 1_000_000


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


def test_del_stops_the_server_and_unlink_does_not(start_cache: Callable[..., Any], record: Any) -> None:
    """DEL of 1,000,000 members keeps the main thread at least five times as long as UNLINK, and others wait for it."""
    # --8<-- [start:unlink]
    cache = start_cache()
    cache.big_set("first", MEMBERS)
    cache.big_set("second", MEMBERS)

    with bystander(cache) as during_del:
        cache.delete("first")
    with bystander(cache) as during_unlink:
        cache.unlink("second")

    del_ms = cache.command_us("del") / 1_000
    unlink_ms = cache.command_us("unlink") / 1_000
    assert del_ms > 5 * unlink_ms
    assert during_del.longest_ms > del_ms / 2  # somebody waited
    assert during_unlink.longest_ms < during_del.longest_ms / 2
    # --8<-- [end:unlink]
    record.number("del_ms", del_ms, unit="ms", digits=2, note="DEL of a set of 1,000,000 members, INFO commandstats")
    record.number("unlink_us", 1_000 * unlink_ms, unit="µs", digits=2, note="UNLINK of its twin, INFO commandstats")
    record.number("wait_del", during_del.longest_ms, unit="ms", digits=2, note="longest PING of another client, DEL")
    record.number("wait_unlink", during_unlink.longest_ms, unit="ms", digits=2, note="longest PING of another, UNLINK")


def test_unlink_gives_the_memory_back_later(start_cache: Callable[..., Any], record: Any) -> None:
    """Right after UNLINK the key is gone, its memory is not: lazyfree_pending_objects says that work is waiting."""
    cache = start_cache()
    cache.big_set("big", MEMBERS)
    full = cache.stat("used_memory")
    with cache.pipeline(transaction=False) as batch:
        _, left, just_after = batch.unlink("big").dbsize().info("memory").execute()
    wait_until(lambda: cache.stat("lazyfreed_objects") == 1, seconds=60, what="the background thread")
    empty = cache.stat("used_memory")

    still = (just_after["used_memory"] - empty) / (full - empty)
    record.number("held_after_unlink", 100 * still, unit="%", digits=2, note="memory not yet returned, next command")
    assert left == 0
    assert still > 0.2
    assert just_after["lazyfree_pending_objects"] == 1


def test_reading_a_big_dead_key_pays_for_its_deletion(start_cache: Callable[..., Any], record: Any) -> None:
    """EXISTS on an expired set of 1,000,000 members takes at least five times as long as with lazyfree-lazy-expire."""
    cache = start_cache()
    cache.sweep(False)
    for name in ("first", "second"):
        cache.big_set(name, MEMBERS)
        cache.pexpire(name, 1)
    cache.outlive(1)

    assert cache.exists("first") == 0
    eager = cache.command_us("exists")
    cache.config_set("lazyfree-lazy-expire", "yes")
    cache.config_resetstat()
    assert cache.exists("second") == 0
    lazy = cache.command_us("exists")

    record.number("exists_ms", eager / 1_000, unit="ms", digits=2, note="EXISTS on an expired set of 1,000,000 members")
    record.number("exists_lazy_us", lazy, unit="µs", digits=2, note="the same with lazyfree-lazy-expire yes")
    assert eager > 5 * lazy


def test_unlink_of_a_dead_key_is_a_del(start_cache: Callable[..., Any], record: Any) -> None:
    """UNLINK of a dead key answers 0 and frees it on the main thread: at least five times slower than a live one."""
    cache = start_cache()
    cache.sweep(False)
    cache.big_set("live", MEMBERS)
    cache.big_set("dead", MEMBERS)
    cache.pexpire("dead", 1)
    cache.outlive(1)

    assert cache.unlink("live") == 1
    live = cache.command_us("unlink")
    cache.config_resetstat()
    assert cache.unlink("dead") == 0
    dead = cache.command_us("unlink")

    record.number("unlink_dead_ms", dead / 1_000, unit="ms", digits=2, note="UNLINK of an expired set of 1,000,000")
    assert dead > 5 * live


def test_the_cycle_looks_at_the_clock_after_sixteen_loops(start_cache: Callable[..., Any], record: Any) -> None:
    """With big values a cycle far exceeds its limit: at hz 100 at least twice as long as with lazyfree-lazy-expire."""
    eager = _longest_cycle(start_cache(hz=100, lazyfree_lazy_expire="no"))
    lazy = _longest_cycle(start_cache(hz=100, lazyfree_lazy_expire="yes"))

    record.number("cycle_big", eager, unit="ms", note="longest expire cycle, hz 100, sets of 5,000 members")
    record.number("cycle_big_lazy", lazy, unit="ms", note="the same with lazyfree-lazy-expire yes")
    assert eager > 2 * lazy
    assert eager > 2 * 2.5  # ms: the slow cycle's limit at hz 100


def _longest_cycle(cache: Any) -> int:
    """Let 640 sets of 5,000 members die at once; return the longest expire cycle in milliseconds."""
    cache.sweep(False)
    cache.big_set("big:0", 5_000)
    with cache.pipeline(transaction=False) as batch:
        for i in range(1, 640):
            batch.copy("big:0", f"big:{i}")
        batch.execute()
        deadline = cache.now_ms() + 1_000
        for i in range(640):
            batch.pexpireat(f"big:{i}", deadline)
        batch.execute()
    cache.outlive(1_000)
    cache.raw("LATENCY", "RESET")
    cache.sweep(True)
    wait_until(lambda: cache.dbsize() == 0, seconds=60, what="every big set to be gone")
    return int(cache.longest_ms("expire-cycle"))
