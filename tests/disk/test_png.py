"""Pictures are written whole."""

from __future__ import annotations

import zlib

import pytest
from engblog.disk.png import encode, is_whole


def test_a_png_is_refused_where_its_rows_are_not_as_many_as_said() -> None:
    data = encode(2, 2, bytes([0, 1, 0, 0, 0, 1]), [(255, 255, 255), (0, 0, 0)])
    assert is_whole(data)
    with pytest.raises(ValueError, match="2 rows"):
        encode(2, 2, b"\0\0\0", [(0, 0, 0)])
    assert zlib.crc32(data) == zlib.crc32(encode(2, 2, bytes([0, 1, 0, 0, 0, 1]), [(255, 255, 255), (0, 0, 0)]))
