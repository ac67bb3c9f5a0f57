"""A RocksDB for one test, with its own statistics as the measuring instrument."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rocksdict import (
    BlockBasedOptions,
    DBCompactionStyle,
    DBCompressionType,
    FifoCompactOptions,
    Options,
    Rdict,
    WriteBatch,
)

KIB = 1024
MIB = 1024 * 1024
VALUE = b"v" * 100
LEVELS = range(7)

_COUNTER = re.compile(r"^(\S+) COUNT : (\d+)$", re.MULTILINE)
_BUSY = ("num-running-compactions", "num-running-flushes", "mem-table-flush-pending")


def row(number: int) -> tuple[bytes, bytes]:
    """The row *number* as every test writes it: a key of 16 bytes and a value of 100."""
    return b"%016d" % number, VALUE


def options(
    *,
    bloom_bits: float = 0,
    block: dict[str, Any] | None = None,
    compaction_style: str = "level",
    fifo_bytes: int = 0,
    background_bytes_per_second: int = 0,
    **settings: Any,
) -> Options:
    """RocksDB's defaults without compression, and *settings* by the names of the binding's ``set_…`` methods."""
    made = Options(raw_mode=True)
    made.create_if_missing(True)
    made.enable_statistics()
    made.set_compression_type(DBCompressionType.none())  # sizes below are sizes of rows
    table = BlockBasedOptions()
    if bloom_bits:
        table.set_bloom_filter(bloom_bits, False)
    for name, value in (block or {}).items():
        getattr(table, f"set_{name}")(value)
    made.set_block_based_table_factory(table)
    made.set_compaction_style(getattr(DBCompactionStyle, compaction_style)())
    if fifo_bytes:
        fifo = FifoCompactOptions()
        fifo.max_table_files_size = fifo_bytes
        made.set_fifo_compaction_options(fifo)
    if background_bytes_per_second:
        made.set_ratelimiter(background_bytes_per_second, 100_000, 10)
    for name, value in settings.items():
        getattr(made, f"set_{name}")(value)
    return made


class Store:
    """A database in *folder*; see :func:`options` for the *settings*."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.options = options(**settings)
        self._leveled = settings.get("compaction_style", "level") == "level"
        self.db = Rdict(str(folder), self.options)

    def put(self, numbers: Iterable[int], value: bytes = VALUE) -> None:
        """Write one row a call for each of *numbers*."""
        for number in numbers:
            self.db.put(row(number)[0], value)

    def put_batch(self, numbers: Iterable[int]) -> None:
        """Write the rows *numbers* in one batch, which is one write."""
        batch = WriteBatch(raw_mode=True)
        for number in numbers:
            batch.put(*row(number))
        self.db.write(batch)

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete the rows *numbers*, one call each."""
        for number in numbers:
            self.db.delete(row(number)[0])

    def count(self) -> int:
        """Rows that a full scan returns."""
        return len(list(self.db.keys()))

    def property(self, name: str) -> int:
        """The integer property ``rocksdb.<name>``."""
        value = self.db.property_int_value(f"rocksdb.{name}")
        assert value is not None, f"RocksDB has no property rocksdb.{name}"
        return int(value)

    def files(self, level: int | None = None) -> list[dict[str, Any]]:
        """The live table files, of one *level* or of all, with their key ranges and how many entries they hold."""
        return [file for file in self.db.live_files() if level is None or file["level"] == level]

    def sorted_runs(self) -> int:
        """Places in which a read may have to look: every file of level 0, and every other level that has files."""
        levels = [file["level"] for file in self.files()]
        return levels.count(0) + len(set(levels) - {0})

    def table_bytes(self) -> int:
        """Bytes of all table files in the folder, live or only kept for a reader."""
        return sum(file.stat().st_size for file in self.folder.glob("*.sst"))

    def stats(self) -> str:
        """The text of ``rocksdb.stats``, which every program with RocksDB inside can print."""
        return str(self.db.property_value("rocksdb.stats"))

    def counters(self) -> dict[str, int]:
        """RocksDB's tickers since it was opened, without the prefix ``rocksdb.``."""
        found = _COUNTER.findall(self.options.get_statistics() or "")
        return {name.removeprefix("rocksdb."): int(count) for name, count in found}

    def since(self, before: dict[str, int], name: str) -> int:
        """Growth of the counter *name* since *before*."""
        return self.counters()[name] - before[name]

    def blocks_since(self, before: dict[str, int]) -> int:
        """Data blocks that reads have looked into since *before*, in the cache or in the file."""
        return self.since(before, "block.cache.data.hit") + self.since(before, "block.cache.data.miss")

    def settle(self) -> None:
        """Wait until no flush and no compaction runs or is due.

        A universal tree that holds as many runs as it may calls that due, too; it is given time to start a compaction.
        """
        calm = 0
        while calm < 3:
            due = self.property("compaction-pending")  # asked first: a compaction that starts is due no longer
            busy = any(self.property(name) for name in _BUSY)
            calm = 0 if busy or (due and self._leveled) else calm + (1 / 7 if due else 1)
            time.sleep(0.002)

    def close(self) -> None:
        """Close the database; iterators must be gone by now."""
        self.db.close()
