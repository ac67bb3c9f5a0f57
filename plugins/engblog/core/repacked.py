"""Whether two files hold the same and are only packed otherwise: versions of zlib differ in what they write."""

from __future__ import annotations

import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
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
    content = _unpacked(data, 31, most)
    return None if content is None else (data[:end], content)


def _png(data: bytes, most: int | None) -> tuple[bytes, bytes] | None:
    """The chunks of a picture but those of its pixels, and the pixels; None for what is no PNG."""
    if not data.startswith(_SIGNATURE):
        return None
    others: list[bytes] = []
    packed: list[bytes] = []
    at = len(_SIGNATURE)
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return None
        (packed if data[at + 4 : at + 8] == b"IDAT" else others).append(data[at:end])
        at = end
    content = _unpacked(b"".join(chunk[8:-4] for chunk in packed), 15, most)
    return None if content is None else (b"".join(others), content)


def _unpacked(data: bytes, bits: int, most: int | None) -> bytes | None:
    """The content of *data*, at most *most* bytes; None if it is damaged, longer, or something follows it."""
    stream = zlib.decompressobj(bits)
    try:
        content = stream.decompress(data, 0 if most is None else most + 1)
    except zlib.error:
        return None
    return content if stream.eof and not stream.unused_data else None
