"""Files that a text links to and that browsers open as documents: HTML, drawings, XML, style sheets, scripts.

They refer to further files, which are published with them, and they must keep the same promises as pages: no code that
no policy allows, and nothing from another host.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from engblog.html.css import css_loads, script_loads
from engblog.html.inline_code import PHRASES, allows
from engblog.html.page import ReadPage, Use, places_in_drawing, places_on_page, read_drawing, read_page
from engblog.model.problems import quote
from engblog.model.urls import resolve_path
from engblog.source.local_references import is_local

_HTML = (".html", ".htm", ".shtml")
_XML = (".svg", ".xhtml", ".xht", ".xml", ".xsl", ".xslt", ".rdf", ".mml")
DOCUMENTS = (*_HTML, *_XML)
"""The endings of names of files in which a browser runs scripts when a reader opens them."""
REFERRING = (*DOCUMENTS, ".css", ".js", ".mjs")
"""The endings of names of files that can refer to others."""
_QUOTED = re.compile(r"[\"'`]((?:\.{1,2}/)[^\"'`\s?#]+)")
"""A relative address in a script."""
_PAGE = ".html"


_Fault = tuple[str, str, "tuple[str, str] | int | None"]
"""A message, a hint and a place: a tag, or the number of characters before it."""


class DocumentFault(NamedTuple):
    """A problem with a document: its place, a message and a hint."""

    line: int
    column: int
    message: str
    hint: str


def files_of_document(name: str, data: bytes) -> Iterator[str]:
    """The files that the document *name*, a path from the docs folder, refers to with the bytes *data*."""
    folder = posixpath.dirname(name)
    for address in _addresses(name, data):
        if is_local(address) and (path := resolve_path(folder, address)) is not None:
            yield path


def _addresses(name: str, data: bytes) -> Iterator[str]:
    lowered = name.lower()
    if lowered.endswith(DOCUMENTS):
        yield from (reference.address for reference in _read(name, data).references)
    elif lowered.endswith(".css"):
        yield from css_loads(data.decode("utf-8", "replace"))
    else:
        yield from (found[1] for found in _QUOTED.finditer(data.decode("utf-8", "replace")))


def document_faults(name: str, data: bytes, files: Container[str], folder: str) -> Iterator[DocumentFault]:
    """The problems that a build would refuse the document *name* for.

    *files* are those that exist; references that lead out of *folder*, whose files are published together, are not
    checked.
    """
    text = data.decode("utf-8", "replace")
    places: Mapping[tuple[str, str], int] | None = None
    for message, hint, key in _faults(name, data, text, files, folder):
        at = key if isinstance(key, int) else 0
        if isinstance(key, tuple):
            if places is None:
                places = places_in_drawing(data) if name.lower().endswith(_XML) else places_on_page(text)
            at = places.get(key, 0)
        before = text[:at]
        yield DocumentFault(before.count("\n") + 1, len(before) - before.rfind("\n"), message, hint)


def _faults(name: str, data: bytes, text: str, files: Container[str], folder: str) -> Iterator[_Fault]:
    if name.lower().endswith(DOCUMENTS):
        read = _read(name, data)
        yield from _unfit(name, read)
        loads: list[tuple[str, str, Use, tuple[str, str] | int]] = [
            (f"<{each.element}>", each.address, each.use, each.place) for each in read.references
        ]
    else:
        addresses = css_loads(text) if name.lower().endswith(".css") else script_loads(text)
        loads = [("the file", each, Use.LOAD, max(0, text.find(each))) for each in addresses]
    for said, address, use, key in loads:
        if use in {Use.LOAD, Use.REFRESH} and _is_elsewhere(address):
            message = f"{said} asks another host for {quote(address, 120)}"
            yield message, "keep a copy beside it, so that no other host learns of a visit", key
        elif is_local(address) and (path := resolve_path(posixpath.dirname(name), address)) is not None:
            within = not folder or path.startswith(f"{folder}/")
            if within and path not in files and "." in posixpath.basename(path):
                yield f"{said} refers to {quote(address, 120)}, which does not exist", "add the file", key


def _unfit(name: str, read: ReadPage) -> Iterator[_Fault]:
    if name.lower().endswith(_PAGE) and not read.hidden and not read.redirects:
        message = "search engines would list this file, but it is not one of the site's pages"
        yield message, 'add <meta name="robots" content="noindex"> to its <head>, or make it a page in Markdown', None
    for inline in read.inline:
        coloured = not name.lower().endswith(_PAGE) and inline.kind in {"style", "attribute"}  # as a drawing may be
        if not coloured and not allows(read.policy, inline):
            message = f"{PHRASES[inline.kind]} {quote(inline.text, 40)}"
            yield message, "opening this file would run it: take it out, or move it into a file", inline.place


def _is_elsewhere(address: str) -> bool:
    return re.match(r"(?!data:)(?:[a-z][a-z0-9+.-]*:)?(?:[/\\]{2})", address, re.IGNORECASE) is not None


def _read(name: str, data: bytes) -> ReadPage:
    if name.lower().endswith(_XML):
        return read_drawing(data)
    return read_page(data.decode("utf-8", "replace"))
