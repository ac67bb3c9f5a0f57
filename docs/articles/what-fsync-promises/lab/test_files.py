"""One program, one file: what is left of it after a power failure."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from disk import Disk, nothing

OLD, NEW = b"old", b"new" * 1000


def settings(disk: Disk) -> bytes:
    """The file that the program replaced."""
    return (disk.root / "settings").read_bytes()


def everywhere(path: str) -> bool:
    """All entries of folders reached the disk."""
    return True


@pytest.mark.fails_when("the program calls `fsync` before it closes the file", assertion="b''", care=("file",))
def test_a_rename_can_arrive_without_the_data(run: Callable[..., Any], care: tuple[str, ...] = ()) -> None:
    """A file that was written, closed and renamed, but not synced, can be empty after a power failure."""
    disk, _ = run("save.py", *care)
    assert settings(disk) == NEW  # from the page cache
    disk.crash(names=everywhere)
    assert settings(disk) == b""


@pytest.mark.fails_when("it is the machine that fails", assertion="NEW", power=True)
def test_the_page_cache_survives_the_process(run: Callable[..., Any], power: bool = False) -> None:
    """What a process had written without a sync is still in the file after the process has ended."""
    disk, _ = run("save.py")
    if power:
        disk.crash()
    assert settings(disk) == NEW


@pytest.mark.fails_when("the program also syncs the folder", assertion="OLD", care=("file", "folder"))
def test_fsync_of_a_file_does_not_sync_its_name(run: Callable[..., Any], care: tuple[str, ...] = ("file",)) -> None:
    """If a file is synced and replaces another by rename, but its folder is not synced, the old file can be back after
    a power failure."""
    disk, _ = run("save.py", *care)
    disk.crash()
    assert settings(disk) == OLD


@pytest.mark.fails_when("the file is not synced before the rename", assertion="in (OLD, NEW)", care=("folder",))
def test_with_both_syncs_every_crash_leaves_old_or_new(
    run: Callable[..., Any], care: tuple[str, ...] = ("file", "folder")
) -> None:
    """With both syncs, a crash at any step leaves the whole old or the whole new file, and the new one at the end."""
    disk, _ = run("save.py", *care)
    steps = disk.steps()
    assert len(steps) > 3
    for step in steps:
        for names in (nothing, everywhere):
            disk.crash(before=step, names=names)
            assert settings(disk) in (OLD, NEW)
    disk.crash()
    assert settings(disk) == NEW


@pytest.mark.fails_when("the program writes the data again before it tries again", assertion="b''", words=("rewrite",))
def test_the_second_fsync_says_ok(run: Callable[..., Any], record: Any, words: tuple[str, ...] = ()) -> None:
    """On a kernel that marks pages clean after an error, a second fsync succeeds and the data is gone."""
    disk, answers = run("again.py", *words, fail="ledger")
    record.number("answers", answers, note="answers to two calls of fsync, the first of which failed")
    assert answers == "Input/output error; ok"
    disk.crash()
    assert (disk.root / "ledger").read_bytes() == b""


def _disk_folder() -> Path:
    """A folder on a real disk, because memory has nothing to sync to."""
    kinds = {line.split()[1]: line.split()[2] for line in Path("/proc/mounts").read_text().splitlines()}
    for place in (Path(tempfile.gettempdir()), Path("/var/tmp"), Path.home()):  # noqa: S108
        mount = next(str(each) for each in [place, *place.parents] if str(each) in kinds)
        if kinds[mount] != "tmpfs":
            return place
    pytest.fail("there is no disk")


@pytest.mark.fails_when("nobody calls `fdatasync`", assertion="slow > quick", sync=False)
def test_fdatasync_takes_longer_than_write(record: Any, sync: bool = True) -> None:
    """On our machine's disk, write and fdatasync together take longer than write, median of fifty 8 KiB pages."""
    written: list[float] = []
    synced: list[float] = []
    with tempfile.NamedTemporaryFile(prefix="lab-page-", dir=_disk_folder()) as file:
        for _ in range(50):
            begin = time.perf_counter()
            os.write(file.fileno(), bytes(8192))
            middle = time.perf_counter()
            if sync:
                os.fdatasync(file.fileno())
            written.append(middle - begin)
            synced.append(time.perf_counter() - begin if sync else 0)
    slow, quick = statistics.median(synced), statistics.median(written)
    record.samples("write", [1e6 * each for each in written], unit="µs", digits=2, note="write of 8 KiB, no sync")
    record.samples("write_sync", [1e3 * each for each in synced], unit="ms", digits=2, note="the same and fdatasync")
    assert slow > quick
