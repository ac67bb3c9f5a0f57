"""Remarks of authors that allow a problem of style where there is a reason for it.

In a text, ``<!-- engblog: allow R016 because … -->`` is about the next line that is not empty; in the front matter, the
comment ``# engblog: allow F004 because …`` is about the next key. Nothing that protects readers can be allowed, and a
remark that has no reason, or that allows nothing, is a problem itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote
from engblog.source.parse import Parsed

ALLOWABLE = frozenset({Code.F004_LENGTH, Code.F007_COUNT, Code.R016_HEADING, Code.L011_NO_SOURCE})
"""The codes of style."""

_IN_TEXT = re.compile(r"[ ]{0,3}<!--[ \t]*engblog:(?P<said>.*?)-->[ \t]*")
_IN_FRONT = re.compile(r"[ \t]*#[ \t]*engblog:(?P<said>.*)")
_ANY = re.compile(r"(?:<!--|#)[ \t]*+engblog:")
_SAID = re.compile(r"allow[ \t]++(?P<code>\S++)(?:[ \t]++because[ \t]++(?P<reason>.+))?")
_FORM = "write `engblog: allow F004 because …`, on a line of its own, with the reason"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A remark that allows a problem."""

    mark: Mark
    code: Code
    lines: range
    """The lines of the file that it is about."""


def has_allowances(parsed: Parsed) -> bool:
    """True if anything in *parsed* may be a remark that allows a problem, or is meant to be one."""
    parts = parsed.parts
    return parts is not None and any(_ANY.search(line) for line in [*parts.head.split("\n"), *parts.body.split("\n")])


def apply_allowances(parsed: Parsed, problems: Problems, unchecked: Collection[Code] = ()) -> None:
    """Take out of *problems* those that the remarks in *parsed* allow, and note the remarks that are wrong. One that
    allows nothing is not noted if its code is *unchecked*."""
    noted = Problems()
    for each in _allowances(parsed, noted):
        allowed = [problem for problem in problems.found if _is_allowed(problem, each)]
        problems.found[:] = (problem for problem in problems.found if problem not in allowed)
        if not allowed and each.code not in unchecked:
            message = f"there is no {each.code.id} to allow here"
            noted.add(each.mark, Code.R038_ALLOWANCE, message, "delete the remark, or move it before the line")
    problems.found += noted.found


def _is_allowed(problem: Problem, allowance: Allowance) -> bool:
    mark = problem.mark
    return problem.code is allowance.code and mark.path == allowance.mark.path and mark.line in allowance.lines


def _allowances(parsed: Parsed, problems: Problems) -> Iterator[Allowance]:
    if parsed.parts is None or parsed.body is None:
        return
    head = parsed.parts.head.split("\n")
    for number, line in enumerate(head):
        if (found := _IN_FRONT.fullmatch(line)) is not None:
            mark = Mark(parsed.path, number + 2, line.index("#") + 1)
            if (code := _code(found["said"], mark, problems)) is not None:
                yield Allowance(mark, code, _of_key(head, number + 1))
    code_lines = {line for _, start, end in parsed.body.blocks.code for line in range(start, end)}
    lines = parsed.parts.body.split("\n")
    for number, line in enumerate(lines):
        if number in code_lines or "engblog:" not in line or _ANY.search(line) is None:
            continue
        mark = Mark(parsed.path, parsed.parts.body_line + number, len(line) - len(line.lstrip()) + 1)
        if (found := _IN_TEXT.fullmatch(line)) is None:
            if "<!--" in line:
                problems.add(mark, Code.R038_ALLOWANCE, "the remark cannot be read", _FORM)
        elif (code := _code(found["said"], mark, problems)) is not None:
            after = next((each for each in range(number + 1, len(lines)) if lines[each].strip()), number + 1)
            yield Allowance(mark, code, range(mark.line + after - number, mark.line + after - number + 1))


def _of_key(head: list[str], start: int) -> range:
    """The lines of the file that the key at the line *start* of the front matter and its value have."""
    first = next((each for each in range(start, len(head)) if head[each].strip(" \t") and head[each][0] != "#"), start)
    end = next((each for each in range(first + 1, len(head)) if re.match(r"[^\s#-]", head[each])), len(head))
    return range(first + 2, end + 2)


def _code(said: str, mark: Mark, problems: Problems) -> Code | None:
    """The code that a remark with the words *said* allows; None, and a problem, if it is wrong."""
    found = _SAID.fullmatch(said.strip(" \t"))
    if found is None:
        problems.add(mark, Code.R038_ALLOWANCE, f"{quote(said.strip())} allows nothing", _FORM)
        return None
    known = {each.id: each for each in ALLOWABLE}
    code = known.get(found["code"])
    if code is None:
        message = f"{quote(found['code'])} cannot be allowed"
        hint = did_you_mean(found["code"], known) or f"only these can: {', '.join(sorted(known))}"
        problems.add(mark, Code.R038_ALLOWANCE, message, f"{hint}; correct what it says")
        return None
    if not found["reason"]:
        problems.add(mark, Code.R038_ALLOWANCE, f"{code.id} is allowed without a reason", f"{_FORM} behind “because”")
        return None
    return code
