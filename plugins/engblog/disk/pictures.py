"""Reads files that pages show as pictures."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError, features

from engblog.model.picture import Picture
from engblog.source.pictures import MOST_BYTES, recognize

_DECODED = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "WebP": "WEBP", "AVIF": "AVIF"}
"""The formats that Pillow decodes, if it was built with them, each by Pillow's name."""
_MOST_PIXELS = 256 * 256
"""A picture with more pixels is not decoded, only read from its first part to its last: the check reads all pictures of
all articles, and decoding a large one takes 30 ms."""


def look_at(path: Path) -> Picture | None:
    """Describe the file *path* as a picture; None if it cannot be read."""
    data = read_file(path, MOST_BYTES + 1)
    if data is None:
        return None
    picture = recognize(data)
    name = _DECODED.get(picture.kind)
    if name is None or picture.problem or picture.width * picture.height > _MOST_PIXELS:
        return picture
    return picture if _decodes(data, name) else Picture(picture.kind, problem="cannot be decoded")


def read_file(path: Path, limit: int = -1) -> bytes | None:
    """Up to *limit* bytes of the file *path*; None if it is missing, is not a file, or may not be read."""
    try:
        if not path.is_file():  # a pipe would never end
            return None
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return None


def _decodes(data: bytes, name: str) -> bool:
    Image.init()
    if name not in Image.OPEN:
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata does not keep a browser from showing the picture
            with Image.open(io.BytesIO(data), formats=[name]) as image:
                image.load()
    except UnidentifiedImageError:
        return not _is_built_in(name)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return False
    return True


def _is_built_in(name: str) -> bool:
    """True if this Pillow can decode the format *name*; some are built without the newer ones."""
    return name not in {"WEBP", "AVIF"} or bool(features.check(name.lower()))
