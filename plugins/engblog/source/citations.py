"""Checks that what the text cites is there: footnotes and the labels of links."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.source.body import Body
from engblog.source.commonmark import DEFINITION
from engblog.source.inlines import PieceKind, pieces
from engblog.source.places import Places

_FOOTNOTE = re.compile(r"\[\^(?P<label>[^\[\]\s]*)\](?!:)")
_LABELLED = re.compile(r"\[(?P<text>[^\[\]]*)\]\[(?P<label>[^\[\]]*)\](?!\()")
_ADDRESS = re.compile(r"[/.#:?]|^<")


def check_citations(body: Body, path: str, problems: Problems) -> None:
    """Note footnotes and labels of links in *body* that are used and not defined, or defined and not used."""
    if "[" not in body.blocks.text:
        return
    places = Places(body, path)
    notes = _footnotes(body, places, problems)
    cited: set[str] = set()
    for token in body.blocks.tokens:
        if token.type != "inline":
            continue
        cited |= {child.meta["label"] for child in _all(token.children or ()) if child.type == "footnote_ref"}
        text = "".join(_visible(token))
        for found in _FOOTNOTE.finditer(text):
            if found["label"] not in notes:
                hint = did_you_mean(found["label"], notes) if notes else ""
                hint = hint or f"define it below: [^{found['label'] or 'label'}]: what it says"
                message = f"there is no footnote {quote(found[0])}"
                problems.add(places.of(token, found.start()), Code.R020_CITATION, message, hint)
        for found in _LABELLED.finditer(text):
            label = token.content[slice(*found.span("label"))] or token.content[slice(*found.span("text"))]
            if not label.startswith("^") and normalizeReference(label) not in body.blocks.targets:
                hint = (
                    did_you_mean(label, [each.lower() for each in body.blocks.targets]) if body.blocks.targets else ""
                )
                hint = hint or f"define it: [{label}]: https://…; or write \\[ if it is text"
                message = f"no link is defined as {quote(label)}"
                problems.add(places.of(token, found.start()), Code.R020_CITATION, message, hint)
    for label, mark in notes.items():
        if label not in cited:
            hint = f"cite it in the text with [^{label}], or remove it"
            problems.add(
                mark, Code.R020_CITATION, f"the footnote {quote(label)} is not cited, so it would not be shown", hint
            )
    _check_definitions(body, places, problems)


def _footnotes(body: Body, places: Places, problems: Problems) -> dict[str, Mark]:
    notes: dict[str, Mark] = {}
    tokens = body.blocks.tokens
    for opening, inside in itertools.pairwise(tokens):
        if opening.type == "footnote_reference_open":
            label, mark = str(opening.meta["label"]), places.of(opening)
            if (first := notes.setdefault(label, mark)) is not mark:
                hint = f"it is first defined on line {first.line}; choose another label"
                problems.add(mark, Code.R020_CITATION, f"the footnote {quote(label)} is defined twice", hint)
            if inside.type == "footnote_reference_close":
                hint = f"write what it says: [^{label}]: …"
                problems.add(mark, Code.R020_CITATION, f"the footnote {quote(label)} has no text", hint)
    return notes


def _check_definitions(body: Body, places: Places, problems: Problems) -> None:
    """Note lines that define a link as CommonMark reads them, though they were probably meant to be read."""
    for token in body.blocks.tokens:
        found = DEFINITION.match(token.content) if token.type == "definition" else None
        if found and not _ADDRESS.search(found["target"]):
            message = f"{quote(token.content)} defines a link, so it would not be shown"
            problems.add(places.of(token), Code.R020_CITATION, message, f"write \\[{found['label']}]: … if it is text")


def _visible(token: Token) -> Iterator[str]:
    """The text of *token* with code, tags and escaped characters blanked."""
    for piece in pieces(token.content):
        yield piece.text if piece.kind is PieceKind.TEXT else re.sub(r"[^\n]", " ", piece.text)


def _all(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())
