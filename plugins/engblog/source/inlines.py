"""The pieces of a line of prose that CommonMark reads before anything else: code, tags, addresses in angle brackets.

The rules are those of the specification, 0.31, sections 6.1 to 6.6: these bind more tightly than emphasis and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class PieceKind(Enum):
    """A kind of piece."""

    TEXT = "text"
    CODE = "code"
    TAG = "tag"
    HIDDEN = "hidden"
    """A comment, a processing instruction, a declaration or CDATA, which no page shows."""
    ADDRESS = "address"
    ESCAPE = "escape"
    """A backslash and the punctuation behind it."""
    BREAK = "break"
    """A backslash at the end of a line."""


class Piece(NamedTuple):
    """A piece of text and its place: characters before it."""

    kind: PieceKind
    text: str
    start: int


_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_ATTRIBUTE = r"(?:\s+[A-Za-z_:][A-Za-z0-9_.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)"
TAG = re.compile(rf"<(?P<name>{_NAME})(?P<attributes>{_ATTRIBUTE}*+)\s*(?P<empty>/?)>|</(?P<end>{_NAME})\s*>")
"""A tag in a line."""
ATTRIBUTE = re.compile(
    r"(?<!\s)\s++(?P<name>[A-Za-z_:][A-Za-z0-9_.:-]*+)(?:\s*+=\s*+(?P<value>[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
)
HIDDEN = re.compile(r"<!---?>|<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z].*?>", re.DOTALL)
"""Constructs that a browser does not show."""
_ADDRESS = re.compile(
    r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>"
    r"|<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*>"
)
_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
"""Openings and ends of these; each end is looked for no more than once where it is not."""
_TARGET = re.compile(r"\]\(\s*<[^<>\n]*>")
_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"[\\`<]|\]\(")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of *text*, the content of a paragraph, a heading or a cell; joined, they are *text* again."""
    at = shown = 0
    ticks, absent = _runs(text), set[str]()
    while found := _SPECIAL.search(text, at):
        at = found.start()
        piece = _special(text, at, ticks, absent)
        if piece is None:
            at = max(at + 1, found.end())
            continue
        if piece.text:
            if shown < at:
                yield Piece(PieceKind.TEXT, text[shown:at], shown)
            yield piece
            shown = at = at + len(piece.text)
    if shown < len(text):
        yield Piece(PieceKind.TEXT, text[shown:], shown)


def _runs(text: str) -> dict[int, list[int]]:
    """Places of the runs of backticks by their length, so that each search for the end of code is short."""
    places: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        places.setdefault(len(run[0]), []).append(run.start())
    return places


def _special(text: str, at: int, ticks: dict[int, list[int]], absent: set[str]) -> Piece | None:
    """The piece that begins at *at*; None if it is text. *absent* are the ends that are nowhere behind it."""
    first = text[at]
    if first == "\\":
        if text[at + 1 : at + 2] == "\n":
            return Piece(PieceKind.BREAK, text[at : at + 2], at)
        return Piece(PieceKind.ESCAPE, text[at : at + 2], at) if _ESCAPED.match(text, at) else None
    if first == "`":
        run = _TICKS.match(text, at)
        width = len(run[0]) if run else 1
        ends = ticks.get(width, [])
        while ends and ends[0] <= at:
            ends.pop(0)
        if ends:
            return Piece(PieceKind.CODE, text[at : ends[0] + width], at)
        return Piece(PieceKind.TEXT, text[at : at + width], at)
    if first == "]":
        target = _TARGET.match(text, at)
        return Piece(PieceKind.TEXT, target[0], at) if target else None
    for kind, pattern in ((PieceKind.ADDRESS, _ADDRESS), (PieceKind.TAG, TAG)):
        if found := pattern.match(text, at):
            return Piece(kind, found[0], at)
    end = next((end for start, end in _ENDS if text.startswith(start, at)), None)
    if end is None or end in absent:
        return None
    if found := HIDDEN.match(text, at):
        return Piece(PieceKind.HIDDEN, found[0], at)
    if end not in text[at + 2 :]:
        absent.add(end)
    return None


def tags_of_block(html: str) -> Iterator[Piece]:
    """The tags of *html*, a block, and what a browser does not show of it, which may be all of the rest."""
    at = 0
    while (at := html.find("<", at)) >= 0:
        kind, found = PieceKind.TAG, TAG.match(html, at)
        if not found:
            kind, found = PieceKind.HIDDEN, HIDDEN.match(html, at)
        text = found[0] if found else html[at:] if html.startswith(("<!", "<?"), at) else ""
        if text:
            yield Piece(kind, text, at)
        at += len(text) or 1


def masked(text: str) -> str:
    """*text* with each character of code, tags and the like as ``x``, so that marks of Markdown can be looked for."""
    return "".join(piece.text if piece.kind is PieceKind.TEXT else "x" * len(piece.text) for piece in pieces(text))
