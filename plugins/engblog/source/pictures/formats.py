"""The formats of pictures, each read from its first byte to its last without decoding a pixel.

A reader takes the bytes of a file and returns the picture's width and height. It raises :class:`CutError` if the end is
missing and :class:`DamagedError` if something else is wrong. Reading past the end (``struct.error``, ``IndexError``)
means the same as :class:`CutError`. Whatever follows a complete picture is passed over, as browsers do.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree

from engblog.model.packed import PNG_SIGNATURE

Size = tuple[int, int]
_NOTHING = bytes(4)
"""The name of a part where a copy was prepared and never filled in."""


class CutError(ValueError):
    """The end of the picture is missing."""


class DamagedError(ValueError):
    """The picture cannot be shown; the message follows "it"."""


def read_png(data: bytes) -> Size:
    """PNG, third edition: a signature, then chunks with a checksum each, the last of which is IEND."""
    at, size, pixels = len(PNG_SIGNATURE), (0, 0), False
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise CutError
        if struct.unpack_from(">I", data, end - 4)[0] != zlib.crc32(data[at + 4 : end - 4]):
            raise DamagedError("has a part whose checksum is wrong")
        if kind == b"IHDR":
            size = struct.unpack_from(">II", data, at + 8)
        elif kind == b"IDAT":
            pixels = True
        elif kind == b"IEND":
            if not pixels:
                raise DamagedError("has no pixels")
            return size
        at = end


_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_JPEG_SCAN_END = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_JPEG_NOT_FRAMES = frozenset({0xC4, 0xC8, 0xCC})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length: TEM, the restarts and the start of the picture."""


def read_jpeg(data: bytes) -> Size:
    """JPEG (ITU T.81, annex B): markers with a length each, scans without one, and an end marker."""
    at, size, scanned = 2, (0, 0), False
    while True:
        found = _JPEG_MARKER.match(data, at)
        if found is None:
            if not data[at:].strip(b"\xff"):
                raise CutError
            raise DamagedError("has bytes where none belong")
        marker, at = found[1][0], found.end()
        if marker == 0xD9:
            if not (scanned and size[0]):
                raise DamagedError("has no pixels")
            return size
        if marker in _JPEG_BARE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2:
            raise DamagedError("has a part of an impossible length")
        if 0xC0 <= marker <= 0xCF and marker not in _JPEG_NOT_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = (width, height)
        at += length
        if at > len(data):
            raise CutError
        if marker == 0xDA:
            scanned = True
            end = _JPEG_SCAN_END.search(data, at)
            if end is None:
                raise CutError
            at = end.start()


def read_gif(data: bytes) -> Size:
    """GIF 89a: a screen, then blocks that consist of sub-blocks, and a trailer."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at, pictures = 13 + _gif_colours(flags), 0
    while True:
        block = data[at]
        if block == 0x3B:
            if not pictures:
                raise DamagedError("has no pixels")
            return width, height
        if block == 0x21:
            at = _gif_past(data, at + 2)
        elif block == 0x2C:
            pictures += 1
            at = _gif_past(data, at + 11 + _gif_colours(data[at + 9]))
        elif block == 0:  # some programs write one too many
            at += 1
        else:
            raise DamagedError("has bytes where none belong")


def _gif_colours(flags: int) -> int:
    """The length of a table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_past(data: bytes, at: int) -> int:
    """The place after the sub-blocks at *at*."""
    while data[at]:
        at += data[at] + 1
    return at + 1


def read_webp(data: bytes) -> Size:
    """WebP (RFC 9649): a RIFF file whose first chunk is VP8, VP8L or VP8X."""
    (length,) = struct.unpack_from("<I", data, 4)
    whole = length + 8
    if whole > len(data):
        raise CutError
    at, size, pixels = 12, (0, 0), False
    while at < whole - 1:
        kind, length = struct.unpack_from("<4sI", data, at)
        start, at = at + 8, at + 8 + length + length % 2
        if start + length > whole:
            raise DamagedError("has a part that is longer than the file")
        if kind == _NOTHING:
            raise DamagedError("has bytes where none belong")
        if kind in _WEBP_SIZES:
            size = size if size[0] else _WEBP_SIZES[kind](data, start)
        pixels = pixels or kind in {b"VP8 ", b"VP8L", b"ANMF"}
    if not (pixels and size[0]):
        raise DamagedError("has no pixels")
    return size


def _vp8(data: bytes, start: int) -> Size:
    """RFC 6386, 9.1: the frame's tag, a start code, and two sizes of 14 bits."""
    if data[start + 3 : start + 6] != b"\x9d\x01\x2a":
        raise DamagedError("has no pixels")
    width, height = struct.unpack_from("<HH", data, start + 6)
    return width & 0x3FFF, height & 0x3FFF


def _vp8l(data: bytes, start: int) -> Size:
    """RFC 9649, 3.4: a signature, and two sizes of 14 bits, less one."""
    if data[start] != 0x2F:
        raise DamagedError("has no pixels")
    (bits,) = struct.unpack_from("<I", data, start + 1)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _vp8x(data: bytes, start: int) -> Size:
    """RFC 9649, 2.7.1: two sizes of 24 bits, less one."""
    width = int.from_bytes(data[start + 4 : start + 7], "little")
    return width + 1, int.from_bytes(data[start + 7 : start + 10], "little") + 1


_WEBP_SIZES: Mapping[bytes, Callable[[bytes, int], Size]] = {b"VP8 ": _vp8, b"VP8L": _vp8l, b"VP8X": _vp8x}


def read_avif(data: bytes) -> Size:
    """AVIF: boxes (ISO 14496-12), of which ``meta`` says where in the file each item is."""
    size, described = (0, 0), False
    for kind, start, end in _boxes(data, 0, len(data)):
        described = described or kind in {b"meta", b"moov"}
        if kind == b"meta":
            size = max(size, _avif_meta(data, start + 4, end))
    if not described:
        raise CutError
    return size


def _avif_meta(data: bytes, start: int, end: int) -> Size:
    size = (0, 0)
    for kind, inner, stop in _boxes(data, start, end):
        if kind == b"iloc" and any(last > len(data) for last in _ends_of_items(data, inner)):
            raise CutError
        if kind == b"iprp":
            for _, properties, last in _boxes(data, inner, stop):
                for name, at, _ in _boxes(data, properties, last):
                    if name == b"ispe":
                        size = max(size, struct.unpack_from(">II", data, at + 4))
                break  # what follows says which item has which property
    return size


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box between *at* and *end*, and the places where its content starts and ends."""
    while at < end:
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,), head = struct.unpack_from(">Q", data, at + 8), 16
        elif length == 0:
            length = end - at
        if length < head:
            raise DamagedError("has a part of an impossible length")
        if kind == _NOTHING:
            raise DamagedError("has bytes where none belong")
        if at + length > end:
            raise CutError
        yield kind, at + head, at + length
        at += length


def _ends_of_items(data: bytes, at: int) -> Iterator[int]:
    """The places where the items end that are in the file itself (ISO 14496-12, 8.11.3)."""
    version = data[at]
    widths = [data[at + 4] >> 4, data[at + 4] & 15, data[at + 5] >> 4, data[at + 5] & 15 if version else 0]
    cursor = _Cursor(data, at + 6)
    wide = 4 if version == 2 else 2
    for _ in range(cursor.number(wide)):
        cursor.number(wide)
        method = cursor.number(2) & 15 if version else 0
        cursor.number(2)
        base = cursor.number(widths[2])
        for _ in range(cursor.number(2)):
            cursor.number(widths[3])
            first = cursor.number(widths[0])
            length = cursor.number(widths[1])
            if method == 0:
                yield base + first + length


class _Cursor:
    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def number(self, width: int) -> int:
        """The next number, *width* bytes long."""
        if self._at + width > len(self._data):
            raise CutError
        self._at += width
        return int.from_bytes(self._data[self._at - width : self._at], "big")


def read_ico(data: bytes) -> Size:
    """ICO: a list of pictures, each with its place in the file."""
    (count,) = struct.unpack_from("<H", data, 4)
    if not count:
        raise DamagedError("has no pixels")
    for index in range(count):
        length, first = struct.unpack_from("<II", data, 14 + 16 * index)
        if first + length > len(data):
            raise CutError
    return data[6] or 256, data[7] or 256


def read_svg(data: bytes) -> Size:
    """SVG: XML whose root is ``svg``. Its size depends on the page, so it is unknown here."""
    if b"<!ENTITY" in data.replace(b"\0", b""):  # also in UTF-16
        raise DamagedError("defines entities")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (without entities)
    except ElementTree.ParseError as error:
        raise DamagedError(f"is not XML: {error}") from None
    except (LookupError, ValueError):
        raise DamagedError("is in an unknown encoding") from None
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise DamagedError('has a root other than <svg xmlns="http://www.w3.org/2000/svg">')
    return 0, 0


READERS: Mapping[str, Callable[[bytes], Size]] = {
    "PNG": read_png,
    "JPEG": read_jpeg,
    "GIF": read_gif,
    "WebP": read_webp,
    "AVIF": read_avif,
    "SVG": read_svg,
    "ICO": read_ico,
}
"""The formats that every browser shows, each with its reader."""
