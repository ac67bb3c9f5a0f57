"""PNG with a palette, with the same bytes on every machine.

Pillow's own encoder is not used, because its wheels contain zlib-ng, whose output depends on the processor. The file
contains only the picture: no time, no name.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable

from engblog.model.packed import PNG_SIGNATURE

_LEVEL = 4
"""The level of zlib; files are a ninth larger than with level 6, in half the time."""


def encode(width: int, height: int, rows: bytes, palette: Iterable[tuple[int, int, int]]) -> bytes:
    """A PNG of *rows*: each a zero (the filter: none) and *width* indices into *palette*, one byte each."""
    if len(rows) != (width + 1) * height:
        raise ValueError(f"{len(rows)} bytes are not {height} rows of {width} + 1")
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    packed = zlib.compress(rows, _LEVEL)
    return PNG_SIGNATURE + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", packed), (b"IEND", b""))
    )


def is_whole(data: bytes) -> bool:
    """True if *data* is a complete PNG in which all checksums are right."""
    if not data.startswith(PNG_SIGNATURE):
        return False
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data) or struct.unpack_from(">I", data, end - 4)[0] != zlib.crc32(data[at + 4 : end - 4]):
            return False
        if data[at + 4 : at + 8] == b"IEND":
            return bool(end == len(data))
        at = end
    return False


_SEAL = b"seAl"
"""The name of a private chunk that programs skip (PNG, third edition, 5.4)."""
_END = 12
"""The length of the last chunk."""


def sealed(data: bytes, name: str) -> bytes:
    """The PNG *data* with a chunk that binds its bytes to *name*."""
    return data[:-_END] + _chunk(_SEAL, _digest(data, name)) + data[-_END:]


def unsealed(data: bytes, name: str) -> bytes | None:
    """The PNG that was :func:`sealed` under *name* to become *data*; None if that is another PNG, or none."""
    at = len(data) - _END - 44
    if at < 0 or not is_whole(data):
        return None
    picture = data[:at] + data[-_END:]
    return picture if data[at:-_END] == _chunk(_SEAL, _digest(picture, name)) else None


def _digest(data: bytes, name: str) -> bytes:
    return hashlib.sha256(f"{name}\0".encode() + data).digest()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
