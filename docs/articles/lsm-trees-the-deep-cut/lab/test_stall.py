"""Write stalls: the gate in front of every write, and what is behind it."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest

from rocksdict import WriteOptions

from engblog.lab.process import wait_until
from engblog.lab.record import Recorder

from .rocks import KIB, MIB, Store, row

SLOW = MIB
"""Bytes a second that flushes and compactions together may write: a stand-in for a disk that is behind."""
MEGABYTES = 8
A_MEGABYTE = 86
"""Writes of 100 rows of 116 bytes."""


def behind(open_store: Callable[..., Store], files: int) -> Store:
    """A database with *files* in level 0, whose compaction has just been switched on and runs slowly."""
    store = open_store(disable_auto_compactions=True, background_bytes_per_second=SLOW)
    draw = random.Random(1)
    for _ in range(files):
        store.put([draw.randrange(10**9) for _ in range(100)])
        store.db.flush()
    store.db.set_options({"disable_auto_compactions": "false"})
    return store


def milliseconds_of_a_put(store: Store) -> float:
    """Time that one put takes now."""
    start = time.perf_counter()
    store.db.put(*row(1))
    return (time.perf_counter() - start) * 1e3


@pytest.mark.fails_when("there are 35 files", assertion='store.property("is-write-stopped") == 1', files=35)
def test_36_files_in_level_0_stop_every_write(
    open_store: Callable[..., Store], record: Recorder, files: int = 36
) -> None:
    """At RocksDB's defaults, 36 files in level 0 stop every write until a compaction has finished; 35 do not."""
    # --8<-- [start:gate]
    store = behind(open_store, files)  # files in level 0; compaction is slow

    assert store.property("is-write-stopped") == 1
    waited = milliseconds_of_a_put(store)  # returns when compaction is done
    assert store.counters()["stall.micros"] > 0
    assert "l0-file-count-limit-stops: 1" in store.stats()
    log = (store.folder / "LOG").read_text()
    assert "Stopping writes because we have 36 level-0 files" in log
    # --8<-- [end:gate]

    stopped = [waited, *(milliseconds_of_a_put(behind(open_store, 36)) for _ in range(4))]
    passed = [milliseconds_of_a_put(behind(open_store, 35)) * 1e3 for _ in range(5)]
    note = "one put of 116 bytes, compaction allowed to write 1 MiB a second"
    record.samples("put_36", stopped, unit="ms", note=f"{note}, 36 files in level 0")
    record.samples("put_35", passed, unit="µs", note=f"{note}, 35 files in level 0")


@pytest.mark.fails_when("there are 19 files", assertion='store.property("actual-delayed-write-rate") > 0', files=19)
def test_20_files_in_level_0_put_a_speed_limit_on_writes(open_store: Callable[..., Store], files: int = 20) -> None:
    """At RocksDB's defaults, 20 files in level 0 put a speed limit on all writes; 19 do not."""
    store = behind(open_store, files)

    assert store.property("actual-delayed-write-rate") > 0
    assert store.property("is-write-stopped") == 0


@pytest.mark.fails_when("there are 35 files", assertion="refusal is not None", files=35)
def test_a_write_may_refuse_to_wait(open_store: Callable[..., Store], files: int = 36) -> None:
    """A write with `no_slowdown` fails at once with "Write stall" where another would wait."""
    store = behind(open_store, files)
    impatient = WriteOptions()
    impatient.no_slowdown = True

    refusal = None
    try:
        store.db.put(*row(1), impatient)
    except Exception as error:
        refusal = error

    assert refusal is not None
    assert "Write stall" in str(refusal)


def test_the_log_file_gets_the_statistics(open_store: Callable[..., Store]) -> None:
    """RocksDB writes the line `Write Stall (count)` into its file `LOG`, every `stats_dump_period_sec`."""
    store = open_store(stats_dump_period_sec=1)
    store.put(range(10))

    def told() -> bool:
        return "Write Stall (count): cf-l0-file-count-limit" in (store.folder / "LOG").read_text()

    wait_until(told, seconds=60, what="the statistics in LOG")
    assert told()


@pytest.mark.fails_when("the writer waits for compaction by itself", assertion="stops > 0", patient=True)
def test_a_steady_writer_is_stopped_once_its_memtables_are_full(
    open_store: Callable[..., Store], record: Recorder, patient: bool = False
) -> None:
    """A steady writer is not held up at all for a megabyte, and then stopped because memtables wait for their flush."""
    store = open_store(
        write_buffer_size=MIB,
        max_bytes_for_level_base=2 * MIB,
        target_file_size_base=512 * KIB,
        background_bytes_per_second=6 * MIB,
    )
    draw, waits, acknowledged = random.Random(1), [], []
    start = time.perf_counter()
    for batch in range(1, (3 if patient else MEGABYTES) * A_MEGABYTE + 1):
        numbers = [draw.randrange(10**9) for _ in range(100)]
        before = time.perf_counter()
        store.put_batch(numbers)
        waits.append((time.perf_counter() - before) * 1e3)
        acknowledged.append((time.perf_counter() - start, batch * 100 * 116 / 1e6))
        if batch == A_MEGABYTE:
            first_stalled = store.counters()["stall.micros"]
        if patient and batch % 20 == 0:
            store.settle()

    stops, for_memtables = (
        int(re.findall(rf" {name}-stops: (\d+)", store.stats())[0]) for name in ("total", "memtable-limit")
    )
    assert first_stalled == 0
    assert stops > 0
    assert for_memtables == stops  # level 0 stopped nobody

    chart = record.chart("stall", title="Rows acknowledged", x="seconds", y="MB", note="one run; see test_stall.py")
    for seconds, written in acknowledged[::12]:
        chart.point("acknowledged", round(seconds, 3), written)
    note = "one write of 100 rows, flush and compaction limited to 6 MiB a second"
    record.samples("calm", waits[:A_MEGABYTE], unit="ms", note=f"{note}, first megabyte")
    record.samples("pause", [wait for wait in waits if wait > 10], unit="ms", note=f"{note}, those over 10 ms")
    record.number("stops", stops, note="times that RocksDB stopped all writes while eight megabytes were written")
    stalled = store.counters()["stall.micros"] / 1e3 / (MEGABYTES - 1)
    record.number("stalled", stalled, unit="ms", note=f"{note}: stall.micros for each megabyte after the first")
