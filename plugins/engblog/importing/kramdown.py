"""Lists of attributes and options as kramdown has them."""

from __future__ import annotations

import re

from engblog.importing.boxes import box, box_kind
from engblog.importing.old_text import OldText, Rewrite, spans_between
from engblog.importing.remarks import Remarks
from engblog.model.problems import quote

_CONTENTS = re.compile(
    r"^[ \t]*(?:[-*+]|1\.)[ \t]+\S[^\n]*\n[ \t]*\{:[ \t]*toc\b[^{}\n]*\}[ \t]*$\n?|^[ \t]*\{:[ \t]*toc\b[^{}"
    r"\n]*\}[ \t]*$\n?",
    re.MULTILINE,
)
_OPTION = re.compile(r"\{::?/?(?:nomarkdown|options|comment)?\b[^{}\n]*/?\}|\{:/\}")
_LISTED = re.compile(r"^(?P<lead>[ \t>]*+)\{:(?P<inside>[^{}\n]*)\}[ \t]*$\n?", re.MULTILINE)
_WITHIN = re.compile(r"(?<=[^\s>])(?P<blank>[ \t]?)\{:(?P<inside>[^{}\n]*)\}")
_CLASS = re.compile(r"\.(?P<name>[\w-]+)")
_ID = re.compile(r"#(?P<name>[\w:-]+)")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_NO_PROSE = re.compile(r"[ \t]*(?:[-*+|>`~<\x00]|\d+[.)]|:[ \t])")
_SIZE = re.compile(r"(?<![\w-])(?:width|height)=\"?\d+(?:px|%)?\"?")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")


def translate_kramdown(text: OldText, remarks: Remarks) -> None:
    """Write lists of attributes in *text* as articles do, or take them out."""

    def contents(found: re.Match[str]) -> str:
        remarks.changed(text.line(found.start()), "the list of contents was taken out: each page has its own")
        return ""

    def option(found: re.Match[str]) -> str | None:
        if not found[0].startswith(("{::", "{:/")):
            return None
        remarks.changed(text.line(found.start()), f"the option {quote(found[0])} was taken out")
        return ""

    text.sub(_CONTENTS, contents)
    spans = [*spans_between(text.text, "{::comment}", "{:/comment}"), *spans_between(text.text, "{::comment}", "{:/}")]
    for start, _ in spans:
        remarks.changed(text.line(start), "a comment of kramdown was taken out")
    text.apply(Rewrite(start, end, "") for start, end in spans)
    text.sub(_OPTION, option)
    _translate_blocks(text, remarks)

    def within(found: re.Match[str]) -> str | None:
        return _kept(text.text[slice(*found.span("inside"))], found["blank"], text.line(found.start()), remarks)

    text.sub(_WITHIN, within)


def _translate_blocks(text: OldText, remarks: Remarks) -> None:
    """Lists of attributes on separate lines: they belong to the block above, or to the one below."""
    masked = text.masked()
    changes: list[Rewrite] = []
    for found in _LISTED.finditer(masked):
        inside = text.text[slice(*found.span("inside"))]
        line = text.line(found.start())
        classes = [each["name"] for each in _CLASS.finditer(_QUOTED.sub('""', inside))]
        kind = next((kind for name in classes if (kind := box_kind(name))), "")
        start = _block_above(masked, found.start())
        if kind and start < found.start():
            block = text.text[start : found.start()].rstrip("\n")
            lines = [line_.removeprefix("> ").removeprefix(">") for line_ in block.split("\n")]
            inner = "\n".join(lines if all(each.startswith(">") for each in block.split("\n")) else block.split("\n"))
            title, inner = _title_of(inner, classes)
            remarks.changed(line, f"a block of the class {quote(kind)} is a box now")
            if changes and changes[-1].end > start:
                continue
            changes.append(Rewrite(start, found.end(), f"{box(kind, title, inner)}\n\n"))
            continue
        kept = _kept(inside, "", line, remarks)
        above = masked[: found.start()].removesuffix("\n").rpartition("\n")[2] if found.start() else ""
        if kept and _HEADING.match(above):
            changes.append(Rewrite(found.start() - 1, found.end(), f" {kept}\n"))
        elif kept and above.strip() and not _NO_PROSE.match(above):
            changes.append(Rewrite(*found.span(), f"{found['lead']}{kept}\n"))
        else:
            if kept:
                remarks.changed(line, f"{quote(kept)} was taken out: only headings and paragraphs have an id here")
            changes.append(Rewrite(*found.span(), ""))
    text.apply(changes)


def _title_of(text: str, classes: list[str]) -> tuple[str, str]:
    """The title in the first line of a block whose class promises one (``.prompt-title``), and the rest."""
    first, _, rest = text.partition("\n")
    is_title = any(name.endswith("-title") for name in classes) and rest.strip()
    return (first.strip("# *"), rest) if is_title else ("", text)


def _block_above(text: str, at: int) -> int:
    """The start of the lines without a blank one between them that end at *at*."""
    start = at
    while start > 0:
        line_start = text.rfind("\n", 0, start - 1) + 1
        if not text[line_start : start - 1].strip():
            break
        start = line_start
    return start


def _kept(inside: str, blank: str, line: int, remarks: Remarks) -> str:
    """The list of attributes of *inside* with the id only, which articles may have; empty if it has none."""
    plain = _QUOTED.sub('""', inside)
    named = _ID.search(plain)
    rest = _ID.sub("", plain, count=1).strip()
    if rest:
        remarks.changed(line, f"the attributes {quote('{:' + inside + '}')} were taken out: looks belong to the theme")
    kept = [f"#{named['name']}"] if named else []
    kept += [found[0] for found in _SIZE.finditer(inside)] if not blank else []
    return f"{blank}{{: {' '.join(kept)} }}" if kept else ""
