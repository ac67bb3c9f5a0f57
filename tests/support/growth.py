"""Finds the regular expressions of a package, and inputs on which matching one takes more than linear time.

An expression is taken apart into its loops. For each, strings are made that enter it, go round it very often, and then
fail; and strings that begin the expression again and again. A string whose doubling makes matching take far more than
twice as long is a finding.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

# The parser of `re`, the only thing that knows what an expression consists of. Its name is private since Python 3.11.
parser: Any = importlib.import_module("re._parser")

FIRST = 1000
"""Characters of the first probe: a quadratic expression takes some ten milliseconds for them, a linear one none."""
_SUSPICIOUS = 0.0005
_LONGEST = 2.0
_MOST = 12
"""The factor by which three doublings may lengthen a match: 8 if it is linear, 64 if it is quadratic."""
_SCANNING = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
_ANCHORED = frozenset({"match", "fullmatch"})
_LOOPS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_COMMON = "a0 \n-_A\"'<>=.:\x00"


@dataclass(frozen=True)
class Found:
    """A regular expression in a module."""

    place: str
    """``path:line``"""
    pattern: re.Pattern[Any]
    scans: bool
    """True if it is searched for, not only matched at one place."""


def patterns_in(package: Path, name: str) -> tuple[list[Found], list[str]]:
    """All regular expressions in the package *name*, in the folder *package*; and the places of those that depend on
    what a function is given."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(package.rglob("*.py"))}
    uses: dict[tuple[Path | None, str], set[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _SCANNING | _ANCHORED:
                owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                uses.setdefault((path if owner.startswith("_") else None, owner), set()).add(node.attr)
    found, unknown = [], []
    for path, tree in trees.items():
        if path.name == "__main__.py":
            continue
        module = importlib.import_module(".".join([name, *path.relative_to(package).with_suffix("").parts]))
        names = _named(tree)
        for node in ast.walk(tree):
            if (method := _method(node)) is None:
                continue
            place = f"{path.relative_to(package)}:{node.lineno}"
            pattern = _evaluated(node, module, has_flags=method == "compile")
            if pattern is None:
                unknown.append(place)
                continue
            owner = names.get(id(node), "")
            here = path if owner.startswith("_") else None
            methods = uses.get((here, owner), set()) if method == "compile" else {method}
            found.append(Found(place, pattern, not methods or bool(methods & _SCANNING)))
    return found, unknown


def _method(node: ast.AST) -> str | None:
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if is_call and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
        return node.func.attr if node.func.attr in {"compile"} | _SCANNING | _ANCHORED else None
    return None


def _named(tree: ast.Module) -> dict[int, str]:
    """The names that values are given, by the identity of their node."""
    named: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            named[id(node.value)] = node.targets[0].id
    return named


def _evaluated(node: ast.Call, module: ModuleType, *, has_flags: bool) -> re.Pattern[Any] | None:
    flags = [each.value for each in node.keywords if each.arg == "flags"] or (node.args[1:2] if has_flags else [])
    try:
        values = [
            eval(compile(ast.Expression(each), "pattern", "eval"), vars(module))  # noqa: S307  (our own source)
            for each in [node.args[0], *flags]
        ]
    except NameError:
        return None
    return re.compile(*values)


def growth_of(found: Found) -> str | None:
    """An input that takes *found* more than linear time, described; None if no string that is tried does."""
    run = _runner(found)
    for prefix, pump, tail in _attacks(found.pattern):
        if _seconds(run, prefix, pump, tail, 24, found) is None:  # exponential: longer would not end
            return f"{prefix!r} + {pump!r} * n + {tail!r}: exponential"
        first = _seconds(run, prefix, pump, tail, FIRST, found)
        if first is None:
            return f"{prefix!r} + {pump!r} * n + {tail!r}: does not end"
        if first > _SUSPICIOUS and _grows(run, prefix, pump, tail, found):
            return f"{prefix!r} + {pump!r} * n + {tail!r}"
    return None


def _runner(found: Found) -> Any:
    if found.scans:
        return lambda text: sum(1 for _ in found.pattern.finditer(text))
    return lambda text: (found.pattern.match(text), found.pattern.fullmatch(text))


def _grows(run: Any, prefix: str, pump: str, tail: str, found: Found) -> bool:
    few = min(_seconds(run, prefix, pump, tail, FIRST, found) or _LONGEST for _ in range(3))
    many = _seconds(run, prefix, pump, tail, 8 * FIRST, found)
    if many is not None and many > _MOST * few:
        many = min(many, _seconds(run, prefix, pump, tail, 8 * FIRST, found) or _LONGEST)
    return many is None or many > _MOST * few


def _seconds(run: Any, prefix: str, pump: str, tail: str, length: int, found: Found) -> float | None:
    """How long it takes to match about *length* characters; None if that does not end."""
    text: Any = prefix + pump * max(1, length // len(pump)) + tail
    if isinstance(found.pattern.pattern, bytes):
        text = text.encode("utf-8", "replace")
    try:
        with _limit(_LONGEST):
            began = time.process_time()
            run(text)
            return time.process_time() - began
    except TimeoutError:
        return None


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` after *seconds*: the matcher of CPython looks for signals every 4,096 steps."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """What leads into a loop, what goes round it, and what ends it, for each loop of *pattern*."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    letters = "".join(dict.fromkeys([*_letters(tree), *_COMMON]))
    seen: set[tuple[str, str]] = set()
    for prefix, pump in _pumped(list(tree), "", letters):
        if pump and (prefix, pump) not in seen:
            seen.add((prefix, pump))
            for tail in ("", "\x00", "\n\n"):
                yield prefix, pump, tail


def _pumped(items: list[Any], prefix: str, letters: str) -> Iterator[tuple[str, str]]:
    before = ""
    for op, value in items:
        for inner in _bodies(op, value):
            yield from _pumped(inner, prefix + before, letters)
        if str(op) in _LOOPS and value[1] > 30:
            body = list(value[2])
            for one in _samples(body):
                yield prefix + before, one
                yield "", prefix + before + one
            for letter in letters:
                yield prefix + before, letter
        before += _sample([(op, value)])
        yield "", prefix + before
        yield "", prefix + before + " "
    if prefix == "":
        for letter in letters:
            yield "", letter
            yield before[:1], letter


def _bodies(op: Any, value: Any) -> list[list[Any]]:
    match str(op):
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [list(value[2])]
        case "SUBPATTERN":
            return [list(value[3])]
        case "BRANCH":
            return [list(each) for each in value[1]]
        case "ATOMIC_GROUP":
            return [list(value)]
        case "ASSERT" | "ASSERT_NOT":
            return [list(value[1])]
    return []


def _samples(items: list[Any]) -> list[str]:
    """Strings that *items* match: one for each branch, and one for each with optional parts left out."""
    found = [_sample(items), _sample(items, most=0), _sample(items, most=3)]
    for op, value in items:
        for inner in _bodies(op, value):
            found += _samples(inner)
    return [each for each in dict.fromkeys(found) if each]


def _sample(items: list[Any], *, most: int = 1, groups: dict[int, str] | None = None) -> str:
    """A string that *items* match; what may be left out or repeated is there *most* times."""
    text = ""
    groups = {} if groups is None else groups
    for op, value in items:
        match str(op):
            case "LITERAL":
                text += chr(value)
            case "NOT_LITERAL":
                text += "a" if value != ord("a") else "b"
            case "ANY":
                text += "a"
            case "IN":
                text += _one_of(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += _sample(list(value[2]), most=most, groups=groups) * max(value[0], min(value[1], most))
            case "SUBPATTERN":
                groups[value[0]] = _sample(list(value[3]), most=most, groups=groups)
                text += groups[value[0]]
            case "GROUPREF":
                text += groups.get(value, "")
            case "ATOMIC_GROUP":
                text += _sample(list(value), most=most, groups=groups)
            case "BRANCH":
                text += _sample(list(value[1][0]), most=most, groups=groups)
    return text


def _one_of(choices: list[Any]) -> str:
    if str(choices[0][0]) == "NEGATE":
        letters = _accepted(choices[1:])
        return next((each for each in "a0 -.Z!~é\n" if each not in letters), "\ufffd")
    op, value = choices[0]
    match str(op):
        case "LITERAL":
            return chr(value)
        case "RANGE":
            return chr(value[0])
        case "CATEGORY":
            return {"SPACE": " ", "DIGIT": "0", "WORD": "a", "NOT_SPACE": "a", "NOT_DIGIT": "a", "NOT_WORD": " "}[
                str(value).removeprefix("CATEGORY_")
            ]
    return "a"


def _accepted(choices: list[Any]) -> set[str]:
    every = "a0 -.Z!~é\n"
    found: set[str] = set()
    for op, value in choices:
        match str(op):
            case "LITERAL":
                found.add(chr(value))
            case "RANGE":
                found |= {each for each in every if value[0] <= ord(each) <= value[1]}
            case "CATEGORY":
                kind = str(value).removeprefix("CATEGORY_")
                test = {"SPACE": str.isspace, "DIGIT": str.isdigit, "WORD": lambda c: c.isalnum() or c == "_"}
                wanted = test[kind.removeprefix("NOT_")]
                found |= {each for each in every if wanted(each) != kind.startswith("NOT_")}
    return found


def _letters(items: Any) -> Iterator[str]:
    for op, value in items:
        if str(op) in {"LITERAL", "NOT_LITERAL"}:
            yield chr(value)
        elif str(op) == "IN":
            for kind, each in value:
                if str(kind) == "LITERAL":
                    yield chr(each)
                elif str(kind) == "RANGE":
                    yield chr(each[0])
        for inner in _bodies(op, value):
            yield from _letters(inner)
