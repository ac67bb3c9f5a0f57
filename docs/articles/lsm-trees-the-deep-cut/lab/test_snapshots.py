"""Snapshots and iterators: readers of the past, and the disk that they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rocksdict import BottommostLevelCompaction, CompactOptions

from engblog.lab.record import Recorder

from .rocks import Store, row

ROWS = 10_000


def compact_everything(store: Store) -> None:
    """Rewrite all tables, also those of the last level that would otherwise be left alone."""
    thorough = CompactOptions()
    thorough.set_bottommost_level_compaction(BottommostLevelCompaction.force())
    store.db.compact_range(None, None, thorough)


@pytest.mark.fails_when("no snapshot is held", assertion="kept > 1.9", hold=False)
def test_a_snapshot_keeps_old_versions_through_compaction(
    open_store: Callable[..., Store], record: Recorder, hold: bool = True
) -> None:
    """While a snapshot is held, compaction keeps two versions of every overwritten row; afterwards it keeps one."""
    store = open_store(disable_auto_compactions=True)
    store.put(range(ROWS))
    store.db.flush()
    compact_everything(store)
    one_version = store.table_bytes()
    snapshot = store.db.snapshot() if hold else None
    for _ in range(3):
        store.put(range(ROWS), b"w" * 100)
        store.db.flush()
    compact_everything(store)

    kept = store.table_bytes() / one_version
    assert kept > 1.9
    assert store.property("num-snapshots") == 1
    assert snapshot is not None
    assert snapshot[row(0)[0]] == b"v" * 100
    record.number("snapshot_kept", kept, note="tables with a snapshot held, over tables of one version")
    del snapshot
    compact_everything(store)
    assert store.table_bytes() < 1.1 * one_version


@pytest.mark.fails_when("it is closed before", assertion="store.table_bytes() > 1.9 * live", hold=False)
def test_an_open_iterator_keeps_replaced_files_on_the_disk(open_store: Callable[..., Store], hold: bool = True) -> None:
    """Table files that a compaction has replaced stay on the disk until the last iterator over them is closed."""
    store = open_store(disable_auto_compactions=True)
    store.put(range(ROWS))
    store.db.flush()
    rows = store.db.iter()
    rows.seek_to_first()
    if not hold:
        del rows
    compact_everything(store)

    live = store.property("live-sst-files-size")
    assert store.table_bytes() > 1.9 * live
    del rows
    assert store.table_bytes() < 1.1 * live
