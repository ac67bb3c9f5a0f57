"""The formats of pictures: a complete file is accepted, and none that ends earlier or has changed."""

from __future__ import annotations

import struct
import zlib

import pytest
from engblog.source.pictures.formats import READERS, CutError, DamagedError, read_svg
from hypothesis import given
from hypothesis import strategies as st
from support.pictures import PNG, pictures
from support.sources import DRAWING

PICTURES = pictures()
SIZE = (9, 7)
NAMES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WebP", "avif": "AVIF", "ico": "ICO"}


def kind(name: str) -> str:
    return NAMES[name.rpartition(".")[2]]


def refused(name: str, data: bytes) -> bool:
    try:
        READERS[kind(name)](data)
    except (CutError, DamagedError, struct.error, IndexError):
        return True
    return False


@pytest.mark.parametrize("name", PICTURES)
def test_a_complete_picture_has_its_size(name: str) -> None:
    assert READERS[kind(name)](PICTURES[name]) == SIZE


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_ends_earlier_is_refused_wherever_it_ends(name: str) -> None:
    data = PICTURES[name]
    assert [end for end in range(8, len(data)) if not refused(name, data[:end])] == []


@pytest.mark.parametrize("name", PICTURES)
def test_what_follows_a_complete_picture_does_not_matter(name: str) -> None:
    """Telephones append films, and programs append notes."""
    assert not refused(name, PICTURES[name] + (b"\0\0\0\x0cfreenote" if kind(name) == "AVIF" else b"a note"))


@pytest.mark.parametrize("name", [name for name in PICTURES if kind(name) in {"PNG", "JPEG", "GIF"}])
def test_a_copy_that_was_never_filled_to_its_end_is_refused(name: str) -> None:
    data = PICTURES[name]
    ends = range(8, len(data) - 1)
    assert [end for end in ends if any(data[end:]) and not refused(name, data[:end] + bytes(len(data) - end))] == []


@given(at=st.integers(8, len(PICTURES["plain.png"]) - 1), flip=st.integers(1, 255))
def test_every_changed_byte_of_a_png_is_found(at: int, flip: int) -> None:
    data = bytearray(PICTURES["plain.png"])
    data[at] ^= flip
    assert refused("plain.png", bytes(data))


@given(st.data())
def test_no_bytes_break_a_reader(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PICTURES)))
    changed = bytearray(PICTURES[name])
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(changed) - 1), st.integers(0, 255)), max_size=8)):
        changed[at] = byte
    refused(name, bytes(changed))
    refused(name, data.draw(st.binary(max_size=200)))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return PNG[:8] + b"".join(packed)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("PNG", png((b"IEND", b"")), "has no pixels"),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;", "has no pixels"),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0\x07", "has bytes where none belong"),
        ("JPEG", b"\xff\xd8\xff\xd9", "has no pixels"),
        ("JPEG", b"\xff\xd8\xff\xe0\0\x01", "impossible length"),
        ("JPEG", b"\xff\xd8text", "has bytes where none belong"),
        ("WebP", b"RIFF\x0c\0\0\0WEBPEXIF\0\0\0\0", "has no pixels"),
        ("WebP", b"RIFF\x14\0\0\0WEBPVP8 \xff\0\0\0" + bytes(8), "longer than the file"),
        ("WebP", b"RIFF\x18\0\0\0WEBPVP8 \x0c\0\0\0" + bytes(12), "has no pixels"),
        ("WebP", b"RIFF\x18\0\0\0WEBPVP8L\x0c\0\0\0" + bytes(12), "has no pixels"),
        ("AVIF", b"\0\0\0\x04ftyp", "impossible length"),
        ("AVIF", b"\0\0\0\x10ftypavif\0\0\0\0" + bytes(8), "has bytes where none belong"),
        ("ICO", b"\0\0\1\0\0\0", "has no pixels"),
    ],
)
def test_a_picture_without_content_is_refused(name: str, data: bytes, said: str) -> None:
    with pytest.raises(DamagedError, match=said):
        READERS[name](data)


def test_boxes_may_have_long_lengths_and_the_last_may_have_none() -> None:
    data = PICTURES["plain.avif"]
    start = data.index(b"mdat") - 4
    (length,) = struct.unpack_from(">I", data, start)
    meta = data[:start]
    for box in (struct.pack(">I4s", 0, b"mdat"), struct.pack(">I4sQ", 1, b"mdat", length + 8)):
        assert READERS["AVIF"](meta + box + data[start + 8 :]) == SIZE
    with pytest.raises(CutError):
        READERS["AVIF"](data[: data.index(b"meta") - 4])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DRAWING.replace("</svg>", ""), "is not XML"),
        ("<html/>", "root other than"),
        (DRAWING.replace(' xmlns="http://www.w3.org/2000/svg"', ""), "root other than"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{DRAWING}", "defines entities"),
        (f'<?xml version="1.0" encoding="klingon"?>{DRAWING}', "unknown encoding|is not XML"),
    ],
)
def test_a_drawing_that_no_browser_draws_is_refused(text: str, said: str) -> None:
    with pytest.raises(DamagedError, match=said):
        read_svg(text.encode())


def test_a_drawing_is_read_in_any_encoding_that_it_names() -> None:
    assert read_svg(DRAWING.encode()) == (0, 0)
    assert read_svg(DRAWING.encode("utf-16")) == (0, 0)
    assert read_svg(f'<?xml version="1.0" encoding="latin-1"?>{DRAWING}'.encode("latin-1")) == (0, 0)


def test_a_drawing_that_ends_earlier_is_refused_wherever_it_ends() -> None:
    data = DRAWING.strip().encode()
    for end in range(len(data)):
        with pytest.raises(DamagedError):
            read_svg(data[:end])
