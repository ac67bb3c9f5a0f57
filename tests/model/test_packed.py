"""What zlib packed is unpacked whole, or not at all."""

from __future__ import annotations

import gzip
import zlib

import pytest
from engblog.model.packed import ZLIB, unpacked

TEXT = b"The same text. " * 20


def test_what_was_packed_comes_back() -> None:
    assert unpacked(gzip.compress(TEXT)) == TEXT
    assert unpacked(zlib.compress(TEXT), ZLIB) == TEXT
    assert unpacked(gzip.compress(b"")) == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        gzip.compress(TEXT, mtime=0)[:-1],
        gzip.compress(TEXT, mtime=0) + b"x",
        gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0),
        zlib.compress(TEXT),
    ],
)
def test_what_is_damaged_or_has_something_behind_it_is_none(data: bytes) -> None:
    assert unpacked(data) is None


def test_no_more_is_unpacked_than_is_allowed() -> None:
    assert unpacked(gzip.compress(TEXT), most=len(TEXT)) == TEXT
    assert unpacked(gzip.compress(TEXT), most=len(TEXT) - 1) is None
    assert unpacked(gzip.compress(b"x" * 10_000_000), most=100) is None
