"""Files that pages show as pictures, as they are on disk."""

from __future__ import annotations

import os
import struct
import warnings
import zlib
from pathlib import Path

import pytest
from engblog.disk.pictures import look_at, read_file
from engblog.model.picture import Picture
from support.pictures import PNG, pictures


def written(folder: Path, data: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", pictures())
def test_every_format_is_read_and_decoded(tmp_path: Path, name: str) -> None:
    found = look_at(written(tmp_path, pictures()[name]))
    assert found is not None
    assert (found.width, found.height, found.problem) == (9, 7, "")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_small_picture_whose_pixels_cannot_be_unpacked_is_found(tmp_path: Path) -> None:
    assert look_at(written(tmp_path, png(9, 7, b"no pixels"))) == Picture("PNG", problem="cannot be decoded")
    assert look_at(written(tmp_path, png(9, 7, zlib.compress(bytes(70))))) == Picture("PNG", 9, 7)


def test_a_picture_of_many_pixels_is_not_decoded(tmp_path: Path) -> None:
    """A few kilobytes can unpack to gigabytes."""
    found = look_at(written(tmp_path, png(60_000, 1_000, zlib.compress(bytes(1000)))))
    assert found == Picture("PNG", 60_000, 1_000)
    bomb = look_at(written(tmp_path, png(60_000, 60_000, zlib.compress(bytes(1000)))))
    assert bomb == Picture("PNG", 60_000, 60_000, problem="has 60,000×60,000 pixels")


def test_odd_metadata_is_not_a_problem(tmp_path: Path) -> None:
    data = pictures()["plain.jpg"]
    exif = b"\xff\xe1\0\x10Exif\0\0II*\0\xff\xff\xff\xff"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert look_at(written(tmp_path, data[:2] + exif + data[2:])) == Picture("JPEG", 9, 7)


def test_what_is_not_a_file_cannot_be_read_and_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "gone", "."):
        assert look_at(tmp_path / name) is None
        assert read_file(tmp_path / name) is None


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, b"abc"), 2) == b"ab"
