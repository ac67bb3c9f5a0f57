"""Blocks of code of other systems: what is written behind the marks of a fence."""

from __future__ import annotations

import re

from engblog.importing.old_text import OldText, Rewrite, find_fences
from engblog.importing.remarks import Remarks
from engblog.model.problems import quote
from engblog.source.fences import read_info
from engblog.source.includes import is_include

_TITLE = re.compile(
    r"(?:title|filename|file|name|caption|label|header|path)[ \t]*[=:][ \t]*(?:\{[ \t]*)?"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'{},]+))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"linenos|linenums|linenostart|showLineNumbers|number-lines|numberLines|line-numbers", re.IGNORECASE
)
_LINES = re.compile(
    r"(?:hl_lines|highlight|hl|emphasize-lines|mark|hl-lines|highlights)[ \t]*[=:][ \t]*"
    r"(?P<value>\[[^\[\]]*\]|\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[\d,\-]+)",
    re.IGNORECASE,
)
_BRACED = re.compile(r"\{[ \t]*(?P<lines>\d[\d,\- ]*)\}")
_LANGUAGE = re.compile(r"[ \t]*+\{?+[ \t]*+\.?+(?P<name>[\w#+.-]*+)")
_RANGE = re.compile(r"\d+(?:-\d+)?")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def translate_code(text: OldText, remarks: Remarks) -> None:
    """Write what opens each fence of *text* as articles do; close those that are not."""
    changes: list[Rewrite] = []
    for fence in find_fences(text.text):
        line = text.origin(fence.first)
        opening_end = fence.start + len(text.text[fence.start : fence.end].partition("\n")[0])
        info = _info(fence.info)
        if info != fence.info and read_info(fence.info).problem:
            remarks.changed(line, f"{quote(fence.mark + fence.info)} is {quote(fence.mark + info)} now")
            changes.append(Rewrite(fence.start, opening_end, f"{fence.lead}{fence.mark}{info}"))
        body = text.text[opening_end : fence.end]
        if turned := _DIRECTION.search(body):
            remarks.changed(line, f"U+{ord(turned[0]):04X}, which changes the direction of code, was taken out")
            changes += [
                Rewrite(opening_end + each.start(), opening_end + each.end(), "") for each in _DIRECTION.finditer(body)
            ]
        at = opening_end
        for each in body.split("\n"):
            if "8<" in each and is_include(each):
                remarks.changed(line, "a line that looks like an include of code is shown as text")
                changes.append(Rewrite(at + len(each) - len(each.lstrip()), at + len(each) - len(each.lstrip()), ";"))
            at += len(each) + 1
        if not fence.is_closed:
            remarks.changed(line, "the fence was not closed")
            ending = fence.lead if not re.search(r"[-*+\d]", fence.lead) else " " * len(fence.lead.expandtabs(4))
            changes.append(Rewrite(fence.end, fence.end, f"\n{ending}{fence.mark}\n"))
    text.apply(changes)


def _info(info: str) -> str:
    """*info* with language, title, lines and numbers in the form that articles have, and nothing else."""
    if not read_info(info).problem:
        return info
    found = _LANGUAGE.match(info)
    language = found["name"] if found else ""
    if language and info[found.end() : found.end() + 1] in {"=", ":"} if found else False:
        language = ""
    rest = info[found.end("name") :] if found and language else info
    parts = [language.strip(".") if not read_info(language).problem else ""]
    if title := _TITLE.search(rest):
        value = title["double"] or title["single"] or title["bare"] or ""
        parts.append(f'title="{value.replace(chr(34), chr(39))}"' if value else "")
    lines = _LINES.search(rest) or _BRACED.search(rest)
    if lines:
        numbers = _RANGE.findall(lines[1])
        parts.append(f'hl_lines="{" ".join(numbers)}"' if numbers else "")
    if _NUMBERED.search(rest):
        parts.append('linenums="1"')
    written = " ".join(part for part in parts if part)
    return "" if read_info(written).problem else written
