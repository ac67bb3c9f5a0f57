"""Differences between two files of one path: those that say nothing about the content, and the first of any other, in
one line that is safe on a terminal whatever the bytes.

:func:`harmless` has the whole list of what may differ between two builds of the same content, for ``engblog verify``,
for deployments and for rollbacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import Enum

from engblog.model.packed import GZIP, PNG_SIGNATURE, RAW, ZLIB, unpacked
from engblog.outputs.build_info import BUILD_INFO, BuildInfoError, read_build_info
from engblog.outputs.search.parts import FOLDER, PACKED

_AROUND = 40
"""The number of characters shown on each side of the first difference."""


def first_difference(here: bytes, there: bytes) -> str:
    """Show the first line that differs between *here* and *there*, or the first byte if either is not text."""
    ours, theirs = _text(here), _text(there)
    if ours is None or theirs is None:
        at = _parting(here, there)
        return f"byte {at + 1} ({len(here)} bytes here, {len(there)} there)"
    at = _parting(ours, theirs)
    line = ours.count("\n", 0, at) + 1
    column = at - (ours.rfind("\n", 0, at) + 1)
    return f"line {line}, column {column + 1}: {_shown(ours, at)} here, {_shown(theirs, at)} there"


def terminal_safe(text: str) -> str:
    """*text* with unprintable characters escaped: a foreign site must not move the cursor or begin a line."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _parting(one: str | bytes, other: str | bytes) -> int:
    """The first place at which two unequal sequences differ.

    It is found by bisection, because comparing slices is much faster than a loop over a megabyte.
    """
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _shown(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    if at >= len(text):
        end = len(text)
    else:
        newline = text.find("\n", at)
        end = min(len(text) if newline < 0 else newline, at + _AROUND)
    return f"“{terminal_safe(text[start:end])}”" if start < len(text) else "nothing"


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


_HEAD = 10
"""Bytes at the start of a gzip file (RFC 1952), before a name."""
_NAMED = 8
"""The flag for a name that follows; no other flag is accepted."""


def only_repacked(path: str, here: bytes, there: bytes) -> bool:
    """True if *there* is *here* with the same content compressed by another zlib: a ``.gz`` file, a PNG's
    pixels, or a packed file of the search index.

    Everything else must be the same byte for byte, and nothing may follow the compressed content.
    """
    if not is_packed(path):
        return False
    read = _png if path.endswith(".png") else _gzip if path.endswith(".gz") else _deflate
    if (ours := read(here, None)) is None:
        return False
    return read(there, len(ours[1])) == ours


def is_packed(path: str) -> bool:
    """True if :func:`only_repacked` can be true of a file at *path*."""
    return path.endswith((".gz", ".png")) or (path.startswith(FOLDER) and path.endswith(f".{PACKED}"))


def _gzip(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """The bytes before the compressed content, and the content; None if this is not a gzip file with one member."""
    if len(data) < _HEAD or data[3] & ~_NAMED:
        return None
    end = data.find(b"\0", _HEAD) + 1 if data[3] else _HEAD
    content = unpacked(data, GZIP, most)
    return None if content is None else (data[:end], content)


def _deflate(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """Nothing, and the content; None if this is not raw DEFLATE."""
    content = unpacked(data, RAW, most)
    return None if content is None else (b"", content)


def _png(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """The chunks of a picture without those of its pixels, and the pixels; None if this is not a PNG."""
    if not data.startswith(PNG_SIGNATURE):
        return None
    others: list[bytes] = []
    packed: list[bytes] = []
    at = len(PNG_SIGNATURE)
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return None
        (packed if data[at + 4 : at + 8] == b"IDAT" else others).append(data[at:end])
        at = end
    content = unpacked(b"".join(chunk[8:-4] for chunk in packed), ZLIB, most)
    return None if content is None else (b"".join(others), content)


class Harmless(Enum):
    """The kinds of differences between two builds of the same content. There are no others."""

    REPACKED = "repacked"
    """The same content, compressed by another zlib."""
    MOMENT = "moment"
    """The moment of the build, which the host and ``build.json`` write down."""


def harmless(path: str, here: bytes, there: bytes) -> Harmless | None:
    """The kind of the difference between *here* and *there*, two files at *path*; None if their content differs.

    Between two builds of one moment, only :attr:`Harmless.REPACKED` is harmless.
    """
    if only_repacked(path, here, there):
        return Harmless.REPACKED
    without = _without_moment(path)
    return Harmless.MOMENT if without is not None and without(here) == without(there) else None


def may_be_harmless(path: str) -> bool:
    """True if a difference at *path* can be harmless, so that it is worth reading the files."""
    return is_packed(path) or _without_moment(path) is not None


_FIRST_ITEM = re.compile(rb"<(?:item|entry)[\s>]")
_FEED = re.compile(rb"<(?:rss|feed)[\s>]")
_MOMENT_OF_FEED = re.compile(rb"<(pubDate|lastBuildDate|updated)>[^<]*(?=</\1>)")
_MOMENT_OF_THEME = re.compile(rb"\nBuild Date UTC : [^\n]*(?=\n-->)")


def _without_moment(path: str) -> Callable[[bytes], object] | None:
    """A function that takes the moment of the build out of the file at *path*; None for a file that never has one."""
    if path.endswith(".xml"):
        return _feed_without_moment
    return {BUILD_INFO: _claims_without_moment, "index.html": _home_without_moment}.get(path)


def _feed_without_moment(data: bytes) -> bytes:
    """A feed without the dates before its first item, which are those of the feed; any other XML unchanged."""
    item = _FIRST_ITEM.search(data)
    head = data[: item.start() if item else len(data)]
    return _MOMENT_OF_FEED.sub(rb"<\1>", head) + data[len(head) :] if _FEED.search(head) else data


def _home_without_moment(data: bytes) -> bytes:
    """A home page without the date in the comment with which MkDocs' own themes end it."""
    return _MOMENT_OF_THEME.sub(b"", data)


def _claims_without_moment(data: bytes) -> object:
    """The content of a ``build.json`` without its moment, and without the digest, which covers the feeds and theirs."""
    try:
        read_build_info(data)
    except BuildInfoError:
        return data
    return json.loads(data) | {"epoch": None, "digest": None}
