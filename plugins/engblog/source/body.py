"""The Markdown body of an article, scanned once: prose, code fences, and everything it refers to.

The blocks come from :mod:`engblog.source.commonmark`, which tells prose from code; references are looked for in the
prose with their places, so that every problem of every article can be reported before anything is rendered.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from engblog.source.commonmark import Blocks, read_blocks
from engblog.source.includes import LOST_SNIPPET, SNIPPET, SNIPPET_BLOCK
from engblog.source.inlines import PieceKind, pieces
from engblog.source.marks import ATTRIBUTES, CLAIM, NUMBER

INLINE_CODE = re.compile(r"(?<![\\`])(`+)(?!`)((?:[^`\n]|\n(?!\s*\n)|(?!\1(?!`))`){1,600}?)(?<!`)\1(?!`)")
"""Code in a line of prose, from its first mark to its last."""
_NO_MARKS = frozenset(f"\\{character}" for character in "[]()!<>{}`")
"""Escaped characters with which no reference begins. Others may be in an address."""
_NOT_NEWLINE = re.compile(r"[^\n]")

_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]*(?:\n(?!\s*\n)[^\[\]\n]*)*)\]"
    r"(?:(?P<inline>\()\s*(?P<target><[^<>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)?|\s?\[(?P<label>[^\[\]\n]*)\])?"
)
# A link's text is at most 400 pieces long, so that a page of opening brackets does not take the square of its length.
_LINK = re.compile(
    r"(?<!!)\[(?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]\n]*\]){0,400}+\]\("
    r"\s*(?P<target><[^<>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)(?P<label>[^\[\]\n]+)\]:[ \t]*(?P<target><[^<>\n]*>|\S+)", re.MULTILINE)
# Up to the first `>`, as Python-Markdown takes an element in a line, and past quoted ones, as browsers do.
_ELEMENT = re.compile(r"<(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<attributes>(?:[\s/][^<>]*)?)>")
_QUOTING_ELEMENT = re.compile(
    r"<(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<attributes>[\s/](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that the body refers to, with its place (line and column in the file, one-based)."""

    kind: str
    """``image``, ``link``, ``include``, ``number``, ``claim``, ``element``, ``attributes`` (of an attribute list), or
    ``lost include``: one that is not expanded and would be shown as text."""
    target: str
    line: int
    column: int
    text: str = ""
    """An image's alternative text; attributes; for an include, ``code`` or ``prose``, the kind of text around it."""
    where: tuple[int, int] = field(default=(0, 0), compare=False)
    """Line and column of the target of a link, a definition or an image that has its own; zeros for others."""


@dataclass(frozen=True, slots=True)
class Body:
    """The result of a scan. ``prose`` is the body with fences and comments blanked, lines kept."""

    prose: str
    code: tuple[str, ...]
    """The lines inside fences, includes not expanded, without indentation of the fence."""
    references: tuple[Reference, ...]
    blocks: Blocks
    first_line: int = 1
    """The line of the file that the body starts at."""


def scan(text: str, first_line: int = 1) -> Body:
    """Scan the body *text*, whose first line is *first_line* of its file."""
    blocks = read_blocks(text)
    lines = text.split("\n")
    code: list[str] = []
    references: list[Reference] = []
    for token, start, end in blocks.code:
        for found in _found_in_code(token.content, lines, start + (token.type == "fence")):
            if isinstance(found, str):
                code.append(found)
            else:
                references.append(replace(found, line=first_line + found.line))
        lines[start:end] = [""] * (end - start)
    references += _included_in_prose(lines, first_line)
    # At the start of a line, a comment is a comment whatever it contains; within a line, code takes precedence.
    prose = "\n".join(lines)
    prose = _blank(prose, _comments(prose, at_line_start=True))
    text_alone = _without_code(prose, blocks)
    comments = [*_comments(text_alone, at_line_start=False)]
    prose, text_alone = _blank(prose, comments), _blank(text_alone, comments)
    references.extend(_find_references(text_alone, first_line))
    references.sort(key=lambda reference: (reference.line, reference.column))
    return Body(prose, tuple(code), tuple(references), blocks, first_line)


def _found_in_code(content: str, lines: list[str], start: int) -> Iterator[str | Reference]:
    """Each line of a block of code whose first is *start* of *lines*, or what it includes, by lines from zero."""
    in_list = False
    for number, line in enumerate(content.removesuffix("\n").split("\n"), start):
        found = SNIPPET.match(line) if "8<" in line else None
        if "8<" in line and SNIPPET_BLOCK.match(line):
            in_list = not in_list
        elif in_list or (found and not found["escape"]):
            target = found["target"] if found else line.strip()
            if target and not target.startswith(";"):
                yield Reference("include", target, number, lines[number].find(target) + 1, "code")
        elif "8<" in line and LOST_SNIPPET.match(line):
            yield Reference("lost include", line[line.find("-") :].strip(), number, lines[number].find("-") + 1, "code")
            yield line
        else:
            yield line


def _included_in_prose(lines: list[str], first_line: int) -> Iterator[Reference]:
    """Includes in *lines*, which are prose; they are blanked."""
    in_list = False
    for index, line in enumerate(lines):
        if "8<" not in line and not in_list:
            continue
        found = SNIPPET.match(line)
        target = found["target"] if found else line.strip() if in_list else ""
        if SNIPPET_BLOCK.match(line):
            in_list = not in_list
        elif (found and not found["escape"]) or (target and not target.startswith(";")):
            yield Reference("include", target, first_line + index, line.find(target) + 1, "prose")
        elif LOST_SNIPPET.match(line):
            yield Reference(
                "lost include", line[line.find("-") :].strip(), first_line + index, line.find("-") + 1, "prose"
            )
        elif not in_list:
            continue
        lines[index] = ""


def code_lines(body: Body, include: Callable[[str], list[str] | None]) -> Iterator[str]:
    """Every line of code that the page shows, includes expanded by *include* (target to lines)."""
    yield from body.code
    for reference in body.references:
        if reference.kind == "include" and reference.text == "code":
            yield from include(reference.target) or ()


def _without_code(prose: str, blocks: Blocks) -> str:
    """*prose* with code in lines and escaped brackets blanked."""
    lines = prose.split("\n")
    searched: dict[int, int] = {}
    for token in blocks.tokens:
        if token.type != "inline" or token.map is None or not ("`" in token.content or "\\" in token.content):
            continue
        masked = "".join(
            _NOT_NEWLINE.sub(" ", piece.text) if piece.kind is PieceKind.CODE or piece.text in _NO_MARKS else piece.text
            for piece in pieces(token.content)
        )
        for row, (text, mask) in enumerate(
            zip(token.content.split("\n"), masked.split("\n"), strict=True), token.map[0]
        ):
            for written, shown in ((text, mask), (text.replace("|", "\\|"), mask.replace("|", "\\|"))):  # of a cell
                at = lines[row].find(written, searched.get(row, 0))
                if at >= 0:
                    lines[row] = lines[row][:at] + shown.ljust(len(written)) + lines[row][at + len(written) :]
                    searched[row] = at + len(written)
                    break
    return "\n".join(lines)


def _find_references(prose: str, first_line: int) -> Iterator[Reference]:
    starts = [0, *(found.end() for found in re.finditer("\n", prose))]

    def place(offset: int) -> tuple[int, int]:
        row = bisect_right(starts, offset) - 1
        return first_line + row, offset - starts[row] + 1

    def within(found: re.Match[str]) -> tuple[int, int]:
        return place(found.start("target") + found["target"].startswith("<"))

    definitions: dict[str, str] = {}
    for found in _DEFINITION.finditer(prose):
        target = found["target"].strip("<>")
        definitions[_label(found["label"])] = target
        yield Reference("link", target, *place(found.start()), where=within(found))
    for found in _LINK.finditer(prose):
        yield Reference("link", found["target"].strip("<>"), *place(found.start()), where=within(found))
    for found in _IMAGE.finditer(prose):
        target = found["target"] if found["inline"] else definitions.get(_label(found["label"] or found["alt"]))
        if found["inline"] or target is not None:
            where = within(found) if found["inline"] and found["target"] else (0, 0)
            yield Reference("image", (target or "").strip("<>"), *place(found.start()), found["alt"], where)
    if "{lab:" in prose or "{claim:" in prose:
        for kind, pattern in (("number", NUMBER), ("claim", CLAIM)):
            for found in pattern.finditer(prose):
                yield Reference(kind, found["key"].strip(), *place(found.start()))
    if "<" in prose:
        elements: dict[int, re.Match[str]] = {}
        for pattern in (_ELEMENT, _QUOTING_ELEMENT):
            for found in pattern.finditer(prose):
                if found.end() > (elements[found.start()].end() if found.start() in elements else 0):
                    elements[found.start()] = found
        for start, found in elements.items():
            yield Reference("element", found["name"].lower(), *place(start), found["attributes"].rstrip("/"))
    for found in ATTRIBUTES.finditer(prose) if "{" in prose else ():
        yield Reference("attributes", "", *place(found.start()), found[0].strip("{}:"))


def _label(text: str) -> str:
    return " ".join(text.split()).lower()


def _comments(text: str, *, at_line_start: bool) -> Iterator[tuple[int, int]]:
    """The spans of HTML comments; with *at_line_start*, of those that begin a line."""
    start, end = text.find("<!--"), 0
    while start >= 0:
        if end < start + 4 and (end := text.find("-->", start + 4)) < 0:
            return
        if not at_line_start or not text[text.rfind("\n", 0, start) + 1 : start].strip():
            yield start, end + 3
            start = text.find("<!--", end + 3)
        else:
            start = text.find("<!--", start + 4)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace *spans* of *text*, which are in order, with blanks; lines stay."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], _NOT_NEWLINE.sub(" ", text[start:end])]
        done = end
    return "".join([*parts, text[done:]])
