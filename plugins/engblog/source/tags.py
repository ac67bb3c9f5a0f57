"""Checks of the HTML in an article: every element exists, and everything that is opened is closed where it was opened.

A tag that HTML does not know takes its own name off the page (``Vec<T>``), an element that stays open takes the rest of
the page into itself, and a comment without an end hides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from engblog.html.allowed import refused_element
from engblog.html.names import ATTRIBUTES, ELEMENTS, OLD_ELEMENTS, VOID
from engblog.model.problems import Code, Mark, Problems, quote
from engblog.source.body import Body
from engblog.source.inlines import ATTRIBUTE, HIDDEN, TAG, Piece, PieceKind, pieces, tags_of_block
from engblog.source.places import Places

_DRAWINGS = frozenset({"svg", "math"})
"""Elements with names and rules of another language in them."""
_WITHIN = {
    "area": {"map"},
    "col": {"colgroup", "table"},
    "source": {"audio", "picture", "video"},
    "track": {"audio", "video"},
}
"""Elements without content that browsers do not show, by the elements that they belong into."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag or another construct of HTML, with its place."""

    text: str
    mark: Mark

    @property
    def inside(self) -> str:
        """Its text without the angle brackets, on one line."""
        return " ".join(self.text[1:-1].split())


def check_tags(body: Body, path: str, problems: Problems) -> None:
    """Note every problem with the HTML in *body*."""
    if "<" not in body.blocks.text:
        return
    places = Places(body, path)
    containers: list[list[tuple[str, _Tag]]] = [[]]
    for token in body.blocks.tokens:
        if token.type == "inline":
            open_in_line: list[tuple[str, _Tag]] = []
            _read(_in_line(token, places), open_in_line, problems)
            _unclosed(open_in_line, problems)
        elif token.type == "html_block":
            _read(_in_block(token, places), containers[-1], problems)
        elif token.nesting > 0:
            containers.append([])
        elif token.nesting < 0:
            _unclosed(containers.pop(), problems)
    _unclosed(containers.pop(), problems)


def tag_pieces(token: Token) -> Iterator[Piece]:
    """The pieces of *token*, a line of prose, that CommonMark takes for HTML."""
    tags = [*_html(token.children or ())]
    for piece in pieces(token.content):
        if tags and piece.kind in {PieceKind.TAG, PieceKind.HIDDEN} and piece.text == tags[0]:
            tags.pop(0)
            yield piece


def _html(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "html_inline":
            yield token.content
        elif token.children:
            yield from _html(token.children)


def _in_line(token: Token, places: Places) -> Iterator[_Tag]:
    for piece in tag_pieces(token):
        yield _Tag(piece.text, places.of(token, piece.start))


def _in_block(token: Token, places: Places) -> Iterator[_Tag]:
    for piece in tags_of_block(token.content):
        yield _Tag(piece.text, places.of(token, piece.start))


def _read(tags: Iterable[_Tag], still_open: list[tuple[str, _Tag]], problems: Problems) -> None:
    for tag in tags:
        if tag.text.startswith(("<!", "<?")):
            _check_hidden(tag, problems)
            continue
        found = TAG.match(tag.text)
        if found is None:
            continue
        name = (found["name"] or found["end"]).lower()
        is_known = name in ELEMENTS or name in OLD_ELEMENTS
        if is_known and name not in _DRAWINGS and refused_element(name):  # refused whether or not it is closed
            continue
        is_drawn = name in _DRAWINGS or any(opened in _DRAWINGS for opened, _ in still_open)
        if name not in ELEMENTS:
            if not is_drawn:
                message = f"HTML has no element {quote(tag.text)}, so it would not be shown"
                hint = f"write it as code: `<{tag.inside}>`; or &lt;{tag.inside}&gt;"
                problems.add(tag.mark, Code.R019_TAG, message, hint)
        elif found["name"]:
            if not is_drawn:
                _check_start(name, found["attributes"], tag, problems)
            if name in _WITHIN and all(opened not in _WITHIN[name] for opened, _ in still_open):
                message = f"{quote(tag.text)} would not be shown outside <{min(_WITHIN[name])}>"
                problems.add(tag.mark, Code.R019_TAG, message, f"if it is text, write &lt;{tag.inside}&gt;")
            if found["empty"] and name not in VOID:
                if not is_drawn:
                    hint = f"write <{name}></{name}>"
                    problems.add(tag.mark, Code.R019_TAG, f"{quote(tag.text)} does not close the element", hint)
            elif name not in VOID:
                still_open.append((name, tag))
        elif name in VOID or all(opened != name for opened, _ in still_open):
            message = f"{quote(tag.text)} closes nothing that is open here"
            problems.add(
                tag.mark, Code.R019_TAG, message, "remove it; or open the element before it, in the same block"
            )
        else:
            while still_open and (opened := still_open.pop())[0] != name:
                _unclosed([opened], problems)


def _check_start(name: str, attributes: str, tag: _Tag, problems: Problems) -> None:
    unknown = [
        each["name"]
        for each in ATTRIBUTE.finditer(attributes)
        if each["name"].lower() not in ATTRIBUTES and not each["name"].lower().startswith(("data-", "aria-", "on"))
    ]
    if unknown:
        message = f"the element <{name}> has no attribute {quote(unknown[0])}, so it would not be shown"
        problems.add(tag.mark, Code.R019_TAG, message, f"if it is text, write &lt;{tag.inside}&gt;")


def _check_hidden(tag: _Tag, problems: Problems) -> None:
    if not HIDDEN.fullmatch(tag.text):
        end = "-->" if tag.text.startswith("<!--") else "?>" if tag.text.startswith("<?") else ">"
        message = f"{quote(tag.text, 30)} hides everything below it, because it is not closed"
        problems.add(tag.mark, Code.R019_TAG, message, f"close it with {end}")
    elif not tag.text.startswith("<!--"):
        problems.add(
            tag.mark, Code.R019_TAG, f"{quote(tag.text)} would not be shown", "write it as code, in `backticks`"
        )


def _unclosed(opened: Sequence[tuple[str, _Tag]], problems: Problems) -> None:
    for name, tag in opened:
        message = f"{quote(tag.text)} is not closed where it was opened"
        hint = f"write </{name}> in the same paragraph, list item or box; as text it is &lt;{tag.inside}&gt;"
        problems.add(tag.mark, Code.R019_TAG, message, hint)
