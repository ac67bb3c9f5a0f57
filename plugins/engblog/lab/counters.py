"""Counter-experiments: a claim's test runs again with one thing changed, and its own assertion must fail.

A test that cannot fail proves nothing. Its author therefore names a change and the assertion which that change breaks::

    @pytest.mark.fails_when("`hz` is 500", assertion="left > 4000", hz=500)
    def test_most_dead_keys_are_still_there(start_redis, record, hz=10):

This module reads such marks and judges how a changed run ended; :mod:`engblog.lab.pytest_plugin` makes the runs.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

MARK = "fails_when"
_EXAMPLE = '@pytest.mark.fails_when("`hz` is 500", assertion="left > 4000", hz=500)'
_LONGEST_MESSAGE = 200
_VARYING = (
    (re.compile(r"/(?:tmp|var/tmp|dev/shm)/[^\s'\",)\]}]*"), "…"),
    (re.compile(r"((?:127\.0\.0\.1|localhost|\[::1\]):)\d+"), r"\1…"),
    (re.compile(r"(\b(?:port|pid)\b['\"]?[ =:]+)\d+", re.IGNORECASE), r"\1…"),
    (re.compile(r"\b0x[0-9a-fA-F]+"), "0x…"),
)
"""Parts of a message that differ between runs and mean nothing to readers."""


class MarkError(ValueError):
    """A mark that does not make a counter-experiment. The message says what to write instead."""


@dataclass(frozen=True, slots=True)
class CounterMark:
    """A counter-experiment as its mark describes it."""

    when: str
    """The change in words, which complete "it fails when …"."""
    assertion: str
    """Part of the source of the assertion that must fail."""
    arguments: Mapping[str, Any]
    """The test's arguments with the change made."""

    @property
    def id(self) -> str:
        """The part of an item's name that distinguishes it from the plain one."""
        return f"but {self.when.replace('`', '')}"


@dataclass(frozen=True, slots=True)
class Failure:
    """An assertion of the lab that failed."""

    sources: tuple[str, str]
    """Source of the whole statement, as it was written and as Python would write it."""
    assertion: str
    """Source of its condition, on one line."""
    seen: str
    """Message of the failure, on one line, without parts that differ between runs."""


def read_mark(arguments: tuple[Any, ...], options: Mapping[str, Any], function: Callable[..., Any]) -> CounterMark:
    """Read a ``fails_when`` mark of the test *function*. Raises :class:`MarkError`."""
    if len(arguments) != 1 or not isinstance(arguments[0], str) or not arguments[0].strip():
        raise MarkError(f'describe the change, to complete "it fails when …": {_EXAMPLE}')
    when = " ".join(arguments[0].split())
    changes = dict(options)
    assertion = changes.pop("assertion", None)
    if not isinstance(assertion, str) or not assertion.strip():
        raise MarkError(f"quote part of the assertion that must fail when {when}: {_EXAMPLE}")
    if not changes:
        raise MarkError(f"pass the test's argument that changes when {when}: {_EXAMPLE}")
    defaults = _defaults(function)
    for name, value in changes.items():
        if name not in defaults:
            raise MarkError(
                f"{name!r} is not an argument with a default that a mark can change; {_known(name, defaults)}"
            )
        if _same(value, defaults[name]):
            raise MarkError(f"{name}={value!r} is already the default: pass a value that makes the claim fail")
    return CounterMark(when, assertion, changes)


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}


def _known(name: str, defaults: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, defaults, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"choose from: {', '.join(defaults)}" if defaults else "the test has none: add one, such as hz=10"


def _same(value: Any, default: Any) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))


def failed_assertion(error: BaseException, lab: Path) -> Failure | None:
    """The ``assert`` statement in a file of the folder *lab* that raised *error*; None if something else did."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if not isinstance(error, AssertionError) or last is None:
        return None
    path = Path(last.tb_frame.f_code.co_filename)
    if not path.resolve().is_relative_to(lab.resolve()):
        return None
    source, assertions = _assertions(path)
    statement = _assert_at(assertions, *_position(last))
    if statement is None:
        return None
    condition = ast.get_source_segment(source, statement.test) or ""
    if not condition or "\n" in condition:
        condition = ast.unparse(statement.test)
    return Failure(_sources(source, statement), condition, one_line(str(error)) or f"assert {condition}")


def _position(last: TracebackType) -> tuple[int, int | None]:
    """Line and column at which the frame of *last* stopped."""
    line, _, column, _ = list(last.tb_frame.f_code.co_positions())[last.tb_lasti // 2]
    return line or last.tb_lineno, column


def _assert_at(assertions: Iterable[ast.Assert], line: int, column: int | None) -> ast.Assert | None:
    there = [each for each in assertions if each.lineno <= line <= (each.end_lineno or each.lineno)]
    exact = [each for each in there if column is not None and each.col_offset <= column < (each.end_col_offset or 0)]
    return next(iter(exact if len(there) > 1 else there), None)


def _assertions(path: Path) -> tuple[str, list[ast.Assert]]:
    """The source of a Python file and its ``assert`` statements."""
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return "", []
    return source, [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def _sources(source: str, statement: ast.Assert) -> tuple[str, str]:
    return ast.get_source_segment(source, statement) or "", ast.unparse(statement)


def is_meant(assertion: str, sources: Iterable[str]) -> bool:
    """True if one of *sources* contains *assertion*, whatever the white space and the kind of quotes."""
    return any(_bare(assertion) in _bare(source) for source in sources)


def _bare(source: str) -> str:
    return "".join(source.split()).replace('"', "'")


def states(lab: Path, assertion: str) -> bool:
    """True if an ``assert`` statement in a Python file of the folder *lab* contains *assertion*."""
    wanted = _bare(assertion)
    return any(wanted in stated for path in lab.rglob("*.py") for stated in _stated(path, path.stat().st_mtime_ns))


@cache
def _stated(path: Path, _modified: int) -> tuple[str, ...]:
    """Bare sources of a file's assertions, read once for each version of the file because every mark of a lab asks."""
    source, assertions = _assertions(path)
    return tuple(_bare(text) for each in assertions for text in _sources(source, each))


def one_line(message: str) -> str:
    """The first part of an assertion's *message*, which says what was compared, for a reader of the lab's record."""
    text = ""
    for line in message.splitlines():
        if text and line.startswith(" "):
            break
        joint = ": " if line.startswith("assert ") else " "
        text += f"{joint if text else ''}{line.strip()}"
    text = " ".join(text.split())
    for pattern, shown in _VARYING:
        text = pattern.sub(shown, text)
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1].rstrip() + "…"
