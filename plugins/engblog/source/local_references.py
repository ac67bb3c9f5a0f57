"""The files of the docs folder that a text refers to, by whatever means: links, pictures, includes, HTML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from engblog.model.urls import resolve_path
from engblog.source.body import Body, Reference
from engblog.source.includes import include_path
from engblog.source.pictures import LOOKS_LIKE_A_PICTURE

ATTRIBUTE = re.compile(r"(?<![^\s=\"'<>/])([^\s=\"'<>/]++)\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")
"""An attribute of an element or of an attribute list: its name, and its value with quotation marks."""
SCHEME = re.compile(r"^\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ADDRESSES = frozenset({"src", "srcset", "href", "poster", "data", "background", "xlink:href"})
_SHOWING = frozenset({("img", "src"), ("img", "srcset"), ("source", "srcset"), ("video", "poster"), ("input", "src")})
"""Elements and attributes that show a picture."""


class LocalReference(NamedTuple):
    """A file that a text refers to."""

    path: str
    """From the docs folder; there may be no such file."""
    target: str
    """The address as written, without what follows ``?`` or ``#``."""
    is_picture: bool
    """True if the page shows it as a picture, or if its name promises one."""
    is_html: bool
    """True if an HTML element refers to it: its address then starts at the page, not at the text."""
    reference: Reference


def local_references(
    body: Body, folder: str, page_folder: str, *, files_move: bool = False
) -> Iterator[LocalReference]:
    """Every file that *body* refers to, whether it exists or not.

    Markdown's addresses start at *folder*, the folder of the text; those in HTML elements start at *page_folder*, the
    folder of its page. Both are paths from the docs folder. With *files_move*, the files of the one are published in
    the other, as an article's are.
    """
    for reference in body.references:
        if reference.kind in {"image", "link"}:
            address = reference.target
            if is_local(address) and (path := resolve_path(folder, address)) is not None:
                is_picture = reference.kind == "image" or _promises_a_picture(path)
                yield LocalReference(path, _bare(address), is_picture, False, reference)
        elif reference.kind == "include":
            name = include_path(reference.target)[0]
            if (path := resolve_path(folder, name)) is not None:
                yield LocalReference(path, name, False, False, reference)
        elif reference.kind in {"element", "attributes"}:
            for attribute, address in addresses_in(reference.text):
                if is_local(address) and (path := resolve_path(page_folder, address)) is not None:
                    if files_move and path.startswith(f"{page_folder}/"):
                        path = posixpath.join(folder, path[len(page_folder) + 1 :])
                    is_picture = (reference.target, attribute) in _SHOWING or _promises_a_picture(path)
                    yield LocalReference(path, _bare(address), is_picture, True, reference)


def addresses_in(attributes: str) -> Iterator[tuple[str, str]]:
    """The name of each of *attributes* that has addresses, with each of them."""
    for name, value in ATTRIBUTE.findall(attributes):
        attribute = name.lstrip(":").lower()
        if attribute in _ADDRESSES:
            bare = unescape(value.strip("\"'")).strip()
            candidates = (
                [part.split()[0] for part in bare.split(",") if part.split()] if attribute == "srcset" else [bare]
            )
            yield from ((attribute, candidate) for candidate in candidates)


def is_local(address: str) -> bool:
    """True if *address* names a file by its path from the text, not by an address of the site or of another host."""
    return bool(_bare(address)) and not address.startswith(("/", "\\")) and not SCHEME.match("".join(address.split()))


def _bare(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0]


def _promises_a_picture(path: str) -> bool:
    return path.lower().endswith(LOOKS_LIKE_A_PICTURE)
