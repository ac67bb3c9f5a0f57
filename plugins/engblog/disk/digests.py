"""Digests of files and folders, remembered from build to build, so that only files that may have changed are read."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from engblog.disk.store import Store, key_of

_SETTLED = 2 * 10**9
"""Nanoseconds for which a file must not have changed before its digest is remembered. One that changes twice within a
step of the file system's clock has the same times after both, as git found ("racy git"); the coarsest clock that is in
use has steps of two seconds."""


class Digests:
    """SHA-256 of files. What is known of a file holds as long as its size, times, and inode stay the same."""

    def __init__(self, store: Store | None, name: str) -> None:
        """Take what *store* remembers from builds that gave the same *name*."""
        self._store, self._key = store, key_of("digests of files", name)
        self._known: dict[str, list[int | str]] = _read(store.get(self._key)) if store else {}
        self._seen: dict[str, list[int | str]] = {}
        """Digests to remember: those of files that had not changed for a while when they were read."""

    def of(self, path: str) -> str:
        """SHA-256 of the file *path* in hexadecimal; empty if it cannot be read."""
        try:
            found = os.stat(path)  # noqa: PTH116  (as for open)
        except OSError:
            return ""
        return self._of(path, found)

    def tree(self, folder: Path, *, without: Collection[str] = ()) -> str:
        """A digest of everything below *folder*: names, kinds, modes, and the content of files. Folders whose names are
        *without* are left out. A link counts with its target and with what it leads to."""
        total = hashlib.sha256()
        for line in self._lines(os.fspath(folder), "", frozenset(without)):
            total.update(line)
        return total.hexdigest()

    def save(self) -> None:
        """Remember the digests of the files that this object was asked about."""
        if self._store is not None and self._seen != self._known:
            self._store.put(self._key, json.dumps(self._seen, separators=(",", ":")).encode())
            self._known = self._seen

    def _of(self, path: str, found: os.stat_result) -> str:
        row = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]
        known = self._seen.get(path) or self._known.get(path)
        if known is not None and known[:-1] == row:
            self._seen[path] = known
            return str(known[-1])
        is_settled = max(found.st_mtime_ns, found.st_ctime_ns) < time.time_ns() - _SETTLED
        try:
            with open(path, "rb") as file:  # noqa: PTH123  (twice as fast, for thousands of files)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""
        if is_settled:
            self._seen[path] = [*row, digest]
        return digest

    def _lines(self, folder: str, lead: str, without: frozenset[str]) -> Iterator[bytes]:
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            yield b"?%b\0%d\n" % (os.fsencode(lead), error.errno or 0)
            return
        for entry in entries:
            name = os.fsencode(lead + entry.name)
            if entry.is_symlink():
                target = os.fsencode(os.readlink(entry.path))  # noqa: PTH115
                yield b"l%b\0%b\0%b\n" % (name, target, self.of(entry.path).encode())
            elif entry.is_dir():
                if entry.name not in without:
                    yield b"d%b\0%o\n" % (name, entry.stat().st_mode)
                    yield from self._lines(entry.path, f"{lead}{entry.name}/", without)
            elif entry.is_file():
                found = entry.stat()
                yield b"f%b\0%b\0%o\n" % (name, self._of(entry.path, found).encode(), found.st_mode)
            else:
                yield b"o%b\n" % name


def _read(data: bytes | None) -> dict[str, list[int | str]]:
    """The digests in an entry; none if it is of another form."""
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {path: row for path, row in found.items() if isinstance(row, list) and len(row) == 6}
