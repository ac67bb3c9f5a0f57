"""Where two files part, in words that a terminal may show."""

from __future__ import annotations

import gzip
import struct
import zlib

import pytest
from engblog.publish.compare import first_difference, is_packed, only_repacked, terminal_safe
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        (b"a\nbc\nd\n", b"a\nbX\nd\n", "line 2, column 2: “bc” here, “bX” there"),
        (b"a\n", b"a\nb\n", "line 2, column 1: nothing here, “b” there"),
        (b"a\nb\n", b"", "line 1, column 1: “a” here, nothing there"),
        (b"a\nb", b"a\n\nb", "line 2, column 1: “b” here, “” there"),
        (b"\x89PNG\0a", b"\x89PNG\0b", "byte 6 (6 bytes here, 6 there)"),
        (b"text", b"te\xff", "byte 3 (4 bytes here, 3 there)"),
        ("größer".encode(), "größ r".encode(), "line 1, column 5: “größer” here, “größ r” there"),
    ],
)
def test_the_first_place_is_named_and_shown(here: bytes, there: bytes, said: str) -> None:
    assert first_difference(here, there) == said


def test_of_a_long_line_the_surroundings_are_shown() -> None:
    one, other = b"x" * 5000 + b"a" + b"y" * 5000, b"x" * 5000 + b"b" + b"y" * 5000
    said = first_difference(one, other)
    assert said.startswith("line 1, column 5001: “xxx")
    assert len(said) < 250


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    said = first_difference(b"a\n", "a\x1b]0;x\x07\r\u202e\u2028b\n".encode())
    assert said == r"line 1, column 2: “a” here, “a\x1b]0;x\x07\r\u202e\u2028b” there"
    assert terminal_safe("a\udcff") == r"a\udcff"


@given(st.binary(), st.binary())
def test_any_two_files_are_told_apart(here: bytes, there: bytes) -> None:
    if here != there:
        assert terminal_safe(first_difference(here, there)) == first_difference(here, there)


@given(st.text(), st.text())
def test_any_two_texts_are_told_apart_at_the_right_place(here: str, there: str) -> None:
    if here == there or "\0" in here + there:
        return
    at = next((at for at, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    line, column = here.count("\n", 0, at) + 1, at - here.rfind("\n", 0, at)
    assert first_difference(here.encode(), there.encode()).startswith(f"line {line}, column {column}: ")


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
        gzip.compress(TEXT, mtime=0)[:3] + b"\x04" + gzip.compress(TEXT, mtime=0)[4:],
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
