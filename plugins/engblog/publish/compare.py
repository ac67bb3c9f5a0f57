"""Where two files part, said in a line that a terminal may show whatever the bytes are."""

from __future__ import annotations

from engblog.model.packed import GZIP, PNG_SIGNATURE, ZLIB, unpacked

_AROUND = 40
"""Characters that are shown on each side of the first one that differs."""


def first_difference(here: bytes, there: bytes) -> str:
    """The first line, or the first byte where either is no text, at which *there* is not as *here*; both are shown."""
    ours, theirs = _text(here), _text(there)
    if ours is None or theirs is None:
        at = _parting(here, there)
        return f"byte {at + 1} ({len(here)} bytes here, {len(there)} there)"
    at = _parting(ours, theirs)
    line = ours.count("\n", 0, at) + 1
    column = at - (ours.rfind("\n", 0, at) + 1)
    return f"line {line}, column {column + 1}: {_shown(ours, at)} here, {_shown(theirs, at)} there"


def terminal_safe(text: str) -> str:
    """*text* with what is not printable escaped: a foreign site must not move the cursor or begin a line."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _parting(one: str | bytes, other: str | bytes) -> int:
    """The first place at which two unequal sequences are not the same.

    Halving: comparing slices is much faster than a loop over a megabyte.
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
"""The flag that says that a name follows; no other flag is taken for the same."""


def only_repacked(path: str, here: bytes, there: bytes) -> bool:
    """Whether *there* is *here* with the same content packed by another zlib: a ``.gz`` file, or a PNG's pixels.

    All else must be the same byte for byte, and nothing may follow the packed content.
    """
    if not is_packed(path):
        return False
    read = _png if path.endswith(".png") else _gzip
    if (ours := read(here, None)) is None:
        return False
    return read(there, len(ours[1])) == ours


def is_packed(path: str) -> bool:
    """Whether :func:`only_repacked` can be true of a file at *path*."""
    return path.endswith((".gz", ".png"))


def _gzip(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """What stands before the packed content, and the content; None for what is no gzip file of one member."""
    if len(data) < _HEAD or data[3] & ~_NAMED:
        return None
    end = data.find(b"\0", _HEAD) + 1 if data[3] else _HEAD
    content = unpacked(data, GZIP, most)
    return None if content is None else (data[:end], content)


def _png(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """The chunks of a picture but those of its pixels, and the pixels; None for what is no PNG."""
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
