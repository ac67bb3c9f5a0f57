"""The Markdown body of an article, scanned once: prose, code fences, and all that it refers to.

This is not a Markdown parser; it knows just enough to tell prose from code and to find references with their places,
so that every problem of every article can be reported before anything is rendered.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*([^\n]*)$")
_SECTION_MARK = re.compile(
    r"-{1,}8<-{1,}[ \t]+\[[ \t]*(start|end)[ \t]*(?::[ \t]*([a-z][-_0-9a-z]*)[ \t]*)?\]", re.IGNORECASE
)
_SNIPPET = re.compile(r"^[ \t>]*(?P<escape>;*)-+8<-+[ \t]+(?P<quote>[\"'])(?P<target>[^\"'\n]+)(?P=quote)[ \t]*$")
_SNIPPET_BLOCK = re.compile(r"^[ \t>]*-+8<-+[ \t]*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE_CODE = re.compile(r"(?<![\\`])(`+)(?!`)((?:[^`\n]|\n(?!\s*\n)|(?!\1(?!`))`){1,600}?)(?<!`)\1(?!`)")
_NOT_NEWLINE = re.compile(r"[^\n]")

_IMAGE = re.compile(
    r"!\[(?P<alt>[^\]\n]*(?:\n(?!\s*\n)[^\]\n]*)*)\]\(\s*(?P<target><[^>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)?"
)
_LINK = re.compile(
    r"(?<!!)\[(?:[^\[\]\n]|\n(?!\s*\n)|\[[^\]\n]*\])*\]\(\s*(?P<target><[^>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*(?P<target><[^>\n]*>|\S+)", re.MULTILINE)
_NUMBER = re.compile(r"\{lab:(?P<key>[^}\n]*)\}")
_CLAIM = re.compile(r"\{claim:(?P<key>[^}\n]*)\}")
_ELEMENT = re.compile(r"<(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<attributes>(?:\s[^<>]*)?)/?>")


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that the body refers to, with its place (line and column in the file, one-based)."""

    kind: str
    """``image``, ``link``, ``include``, ``number``, ``claim`` or ``element``."""
    target: str
    line: int
    column: int
    text: str = ""
    """An image's alternative text; an element's attributes."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a scan found. ``prose`` is the body with fences and comments blanked, lines kept."""

    prose: str
    code: tuple[str, ...]
    """The lines inside fences, includes not expanded, without indentation of the fence."""
    references: tuple[Reference, ...]
    unclosed_fence: int | None
    """The line of a fence that is never closed."""


def scan(text: str, first_line: int = 1) -> Body:
    """Scan the body *text*, whose first line is *first_line* of its file."""
    prose_lines: list[str] = []
    code: list[str] = []
    references: list[Reference] = []
    fence: tuple[str, int, int] | None = None  # the marker's character, its length, the line
    in_snippet_block = False
    for number, line in enumerate(text.split("\n"), first_line):
        if "8<" in line:
            if _SNIPPET_BLOCK.match(line):
                in_snippet_block = not in_snippet_block
                prose_lines.append("")
                continue
            found = _SNIPPET.match(line)
            if found and not found["escape"]:
                column = found.start("target") + 1
                references.append(Reference("include", found["target"], number, column, "code" if fence else "prose"))
                prose_lines.append("")
                continue
        if in_snippet_block:
            if line.strip() and not line.lstrip().startswith(";"):
                start = len(line) - len(line.lstrip()) + 1
                references.append(Reference("include", line.strip(), number, start, "code" if fence else "prose"))
            prose_lines.append("")
            continue
        opened = _FENCE.match(line) if ("```" in line or "~~~" in line) else None
        if fence is None and opened and not (opened[2][0] == "`" and "`" in opened[3]):
            fence = (opened[2][0], len(opened[2]), number)
            prose_lines.append("")
        elif fence is not None:
            if opened and opened[2][0] == fence[0] and len(opened[2]) >= fence[1] and not opened[3].strip():
                fence = None
            else:
                code.append(line)
            prose_lines.append("")
        else:
            prose_lines.append(line)
    prose = _blank(_COMMENT, "\n".join(prose_lines))
    references.extend(_find_references(_blank(_INLINE_CODE, prose), first_line))
    references.sort(key=lambda reference: (reference.line, reference.column))
    return Body(prose, tuple(code), tuple(references), fence[2] if fence else None)


def include_path(target: str) -> tuple[str, str | None, tuple[int, int] | None]:
    """Split an include's target into the file, its section's name, and its first and last line where given.

    The forms are those of ``pymdownx.snippets``: ``file``, ``file:section``, ``file:3``, ``file:3:9``.
    """
    path, _, rest = target.strip().partition(":")
    if not rest:
        return path, None, None
    if re.fullmatch(r"[0-9]*(:[0-9]*)?(,[0-9]*(:[0-9]*)?)*", rest):
        first, _, last = rest.partition(",")[0].partition(":")
        return path, None, (int(first or 1), int(last or 10**9))
    return path, rest, None


def section_of(text: str, section: str | None, lines: tuple[int, int] | None = None) -> list[str] | None:
    """The lines of a file that an include shows, section marks left out; None when there is no such *section*."""
    every = text.splitlines()
    if lines is not None:
        every = every[lines[0] - 1 : lines[1]]
    if section is None:
        return [line for line in every if not _SECTION_MARK.search(line)]
    shown: list[str] | None = None
    inside = False
    for line in every:
        mark = _SECTION_MARK.search(line)
        if mark is None:
            if inside and shown is not None:
                shown.append(line)
        elif (mark[2] or "").lower() == section.lower():
            inside = mark[1].lower() == "start"
            shown = [] if shown is None else shown
    return shown


def code_lines(body: Body, include: Callable[[str], list[str] | None]) -> Iterator[str]:
    """Every line of code that the page shows, includes expanded by *include* (target to lines)."""
    yield from body.code
    for reference in body.references:
        if reference.kind == "include" and reference.text == "code":
            yield from include(reference.target) or ()


def _find_references(prose: str, first_line: int) -> Iterator[Reference]:
    starts = [0]
    starts.extend(index + 1 for index, character in enumerate(prose) if character == "\n")

    def place(offset: int) -> tuple[int, int]:
        row = bisect_right(starts, offset) - 1
        return first_line + row, offset - starts[row] + 1

    for found in _IMAGE.finditer(prose):
        yield Reference("image", (found["target"] or "").strip("<>"), *place(found.start()), found["alt"])
    for pattern in (_LINK, _DEFINITION):
        for found in pattern.finditer(prose):
            yield Reference("link", found["target"].strip("<>"), *place(found.start()))
    if "{lab:" in prose or "{claim:" in prose:
        for kind, pattern in (("number", _NUMBER), ("claim", _CLAIM)):
            for found in pattern.finditer(prose):
                yield Reference(kind, found["key"].strip(), *place(found.start()))
    if "<" in prose:
        for found in _ELEMENT.finditer(prose):
            yield Reference("element", found["name"].lower(), *place(found.start()), found["attributes"])


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: _NOT_NEWLINE.sub(" ", found.group()), text)
