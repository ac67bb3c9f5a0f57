"""Temporary folders that a later run removes if this one is killed, and that no other run removes while it goes on.

A folder is locked as long as its process runs: the system lets go of the lock at its end, however that comes. Where
folders cannot be locked, nothing is swept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover  (Windows)
    fcntl = None  # type: ignore[assignment]


class Scratch:
    """A new folder in *parent* whose name starts with *prefix*; :meth:`release` leaves it to whoever finds it."""

    def __init__(self, parent: Path, prefix: str) -> None:
        """Make the folder, readable by nobody else, once what killed runs left there is gone."""
        with _locked(parent) as may_sweep:
            if may_sweep:
                sweep(parent, prefix)
            self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            self._lock = _lock(self.folder)

    def release(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()


def sweep(parent: Path, prefix: str) -> None:
    """Remove our folders in *parent* whose names start with *prefix*, and that no process has locked."""
    for path in abandoned(parent, prefix):
        shutil.rmtree(path, ignore_errors=True)


def abandoned(parent: Path, prefix: str) -> Iterator[Path]:
    """Each folder of ours in *parent* whose name starts with *prefix* and that no process has locked; it is locked as
    long as the caller looks at it."""
    for path in sorted(parent.glob(f"{glob_safe(prefix)}*")):
        if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.getuid():
            continue
        lock = _lock(path)
        if lock is not None:
            try:
                yield path
            finally:
                os.close(lock)


def glob_safe(text: str) -> str:
    """*text* as a pattern that matches only itself."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in text)


def _lock(folder: Path) -> int | None:
    """A descriptor that keeps *folder* locked; None if somebody else has it, or nobody can."""
    if fcntl is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


@contextlib.contextmanager
def _locked(parent: Path) -> Iterator[bool]:
    """Keep others from making or sweeping folders in *parent*; False if they cannot be kept from it."""
    lock = None
    if fcntl is not None:
        with contextlib.suppress(OSError):
            lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)
