"""Compares a rendered article with what its text means to CommonMark and GitHub, and names every difference.

The renderer is asked for the page, a parser of CommonMark for the same text; both are read by one reader of HTML. A
difference is a problem at the line that caused it, whatever the cause is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from markdown_it.token import Token

from engblog.html.shown import MEASURED, Block, shown
from engblog.model.problems import Code, Mark, Problem, quote
from engblog.source.commonmark import Blocks, render
from engblog.source.difference import common, difference
from engblog.source.fences import read_info
from engblog.source.includes import expanded
from engblog.source.marks import ATTRIBUTES_AND_SPACE, CLAIM_AND_SPACE, GIVEN, KEYS, NUMBER

_HIGHLIGHTED = re.compile(r"(?:#!|:::)[\w#.+-]+[ \t]+(?=\S)")
_CONTENTS = re.compile(r"\[TOC\]", re.IGNORECASE)
_MOST_COMPARED = 1_000_000
"""Blocks on one side times blocks on the other that are aligned; the time grows with the product."""


def differences(
    blocks: Blocks, html: str, path: str, first_line: int, include: Callable[[str], list[str] | None]
) -> Iterator[Problem]:
    """Problems with *html*, the renderer's page of *blocks*, whose first line is *first_line* of the file *path*."""
    lines = blocks.text.split("\n")
    meant, seen = shown(_without_marks(as_github_shows(blocks, include))), shown(_without_marks(html))
    pairs = [(meant.blocks, seen.blocks)]
    pairs += [(text, seen.footnotes.get(label, [])) for label, text in meant.footnotes.items()]
    for wanted, got in pairs:
        for here, there, near in _changes(wanted, got):
            said = difference(here, there, near, lines)
            mark = Mark(path, first_line + said.line, said.column)
            yield Problem(mark, Code.R015_READ_OTHERWISE, said.message, said.hint)
    missing = Counter(meant.titles) - Counter(seen.titles)
    for title in missing:
        line = next((token.map[0] for token in blocks.tokens if token.map and title in _titles_of(token)), 0)
        message = f"the title {quote(title)} would not be shown as written"
        yield Problem(Mark(path, first_line + line), Code.R015_READ_OTHERWISE, message, "use plain words in it")


def as_github_shows(blocks: Blocks, include: Callable[[str], list[str] | None]) -> str:
    """The HTML that CommonMark makes of *blocks*, without lists of attributes and keys."""
    return render([_prepared(token, include) for token in blocks.tokens])


def _prepared(token: Token, include: Callable[[str], list[str] | None]) -> Token:
    match token.type:
        case "fence":
            text = "\n".join(expanded(token.content, include))
            info = read_info(token.info)
            token = token.copy(content=text, info="", meta={"title": info.title})
        case "inline" if token.children is not None:
            if _CONTENTS.fullmatch(token.content.strip()):
                return token.copy(children=[])
            token = token.copy(children=[*map(_without_lists, token.children)])
    return token


def _without_marks(html: str) -> str:
    return GIVEN.sub("", CLAIM_AND_SPACE.sub("", NUMBER.sub(MEASURED, html)))


def _without_lists(token: Token) -> Token:
    if token.type == "text":
        return token.copy(content=ATTRIBUTES_AND_SPACE.sub("", KEYS.sub("", token.content)))
    if token.type == "code_inline":
        return token.copy(content=_HIGHLIGHTED.sub("", token.content, count=1))
    return token


def _titles_of(token: Token) -> str:
    return token.content if token.type == "box_open" else token.info if token.type == "fence" else ""


def _changes(meant: Sequence[Block], seen: Sequence[Block]) -> Iterator[tuple[Block | None, Block | None, Block]]:
    """The first block of each difference on either side, None for a side that has nothing there, and the block before
    it."""
    wanted, got = [block.key for block in meant], [block.key for block in seen]
    start = common(wanted, got)
    end = common(wanted[start:][::-1], got[start:][::-1])
    wanted, got = wanted[start : len(wanted) - end], got[start : len(got) - end]
    if len(wanted) * len(got) > _MOST_COMPARED:  # so much of it differs that the first place says enough
        changes: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(wanted), 0, len(got))]
    else:
        changes = SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes()
    for kind, first, last, other, other_last in changes:
        if kind != "equal":
            here = meant[start + first] if first < last else None
            there = seen[start + other] if other < other_last else None
            yield here, there, meant[start + first - 1] if start + first else Block((), "")
