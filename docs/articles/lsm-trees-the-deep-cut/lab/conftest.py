"""Fixtures of the lab: databases, each in a new folder, and the versions that the tests ran with."""

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


DESCRIBED = "7.8.3"
"""The version of Debian's rocksdb-tools that the tests with its name describe."""


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
    """``open_store(write_buffer_size=64 * KIB)`` returns an open :class:`Store` in a new folder."""
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

    found = re.findall(r"RocksDB (\S+)", run("ldb", "--version").stdout)[0]
    assert found == DESCRIBED, f"the article describes rocksdb-tools {DESCRIBED}, but this machine has {found}"
    record.version("rocksdb-tools", found)
    return run


@pytest.fixture
def sqlite_version(record: Recorder) -> None:
    """Name the SQLite that a test compares with."""
    record.version("SQLite", sqlite3.sqlite_version)
