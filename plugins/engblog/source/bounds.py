"""Bounds of what an article or a page may be, because renderers take the square of a text's size, or more, for some
texts. No text that a person writes comes near them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from engblog.html.names import VOID
from engblog.model.problems import Code, Mark, Problems
from engblog.source.body import Body
from engblog.source.inlines import TAG
from engblog.source.places import Places

MOST_NESTED = 20
"""Blocks, elements and emphasis within each other."""
MOST_ELEMENTS = 5_000
"""Blocks, elements, links, emphasis and code of one text; nine of our articles have 500 to 1,200."""
MOST_INCLUDED = 1_000_000
"""Bytes of all files that a text includes, each time that one is included."""
MOST_INCLUDES = 200
"""Includes of one text."""


def check_bounds(body: Body, path: str, problems: Problems) -> bool:
    """Note where *body*, of the file *path*, has more than a renderer should be given, one problem of each kind.

    Return True if it has: nothing else should look at it then.
    """
    before = len(problems.found)
    places = Places(body, path)
    deep = False
    for count, (token, offset, depth) in enumerate(_elements(body), 1):
        if depth > MOST_NESTED and not deep:
            deep = True
            message = f"{MOST_NESTED + 1} blocks or elements are nested in each other"
            problems.add(places.of(token, offset), Code.S018_NESTED, message, f"nest at most {MOST_NESTED}")
        if count > MOST_ELEMENTS:
            message = f"the text has more than {MOST_ELEMENTS} blocks and elements"
            hint = "split it, or move data into a file of the lab"
            problems.add(places.of(token, offset), Code.S019_ELEMENTS, message, hint)
            break
    _check_includes(body, path, problems)
    return len(problems.found) > before


def _check_includes(body: Body, path: str, problems: Problems) -> None:
    includes = [reference for reference in body.references if reference.kind == "include"]
    if len(includes) > MOST_INCLUDES:
        first = includes[MOST_INCLUDES]
        message = f"the text has more than {MOST_INCLUDES} includes"
        problems.add(
            Mark(path, first.line, first.column), Code.S020_INCLUDED, message, "include longer parts, or fewer"
        )


def check_included(body: Body, path: str, sizes: dict[str, int], problems: Problems) -> None:
    """Note the include of *body* with which the *sizes*, in bytes by target, come to too much."""
    total = 0
    for reference in body.references:
        if reference.kind == "include":
            total += sizes.get(reference.target, 0)
            if total > MOST_INCLUDED:
                message = f"the files that the text includes have more than {MOST_INCLUDED // 1_000_000} MB together"
                mark = Mark(path, reference.line, reference.column)
                problems.add(mark, Code.S020_INCLUDED, message, "include sections of them, in fewer places")
                return


def _elements(body: Body) -> Iterator[tuple[Token, int, int]]:
    """The token, the place in it and the depth of each block, tag, link, emphasis and piece of code in *body*."""
    opened = 0  # elements of HTML whose tags are in blocks
    for token in body.blocks.tokens:
        if token.type == "html_block":
            for found in TAG.finditer(token.content):
                opened = max(0, opened + _opens(found["name"], found["end"]))
                yield token, found.start(), token.level + opened
        elif token.nesting >= 0:
            yield token, 0, token.level + 1 + opened
        if token.children:
            yield from ((token, 0, token.level + opened + depth) for depth in _in_line(token.children))


def _in_line(tokens: Iterable[Token]) -> Iterator[int]:
    """The depth of each element in a line of prose."""
    opened = 0
    for token in tokens:
        if token.type == "html_inline" and (found := TAG.match(token.content)):
            opened = max(0, opened + _opens(found["name"], found["end"]))
        if token.type not in {"text", "softbreak"} and token.nesting >= 0:
            yield token.level + 1 + opened


def _opens(start: str | None, end: str | None) -> int:
    return -1 if end else int(bool(start) and str(start).lower() not in VOID)
