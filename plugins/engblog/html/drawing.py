"""Drawings (SVG) as files of a site: the parts that one may have, and how much a browser would draw of it.

A browser that opens the file runs what is in it as part of the site, and no policy holds it back. So this is a list of
what is allowed (:mod:`engblog.html.drawing_names`), over what the parser of a browser reads, not of what is forbidden.
References lead to the same file only. A part that is used several times is drawn as many times, and what it uses again
as many times more, so the bounds are on what is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from engblog.html.css import own_references, unfit_css
from engblog.html.drawing_names import ELEMENTS, REFERRING, VALUES, WORDS, XML
from engblog.model.problems import quote

MOST_BYTES = 300_000
MOST_ELEMENTS = 5_000
"""The most elements that are drawn, each counted whenever it is used."""
DEEPEST = 20
"""The most levels of elements in elements, those that are used counted where they are used."""
_MOST_FAULTS = 20
"""After so many faults of one file, the rest is left out."""

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_OWN = re.compile(r"#[^\s\"'()<>\\]+")
_OUT = "take it out: a drawing has shapes, lines and text only"


class DrawingFault(NamedTuple):
    """A part of a drawing that must not be there: its place, a message that says so of "it", and a hint."""

    line: int
    column: int
    message: str
    hint: str


@dataclass(slots=True)
class _Part:
    """An element of a drawing."""

    name: str
    line: int
    column: int
    children: list[_Part] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    """Ids that it draws in its own place (``href``)."""
    painted: list[str] = field(default_factory=list)
    """Ids that it or what is in it may be painted with (``url(#…)``)."""
    marked: list[str] = field(default_factory=list)
    """Ids that may be painted at each of its corners."""
    corners: int = 1
    """The most corners that it could have."""
    text: list[str] = field(default_factory=list)


class _StopError(Exception):
    """The rest of the file is not read."""


def drawing_faults(data: bytes) -> list[DrawingFault]:
    """Everything that keeps the file with the bytes *data* from being published as a drawing, by place."""
    if len(data) > MOST_BYTES:
        hint = "simplify it, or use a PNG or WebP picture"
        return [
            DrawingFault(
                1, 1, f"it has {len(data):,} bytes, more than the {MOST_BYTES:,} characters of a drawing", hint
            )
        ]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        return [DrawingFault(line, column, "it is not UTF-8", "save it as UTF-8")]
    if b"\0" in data:  # the parser would take it for UTF-16, whatever it is told
        return [DrawingFault(1, 1, "it is not UTF-8", "save it as UTF-8")]
    return sorted(_Reader().read(data))[:_MOST_FAULTS]


class _Reader:
    def __init__(self) -> None:
        self._faults: list[DrawingFault] = []
        self._open: list[_Part] = []
        self._root: _Part | None = None
        self._ids: dict[str, list[_Part]] = {}
        self._count = 0
        self._data = b""
        self._expat = expat.ParserCreate("utf-8", " ")
        self._expat.buffer_text = True
        self._expat.ordered_attributes = True
        self._expat.XmlDeclHandler = self._declaration
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.ProcessingInstructionHandler = self._instruction
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def read(self, data: bytes) -> list[DrawingFault]:
        self._data = data
        try:
            self._expat.Parse(data, True)
        except _StopError:
            return self._faults
        except expat.ExpatError as error:
            message = f"it is not XML: {expat.ErrorString(error.code)}"
            hint = "open the file in a browser to see where it breaks"
            self._faults.append(DrawingFault(error.lineno, error.offset + 1, message, hint))
            return self._faults
        if self._root is not None and not self._faults:
            self._faults += _too_much(self._root, self._ids)
        return self._faults

    def _note(self, message: str, hint: str, part: _Part | None = None) -> None:
        line = part.line if part else self._expat.CurrentLineNumber
        column = part.column if part else self._expat.CurrentColumnNumber + 1
        self._faults.append(DrawingFault(line, column, message, hint))

    def _declaration(self, version: str, encoding: str | None, _: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            self._note(f"it says that it is in {quote(encoding or version)}", 'save it as UTF-8: encoding="UTF-8"')

    def _doctype(self, *_: object) -> None:
        before = self._data.partition(b"<!DOCTYPE")[0]  # the parser is behind it already
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        hint = "delete the lines <!DOCTYPE …> and <!ENTITY …>"
        self._faults.append(DrawingFault(line, column, "it has a DOCTYPE", hint))
        raise _StopError

    def _instruction(self, target: str, _: str) -> None:
        self._note(f"it has an instruction <?{target[:40]}?>", "delete it; colours are attributes")

    def _start(self, full: str, pairs: list[str]) -> None:
        space, _, name = full.rpartition(" ")
        part = _Part(name, self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber + 1)
        self._count += 1
        if self._count > MOST_ELEMENTS:
            self._note(f"it has more than {MOST_ELEMENTS:,} elements", "simplify it, or use a PNG or WebP picture")
            raise _StopError
        if self._root is None:
            self._root = part
            if (space, name) != (_SVG, "svg"):
                self._note("its root is not <svg>", f'start it with <svg xmlns="{_SVG}" viewBox="…">')
                raise _StopError
        elif len(self._open) >= DEEPEST:
            self._note(f"it is nested more than {DEEPEST} levels deep", "use fewer groups within groups")
            raise _StopError
        else:
            self._open[-1].children.append(part)
        self._open.append(part)
        if space != _SVG or name not in ELEMENTS:
            self._note(f"it has an element <{name[:60]}>" + ("" if space == _SVG else " that is not SVG"), _OUT)
            return
        for attribute, value in zip(pairs[::2], pairs[1::2], strict=True):
            self._attribute(part, attribute, value)

    def _attribute(self, part: _Part, full: str, value: str) -> None:
        space, _, name = full.rpartition(" ")
        if space == _XML and name in XML:
            return
        if name.lower() == "href" and space in {"", _XLINK}:
            if name != "href" or part.name not in REFERRING or not _OWN.fullmatch(value):
                self._note(f"<{part.name}> refers to {quote(value)}", "refer to ids of the same file only: #id")
            else:
                part.used.append(value[1:])
        elif space or name not in WORDS | VALUES:
            self._note(f"<{part.name}> has the attribute {name[:60]}", _OUT)
        elif name == "id":
            self._ids.setdefault(value, []).append(part)
        elif name in VALUES:
            if unfit := unfit_css(value):
                hint = "refer to ids of the same file only: url(#id); write a colour as #rrggbb"
                self._note(f"<{part.name}> {_does(unfit)} {quote(unfit)} in the attribute {name}", hint)
            (part.marked if name in {"marker-mid", "style"} else part.painted).extend(own_references(value))
            if name in {"d", "points"}:
                part.corners = max(1, len(value))

    def _text(self, text: str) -> None:
        if self._open and self._open[-1].name == "style":
            self._open[-1].text.append(text)

    def _end(self, _: str) -> None:
        part = self._open.pop()
        if part.name == "style" and (unfit := unfit_css("".join(part.text), is_sheet=True)):
            hint = "a style sheet in a drawing sets colours, lines and letters only; refer to ids in attributes"
            self._note(f"<style> {_does(unfit)} {quote(unfit)}", hint, part)


def _does(css: str) -> str:
    return "loads" if re.match(r"\\|@|url|src|(?:-\w+-)?(?:image|cross-fade|element)", css, re.IGNORECASE) else "has"


class _Size(NamedTuple):
    """The size of a part with everything that it uses."""

    elements: int
    corners: int
    levels: int


def _too_much(root: _Part, ids: Mapping[str, list[_Part]]) -> Iterator[DrawingFault]:
    """The problem with what a browser would draw of *root*, whose parts have *ids*."""
    sizes: dict[int, _Size] = {}
    within: set[int] = set()
    waiting: list[tuple[_Part, bool]] = [(root, False)]
    while waiting:
        part, is_ready = waiting.pop()
        if is_ready:
            within.discard(id(part))
            size = sizes[id(part)] = _size_of(part, ids, sizes)
            if size.elements > MOST_ELEMENTS:
                message = f"it has more than {MOST_ELEMENTS:,} elements, those that are used counted each time"
                yield DrawingFault(part.line, part.column, message, "use fewer parts within parts, or a PNG picture")
                return
            if size.levels > DEEPEST:
                message = f"it is nested more than {DEEPEST} levels deep, with what it uses"
                yield DrawingFault(part.line, part.column, message, "use fewer parts within parts")
                return
        elif id(part) in within:
            yield DrawingFault(part.line, part.column, f"<{part.name}> uses itself", "take the circle out")
            return
        elif id(part) not in sizes:
            within.add(id(part))
            waiting.append((part, True))
            waiting += [
                (each, False) for each in (*part.children, *_targets(part.used + part.painted + part.marked, ids))
            ]


def _targets(names: list[str], ids: Mapping[str, list[_Part]]) -> Iterator[_Part]:
    for name in names:
        yield from ids.get(name, ())


def _size_of(part: _Part, ids: Mapping[str, list[_Part]], sizes: Mapping[int, _Size]) -> _Size:
    inner = [sizes[id(each)] for each in (*part.children, *_targets(part.used, ids))]
    elements = 1 + sum(each.elements for each in inner)
    corners = part.corners + sum(each.corners for each in inner)
    levels = 1 + max((each.levels for each in inner), default=0)
    size = _Size(elements, corners, levels)
    for names, times in ((part.painted, elements), (part.marked, corners)):  # what is in the part inherits its paint
        for target in _targets(names, ids):
            paint = sizes[id(target)]
            size = _Size(
                size.elements + paint.elements * times,
                size.corners + paint.corners * times,
                max(size.levels, 1 + paint.levels),
            )
    return size
