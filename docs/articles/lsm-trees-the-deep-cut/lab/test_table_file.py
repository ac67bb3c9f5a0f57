"""The table file: blocks, a sparse index, a filter, and bytes that never change; seen with Debian's tools."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable

import pytest

from engblog.lab.record import Recorder

from .rocks import Store

ROWS = 10_000
Tool = Callable[..., "subprocess.CompletedProcess[str]"]
READABLE = {"format_version": 5}
"""The newest table format that RocksDB 7.8 can read; 9.8.4 writes 6 unless it is told otherwise."""


def properties(text: str) -> dict[str, int]:
    """The numbers among the table properties that ``sst_dump --show_properties`` prints."""
    found = re.findall(r"^  (.+?)(?: \(.*\))?: (\d+)$", text, re.MULTILINE)
    return {name: int(value) for name, value in found}


@pytest.mark.fails_when("every row gets a block of its own", assertion="blocks * 30 < ROWS", block_size=1)
def test_the_index_has_one_entry_for_each_block_and_not_for_each_row(
    open_store: Callable[..., Store], tool: Tool, record: Recorder, block_size: int = 4096
) -> None:
    """10,000 rows lie in blocks of 4 KiB, and the index has one entry for each block."""
    store = open_store(bloom_bits=10, block={**READABLE, "block_size": block_size})
    store.put_batch(range(ROWS))
    store.db.flush()
    (file,) = store.folder.glob("*.sst")

    shown = properties(tool("sst_dump", f"--file={file}", "--show_properties", "--command=none").stdout)
    tool("sst_dump", f"--file={file}", "--command=raw")
    raw = file.with_name(f"{file.stem}_dump.txt").read_text()
    index = raw.partition("Index Details:")[2].partition("Data Block # 1")[0].count("  HEX ")

    blocks = shown["# data blocks"]
    assert shown["# entries"] == ROWS
    assert index == blocks
    assert blocks * 30 < ROWS
    for part in ("data", "index", "filter"):
        size = shown[f"{part} block size"] / 1024
        record.number(f"sst_{part}", size, unit="KiB", note=f"{part} blocks of a table of 10,000 rows of 116 bytes")
    record.number("sst_blocks", blocks, note="data blocks of the table of 10,000 rows")


@pytest.mark.fails_when("it gets sixteen bits", assertion="9.9 < bits < 10.1", bits_per_key=16)
def test_the_filter_takes_the_bits_that_were_asked_for(
    open_store: Callable[..., Store], tool: Tool, bits_per_key: float = 10
) -> None:
    """A filter of 10 bits a key takes 10 bits for each of 10,000 keys in the file."""
    store = open_store(bloom_bits=bits_per_key, block=READABLE)
    store.put_batch(range(ROWS))
    store.db.flush()
    (file,) = store.folder.glob("*.sst")

    shown = properties(tool("sst_dump", f"--file={file}", "--show_properties", "--command=none").stdout)

    bits = shown["filter block size"] * 8 / shown["# entries"]
    assert 9.9 < bits < 10.1


@pytest.mark.fails_when("a compaction follows", assertion="file.exists()", compact=True)
def test_a_table_file_never_changes(open_store: Callable[..., Store], compact: bool = False) -> None:
    """Overwriting and deleting all its rows changes no byte of a table file; only a compaction removes it."""
    store = open_store(disable_auto_compactions=True)
    store.put_batch(range(2_000))
    store.db.flush()
    (file,) = store.folder.glob("*.sst")
    before = hashlib.sha256(file.read_bytes()).digest()

    store.put(range(2_000), b"other")
    store.db.flush()
    store.delete(range(2_000))
    store.db.flush()
    if compact:
        store.db.compact_range(None, None)

    assert file.exists()
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert store.count() == 0


@pytest.mark.fails_when("the table has format 5", assertion='"unsupported format_version: 6" in said', block=READABLE)
def test_debian_s_tools_do_not_read_the_format_that_rocksdb_9_writes(
    open_store: Callable[..., Store], tool: Tool, block: dict[str, int] | None = None
) -> None:
    """`sst_dump` 7.8.3 refuses a table that RocksDB 9.8.4 wrote at its defaults, and names the format version."""
    store = open_store(block=block)
    store.put_batch(range(100))
    store.db.flush()
    (file,) = store.folder.glob("*.sst")

    run = tool("sst_dump", f"--file={file}", "--show_properties", "--command=none")
    said = run.stdout + run.stderr

    assert "unsupported format_version: 6" in said


@pytest.mark.fails_when("it may not ignore options", assertion="scan.returncode == 0", ignore=())
def test_ldb_reads_rows_log_and_statistics(
    open_store: Callable[..., Store], tool: Tool, ignore: tuple[str, ...] = ("--ignore_unknown_options",)
) -> None:
    """`ldb` 7.8.3 reads a running database of RocksDB 9.8.4, if it may ignore the options that it does not know."""
    store = open_store(block=READABLE)
    store.put(range(100))
    store.db.flush()
    store.put([100, 101])
    log = max(store.folder.glob("*.log"), key=lambda path: path.stat().st_size)

    wal = tool("ldb", "dump_wal", f"--walfile={log}", "--header")
    open_beside = [f"--db={store.folder}", f"--secondary_path={store.folder.with_name('second')}", *ignore]
    scan = tool("ldb", *open_beside, "scan", "--max_keys=2", "--no_value")
    levels = tool("ldb", *open_beside, "get_property", "rocksdb.levelstats")

    assert wal.stdout.count("PUT(0)") == 2
    assert scan.returncode == 0, scan.stderr
    assert scan.stdout.split() == ["0000000000000000", "0000000000000001"]
    assert re.search(r"^\s+0\s+1\s", levels.stdout, re.MULTILINE), levels.stdout
