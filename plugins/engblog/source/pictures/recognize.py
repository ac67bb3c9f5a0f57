"""Recognizes the content of a file by its first bytes, and says whether it is a complete picture."""

from __future__ import annotations

import re
import struct

from engblog.model.packed import PNG_SIGNATURE
from engblog.model.picture import LFS, Picture
from engblog.source.pictures.formats import READERS, CutError, DamagedError

MOST_BYTES = 16 * 1024 * 1024
"""A larger file is not looked at: readers would have to load it with the page."""
MOST_PIXELS = 64_000_000
"""More pixels than any telephone's camera has; browsers need four bytes of memory for each."""

_UNFILLED = bytes(512)
"""The end of a file whose size was set before its content arrived; no packed picture has as many zeros."""

_LFS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
_STARTS = (
    (PNG_SIGNATURE, "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\0\0\1\0", "ICO"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"%PDF-", "PDF"),
    (b"PK\3\4", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"\x1aE\xdf\xa3", "video"),
)
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"hevc": "HEIC"}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|script|div|p)\b", re.IGNORECASE)
_BEFORE_ROOT = re.compile(r"(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->)|<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\])?+\s*+>)*+", re.DOTALL)
_LOOKED_AT = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def recognize(data: bytes) -> Picture:
    """Describe the file with the bytes *data*, which must be all of it unless it has more than :data:`MOST_BYTES`."""
    if not data:
        return Picture(complete=False, problem="is empty")
    kind = kind_of(data)
    reader = READERS.get(kind)
    if reader is None:
        return Picture(kind)
    if len(data) > MOST_BYTES:
        return Picture(kind, problem=f"is larger than {MOST_BYTES // 1024 // 1024} MiB")
    try:
        width, height = reader(data)
        if data.endswith(_UNFILLED):
            raise CutError
    except (CutError, struct.error, IndexError):
        return Picture(kind, complete=False, problem="is cut off: the end of the file is missing")
    except DamagedError as error:
        return Picture(kind, problem=str(error))
    if width * height > MOST_PIXELS:
        return Picture(kind, width, height, problem=f"has {width:,}×{height:,} pixels")
    return Picture(kind, width, height)


def kind_of(data: bytes) -> str:
    """The format that the first bytes of a file have: ``PNG``, ``HTML``, ``text``; empty if we do not know it."""
    if data.startswith(_LFS):
        return LFS
    if data[:4] == b"RIFF" and b"WEBP".startswith(data[8:12]):
        return "WebP"
    if data[4:8] == b"ftyp":
        return _brand_of(data)
    found = next((kind for start, kind in _STARTS if data.startswith(start)), "")
    return found or _kind_of_text(data) or _kind_of_stump(data)


def _brand_of(data: bytes) -> str:
    """The format of a file that consists of boxes, by the brands that it gives itself."""
    length = int.from_bytes(data[:4], "big")
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(length, len(data), 256), 4))]
    kinds = {_BRANDS[brand] for brand in brands if brand in _BRANDS}
    return "AVIF" if "AVIF" in kinds else next(iter(kinds), "video")


def _kind_of_text(data: bytes) -> str:
    """``SVG``, ``HTML`` or ``text``; empty if it is none of these."""
    head = data[:_LOOKED_AT]
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = head.decode(encoding, "strict" if len(data) <= _LOOKED_AT else "ignore")
    except UnicodeDecodeError:
        text = head.decode("latin-1") if head.lstrip().startswith(b"<") else "\0"
    if _CONTROL.search(text):
        return ""
    start = _BEFORE_ROOT.match(text)
    root = text[start.end() if start else 0 :]
    if re.match(r"<(?:[\w.-]+:)?svg\b", root):
        return "SVG"
    return "HTML" if _HTML.match(text.lstrip()) or _HTML.match(root) else "text"


def _kind_of_stump(data: bytes) -> str:
    """The format of a file that ends before its first bytes are complete."""
    known = (kind for start, kind in _STARTS if kind in READERS and start.startswith(data))
    return next(known, "") if len(data) > 1 else ""
