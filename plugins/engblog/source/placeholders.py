"""Placeholders that `engblog new` writes for authors to replace, and the check that none is published."""

from __future__ import annotations

import re

from engblog.model.article import Lab
from engblog.model.problems import Code, Mark, Problems, quote
from engblog.source.parse import Parsed

_PLACEHOLDER = re.compile(r"\[write: [^\]]*+\]?")


def placeholder(what: str) -> str:
    """Text in the place of *what*, for an author to replace."""
    return f"[write: {what}]"


def check_placeholders(parsed: Parsed, lab: Lab | None, lab_path: str, problems: Problems) -> None:
    """Note each placeholder that readers of *parsed* would see, and those in the claims of its *lab*, in *lab_path*."""
    if parsed.parts is None or parsed.body is None:
        return
    code = {line for _, start, end in parsed.body.blocks.code for line in range(start, end)}
    head = [(number, line) for number, line in enumerate(parsed.parts.head.split("\n"), 2) if line.lstrip()[:1] != "#"]
    body = [
        (number + parsed.parts.body_line, line)
        for number, line in enumerate(parsed.parts.body.split("\n"))
        if number not in code
    ]
    for number, line in (*head, *body):
        for found in _PLACEHOLDER.finditer(line):
            _note(found[0], Mark(parsed.path, number, found.start() + 1), problems)
    for test in lab.tests if lab else ():
        for found in _PLACEHOLDER.finditer(test.claim):
            _note(found[0], Mark(f"{lab_path}/{test.file}", test.line), problems)


def _note(text: str, mark: Mark, problems: Problems) -> None:
    hint = "replace it with your text, or write `status: draft` until you have"
    problems.add(mark, Code.S030_PLACEHOLDER, f"{quote(text)} is a placeholder, and readers would see it", hint)
