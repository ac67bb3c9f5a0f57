"""Headings: their levels, and the ids by which links reach them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it.token import Token

from engblog.html.names import PROPERTIES
from engblog.importing.old_text import OldText, Rewrite, spans_between, without_spans
from engblog.importing.remarks import Remarks
from engblog.model.problems import quote
from engblog.model.text import slugify

_GIVEN = re.compile(
    r"\{:?+[ \t]*+(?P<inside>(?:[#.][\w:.-]++|[\w-]++=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s{}\"']++)|[ \t]++)++)\}[ \t]*+$"
)
_ID = re.compile(r"#(?P<name>[\w:.-]+)")
_MARKS = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\([^()]*\)|<[^<>]*>|\{[^{}]*\}")
_EMPHASIS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)|~~")
_TAKEN = re.compile(r"(?:claim|number|chart|fig|file|page|search|saved|run|fn|fnref)(?:-|\Z)")
_ATX = re.compile(r"(?P<lead>[ \t>]*+(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<marks>#{1,6})(?=[ \t]|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page that links lead to."""

    old: str
    """Its id on the old page."""
    new: str
    """Its id in the article."""
    title: str


def new_id(old: str) -> str:
    """The id that an article can have for a place that was called *old*."""
    made = slugify(old).encode("ascii", "ignore").decode().strip("-")
    made = re.sub(r"-{2,}", "-", made)
    if not made:
        return ""
    return f"at-{made}" if _TAKEN.match(made) or made in PROPERTIES else made


def translate_headings(
    text: OldText, title: str, remarks: Remarks, heading_id: Callable[[str], str], repeated: str, linked: frozenset[str]
) -> list[Place]:
    """Bring the levels of the headings of *text* in order, and give those an id that links lead to (*linked*, ids of
    the old page); return the places that there are."""
    blocks = text.blocks
    starts = [0]
    for each in text.text.split("\n"):
        starts.append(starts[-1] + len(each) + 1)
    found = [
        (opening, content)
        for opening, content in zip(blocks.tokens, blocks.tokens[1:], strict=False)
        if opening.type == "heading_open" and opening.map
    ]
    changes: list[Rewrite] = []
    places: list[Place] = []
    levels = [int(opening.tag[1]) for opening, _ in found]
    if (
        found
        and levels[0] == 1
        and _same(found[0][1].content, title)
        and opening_is_first(text.text, starts[_rows(found[0][0])[0]])
    ):
        opening = found.pop(0)[0]
        levels.pop(0)
        start, end = (starts[row] for row in _rows(opening))
        remarks.changed(text.line(start), "the heading that repeats the title was taken out")
        changes.append(Rewrite(start, min(end, len(text.text)), ""))
    shown = [bool(_shown(content.content).strip()) for _, content in found]
    kept = iter(_levels([level for level, is_shown in zip(levels, shown, strict=True) if is_shown]))
    new = [next(kept) if is_shown else 0 for is_shown in shown]
    seen: dict[str, int] = {}
    given: set[str] = set()
    for (opening, content), old_level, level in zip(found, levels, new, strict=True):
        first, last = _rows(opening)
        start, end = starts[first], starts[last] - 1
        source = text.text[start:end]
        line = text.line(start)
        if not level:
            remarks.changed(line, "a heading without a text was taken out")
            changes.append(Rewrite(start, end, ""))
            continue
        words = " ".join(each.strip() for each in content.content.split("\n"))
        listed = _GIVEN.search(words)
        own = _ID.search(listed["inside"]) if listed else None
        if listed:
            words = words[: listed.start()].rstrip()
        natural = heading_id(_shown(words))
        count = seen.get(natural, 0)
        seen[natural] = count + 1
        old = own["name"] if own else natural + (repeated.format(count) if count else "")
        made = new_id(old)
        while made and made in given:
            made += "-2"
        is_wanted = bool(made) and (own is not None or old in linked)
        if is_wanted:
            given.add(made)
            places.append(Place(old, made, _shown(words)))
        if old_level != level:
            remarks.changed(line, f"the heading {quote(_shown(words))} is of level {level} now, not {old_level}")
        if old_level == level and not listed and not is_wanted and opening.markup.startswith("#"):
            continue
        lead = _lead(source)
        attribute = f" {{: #{made} }}" if is_wanted else ""
        hashes = re.sub(r"(?<![#\\])#++\Z", lambda marks: marks[0].replace("#", "\\#"), words.rstrip())
        changes.append(Rewrite(start, end, f"{lead}{'#' * level} {hashes}{attribute}"))
    text.apply(changes)
    return places


def _rows(token: Token) -> tuple[int, int]:
    """The first line of *token* and the one behind its last."""
    return (token.map[0], token.map[1]) if token.map else (0, 1)


def opening_is_first(text: str, at: int) -> bool:
    """True if nothing that a reader sees is before *at*."""
    before = text[:at]
    return not without_spans(before, spans_between(before, "<!--", "-->")).strip()


def _same(one: str, other: str) -> bool:
    return slugify(_shown(one)) == slugify(_shown(other))


def _shown(text: str) -> str:
    """The words of a heading that readers see."""
    return " ".join(_EMPHASIS.sub("", _MARKS.sub(lambda found: found["text"] or "", text)).split())


def _levels(old: list[int]) -> list[int]:
    """The levels for *old* in which the first is 2 and none is skipped."""
    shift = 1 if 1 in old else 0
    new: list[int] = []
    before: list[tuple[int, int]] = []  # old and new of the headings that are open
    for level in old:
        while before and before[-1][0] >= level:
            before.pop()
        own = min(before[-1][1] + 1 if before else 2, 6)
        own = max(2, min(own, level + shift, 6))
        new.append(own)
        before.append((level, own))
    return new


def _lead(source: str) -> str:
    """The text before the marks of a heading: that of a quotation, of an item."""
    found = _ATX.match(source)
    if found:
        return found["lead"]
    return re.match(r"[ \t>]*+", source)[0]  # type: ignore[index]
