"""SQLite: journal modes and levels of `synchronous`."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commits import Ack, Loss, loss, worst_instant
from disk import Disk

WRITER = Path(__file__).with_name("sqlite_writer.py")
ROWS = 150


@pytest.fixture
def lost(make_disk: Callable[[Path], Disk], tmp_path: Path, record: Any) -> Callable[..., Loss]:
    """``lost("WAL", "NORMAL")`` commits rows, and crashes at the worst instant."""
    record.version("SQLite", sqlite3.sqlite_version)
    return lambda journal, synchronous: _lost(make_disk, tmp_path / "data", journal, synchronous)


def _lost(make_disk: Callable[[Path], Disk], folder: Path, journal: str, synchronous: str) -> Loss:
    folder.mkdir()
    with sqlite3.connect(folder / "app.db") as db:
        db.execute(f"PRAGMA journal_mode = {journal}")
        db.execute("CREATE TABLE t (number INTEGER)")
    db.close()
    disk = make_disk(folder)
    command = [sys.executable, str(WRITER), journal, synchronous, str(ROWS)]
    environment = {**os.environ, **disk.environment()}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline().split() for _ in range(ROWS)]
        writer.kill()
    acks = [Ack(float(time), int(number)) for time, number in lines]
    before, acked = worst_instant(acks, disk.syncs(kinds="SY"))
    disk.crash(before=before)
    with sqlite3.connect(folder / "app.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = {number for (number,) in db.execute("SELECT number FROM t")}
    db.close()
    return loss(acked, found, before.time if before else acks[-1].time)


@pytest.mark.fails_when("`synchronous` is EXTRA", assertion="gone.rows == 1", synchronous="EXTRA")
def test_full_can_lose_the_last_commit(lost: Callable[..., Loss], synchronous: str = "FULL") -> None:
    """In SQLite's default mode, a power failure took back the last acknowledged commit, and only that one, on a disk
    that had not kept the deletion of the journal."""
    gone = lost("DELETE", synchronous)
    assert gone.rows == 1


@pytest.mark.fails_when("`synchronous` is FULL", assertion="gone.rows == 0", synchronous="FULL")
def test_extra_keeps_every_commit(lost: Callable[..., Loss], synchronous: str = "EXTRA") -> None:
    """With a rollback journal and `synchronous = EXTRA`, SQLite lost no acknowledged commit in a power failure."""
    gone = lost("DELETE", synchronous)
    assert gone.rows == 0


@pytest.mark.fails_when("`synchronous` is FULL", assertion="gone.rows == ROWS", synchronous="FULL")
def test_wal_and_normal_lose_what_no_checkpoint_synced(lost: Callable[..., Loss], synchronous: str = "NORMAL") -> None:
    """In WAL mode with `synchronous = NORMAL`, SQLite lost all 150 rows in a power failure before the first checkpoint;
    the database was intact."""
    gone = lost("WAL", synchronous)
    assert gone.rows == ROWS


@pytest.mark.fails_when("`synchronous` is NORMAL", assertion="gone.rows == 0", synchronous="NORMAL")
def test_wal_and_full_keep_every_commit(lost: Callable[..., Loss], synchronous: str = "FULL") -> None:
    """In WAL mode with `synchronous = FULL`, SQLite lost no acknowledged commit in a power failure."""
    gone = lost("WAL", synchronous)
    assert gone.rows == 0


@pytest.mark.fails_when("`synchronous` is FULL", assertion="gone.rows == ROWS", synchronous="FULL")
def test_off_never_syncs(lost: Callable[..., Loss], synchronous: str = "OFF") -> None:
    """With a rollback journal and `synchronous = OFF`, SQLite lost all 150 rows in a power failure."""
    gone = lost("DELETE", synchronous)
    assert gone.rows == ROWS
