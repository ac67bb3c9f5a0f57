"""Fixes for `engblog check --fix`: changes that alter nothing that an author meant.

- Tags are written as the taxonomy has them.
- Days get the form 2026-11-23, if it is certain which day they mean.
- Space at the end of a line goes, unless it is code or breaks the line.
- A list that follows a paragraph gets an empty line before it.

The last two are made only if the text means the same to CommonMark afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from engblog.html.shown import LINE
from engblog.model.article import Taxonomy
from engblog.model.problems import Problems, quote
from engblog.source.commonmark import read_blocks, render
from engblog.source.dates import DateError, read_moment
from engblog.source.edit import Edit, Lines, apply_changes
from engblog.source.frontmatter import Parts, split
from engblog.source.long_lines import long_line, open_brackets
from engblog.source.marked_yaml import Mapping, Scalar, Sequence
from engblog.source.typography import typographic
from engblog.source.yaml_text import as_scalar

_DATES = ("date", "updated", "review_by")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>[0-9]{4})")
_MONTH_FIRST = re.compile(r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})")
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_HOUR = re.compile(r"(?<![Tt ])[Tt ]++(?P<hour>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?+)(?:\.0++)?+(?P<zone>(?s:.*))")
_UTC = frozenset({"utc", "gmt", "z"})
_LINE = re.compile(rf' {LINE}="[0-9]+"')
_ONE_BY_ONE = 40
"""Changes of a text that are tried each for itself, if all of them together change what it means."""


def fixes(text: str, taxonomy: Taxonomy) -> list[Edit]:
    """The changes for *text*, a whole file with its own line ends, in order of place. A file whose front matter cannot
    be read, or that nobody should scan, has none."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    head = plain.removeprefix("\ufeff")
    parts = split(head, "", Problems()) if long_line(head, "") is None else None
    if parts is None or parts.fields is None or open_brackets(parts.body, "", 1) is not None:
        return []
    lines = Lines(text)
    found = [*_tags(text, lines, parts.fields, taxonomy), *_dates(text, lines, parts.fields)]
    blank_lines = list(_blank_lines(text, lines, parts))
    front, trailing = _trailing(text, lines, parts, {each.line for each in blank_lines})
    found += _accepted(front, lambda edits: _values(text) == _values(apply_changes(text, edits)))
    meaning = _meaning(parts.body)
    body = _accepted([*trailing, *blank_lines], lambda edits: _body_meaning(apply_changes(text, edits)) == meaning)
    return sorted([*found, *body], key=lambda each: (each.start, each.end))


def _tags(text: str, lines: Lines, fields: Mapping, taxonomy: Taxonomy) -> Iterator[Edit]:
    value = fields.get("tags")
    for item in value.items if isinstance(value, Sequence) else ():
        if not isinstance(item, Scalar):
            continue
        term = taxonomy.tag_names.get(typographic(item.text).casefold())
        if term is not None and term.name != typographic(item.text):
            yield from _value(text, lines, item, term.name, as_scalar(term.name), "the tag")


def _dates(text: str, lines: Lines, fields: Mapping) -> Iterator[Edit]:
    corrections = fields.get("corrections")
    entries = corrections.items if isinstance(corrections, Sequence) else ()
    found = [fields.get(key) for key in _DATES]
    found += [each.get("date") for each in entries if isinstance(each, Mapping)]
    for value in found:
        if isinstance(value, Scalar) and (day := certain_day(value.text.strip())) is not None:
            yield from _value(text, lines, value, day, day, "the day")


def certain_day(text: str) -> str | None:
    """The day or moment *text* in the form that front matter takes; None if it has it already, or if it is not certain
    which is meant: ``3/4/2026`` and a time without a zone are not."""
    try:
        read_moment(text)
    except DateError:
        pass
    else:
        return None
    hour = _HOUR.search(text)
    day = _day(text[: hour.start()] if hour else text)
    if day is None:
        return None
    zone = hour["zone"].strip() if hour else ""
    written = f"{day}T{hour['hour']}{'Z' if zone.lower() in _UTC else zone}" if hour else day
    try:
        read_moment(written)
    except DateError:
        return None
    return written


def _day(text: str) -> str | None:
    for form in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST):
        if (found := form.fullmatch(text.strip())) is not None:
            month = int(found["month"]) if found["month"].isdecimal() else _month(found["month"].lower())
            try:
                return date(int(found["year"]), month, int(found["day"])).isoformat()
            except ValueError:
                return None
    return None


def _month(name: str) -> int:
    """The number of the month *name*, in full or by its first three letters (four of September); 0 for another word."""
    if name in _NAMES or name in _MONTHS or name == "sept":
        return _MONTHS.index(name[:3]) + 1
    return 0


def _value(text: str, lines: Lines, value: Scalar, new: str, written: str, what: str) -> Iterator[Edit]:
    """The change of *value* to *new*, which is *written* in YAML, if the text has it as YAML reads it."""
    start = lines.offset(value.mark.line, value.mark.column) + (text[0] == "\ufeff" and value.mark.line == 1)
    for old in (value.text, f'"{value.text}"', f"'{value.text}'"):
        if old and text.startswith(old, start):
            said = f"{what} {quote(value.text)} is now {quote(new)}"
            yield Edit(start, start + len(old), written, value.mark.line, said)
            return


def _trailing(text: str, lines: Lines, parts: Parts, ends: set[int]) -> tuple[list[Edit], list[Edit]]:
    """The removals of space at the ends of lines, in the front matter and in the body. Before the lines *ends*, a
    paragraph ends."""
    blocks = read_blocks(parts.body)
    kept = {
        line
        for token in blocks.tokens
        if token.type in {"fence", "code_block", "html_block"} and token.map
        for line in range(*token.map)
    }
    plain = parts.body.split("\n")
    front, body = list[Edit](), list[Edit]()
    for line in range(1, lines.line(len(text)) + 1):
        start = lines.offset(line, 1)
        whole = text[start : lines.end(start)].rstrip("\r\n")
        bare = whole.rstrip(" \t")
        if whole == bare:
            continue
        edit = Edit(start + len(bare), start + len(whole), "", line, "space at the end of the line is gone")
        number = line - parts.body_line
        goes_on = "".join(plain[number + 1 : number + 2]).strip() and line + 1 not in ends
        breaks = bare and whole.endswith("  ") and goes_on
        if number < 0:
            front.append(edit)
        elif number not in kept and not breaks:
            body.append(edit)
    return front, body


def _blank_lines(text: str, lines: Lines, parts: Parts) -> Iterator[Edit]:
    """An empty line before each list that follows a paragraph, outside of quotations and other lists."""
    tokens = read_blocks(parts.body).tokens if parts.body else ()
    for before, token in pairwise(tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"} and token.level == 0 and token.map:
            start = token.map[0]
            if before.type == "paragraph_close" and parts.body.split("\n")[start - 1].strip():
                at = lines.offset(parts.body_line + start, 1)
                end = "\r\n" if text[:at].endswith("\r\n") else text[at - 1]
                yield Edit(at, at, end, parts.body_line + start, "an empty line is before the list")


def _body_meaning(text: str) -> str | None:
    parts = split(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), "", Problems())
    return None if parts is None else _meaning(parts.body)


def _meaning(body: str) -> str:
    """The HTML of *body*, without the numbers of lines in it."""
    return _LINE.sub("", render(read_blocks(body).tokens))


def _values(text: str) -> object:
    """The values of the front matter of *text*, with their places, and its problems."""
    problems = Problems()
    parts = split(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), "", problems)
    return parts and (parts.fields, parts.body_line, problems.found)


def _accepted(edits: list[Edit], is_harmless: Callable[[list[Edit]], bool]) -> list[Edit]:
    """Those of *edits* that are harmless, each and together."""
    if not edits or is_harmless(edits):
        return edits
    kept = [each for each in edits if is_harmless([each])] if len(edits) <= _ONE_BY_ONE else []
    return kept if is_harmless(kept) else []
