"""The index's files, named by their content, and the places where a sequence is cut into files.

A name is the beginning of the SHA-256 of what the file holds, so a file whose content stays keeps its address: caches
and deployments keep it too. For that, a change in one place must not move the cuts elsewhere. So the content decides
where a sequence is cut: the checksum of an entry's key says whether a file may begin with it.

Binary files are packed as raw DEFLATE (RFC 1951), because many servers compress only text. Their names are digests of
the unpacked content: another version of zlib packs the same content into other bytes.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from zlib import compressobj, crc32

from engblog.model.packed import RAW, unpacked

FOLDER = "search/parts/"
PACKED = "bin"
"""The kind of files that are packed."""
LETTERS = 8
"""Letters of a name, 5 bits each: of a thousand files, two share a name once in two million builds."""
_GROWTH = 1.1


class NamedFiles:
    """Files that are named once all of them are known."""

    def __init__(self) -> None:
        self._data: list[tuple[str, bytes]] = []

    def add(self, data: bytes, kind: str) -> int:
        """Add a file of a *kind*, which is its extension; return its number."""
        self._data.append((kind, data))
        return len(self._data) - 1

    def named(self) -> tuple[list[str], dict[str, bytes]]:
        """The names, without extension, by number, and the files by path; all names are equally long."""
        digests = [_digest(data) for _, data in self._data]
        letters = LETTERS
        while len({digest[:letters] for digest in digests}) < len(set(digests)):
            letters += 1
        names = [digest[:letters] for digest in digests]
        files = {
            f"{FOLDER}{name}.{kind}": _packed(data) if kind == PACKED else data
            for name, (kind, data) in zip(names, self._data, strict=True)
        }
        return names, dict(sorted(files.items()))


def is_named(path: str, data: bytes) -> bool:
    """True if the file at *path* has the content that its name is the digest of."""
    name, _, kind = path.removeprefix(FOLDER).partition(".")
    content = unpacked(data, RAW) if kind == PACKED else data
    return content is not None and len(name) >= LETTERS and _digest(content).startswith(name)


def _packed(data: bytes) -> bytes:
    packer = compressobj(9, wbits=RAW)
    return packer.compress(data) + packer.flush()


def _digest(data: bytes) -> str:
    """SHA-256 in Base32, lower case, because some disks take both cases of a letter for one."""
    return b32encode(sha256(data).digest()).decode().lower()


def size_for(total: int, least: int, most_files: int) -> int:
    """The size of files by which *total* bytes are parted: *least*, or as much more as *most_files* files need.

    It grows in steps, so that an edit rarely changes it.
    """
    size = float(least)
    while total > most_files * size:
        size *= _GROWTH
    return round(size)


def runs(keys: Sequence[str], sizes: Sequence[int], target: int) -> Iterator[range]:
    """Cut entries with *keys* and *sizes* into runs of about *target* bytes: half of it at least, twice at most (a
    single entry may have more)."""
    start, size = 0, 0
    for place, (key, own) in enumerate(zip(keys, sizes, strict=True)):
        if place > start and (size + own > 2 * target or (size * 2 >= target and _may_begin(key, own, target))):
            yield range(start, place)
            start, size = place, 0
        size += own
    if start < len(keys):
        yield range(start, len(keys))


def _may_begin(key: str, size: int, target: int) -> bool:
    """True for a share of the entries, larger ones more often, so that runs have *target* bytes on average."""
    return crc32(key.encode()) * target < size * 2 << 32


def joined(names: Iterable[str]) -> str:
    """Names of one length as one text, without anything between them."""
    return "".join(names)
