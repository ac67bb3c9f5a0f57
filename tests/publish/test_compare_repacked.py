"""Another zlib packs the same content into other bytes; what is more than that is found."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest
from engblog.publish.compare import is_packed, only_repacked

TEXT = b"<urlset>" + b"<url>" * 500


def packed(level: int, *, content: bytes = TEXT, mtime: int = 5) -> bytes:
    return gzip.compress(content, level, mtime=mtime)[:8] + b"\0\xff" + gzip.compress(content, level, mtime=mtime)[10:]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(level: int, *, pixels: bytes = bytes(range(200)) * 20, extra: bytes = b"", after: bytes = b"") -> bytes:
    data = zlib.compress(pixels, level) + after
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 99, 40, 8, 0, 0, 0, 0))
    half = len(data) // 2 if level == 9 else len(data)
    parts = [chunk(b"IDAT", part) for part in (data[:half], data[half:]) if part]
    return b"\x89PNG\r\n\x1a\n" + header + extra + b"".join(parts) + chunk(b"IEND", b"")


def test_the_same_content_packed_at_another_level_is_the_same() -> None:
    assert packed(1) != packed(9)
    assert only_repacked("sitemap.xml.gz", packed(9), packed(1))
    assert picture(1) != picture(9)
    assert only_repacked("cards/a.png", picture(9), picture(1))


@pytest.mark.parametrize(
    "there",
    [
        packed(1, content=TEXT + b" "),
        packed(1, content=TEXT[:-1]),
        packed(1, content=b"x" * 10_000_000),
        packed(1, mtime=6),
        packed(1) + b"more",
        packed(1) + packed(1),
        packed(1)[:-9],
        gzip.compress(TEXT)[:3] + b"\x04" + gzip.compress(TEXT)[4:],
        TEXT,
        b"",
    ],
)
def test_a_packed_text_with_anything_else_is_another(there: bytes) -> None:
    assert not only_repacked("sitemap.xml.gz", packed(9), there)


@pytest.mark.parametrize(
    "there",
    [
        picture(1, pixels=bytes(range(200)) * 19 + bytes(range(1, 201))),
        picture(1, pixels=b"x" * 10_000_000),
        picture(1, extra=chunk(b"tEXt", b"Comment\0hidden")),
        picture(1, after=b"hidden"),
        picture(1) + b"hidden",
        picture(1)[:-4],
        picture(1)[: len(picture(1)) // 2],
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 12,
        b"\x89PNG\r\n\x1a\n",
        b"",
    ],
)
def test_a_picture_with_anything_else_is_another(there: bytes) -> None:
    assert not only_repacked("cards/a.png", picture(9), there)


def test_nothing_else_is_taken_for_packed() -> None:
    assert not only_repacked("a.txt", packed(9), packed(1))
    assert [is_packed(name) for name in ("a.gz", "a.png", "a.html")] == [True, True, False]
