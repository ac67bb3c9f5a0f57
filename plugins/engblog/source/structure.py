"""Checks of an article's blocks: headings, what opens a fence or a box, and the rows of tables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from engblog.html.allowed import BOX_MODIFIERS, BOXES
from engblog.model.problems import Code, Problems, did_you_mean, quote
from engblog.model.text import DIRECTION
from engblog.source.body import Body
from engblog.source.fences import read_info
from engblog.source.inlines import PieceKind, pieces
from engblog.source.places import Places

_OPENS_BOX = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]*[\w\"]|===[+!]*[ \t]+\S")
_WRITTEN = re.compile(r"(?:===[+!]*+|[!?+]*+[ \t]*+(?P<kind>[\w-]*+))[: \t]*+(?P<title>[^=\n]*+)")
_PIPE = re.compile(r"(?<!\\)\|")


def check_structure(body: Body, path: str, problems: Problems) -> None:
    """Note every problem with the blocks of *body*, the text of an article."""
    _check_headings(body.blocks.tokens, Places(body, path), problems)
    check_openings(body, path, problems)


def check_openings(body: Body, path: str, problems: Problems) -> None:
    """Note every problem with fences, boxes and tables in *body*."""
    places = Places(body, path)
    tokens = body.blocks.tokens
    for index, token in enumerate(tokens):
        if token.type in {"fence", "code_block"}:
            _check_direction(token.content, token, 0, places, problems)
        if token.type == "fence":
            _check_fence(token, places, problems)
        elif token.type == "box_open":
            _check_box(token, places, problems, is_empty=tokens[index + 1].type == "box_close")
        elif token.type == "inline":
            _check_lost_box(token, places, problems)
            for piece in pieces(token.content) if DIRECTION.search(token.content) else ():
                if piece.kind is PieceKind.CODE:
                    _check_direction(piece.text, token, piece.start, places, problems)
    for row in _rows(tokens):
        _check_row(row, places, problems)


def _check_direction(code: str, token: Token, start: int, places: Places, problems: Problems) -> None:
    """Note each character of *code*, which begins at *start* of *token*, that turns the text around it."""
    for found in DIRECTION.finditer(code):
        message, hint = turned(found[0])
        problems.add(places.of(token, start + found.start()), Code.R028_DIRECTION, message, hint)


def turned(character: str) -> tuple[str, str]:
    """The message and the hint for *character* in code."""
    number = f"U+{ord(character):04X}"
    hint = f"delete it, or write an escape: \\u{number[2:].lower()}"
    return f"{number} changes the direction in which code is shown", hint


def _check_headings(tokens: Sequence[Token], places: Places, problems: Problems) -> None:
    level = 1
    for opening, text in itertools.pairwise(tokens):
        if opening.type != "heading_open":
            continue
        own = int(opening.tag[1])
        mark = places.of(opening)
        if not text.content.strip():
            hint = f"write: {'#' * max(own, 2)} What the section shows"
            problems.add(mark, Code.R016_HEADING, "the heading has no text", hint)
        elif own == 1:
            message = f"{quote(text.content)} is a heading of the first level, which is the article's title"
            problems.add(mark, Code.R016_HEADING, message, f"write: ## {text.content}")
        elif own > level + 1:
            hint = f"write: {'#' * (level + 1)} {text.content}"
            problems.add(mark, Code.R016_HEADING, f"the heading {quote(text.content)} skips a level", hint)
        level = max(own, 1) if own <= level + 1 else level + 1


def _check_fence(token: Token, places: Places, problems: Problems) -> None:
    mark = places.line(token.map[0] if token.map else 0)
    if not _is_closed(token):
        hint = "end it with a line of as many ` or ~"
        problems.add(mark, Code.R008_FENCE, "the code fence opened here is never closed", hint)
    info = read_info(token.info)
    if info.problem:
        line = places.text(token.map[0] if token.map else 0)
        at = places.line(token.map[0] if token.map else 0, max(line.find(token.info.strip()), 0) + 1)
        problems.add(at, Code.R017_OPENING, info.problem, info.hint)


def _is_closed(fence: Token) -> bool:
    """True if the lines of *fence* are its content and two more."""
    start, end = fence.map or (0, 0)
    lines = fence.content.removesuffix("\n").split("\n") if fence.content else []
    return end - start == len(lines) + 2


def _check_box(token: Token, places: Places, problems: Problems, *, is_empty: bool) -> None:
    row = token.map[0] if token.map else 0
    mark = places.line(row, places.text(row).find(token.markup) + 1)
    kinds = token.info.split()
    lost = [kind for kind in kinds[1:] if kind not in BOX_MODIFIERS]
    if kinds and kinds[0].lower() not in BOXES:
        hint = did_you_mean(kinds[0], BOXES) or 'write !!! note "Title"'
        problems.add(mark, Code.R024_CLASS, f"{quote(kinds[0])} is not a kind of box", hint)
    if lost:
        title = " ".join(lost)
        kept = " ".join(kind for kind in kinds if kind not in lost)
        hint = f'write: {token.markup} {kept} "{title[0].upper()}{title[1:]}"'
        problems.add(mark, Code.R017_OPENING, f"{quote(title)} would not be shown", hint)
    if is_empty:
        message = f"{quote(token.meta['head'])} opens a box that has nothing in it"
        problems.add(mark, Code.R017_OPENING, message, "indent its text by four spaces")


def _check_lost_box(token: Token, places: Places, problems: Problems) -> None:
    offset = 0
    for line in token.content.split("\n"):
        if _OPENS_BOX.match(line):
            found = _WRITTEN.match(line)
            kind, title = (found["kind"], found["title"].replace('"', "").strip()) if found else ("", "")
            kind = "" if line.startswith("=") else f"{kind or 'note'} "
            hint = f'{line[:3]} {kind}"{title or "Title"}"'
            message = f"{quote(line)} opens no box"
            problems.add(
                places.of(token, offset), Code.R017_OPENING, message, f"write: {hint}, its text indented by four"
            )
        offset += len(line) + 1


def _rows(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The rows of tables, each with its cells. Without the right number of cells in its head, a table is none."""
    row: list[Token] = []
    for before, token in itertools.pairwise(tokens):
        if token.type == "tr_open" and before.type != "thead_open":
            row = [token]
        elif token.type == "inline" and row:
            row.append(token)
        elif token.type == "tr_close" and row:
            yield row
            row = []


def _check_row(row: Sequence[Token], places: Places, problems: Problems) -> None:
    opening, *cells = row
    if opening.map is None:
        return
    line = places.text(opening.map[0]).rstrip()
    start = len(line) - len(line.lstrip("> \t"))
    pipes = [found.start() for found in _PIPE.finditer(line, start + line.startswith("|", start))]
    if len(pipes) < len(cells):
        return
    extra = line[pipes[len(cells) - 1] + 1 :]
    if lost := extra.strip("| \t"):
        mark = places.line(opening.map[0], len(line) - len(extra.lstrip("| \t")) + 1)
        count = len(pipes) + (pipes[-1] < len(line) - 1)
        hint = "write \\| for a pipe in a cell, in code too; or give the table's head another column"
        message = f"the row has {count} cells and the head {len(cells)}, so {quote(lost)} would not be shown"
        problems.add(mark, Code.R018_TABLE, message, hint)
