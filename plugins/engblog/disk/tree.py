"""The files of a built site on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


class SiteTree:
    """The files below *folder*, read on first use; digests and sizes are computed once.

    It is a :class:`engblog.model.publication.Tree`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: tuple[str, ...] | None = None
        self._digests: dict[str, str] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file as a path from the site's root, with slashes, sorted."""
        if self._paths is None:
            self._paths = tuple(sorted(self._walk()))
        return self._paths

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self._folder / path).read_bytes()

    def size(self, path: str) -> int:
        """The size of a file in bytes."""
        return (self._folder / path).stat().st_size

    def digest(self, path: str) -> str:
        """SHA-256 of a file's bytes, in hexadecimal."""
        if path not in self._digests:
            self._digests[path] = hashlib.sha256(self.read(path)).hexdigest()
        return self._digests[path]

    def _walk(self) -> list[str]:
        found = []
        for folder, _, names in os.walk(self._folder):
            base = Path(folder).relative_to(self._folder).as_posix()
            found += names if base == "." else [f"{base}/{name}" for name in names]
        return found


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Write *files*, each a path from *folder* with slashes and its bytes; return the SHA-256 of each, in hexadecimal.

    Raises ``FileExistsError`` if a file already exists, because then two things claim one address.
    """
    digests: dict[str, str] = {}
    made: set[str] = set()
    for name, data in files:
        if (parent := name.rpartition("/")[0]) not in made:
            made.add(parent)
            (folder / parent).mkdir(parents=True, exist_ok=True)
        _write(f"{folder}/{name}", data)
        digests[name] = hashlib.sha256(data).hexdigest()
    return digests


def _write(path: str, data: bytes) -> None:
    """Write a new file. There are thousands of small ones, and the other system calls of ``open`` would be most of
    the cost."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        while data:
            data = data[os.write(file, data) :]
    finally:
        os.close(file)
