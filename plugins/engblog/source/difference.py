"""Says in words how a block of a page differs from the block that CommonMark and GitHub show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engblog.html.shown import Block, words
from engblog.model.characters import straight
from engblog.model.problems import quote

_SAME = 24
"""Characters of the same text that a message repeats before the first difference."""
_QUOTED = 70
"""The most characters that a message quotes."""
_APART = "put blank lines around it, and indent what belongs to a list item by four spaces"
_AS_TEXT = "put code in `backticks`, or a backslash before the character"
_NEXT_TO = "put the marks of emphasis or code right next to words, or write \\* and \\_ for the characters"
_BRACKETED = "write the address in angle brackets: [text](<address>)"
_NAMES = {
    "list": "a list item",
    "quotation": "a quotation",
    "cell": "a table cell",
    "code": "code",
    "box": "text in a box",
    "rule": "a rule",
    "term": "a term",
    "definition": "a definition",
}


class Said(NamedTuple):
    """A difference in words."""

    line: int
    """The line of the text, zero-based."""
    column: int
    message: str
    hint: str


def difference(meant: Block | None, seen: Block | None, near: Block, lines: Sequence[str]) -> Said:
    """Describe the difference between what is *meant* and what is *seen*; one of them may be missing.

    *near* is the block before it, and *lines* are the text.
    """
    if meant is None or seen is None:
        block = meant or seen or near
        line = meant.line if meant else _found(words(block.text), near.line, lines)
        where = "GitHub shows" if meant else "this site would show"
        return Said(line, 1, f"only {where} {_described(block, _flat(block))}", _AS_TEXT if seen else _APART)
    wanted, got = _flat(meant), _flat(seen)
    if wanted == got:
        return _formatted(meant, seen, wanted)
    same = common(wanted, got)
    line = meant.line + words(meant.text)[:same].count("\n")
    start = wanted.rfind(" ", 0, same - _SAME) + 1 if same > _SAME else 0
    alike = meant.path == seen.path
    here = quote(got[start:], _QUOTED) if alike else _described(seen, got[start:])
    message = f"GitHub shows {_described(meant, wanted[start:])}, this site would show {here}"
    return Said(line, _column(wanted, same, line, lines), message, _AS_TEXT if alike else _APART)


def common(one: Sequence[object], other: Sequence[object]) -> int:
    """The length of the longest common beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _formatted(meant: Block, seen: Block, text: str) -> Said:
    if meant.path != seen.path:
        message = f"GitHub shows {_described(meant, text)}, this site would show {_kind(seen)}"
        return Said(meant.line, 1, message, _APART)
    hint = _BRACKETED if meant.addresses != seen.addresses else _NEXT_TO
    same = common(meant.text.replace("\n", " "), seen.text.replace("\n", " "))
    line = meant.line + meant.text[:same].count("\n")
    return Said(line, 1, f"GitHub and this site would format {quote(text, _QUOTED)} differently", hint)


def _flat(block: Block) -> str:
    return words(block.text).replace("\n", " ")


def _found(text: str, start: int, lines: Sequence[str]) -> int:
    """The line from *start* on that has the first words of *text*."""
    wanted = text.split("\n", 1)[0][:20]
    return next((number for number in range(start, len(lines)) if wanted in straight(lines[number])), start)


def _column(text: str, at: int, line: int, lines: Sequence[str]) -> int:
    """The column of the word of *text* that the character at *at* is in, if the line has it once; else 1."""
    word = text[text.rfind(" ", 0, at) + 1 :].split(" ", 1)[0]
    source = straight(lines[line]) if line < len(lines) else ""
    return source.find(word) + 1 if word and source.count(word) == 1 else 1


def _kind(block: Block) -> str:
    last = block.path[-1] if block.path else ""
    if last in _NAMES:
        return _NAMES[last]
    if last[:1] == "h" and last[1:].isdecimal():
        return "a heading"
    return f"item {last[:-1]} of a list" if last[:-1].isdecimal() else "a paragraph"


def _described(block: Block, text: str) -> str:
    kind = _kind(block)
    return quote(text, _QUOTED) if kind == "a paragraph" else f"{kind} {quote(text, _QUOTED)}" if text else kind
