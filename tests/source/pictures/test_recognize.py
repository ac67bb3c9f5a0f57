"""What a file is, by its bytes."""

from __future__ import annotations

import pytest
from engblog.model.picture import LFS
from engblog.source.pictures import MOST_BYTES, kind_of, recognize
from hypothesis import given
from hypothesis import strategies as st
from support.pictures import LFS_POINTER, PNG, pictures
from support.sources import DRAWING

KINDS = {
    "PNG": [PNG],
    "SVG": [
        DRAWING.encode(),
        DRAWING.encode("utf-16"),
        b"\xef\xbb\xbf" + DRAWING.encode(),
        f"<?xml version='1.0'?>\n<!-- drawn -->\n<!DOCTYPE svg PUBLIC 'x' 'y'>\n{DRAWING}".encode(),
        b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0' encoding='latin-1'?><svg>\xe4</svg>",
    ],
    "HTML": [b"<!DOCTYPE html><p>404", b"\n<HTML>", b"<!-- x --><head>", b"<?xml version='1.0'?><html/>"],
    "text": [b"hello", b'{"error": 404}', "größer".encode(), b"<xml/>", b"#" * 100_000 + "ä".encode()],
    LFS: [LFS_POINTER, b"version https://hawser.github.com/spec/v1\n"],
    "PDF": [b"%PDF-1.7\n"],
    "ZIP": [b"PK\3\4\0"],
    "gzip": [b"\x1f\x8b\x08"],
    "TIFF": [b"II*\0", b"MM\0*"],
    "BMP": [b"BM\0\0"],
    "HEIC": [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
    "video": [b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", b"\x1aE\xdf\xa3"],
    "JPEG XL": [b"\xff\x0a\0"],
    "": [b"\0", bytes(1000), b"\x7fELF\2", b"text\0text", "größer".encode("latin-1")],
}


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, every in KINDS.items() for data in every])
def test_a_file_is_known_by_its_bytes(kind: str, data: bytes) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("name", pictures())
def test_a_picture_is_recognized_and_no_part_of_it_passes_for_one(name: str) -> None:
    data = pictures()[name]
    whole = recognize(data)
    assert (whole.width, whole.height, whole.complete, whole.problem) == (9, 7, True, "")
    for end in range(len(data)):
        part = recognize(data[:end])
        assert part.problem or part.kind != whole.kind, end
        assert not (part.complete and part.kind == whole.kind and not part.problem)


def test_an_empty_file_is_not_a_picture() -> None:
    assert recognize(b"").problem == "is empty"


def test_the_first_bytes_of_a_picture_are_a_picture_that_is_cut_off() -> None:
    assert recognize(PNG[:5]).kind == "PNG"
    assert not recognize(PNG[:5]).complete


def test_a_picture_that_is_too_large_to_show_is_not_read() -> None:
    assert recognize(PNG + bytes(MOST_BYTES)).problem == "is larger than 16 MiB"
    gif = b"GIF89a\xff\xff\xff\xff\0\0\0," + bytes(9) + b"\2\1\0\0;"
    assert recognize(gif).problem == "has 65,535×65,535 pixels"


def test_a_copy_that_was_prepared_and_not_filled_is_cut_off() -> None:
    webp = pictures()["plain.webp"]
    length = len(webp) + 600 - 8
    padded = webp[:4] + length.to_bytes(4, "little") + webp[8:]
    chunk = b"EXIF" + (600 - 8).to_bytes(4, "little")
    assert not recognize(padded + chunk + bytes(600 - 8)).complete


@given(st.binary(max_size=300))
def test_no_bytes_are_beyond_description(data: bytes) -> None:
    found = recognize(data)
    assert found.problem or found.complete
