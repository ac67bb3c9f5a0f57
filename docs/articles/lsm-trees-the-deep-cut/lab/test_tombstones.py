"""Deletes: entries like any other, which scans read and only some compactions drop."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from rocksdict import CompactOptions, Rdict, ReadOptions

from engblog.lab.record import Recorder

from .rocks import Store, row

JOBS = 20_000


def queue(store: Store) -> None:
    """Write JOBS + 1 rows into one table file: a queue of which one job will be left."""
    store.put_batch(range(JOBS + 1))
    store.db.flush()


@pytest.mark.fails_when("a compaction follows", assertion="after > before", compact=True)
def test_a_delete_makes_the_database_larger(
    open_store: Callable[..., Store], record: Recorder, compact: bool = False
) -> None:
    """Deleting 20,000 of 20,001 rows makes the tables larger until a compaction comes by."""
    store = open_store(disable_auto_compactions=True)
    queue(store)
    before = store.table_bytes()

    store.delete(range(JOBS))
    store.db.flush()
    if compact:
        store.db.compact_range(None, None)

    after = store.table_bytes()
    assert after > before
    record.number("size_full", before / 1024, unit="KiB", note="tables with 20,001 rows")
    record.number("size_deleted", after / 1024, unit="KiB", note="tables after 20,000 of them were deleted")
    store.db.compact_range(None, None)
    record.number("size_compacted", store.table_bytes() / 1024, unit="KiB", note="tables after a full compaction")


@pytest.mark.fails_when("a compaction has come by", assertion="skipped == 2 * JOBS", compact=True)
def test_the_first_row_of_a_drained_queue_costs_every_dead_one(
    open_store: Callable[..., Store], record: Recorder, compact: bool = False
) -> None:
    """Finding the first live row behind 20,000 deleted ones skips 40,000 entries: each row, and its tombstone."""
    # --8<-- [start:skip]
    store = open_store(disable_auto_compactions=True)
    queue(store)
    store.delete(range(JOBS))  # every job but the last is done
    store.db.flush()
    if compact:
        store.db.compact_range(None, None)

    before = store.counters()
    assert first(store.db) == row(JOBS)[0]
    skipped = store.since(before, "number.iter.skip")

    assert skipped == 2 * JOBS
    # --8<-- [end:skip]
    record.samples(
        "first_dead", [milliseconds(store) for _ in range(7)], unit="ms", note="first row, 20,000 deleted before it"
    )
    store.db.compact_range(None, None)
    clean = [1e3 * milliseconds(store) for _ in range(7)]
    record.samples("first_clean", clean, unit="µs", note="the same after a full compaction")


def first(db: Rdict) -> bytes:
    """The first key of *db*."""
    rows = db.iter()
    rows.seek_to_first()
    key: bytes = rows.key()
    del rows  # an iterator reports what it skipped when it goes
    return key


def milliseconds(store: Store) -> float:
    """Time that it takes to find the first row."""
    start = time.perf_counter()
    first(store.db)
    return (time.perf_counter() - start) * 1e3


@pytest.mark.fails_when("each row is deleted by itself", assertion="skipped < 10", ranged=False)
def test_a_range_delete_is_one_tombstone_and_a_scan_jumps_over_it(
    open_store: Callable[..., Store], ranged: bool = True
) -> None:
    """One DeleteRange over 20,000 rows is one tombstone; finding the first live row skips fewer than ten entries."""
    store = open_store(disable_auto_compactions=True)
    queue(store)
    if ranged:
        store.db.delete_range(row(0)[0], row(JOBS)[0])
    else:
        store.delete(range(JOBS))
    store.db.flush()
    before = store.counters()

    assert first(store.db) == row(JOBS)[0]

    skipped = store.since(before, "number.iter.skip")
    assert skipped < 10
    assert sum(file["num_deletions"] for file in store.files()) == 1


@pytest.mark.fails_when("there is no limit", assertion="not rows.valid()", limit=0)
def test_a_limit_on_skipped_entries_turns_the_crawl_into_an_error(
    open_store: Callable[..., Store], limit: int = 1_000
) -> None:
    """With `max_skippable_internal_keys` of 1,000, a scan over 20,000 dead rows ends with an error."""
    store = open_store(disable_auto_compactions=True)
    queue(store)
    store.delete(range(JOBS))
    reading = ReadOptions()
    reading.set_max_skippable_internal_keys(limit)

    rows = store.db.iter(reading)
    rows.seek_to_first()

    assert not rows.valid()
    with pytest.raises(Exception, match="Too many internal keys skipped"):
        rows.status()


@pytest.mark.fails_when("no deeper level holds the keys", assertion="tombstones() == 500", below=False)
def test_a_tombstone_lives_as_long_as_an_older_level_may_hold_its_key(
    open_store: Callable[..., Store], below: bool = True
) -> None:
    """A compaction into level 1 keeps the tombstones of rows that level 3 holds; only one into level 3 drops them."""
    store = open_store(disable_auto_compactions=True, level_compaction_dynamic_level_bytes=False)
    if below:
        store.put(range(500))
        store.db.flush()
        deep = CompactOptions()
        deep.set_change_level(True)
        deep.set_target_level(3)
        store.db.compact_range(None, None, deep)
        assert [file["level"] for file in store.files()] == [3]
    for _ in range(2):
        store.delete(range(500))
        store.db.flush()

    def tombstones() -> int:
        return sum(file["num_deletions"] for file in store.files())

    assert tombstones() == 1_000  # two files in level 0
    store.db.set_options({"level0_file_num_compaction_trigger": "2", "disable_auto_compactions": "false"})
    while store.files(level=0):
        time.sleep(0.01)

    assert tombstones() == 500  # one for each key, now in level 1
    store.db.compact_range(None, None)
    assert store.files() == []
