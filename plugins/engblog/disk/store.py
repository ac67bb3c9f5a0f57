"""Keeps what a build has made for the next one, each entry under the digest of everything that it was made from.

An entry is a file that names its key and has a seal over key and content. One that is damaged, or that was put in the
place of another, counts as absent, and so does everything if the folder cannot be read. What cannot be written is made
again next time. Entries are bytes that callers read as JSON or text; nothing is unpickled.

The seal needs a secret of the user, outside every repository. Otherwise a pull request could bring entries along, and
with them pages that no check has looked at.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

STORE = ".cache/engblog/store"
"""The folder of a site's entries, from the folder of its configuration."""
LIMIT = 512 * 1024 * 1024
"""Limit of the store in bytes; above it, the entries that were not used for the longest time are dropped."""

_KEPT = 0.75
"""Share of the limit that is left after dropping."""
_MAGIC = b"engblog 1"
_SECRET_BYTES = 32
_USED_AFTER = 6 * 3600
"""Seconds after which a further use of an entry is noted in its time: at each use would be a write for each read."""
_TEMPORARY = ".new-"
_ABANDONED_AFTER = 3600
"""Seconds after which a file that a killed build was writing is removed."""
SWITCH = "ENGBLOG_CACHE"
"""The environment variable that turns the store off if it says so."""
_OFF = frozenset({"off", "no", "false", "0"})


def is_switched_off(environment: Mapping[str, str] = os.environ) -> bool:
    """True if the environment says that nothing is to be taken from the store or put into it."""
    return environment.get(SWITCH, "").strip().lower() in _OFF


def key_of(kind: str, *parts: str | bytes) -> str:
    """The key of what is made of *parts*, an entry of one *kind*; no two lists of parts have the same."""
    total = hashlib.sha256()
    for part in (kind, *parts):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(b"%d:" % len(data) + data)
    return total.hexdigest()


def store_of(root: Path, environment: Mapping[str, str] = os.environ) -> Store | None:
    """The store of the site whose configuration is in *root*; None if it is switched off, or if the user's secret can
    neither be read nor made."""
    if is_switched_off(environment) or (secret := _secret(environment)) is None:
        return None
    return Store(root / STORE, secret=secret)


def _secret(environment: Mapping[str, str]) -> bytes | None:
    """The user's secret, which the first build makes."""
    given = environment.get("XDG_STATE_HOME")
    try:
        folder = (Path(given) if given else Path.home() / ".local" / "state") / "engblog"
        path = folder / "key"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=folder)  # readable by nobody else
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_SECRET_BYTES))
            Path(name).replace(path)
        secret = path.read_bytes()
    except (OSError, RuntimeError):  # no home, or one that cannot be written
        return None
    return secret if len(secret) == _SECRET_BYTES else None


class Store:
    """The entries in *folder*, which any number of builds may use at the same time."""

    def __init__(self, folder: Path, *, secret: bytes = b"", limit: int = LIMIT) -> None:
        self._folder = folder
        self._secret = secret
        self._limit = limit

    def get(self, key: str) -> bytes | None:
        """The content of the entry *key*; None if it is missing, damaged, or not the entry of this key."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head, _, content = data.partition(b"\n")
        if not hmac.compare_digest(head, self._head(key, content)):
            return None
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _USED_AFTER:
                os.utime(path)
        return content

    def has(self, key: str) -> bool:
        """True if there is something in the place of the entry *key*."""
        return self._path(key).is_file()

    def put(self, key: str, content: bytes) -> bool:
        """Keep *content* as the entry *key*, completely or not at all; False if it could not be kept."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
        except OSError:
            return False
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self._head(key, content) + b"\n" + content)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            return False
        return True

    def prune(self) -> None:
        """Keep the store below its limit: drop the entries whose last use is longest ago, and what killed builds
        left."""
        known = sorted(self._entries(), key=lambda entry: entry[1])
        now, total = time.time(), sum(size for _, _, size in known)
        target = self._limit if total <= self._limit else self._limit * _KEPT
        for path, used, size in known:
            is_left = path.name.startswith(_TEMPORARY) and now - used > _ABANDONED_AFTER
            if is_left or total > target:
                with contextlib.suppress(OSError):
                    path.unlink()
                total -= size

    def measure(self) -> tuple[int, int]:
        """The number of entries, and their bytes."""
        sizes = [size for path, _, size in self._entries() if not path.name.startswith(_TEMPORARY)]
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Remove all entries; return how many there were. Files that are not entries stay."""
        removed = 0
        for path, _, _ in [*self._entries()]:
            with contextlib.suppress(OSError):
                path.unlink()
                removed += not path.name.startswith(_TEMPORARY)
        return removed

    def _head(self, key: str, content: bytes) -> bytes:
        seal = hmac.digest(self._secret, key.encode() + content, "sha256").hex()
        return b"%b %b %b" % (_MAGIC, key.encode(), seal.encode())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]

    def _entries(self) -> Iterator[tuple[Path, float, int]]:
        """Each entry with the time of its last use and its size; also files that are being written."""
        for shard in _listed(self._folder):
            if len(shard.name) == 2 and shard.is_dir(follow_symlinks=False):
                for entry in _listed(Path(shard.path)):
                    with contextlib.suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            found = entry.stat(follow_symlinks=False)
                            yield Path(entry.path), found.st_mtime, found.st_size


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
