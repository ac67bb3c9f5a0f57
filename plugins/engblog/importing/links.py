"""Links and pictures in the Markdown of a text, with the place of each of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.common.utils import normalizeReference

from engblog.importing.old_text import HIDDEN_CODE, OldText, Rewrite
from engblog.importing.written import address_of_target
from engblog.source.marks import ATTRIBUTES

_INLINE = re.compile(
    r"\([ \t\n]*+(?P<target><[^<>\n]*+>|(?:[^\s()\\<\x00]|\\.|\((?:[^\s()\\\x00]|\\.|\([^\s()\x00]*+\))*+\))"
    r"(?:[^\s()\\\x00]|\\.|\((?:[^\s()\\\x00]|\\.|\([^\s()\x00]*+\))*+\))*+|)"
    r"(?:[ \t\n]++(?P<title>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?+"
    r"[ \t\n]*+(?:=[\dx%]*+[ \t\n]*+)?+\)"
)
_SPACED = re.compile(r"\((?P<target>[^()<>\"'\n]*[^()<>\"'\s])[ \t]*\)")
_BRACKET = re.compile(r"\\.|!\[|\[|\]", re.DOTALL)
_DEFINITION = re.compile(
    r"^[ \t>]{0,6}\[(?!\^)(?P<label>(?:[^\[\]\n\\]|\\.)++)\]:[ \t]*+(?:\n[ \t]*+)?+"
    r"(?P<target><[^<>\n]*>|[^\s<\x00][^\s\x00]*)",
    re.MULTILINE,
)
_PICTURE = re.compile(r"!\[(?P<alt>(?:[^\[\]\\\n]|\\.)*)\](?!\()(?:[ ]?\[(?P<label>[^\[\]\n]*)\])?")
_LISTED = re.compile(rf"[ \t]?{ATTRIBUTES.pattern}")
_UNESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class OldLink:
    """A link, a picture, or the definition of a target."""

    kind: str
    """``link``, ``picture`` or ``definition``."""
    start: int
    end: int
    words: tuple[int, int]
    """The start and the end of its text."""
    place: tuple[int, int]
    """The start and the end of its target, in angle brackets or not."""
    target: str
    title: str = ""
    within: bool = False
    """True if it is in the text of a link."""


def find_links(text: str, masked: str) -> Iterator[OldLink]:
    """The links of *text*, in which *masked* hides code; those within others come first."""
    openers: list[tuple[int, bool]] = []
    at = 0
    found_links: list[OldLink] = []
    while found := _BRACKET.search(masked, at):
        at = found.end()
        if found[0][0] == "\\":
            continue
        if found[0] != "]":
            openers.append((found.start(), found[0] == "!["))
            continue
        if not openers:
            continue
        start, is_picture = openers.pop()
        inline = _INLINE.match(masked, at) or _SPACED.match(masked, at)
        if inline is None or "\n\n" in masked[start:at]:
            continue
        place = inline.span("target")
        target = text[slice(*place)]
        title = text[slice(*inline.span("title"))] if "title" in inline.re.groupindex and inline["title"] else ""
        words = (start + 1 + is_picture, found.start())
        plain = _UNESCAPED.sub(r"\1", target.strip("<>")) if target.startswith("<") else _UNESCAPED.sub(r"\1", target)
        kind = "picture" if is_picture else "link"
        found_links.append(OldLink(kind, start, inline.end(), words, place, plain.strip(), title[1:-1]))
        at = inline.end()
    for found in _DEFINITION.finditer(masked):
        target = text[slice(*found.span("target"))]
        found_links.append(OldLink("definition", found.start(), found.end(), found.span("label"), found.span("target"),
                                   target.strip("<>")))  # fmt: skip
    outer = [each for each in found_links if each.kind == "link"]
    spans = sorted(each.words for each in outer)
    for each in found_links:
        is_within = each.kind != "definition" and any(start <= each.start and each.end <= end for start, end in spans)
        yield OldLink(each.kind, each.start, each.end, each.words, each.place, each.target, each.title, is_within)


def inline_pictures(text: OldText) -> None:
    """Give each picture of *text* that names a label the address of that label."""
    if "![" not in text.text or "]:" not in text.text:
        return
    targets = text.blocks.targets

    def picture(found: re.Match[str]) -> str | None:
        label = text.text[slice(*found.span("label"))] if found["label"] else ""
        alt = text.text[slice(*found.span("alt"))]
        target = targets.get(normalizeReference(label or alt))
        if target is None:
            return None
        address, _, title = target.partition(" ") if not target.startswith("<") else (target, "", "")
        return f"![{alt}]({address_of_target(address.strip('<>'))}" + (f" {title})" if title else ")")

    text.sub(_PICTURE, picture)


def attributes_behind(text: str, masked: str, at: int) -> tuple[int, str]:
    """The end of the list of attributes that begins at *at*, and its inside; *at* and nothing if there is none."""
    found = _LISTED.match(masked, at)
    if found is None or HIDDEN_CODE in found[0]:
        return at, ""
    return found.end(), text[slice(*found.span())].strip().strip("{}").removeprefix(":").strip()


def removed_link(link: OldLink) -> list[Rewrite]:
    """The changes that leave only the text of *link*."""
    if link.kind == "definition":
        return [Rewrite(link.start, link.end, "")]
    return [Rewrite(link.start, link.words[0], ""), Rewrite(link.words[1], link.end, "")]
