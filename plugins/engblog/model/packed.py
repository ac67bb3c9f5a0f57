"""Content that zlib packed, in gzip files (RFC 1952), in PNG pictures, and without a header."""

from __future__ import annotations

import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""The first bytes of a PNG (third edition, 5.2)."""
GZIP, ZLIB, RAW = 31, 15, -15
"""The window bits that tell zlib which header to expect, if any."""


def unpacked(data: bytes, bits: int = GZIP, most: int | None = None) -> bytes | None:
    """The content of *data*, at most *most* bytes; None if it is damaged, longer, or something follows it."""
    stream = zlib.decompressobj(bits)
    try:
        content = stream.decompress(data, 0 if most is None else most + 1)
    except zlib.error:
        return None
    whole = stream.eof and not stream.unused_data and (most is None or len(content) <= most)
    return content if whole else None
