"""A wall clock that a test can step, for the processes that are started with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class FakeClock:
    """An offset to the true time, in a file that libfaketime reads each time a process asks for the time."""

    def __init__(self, folder: Path) -> None:
        """Keep the file in *folder*, which the servers' accounts must be able to enter."""
        self.file = folder / "offset"
        self.set(0)

    # --8<-- [start:clock]
    def environment(self, *, monotonic: bool = False) -> dict[str, str]:
        """Variables that put a process under this clock."""
        return {
            # jemalloc asks for the time too early, so Redis gets the malloc of libc
            "LD_PRELOAD": f"{LIBRARIES[0]} libc.so.6",
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "0" if monotonic else "1",
        }

    def set(self, seconds: float) -> None:
        """Step the clock to *seconds* ahead of the true time, or behind it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+.6f}\n", encoding="ascii")
        new.chmod(0o644)
        new.replace(self.file)

    # --8<-- [end:clock]

    def start(self, start: Callable[..., Any], *, monotonic: bool = False, **settings: Any) -> Any:
        """Start a server under this clock by the fixture *start*."""
        with mock.patch.dict(os.environ, self.environment(monotonic=monotonic)):
            return start(**settings)


def shared_memory() -> set[Path]:
    """List what libfaketime keeps in shared memory: a segment and a semaphore, named after a process."""
    folder = Path("/dev/shm")  # noqa: S108
    return {*folder.glob("faketime_shm_*"), *folder.glob("sem.faketime_sem_*")}


def remove_leftovers(before: set[Path]) -> None:
    """Remove the shared memory of processes that have ended since *before* was listed."""
    for path in shared_memory() - before:
        if not Path("/proc", path.name.rpartition("_")[2]).exists():
            path.unlink(missing_ok=True)
