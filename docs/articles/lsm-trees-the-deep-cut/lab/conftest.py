"""What the lab's tests share: databases in folders of their own, and what they were run with."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import find_program
from engblog.lab.record import Recorder

from .rocks import Store


MEMORY = Path("/dev/shm")  # noqa: S108
"""A file system without a disk: what is counted below does not depend on one, and other labs may keep the disk busy."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that is removed after the test, in memory if there is such a file system."""
    yield from _emptied(MEMORY if MEMORY.is_dir() else None)


@pytest.fixture
def disk() -> Iterator[Path]:
    """An empty folder on a disk that is removed after the test."""
    yield from _emptied(None)


def _emptied(parent: Path | None) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="lab-lsm-", dir=parent))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def open_store(folder: Path, record: Recorder) -> Iterator[Callable[..., Store]]:
    """``open_store(write_buffer_size=64 * KIB)`` returns an open :class:`Store` in a folder of its own."""
    stores: list[Store] = []

    def start(**settings: Any) -> Store:
        store = Store(folder / f"db{len(stores)}", **settings)
        stores.append(store)
        log = (store.folder / "LOG").read_text()
        record.version("RocksDB", re.findall(r"RocksDB version: (\S+)", log)[0])
        record.version("rocksdict", version("rocksdict"))
        return store

    yield start
    for store in stores:
        store.close()


@pytest.fixture
def tool(record: Recorder) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``tool("ldb", "--db=…", "scan")`` runs one of Debian's tools for RocksDB and returns what it said."""

    def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [find_program(name, package="rocksdb-tools"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    said = run("ldb", "--version").stdout
    record.version("rocksdb-tools", re.findall(r"RocksDB (\S+)", said)[0])
    return run


@pytest.fixture
def sqlite_version(record: Recorder) -> None:
    """Name the SQLite that a test compares with."""
    record.version("SQLite", sqlite3.sqlite_version)
