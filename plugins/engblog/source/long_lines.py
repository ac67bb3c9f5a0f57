"""Finds what no parser of Markdown should be given: for a long line, and for brackets that open nothing, parsers take
the square of the length, or more."""

from __future__ import annotations

import re

from engblog.model.problems import Code, Mark, Problem

MOST_BYTES = 20_000
"""Bytes of a line: no person writes 3,000 words without a line break."""
_MOST_LOOKED_AT = 10_000_000
"""Characters that a parser passes in search of the ends of brackets; our articles take 20,000."""
_BRACKET = re.compile(r"[\[\]]")


def long_line(text: str, path: str) -> Problem | None:
    """The problem with the first line of *text*, the file *path*, that is too long; None if there is none."""
    if len(text) <= MOST_BYTES // 4:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MOST_BYTES // 4 and len(line.encode()) > MOST_BYTES:
            column = len(line.encode()[:MOST_BYTES].decode(errors="ignore")) + 1
            message = f"the line is longer than {MOST_BYTES // 1000} kB"
            return Problem(Mark(path, number, column), Code.S017_LONG_LINE, message, "break the line")
    return None


def open_brackets(text: str, path: str, first_line: int) -> Problem | None:
    """The problem with the brackets of *text*, whose first line is *first_line* of the file *path*: each is looked for
    the end of, to the end of its paragraph."""
    passed = start = 0
    for paragraph in text.split("\n\n"):
        opened: list[int] = []
        for found in _BRACKET.finditer(paragraph):
            if found[0] == "[":
                opened.append(found.start())
            elif opened:
                passed += found.start() - opened.pop()
        passed += sum(len(paragraph) - each for each in opened)
        if passed > _MOST_LOOKED_AT:
            line = first_line + text.count("\n", 0, start) + (len(paragraph) - len(paragraph.lstrip("\n")))
            message = "the paragraph has too many brackets that are not closed, or are within each other"
            hint = "put data into a file of the lab, or close each ["
            return Problem(Mark(path, line), Code.S019_ELEMENTS, message, hint)
        start += len(paragraph) + 2
    return None
