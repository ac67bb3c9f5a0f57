"""Addresses as authors write them and as files: ``/old/``, ``old/`` and ``old/index.html`` are one."""

from __future__ import annotations

import re
import unicodedata

_ODD = re.compile(r"[\s?#\\<>\"%\x00-\x1f\x7f-\x9f]")
_LONGEST_NAME, _LONGEST_PATH = 200, 1000
"""Bytes: file systems take 255 for a name and some 4,000 for a whole path, the folder of the site included."""


def site_path(text: str) -> str | None:
    """*text*, a path of this site as an author writes it, as an address from the site's root.

    ``/old`` and ``/old/`` are ``old/``; a last part with a dot is a file's name, ``/2019/old.html``. None for what is
    no path, for what no server or disk would take (a name that begins with a dot, or is endless), and for the site's
    root, which is always there.
    """
    segments = text.strip("/").split("/")
    odd = not text.startswith("/") or text.startswith("//") or text == "/" or _ODD.search(text)
    if odd or len(text.encode()) > _LONGEST_PATH:
        return None
    if any(not segment or segment[0] == "." or len(segment.encode()) > _LONGEST_NAME for segment in segments):
        return None
    plain = text.removeprefix("/")
    return plain if text.endswith("/") or "." in segments[-1] else f"{plain}/"


def page_file(address: str) -> str:
    """The file of the page at *address*, a path from the site's root: ``old/`` is in ``old/index.html``."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def page_address(file: str) -> str:
    """The address of the page in *file*, a path from the site's root."""
    folder, _, name = file.rpartition("/")
    return (f"{folder}/" if folder else "") if name == "index.html" else file


def fold(path: str) -> str:
    """*path* as a file system that knows neither letter case nor ways to write an accent sees it."""
    return unicodedata.normalize("NFC", path).casefold()
