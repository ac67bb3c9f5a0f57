"""The file that remembers earlier imports: the folder that each post got, and the digest of each file that was written.
A file whose digest is another was edited since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engblog.disk.pictures import read_file
from engblog.model.errors import EngblogError

MEMORY = ".engblog-import.json"
"""The name of the file, which is beside ``mkdocs.yml``."""


class ImportingError(EngblogError):
    """Nothing was imported; the message says why."""


def content_digest(data: bytes) -> str:
    """The digest of the content of a file."""
    return hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes) -> None:
    """Write *data* to the file *path* so that it is never half there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.importing")
    fresh.write_bytes(data)
    fresh.replace(path)


@dataclass(slots=True)
class Memory:
    """The record of what earlier imports wrote into this site."""

    path: Path
    lead: str
    """The name of the imported folder, which the paths of its posts start with in the file."""
    posts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, lead: str) -> Memory:
        """Read the file *path*, for an import of the folder *lead*. Raises :class:`ImportingError`."""
        data = read_file(path)
        if data is None:
            return cls(path, lead)
        try:
            found: Any = json.loads(data)
            tables = [
                {str(key): str(value) for key, value in found[name].items()} for name in ("posts", "files", "pictures")
            ]
        except (ValueError, KeyError, AttributeError, TypeError):
            message = (
                f"{path} cannot be read: bring it back from the repository, or delete it to import everything again"
            )
            raise ImportingError(message) from None
        return cls(path, lead, *tables)

    def slugs(self) -> dict[str, str]:
        """The folder of each post of the imported blog, by the post's path."""
        return {old.removeprefix(self.lead): slug for old, slug in self.posts.items() if old.startswith(self.lead)}

    def own_folders(self) -> frozenset[str]:
        """The folders that the imported blog has."""
        return frozenset(self.slugs().values())

    def fetched(self, docs: Path, fetch: Callable[[str], bytes | None] | None) -> Callable[[str], bytes | None] | None:
        """A function that gives a picture from an earlier import, and asks *fetch* for others."""
        known = {}
        for address, name in self.pictures.items():
            data = read_file(docs / name)
            if data is not None and content_digest(data) == self.files.get(name):
                known[address] = data
        if fetch is None and not known:
            return None

        def ask(address: str) -> bytes | None:
            return known.get(address) or (fetch(address) if fetch else None)

        return ask

    def write(self) -> None:
        """Write the file."""
        tables = {"about": "written by `engblog import`; it keeps what you edited from being overwritten",
                  "posts": self.posts, "files": self.files, "pictures": self.pictures}  # fmt: skip
        replace_file(self.path, json.dumps(tables, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n")
