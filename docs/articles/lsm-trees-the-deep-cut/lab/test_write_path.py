"""The write path: what a put touches, and what it leaves for later."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engblog.lab.record import Recorder

from .killing import trace
from .rocks import KIB, MIB, Store, row

ROW = 116


@pytest.mark.fails_when("a flush follows", assertion='list(store.folder.glob("*.sst")) == []', flush=True)
def test_a_put_reaches_the_log_and_the_memtable_and_no_table(
    open_store: Callable[..., Store], flush: bool = False
) -> None:
    """After 1,000 puts, all rows are in the memtable and in the log, and there is no table file yet."""
    store = open_store()
    store.put(range(1_000))
    if flush:
        store.db.flush()

    assert list(store.folder.glob("*.sst")) == []
    assert store.property("num-entries-active-mem-table") == 1_000
    assert sum(log.stat().st_size for log in store.folder.glob("*.log")) >= 1_000 * ROW


@pytest.mark.fails_when("the application reads the row first", assertion="reads == 0", read_first=1)
def test_a_put_is_one_append_and_reads_nothing(folder: Path, read_first: int = 0) -> None:
    """Overwriting 100 rows that lie in a table file makes 100 appends to the log, no other write, and no read."""
    trace(folder / "db", rows=200, flush_after=200)  # the rows are in a table file now

    calls = trace(folder / "db", rows=101, read_first=read_first)

    reads = calls.count("pread64|read")
    assert reads == 0
    assert calls.count("write", ".log") == 100
    assert calls.count("pwrite64") == 0
    assert calls.count("write") == calls.count("write", ".log") + calls.count("write", "]")  # pipe:[…], our reports


def written_by_this_process() -> int:
    """Bytes that this process has handed to ``write`` so far, by any of its threads."""
    return int(re.findall(r"wchar: (\d+)", Path("/proc/self/io").read_text())[0])


def overwrite(count: int, of: int) -> list[int]:
    """Numbers of *count* rows to overwrite, drawn from *of* rows."""
    draw = random.Random(3)
    return [draw.randrange(of) for _ in range(count)]


ROWS, WRITES = 100_000, 30_000


def handed_over_by_rocksdb(store: Store) -> float:
    """Bytes that RocksDB hands to the kernel for each byte of row, with its log, its flushes and its compactions."""
    writes = overwrite(WRITES, ROWS)
    store.put_batch(range(ROWS))
    store.db.flush()
    store.db.compact_range(None, None)
    before = written_by_this_process()
    for first in range(0, WRITES, 1_000):
        store.put_batch(writes[first : first + 1_000])
        store.settle()  # compaction keeps up: it would write less if it merged more at once
    store.db.flush()
    store.settle()
    return (written_by_this_process() - before) / (WRITES * ROW)


def handed_over_by_sqlite(file: Path, cache: int, commits: int) -> float:
    """Bytes that SQLite hands to the kernel for the same writes, with *cache* bytes of pages and no journal."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{cache // KIB}"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE rows (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        for numbers, parts in ((list(range(ROWS)), 1), (overwrite(WRITES, ROWS), commits)):
            before = written_by_this_process()
            share = len(numbers) // parts
            for first in range(0, len(numbers), share):
                db.execute("BEGIN")
                db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?)", map(row, numbers[first : first + share]))
                db.execute("COMMIT")
    return (written_by_this_process() - before) / (WRITES * ROW)


SMALL = {"write_buffer_size": 512 * KIB, "max_bytes_for_level_base": 2 * MIB, "target_file_size_base": 512 * KIB}
HANDED = "bytes handed to write() for each byte of row: 30,000 random overwrites of 100,000 rows"


@pytest.mark.fails_when(
    "the B-tree has room for every page and commits once", assertion="btree > 4 * lsm", cache=64 * MIB, commits=1
)
def test_a_b_tree_writes_pages_where_an_lsm_tree_writes_rows(
    open_store: Callable[..., Store],
    folder: Path,
    record: Recorder,
    sqlite_version: None,
    cache: int = MIB,
    commits: int = 30,
) -> None:
    """For the same random overwrites, SQLite hands the kernel over four times as many bytes as RocksDB."""
    lsm = handed_over_by_rocksdb(open_store(**SMALL))
    btree = handed_over_by_sqlite(folder / "btree.db", cache, commits)

    assert btree > 4 * lsm
    record.number("lsm_bytes", lsm, note=f"RocksDB, 1,000 rows a batch, {HANDED}")
    record.number("btree_bytes", btree, note=f"SQLite without a journal, 1 MiB of cache, 1,000 rows a commit, {HANDED}")


@pytest.mark.fails_when("the cache has 1 MiB", assertion="btree < lsm", cache=MIB)
def test_a_b_tree_with_room_for_every_page_writes_less(
    open_store: Callable[..., Store], folder: Path, record: Recorder, sqlite_version: None, cache: int = 64 * MIB
) -> None:
    """With room for every page and one commit, SQLite hands the kernel fewer bytes than RocksDB."""
    lsm = handed_over_by_rocksdb(open_store(**SMALL))
    btree = handed_over_by_sqlite(folder / "btree.db", cache, commits=1)

    assert btree < lsm
    record.number("btree_cached", btree, note=f"SQLite without a journal, 64 MiB of cache, one commit, {HANDED}")


@pytest.mark.fails_when("every put has a key of its own", assertion="entries == HOT", keys=5_000)
def test_the_memtable_absorbs_overwrites(open_store: Callable[..., Store], keys: int = 10) -> None:
    """5,000 puts to ten keys are 5,000 records in the log and ten rows in the table file."""
    HOT = 10  # noqa: N806
    store = open_store()
    store.put(number % keys for number in range(5_000))
    logged = store.counters()["wal.bytes"]
    store.db.flush()

    entries = sum(file["num_entries"] for file in store.files())
    assert entries == HOT
    assert logged >= 5_000 * ROW


@pytest.mark.fails_when("the keys come in random order", assertion="rewritten == 0", ordered=False)
def test_rows_that_arrive_in_order_are_never_rewritten(open_store: Callable[..., Store], ordered: bool = True) -> None:
    """Compaction rewrites no byte of 50,000 rows that arrive in the order of their keys: it moves whole files."""
    store = open_store(write_buffer_size=128 * KIB, max_bytes_for_level_base=512 * KIB)
    numbers = list(range(50_000))
    if not ordered:
        random.Random(1).shuffle(numbers)
    for first in range(0, len(numbers), 1_000):
        store.put_batch(numbers[first : first + 1_000])
    store.db.flush()
    store.settle()

    rewritten = store.counters()["compact.write.bytes"]
    assert len(store.files()) > len(store.files(level=0))  # compactions have moved files down
    assert rewritten == 0
