"""Pictures are written whole."""

from __future__ import annotations

import zlib

import pytest
from engblog.disk.png import encode, is_whole, sealed, unsealed


def test_a_png_is_refused_where_its_rows_are_not_as_many_as_said() -> None:
    data = encode(2, 2, bytes([0, 1, 0, 0, 0, 1]), [(255, 255, 255), (0, 0, 0)])
    assert is_whole(data)
    with pytest.raises(ValueError, match="2 rows"):
        encode(2, 2, b"\0\0\0", [(0, 0, 0)])
    assert zlib.crc32(data) == zlib.crc32(encode(2, 2, bytes([0, 1, 0, 0, 0, 1]), [(255, 255, 255), (0, 0, 0)]))


def test_a_sealed_png_is_one_and_opens_under_its_name_only() -> None:
    data, other = (encode(2, 1, bytes([0, each, 0]), [(255, 255, 255), (0, 0, 0)]) for each in (0, 1))
    kept = sealed(data, "a")
    assert is_whole(kept)
    assert unsealed(kept, "a") == data
    for foreign in (data, other, sealed(data, "b"), sealed(other, "b"), kept[:-1], kept + b"x", b"", b"\x89PNG"):
        assert unsealed(foreign, "a") is None
    assert unsealed(other[:-12] + kept[-56:], "a") is None, "the seal of another picture"
