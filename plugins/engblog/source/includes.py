"""Includes: ``--8<-- "file:section"`` in a text, and the lines that replace them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import dedent

# Snippets: the forms of pymdownx.snippets, letter for letter; the page shows any other include as text.
_SECTION_MARK = re.compile(
    r"(?<!;)(?!(?<=-)-)(?P<escape>;*)-+8<-+[ \t]+"
    r"\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[a-z][-_0-9a-z]*)[ \t]*\]",
    re.IGNORECASE,
)
SNIPPET = re.compile(
    r"^(?P<before>[ \t]*)(?P<escape>;*)-+8<-+[ \t]+(?P<quote>[\"'])(?P<target>[^\"'\n]+)(?P=quote)(?P<behind>[ \t]*)$"
)
SNIPPET_BLOCK = re.compile(r"^[ \t]*-+8<-+[ \t]*$")
LOST_SNIPPET = re.compile(r"^[ \t>]*-{2,}8<-{2,}(?:[ \t]|$)(?![ \t]*\[(?:start|end))")
"""A line that was probably meant to be an include, and is none."""
Spans = tuple[tuple[int | None, int | None], ...]
"""First and last lines as an include gives them: one-based, None where left out, negative from the end."""


def include_path(target: str) -> tuple[str, str | None, Spans]:
    """Split an include's target into the file, its section's name, and its spans of lines where given.

    The forms are those of ``pymdownx.snippets``: ``file``, ``file:section``, ``file:3``, ``file:3:9`` and
    ``file:1:2,8:9``.
    """
    path, _, rest = target.strip().partition(":")
    if not rest:
        return path.strip(), None, ()
    if not _SPANS.fullmatch(rest):
        return path.strip(), rest, ()
    spans = [span.partition(":") for span in rest.split(",")]
    return path.strip(), None, tuple((_line(first), _line(last)) for first, _, last in spans)


_SPANS = re.compile(r"-?[0-9]{0,9}(:-?[0-9]{0,9})?(,-?[0-9]{0,9}(:-?[0-9]{0,9})?)*")


def _line(number: str) -> int | None:
    return int(number) if number.strip("-") else None


def is_include(line: str) -> bool:
    """True if *line* would include a file."""
    found = SNIPPET.match(line) if "8<" in line else None
    return (found is not None and not found["escape"]) or ("8<" in line and SNIPPET_BLOCK.match(line) is not None)


def section_of(text: str, section: str | None, spans: Spans = ()) -> list[str] | None:
    """The lines of a file that an include shows, section marks left out; None when there is no such *section*."""
    every = text.split("\n")
    if section is None:
        chosen = [line for first, last in spans for line in every[_slice(first, last, len(every))]] if spans else every
        return [line for line in chosen if _section_mark(line) is None]
    shown: list[str] | None = None
    for line in every:
        mark = _section_mark(line)
        if mark is not None and mark["name"] == section:
            if mark["type"] != "start":
                break
            shown = shown or []
        elif mark is None and shown is not None:
            shown.append(line)
    return shown


def included(target: str, text_of: Callable[[str], str | None]) -> list[str] | None:
    """The lines that replace the include of *target*, a part of a file without its indentation; *text_of* gives the
    text of a path from the article's folder. None if there is no such file or section."""
    path, section, spans = include_path(target)
    text = text_of(path)
    lines = section_of(text, section, spans) if text is not None else None
    if lines is None:
        return None
    if section is not None or spans:
        lines = dedent("\n".join(lines)).split("\n")
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return [_unescaped(line) for line in lines]


def _unescaped(line: str) -> str:
    """*line* without the first ``;`` of an include that is to be shown."""
    found = SNIPPET.match(line) if "8<" in line else None
    return line.replace(";", "", 1) if found and found["escape"] else line


def _section_mark(line: str) -> re.Match[str] | None:
    mark = _SECTION_MARK.search(line) if "8<-" in line else None
    return mark if mark is not None and not mark["escape"] else None


def _slice(first: int | None, last: int | None, total: int) -> slice:
    start = max(total + first, 0) if first and first < 0 else max((first or 0) - 1, 0)
    return slice(start, max(total + 1 + last, 0) if last and last < 0 else last)


def expanded(text: str, include: Callable[[str], list[str] | None]) -> Iterator[str]:
    """The lines of *text*, a block of code, with each include replaced by the lines that *include* returns for its
    target, indented like the include. An include for which it returns None stays."""
    in_block = False
    for line in text.split("\n"):
        found = SNIPPET.match(line) if "8<" in line else None
        if "8<" in line and SNIPPET_BLOCK.match(line):
            in_block = not in_block
        elif in_block:
            target = line.strip()
            if target and not target.startswith(";"):
                before = line[: len(line) - len(line.lstrip())]
                yield from (before + each if each else each for each in include(target) or ())
        elif found is None:
            yield line
        elif found["escape"]:
            yield _unescaped(line)
        elif (lines := include(found["target"])) is None:
            yield line
        else:
            yield from (found["before"] + each if each else each for each in lines)
