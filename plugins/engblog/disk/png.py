"""PNG with a palette, written byte for byte alike everywhere.

Pillow's own encoder is not used: its wheels bring zlib-ng, which packs differently by processor. Nothing but the
picture is in the file: no time, no name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from engblog.model.packed import PNG_SIGNATURE

_LEVEL = 4
"""Of zlib: a ninth larger than level 6, in half the time."""


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
    """Whether *data* is a PNG whose every part is as it was written, by its checksums, up to its end."""
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


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
