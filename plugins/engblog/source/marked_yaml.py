"""YAML with the place of every value: text in, a small tree out, every problem noted.

``yaml.compose`` keeps line and column for each node; a loader that builds Python values loses them. Only what front
matter needs is let through: no anchors, no aliases (an alias bomb is a few lines that grow to gigabytes), no duplicate
keys, limited depth and length. Scalars keep the text as the author wrote it, so that ``title: 404`` and ``title: no``
stay text and ``2026-02-30`` can be reported rather than crash a constructor. Text that YAML would drop is a problem
(:mod:`engblog.source.lost_text`).
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from engblog.model.problems import Code, Mark, Problems, quote
from engblog.source.lost_text import ESCAPE_HINT, find_lost_text

MAX_CHARACTERS = 64 * 1024
"""Front matter longer than this is refused: the longest sensible one is a few kilobytes."""
MAX_DEPTH = 12

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that are not text: XML cannot represent most of these, and a terminal takes some for commands."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNFINISHED = frozenset(
    f"while {doing}"
    for doing in (
        "scanning a simple key", "scanning a quoted scalar", "parsing a flow sequence", "parsing a flow mapping"
    )
)  # fmt: skip
# YAML 1.1 takes these for line ends, but editors do not, so they would shift every place below them.
UNUSUAL_LINE_ENDS = {0x85: " ", 0x2028: " ", 0x2029: " "}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text, and whether YAML reads it as ``str``, ``int``, ``bool``, ``null``, …"""

    mark: Mark
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    mark: Mark
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    mark: Mark
    pairs: tuple[tuple[Scalar, Value], ...]

    def get(self, key: str) -> Value | None:
        """The value of *key*, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


Value = Scalar | Sequence | Mapping


def parse(text: str, path: str, problems: Problems, *, first_line: int = 1, most: int = MAX_CHARACTERS) -> Value | None:
    """Parse *text*, which starts on *first_line* of the file *path*; None when it is empty, broken, or longer than
    *most* characters."""
    if len(text) > most:
        problems.add(
            Mark(path, first_line),
            Code.Y008_TOO_DEEP,
            f"the YAML has {len(text):,} characters",
            f"keep it below {most:,}",
        )
        return None
    text = text.removeprefix("\ufeff").translate(UNUSUAL_LINE_ENDS)  # as YAML reads it, which places count from
    try:
        if not _acceptable(text, path, first_line, problems):
            return None
        node = yaml.compose(text, Loader=_Loader)
        _note_lost(text, path, first_line, problems)
    except yaml.YAMLError as error:
        _note_syntax(error, text, path, first_line, problems)
        with contextlib.suppress(yaml.YAMLError):  # what is lost before the error is often its cause
            _note_lost(text, path, first_line, problems, until=getattr(getattr(error, "problem_mark", None), "line", 0))
        return None
    return None if node is None else _convert(node, path, first_line, problems)


def _note_lost(text: str, path: str, first_line: int, problems: Problems, until: int = sys.maxsize) -> None:
    for each in find_lost_text(text):
        if each.line <= until:
            problems.add(Mark(path, first_line + each.line, each.column + 1), each.code, each.message, each.hint)


def _acceptable(text: str, path: str, first_line: int, problems: Problems) -> bool:
    """Walk the events, without recursion, and refuse anchors, aliases and depth before anything is built."""
    depth = documents = 0
    fine = True
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            where = _mark(event, path, first_line)
            problems.add(
                where,
                Code.Y006_ALIAS,
                "an anchor (&) or alias (*)",
                "write the value out; quote text that starts with & or *",
            )
            fine = False
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            problems.add(
                _mark(event, path, first_line),
                Code.Y008_TOO_DEEP,
                f"nested more than {MAX_DEPTH} levels deep",
                "flatten it",
            )
            return False
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            problems.add(
                _mark(event, path, first_line), Code.Y003_SYNTAX, "a second YAML document", "remove the inner ---"
            )
            return False
    return fine


def _convert(node: yaml.Node, path: str, first_line: int, problems: Problems) -> Value:
    mark = _mark(node, path, first_line)
    if isinstance(node, yaml.MappingNode):
        return Mapping(mark, tuple(_pairs(node, path, first_line, problems)))
    if isinstance(node, yaml.SequenceNode):
        return Sequence(mark, tuple(_convert(item, path, first_line, problems) for item in node.value))
    if control := CONTROL.search(node.value):  # in quotes, YAML writes them as "\\e" and "\\0"
        message = f"control character U+{ord(control.group()):04X}"
        problems.add(mark, Code.S007_CONTROL, message, f"delete the escape that produces it, or {ESCAPE_HINT}")
    return Scalar(mark, CONTROL.sub("", node.value), node.tag.rpartition(":")[2])


def _pairs(node: yaml.MappingNode, path: str, first_line: int, problems: Problems) -> Iterator[tuple[Scalar, Value]]:
    seen: dict[str, Mark] = {}
    for key_node, value_node in node.value:
        key = _convert(key_node, path, first_line, problems)
        value = _convert(value_node, path, first_line, problems)
        if not isinstance(key, Scalar):
            problems.add(
                key.mark, Code.F003_TYPE, "a key must be a word", "a tag or title that starts with [ or { needs quotes"
            )
        elif key.text in seen:
            first = seen[key.text]
            problems.add(
                key.mark,
                Code.Y005_DUPLICATE_KEY,
                f"{quote(key.text)} appears twice",
                f"it was first given on line {first.line}; keep one",
            )
        else:
            seen[key.text] = key.mark
            yield key, value


def _mark(part: Any, path: str, first_line: int) -> Mark:
    return Mark(path, first_line + part.start_mark.line, part.start_mark.column + 1)


def _note_syntax(error: yaml.YAMLError, text: str, path: str, first_line: int, problems: Problems) -> None:
    at = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if at is None:  # a character that YAML does not allow; its position is in bytes or characters, as the loader likes
        before = text[: max(text.find(chr(getattr(error, "character", 0))), 0)]
        mark = Mark(path, first_line + before.count("\n"), len(before) - before.rfind("\n"))
        problems.add(mark, Code.Y003_SYNTAX, "a character that YAML does not allow", "delete the control character")
        return
    mark = Mark(path, first_line + at.line, at.column + 1)
    lines = text.split("\n")
    line = lines[at.line] if at.line < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or line[at.column : at.column + 1] == "\t":
        column = max(line.find("\t"), 0) + 1
        problems.add(
            Mark(path, mark.line, column),
            Code.Y004_TAB,
            "a tab in the indentation",
            "indent with spaces: YAML allows no tabs there",
        )
        return
    if getattr(error, "context", None) in _UNFINISHED and (opened := getattr(error, "context_mark", None)):
        mark = Mark(path, first_line + opened.line, opened.column + 1)  # the place to fix; the end may be far below
    said = getattr(error, "problem", None) or "not YAML"
    hint = "a value that contains “: ” or “ #”, or starts with one of [ ] { } & * ! | > ' \" % @ ` # needs quotes"
    problems.add(mark, Code.Y003_SYNTAX, f"{said}", ESCAPE_HINT if "escape" in said else hint)
