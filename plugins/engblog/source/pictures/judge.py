"""Judges a file that a page shows as a picture: the problem with it, and what to do about it."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from engblog.model.picture import LFS, Picture
from engblog.model.problems import Code, quote
from engblog.source.pictures.formats import READERS

PICTURES = {
    ".png": "PNG",
    ".apng": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jfif": "JPEG",
    ".pjpeg": "JPEG",
    ".pjp": "JPEG",
    ".gif": "GIF",
    ".webp": "WebP",
    ".avif": "AVIF",
    ".svg": "SVG",
    ".ico": "ICO",
}
"""The endings of names by which servers tell a browser the format."""
_USUAL = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WebP": ".webp", "AVIF": ".avif", "SVG": ".svg", "ICO": ".ico"}
LOOKS_LIKE_A_PICTURE = (*PICTURES, ".bmp", ".heic", ".jxl", ".svgz", ".tif", ".tiff")
"""The endings of names that promise a picture, in lower case."""
_NO_PICTURES = {
    "HTML": "is an HTML page",
    "text": "is text",
    "PDF": "is a PDF",
    "ZIP": "is a ZIP archive",
    "gzip": "is packed by gzip",
    "video": "is a video",
    "": "is in a format that no browser knows",
}


class Fault(NamedTuple):
    """A problem with a picture: its code, a message and a hint."""

    code: Code
    message: str
    hint: str


def picture_fault(target: str, path: str, picture: Picture | None) -> Fault | None:
    """The problem with *picture*, the file *path*, which a page shows as *target*; None if browsers can show it.

    If *picture* itself is None, the file cannot be read.
    """
    if picture is None:
        hint = "check its permissions, and that it is a file"
        return Fault(Code.R011_NOT_A_PICTURE, f"{quote(target)} cannot be read", hint)
    if picture.kind == LFS:
        return pointer_fault(target)
    fault = _fault(posixpath.basename(path), picture)
    return fault and Fault(Code.R011_NOT_A_PICTURE, f"{quote(target)} {fault[0]}", fault[1])


def pointer_fault(target: str) -> Fault:
    """The problem with a file that Git LFS has not fetched."""
    return Fault(
        Code.R014_NOT_FETCHED, f"{quote(target)} is a Git LFS pointer, not the file itself", "run: git lfs pull"
    )


def _fault(name: str, picture: Picture) -> tuple[str, str] | None:
    kind = picture.kind
    again = "copy it again from where it came from"
    if not kind and picture.problem:
        return picture.problem, again
    if kind in _NO_PICTURES:
        return f"{_NO_PICTURES[kind]}, not a picture", "save the picture itself under this name"
    if kind not in READERS:
        return f"is a picture in the format {kind}, which is not made for pages", "save it as PNG, WebP or AVIF"
    stem, suffix = posixpath.splitext(name)
    promised = PICTURES.get(suffix.lower())
    if promised != kind:
        said = "its name does not say so" if promised is None else f"its name says {promised}"
        hint = f"rename it to {stem}{_USUAL[kind]}: servers tell browsers the format by the name"
        return f"is in the format {kind}, but {said}", hint
    if picture.problem:
        large = picture.problem.startswith("is larger") or picture.problem.endswith("pixels")
        return f"{picture.problem}", "make it smaller: readers load it with the page" if large else again
    return None
