"""The write-ahead log: what a killed process loses, what it keeps, and when the disk is asked at all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rocksdict import WriteOptions

from engblog.lab.record import Recorder

from .killing import log_file, promised_then_killed, recovered, trace
from .rocks import Store, row

ROWS = 1_000


@pytest.mark.fails_when("the log is switched off", assertion="recovered(db) == promised", log=0)
@pytest.mark.fails_when("the log waits in the process's own buffer", assertion="recovered(db) == promised", buffered=1)
def test_kill_9_loses_no_row_whose_write_had_returned(folder: Path, log: int = 1, buffered: int = 0) -> None:
    """With the log on and `sync` off, kill -9 loses none of 1,000 rows whose write had returned."""
    # --8<-- [start:kill]
    db = folder / "db"
    promised = promised_then_killed(db, rows=ROWS, log=log, buffered=buffered, sync=0)

    assert promised == ROWS
    assert recovered(db) == promised
    # --8<-- [end:kill]


@pytest.mark.fails_when("the log is on", assertion="recovered(db) == FLUSHED", log=1)
def test_without_the_log_what_was_not_flushed_is_gone(folder: Path, log: int = 0) -> None:
    """With the log off, kill -9 loses exactly the rows that no flush had written into a table file."""
    FLUSHED = 600  # noqa: N806
    db = folder / "db"

    assert promised_then_killed(db, rows=ROWS, log=log, flush_after=FLUSHED) == ROWS

    assert recovered(db) == FLUSHED


@pytest.mark.fails_when("RocksDB writes the log at every put", assertion="recovered(db) == 0", buffered=0)
def test_a_log_that_is_buffered_in_the_process_dies_with_it(folder: Path, buffered: int = 1) -> None:
    """With `manual_wal_flush`, kill -9 loses all of 1,000 rows: their log had not left the process."""
    db = folder / "db"

    assert promised_then_killed(db, rows=ROWS, buffered=buffered) == ROWS

    assert recovered(db) == 0


@pytest.mark.fails_when("`sync` is on", assertion="synced == 0", sync=1)
def test_without_sync_no_write_asks_the_disk(folder: Path, record: Recorder, sync: int = 0) -> None:
    """By default 100 puts are 100 writes to the log and not one call that makes the kernel write to the disk."""
    calls = trace(folder / "db", rows=101, sync=sync)

    synced = calls.count("fsync|fdatasync|sync_file_range")
    assert calls.count("write", ".log") == 100
    assert synced == 0
    record.number(
        "unsynced", log_file(folder / "db").stat().st_size / 1024, unit="KiB", note="the log of 101 rows, never synced"
    )


@pytest.mark.fails_when("`sync` is off", assertion="before_each_promise", sync=0)
def test_sync_is_one_fdatasync_for_each_write(disk: Path, record: Recorder, sync: int = 1) -> None:
    """With `sync`, each of 100 puts calls `fdatasync` on the log once before it returns."""
    calls = trace(disk / "db", rows=101, sync=sync)

    assert calls.before_each_promise("fdatasync", ".log") == [1] * 100

    for key, wait in (("put_synced", True), ("put_unsynced", False)):
        note = "a put of 116 bytes in one thread, mean over 40 puts"
        store = Store(disk / key)
        record.samples(key, [_microseconds_a_put(store, sync=wait) for _ in range(7)], unit="µs", note=note)
        store.close()


def _microseconds_a_put(store: Store, *, sync: bool, puts: int = 40) -> float:
    promise = WriteOptions()
    promise.sync = sync
    start = time.perf_counter()
    for number in range(puts):
        store.db.put(*row(number), promise)
    return (time.perf_counter() - start) / puts * 1e6


@pytest.mark.fails_when("every row is a write of its own", assertion="fdatasync", batch=1)
def test_a_batch_pays_for_one_sync(folder: Path, batch: int = 100) -> None:
    """A batch of 100 rows with `sync` calls `fdatasync` once."""
    calls = trace(folder / "db", rows=2 * batch if batch > 1 else 200, sync=1, batch=batch)

    assert calls.count("fdatasync", ".log") == 1


@pytest.mark.fails_when("recovery insists on a whole log", assertion="left == ROWS - 1", mode="absolute_consistency")
def test_a_torn_tail_costs_the_last_row(folder: Path, mode: str = "point_in_time") -> None:
    """A log whose last ten bytes are missing opens without an error and without its last row."""
    db = folder / "db"
    promised_then_killed(db, rows=ROWS)
    log = log_file(db)
    log.write_bytes(log.read_bytes()[:-10])

    left = recovered(db, mode)

    assert left == ROWS - 1


def flip_a_bit(log: Path) -> None:
    """Change one bit in the middle of *log*."""
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)


@pytest.mark.fails_when(
    "recovery tolerates a torn tail only",
    assertion="left is not None",
    mode="tolerate_corrupted_tail_records",
)
def test_one_wrong_bit_in_the_log_hides_every_row_behind_it(
    folder: Path, record: Recorder, mode: str = "point_in_time"
) -> None:
    """With one wrong bit in the middle of the log, the database opens without the rows behind it, and drops the log."""
    # --8<-- [start:flip]
    db = folder / "db"
    promised_then_killed(db, rows=ROWS)
    log = log_file(db)
    flip_a_bit(log)  # one bit, halfway

    left = recovered(db, mode)

    assert left is not None  # it opens
    assert left == ROWS // 2  # the rows behind the bit are not replayed
    assert not log.exists()  # opening has deleted them for good
    assert "Corruption: checksum mismatch" in (db / "LOG").read_text()  # a warning
    # --8<-- [end:flip]
    record.number("flip_left", left, note="rows left of 1,000 after one bit in the middle of the log was changed")


@pytest.mark.fails_when("recovery stops at the first damage", assertion="left > 0.7 * ROWS", mode="point_in_time")
def test_the_rows_behind_the_wrong_bit_were_whole(
    folder: Path, record: Recorder, mode: str = "skip_any_corrupted_record"
) -> None:
    """With one wrong bit in the log, a recovery that skips what is damaged brings back most rows behind it, too."""
    db = folder / "db"
    promised_then_killed(db, rows=ROWS)
    flip_a_bit(log_file(db))

    left = recovered(db, mode)

    assert left is not None
    assert left > 0.7 * ROWS  # the rest of the block of 32 KiB around the bit may be lost
    record.number("skip_left", left, note="rows left of 1,000 after the same change, with kSkipAnyCorruptedRecords")
