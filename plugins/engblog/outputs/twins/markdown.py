"""An article's Markdown without our extensions: includes, marks, admonitions and tabs become plain Markdown.

The syntax is what :mod:`engblog.source.body` finds; like it, this is not a Markdown parser. It tells code from prose,
leaves the code unchanged, and rewrites the prose line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, dropwhile

from engblog.source.body import INLINE_CODE
from engblog.source.fences import Fence, opened_by
from engblog.source.includes import expanded
from engblog.source.marks import CLAIM_AND_SPACE, GIVEN, NUMBER

_LANGUAGE = re.compile(r"^\{?[ \t]*\.?(?P<name>[\w+#./-]+)")
_TITLE = re.compile(r"\btitle=(?P<quote>[\"'])(?P<text>.*?)(?P=quote)")
_REMARK = re.compile(
    r"^(?P<before> *)(?:!!!|\?\?\?\+?)[ \t]+(?P<kinds>[\w-]+(?:[ \t]+[\w-]+)*)(?:[ \t]+\"(?P<title>.*)\")?\s*$"
)
_TAB = re.compile(r"^(?P<before> *)===[!+]*[ \t]+\"(?P<title>.*)\"\s*$")
_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)]|:|\[\^[^\]\n]+\]:)(?:[ \t]|$)")
_COMMENT = re.compile(r"<!--.*?-->[ \t]*", re.DOTALL)
_CHART = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\(chart:(?P<key>[^\s()]+)(?:\s+\"(?P<caption>[^\"]*)\")?\s*\)")
_TARGET = re.compile(r"(?P<lead>\]\(\s*)(?P<target><[^<>\n]*>|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)")
_DEFINITION = re.compile(r"^(?P<lead> {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*)(?P<target><[^<>\n]*>|\S+)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"(?P<lead><[a-zA-Z][^<>]*?\s(?:href|src)=\")(?P<target>[^\"<>]*)(?=\")")
_LIST = re.compile(r"[ \t]*\{:?[ \t]*(?:(?:[#.][\w:-]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+))[ \t]*)+\}")
_KEYS = re.compile(r"\+\+(?P<keys>[a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+")
_HIGHLIGHTED = re.compile(r"^(`+)[ \t]*#![\w+-]+[ \t]+")
_BOX = re.compile(r"^[ \t]*</?(?:div|section|aside)\b[^<>]*>[ \t]*(?:\n|$)", re.MULTILINE)
"""Tags of HTML boxes around Markdown, each on its own line."""
_HELD = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True, slots=True)
class Marks:
    """The replacements for the marks in an article."""

    include: Callable[[str], list[str] | None]
    """The lines that an include's target shows; None if it does not exist."""
    address: Callable[[str], str]
    """The whole address of a link's or picture's target."""
    number: Callable[[str], str | None]
    """The recorded text of a measured number, as Markdown; None if it is unknown."""
    chart: Callable[[str, str], list[str] | None]
    """The lines that replace the chart of a key, given its text alternative; None if it is unknown."""
    claim: Callable[[str], str | None]
    """The replacement for the mark of a claim, as Markdown; None if it is unknown."""


def plain(text: str, meanings: Marks) -> str:
    """*text*, an article's body, as Markdown that needs no extensions except tables and footnotes."""
    return "\n".join(_blocks(list(expanded(text, meanings.include)), meanings)).strip() + "\n"


def fenced(lines: list[str], language: str, before: str = "") -> list[str]:
    """*lines* as a block of code, its fence longer than any inside, each line led by *before*."""
    runs = (len(found[0]) for line in lines for found in re.finditer("`{3,}", line))
    fence = "`" * max(3, max(runs, default=2) + 1)
    return [f"{before}{line}".rstrip() if not line else f"{before}{line}" for line in (fence + language, *lines, fence)]


def _blocks(lines: list[str], meanings: Marks) -> Iterator[str]:
    at, in_item, code = 0, False, False
    paragraph: list[str] = []
    while at < len(lines):
        line = lines[at]
        start = at
        if opened := opened_by(line):
            yield from _flushed(paragraph, meanings)
            at, block = _fence(lines, at, opened)
            yield from block
        elif remark := _REMARK.match(line):
            yield from _flushed(paragraph, meanings)
            at, inner = _inside(lines, at, remark["before"])
            yield from _remark(remark, _begun(_blocks(inner, meanings)), meanings)
        elif tab := _TAB.match(line):
            yield from _flushed(paragraph, meanings)
            at, inner = _inside(lines, at, tab["before"])
            yield from (f"{tab['before']}**{_inline(tab['title'], meanings)}**", "")
            yield from (f"{tab['before']}{each}".rstrip() for each in _begun(_blocks(inner, meanings)))
        elif not line.strip():
            yield from _flushed(paragraph, meanings)
            yield ""
        elif line.startswith("    ") and not in_item and not paragraph and (code or _blank_before(lines, at)):
            code = True
            yield line
        else:
            code = False
            if not line.startswith(" ") and not paragraph:
                in_item = False
            in_item = in_item or bool(_ITEM.match(line))
            paragraph.append(line)
        if at == start:
            at += 1
        elif at < len(lines) and lines[at].strip():
            yield ""  # this block must not run into the next line
    yield from _flushed(paragraph, meanings)


def _blank_before(lines: list[str], at: int) -> bool:
    return at == 0 or not lines[at - 1].strip()


def _fence(lines: list[str], at: int, opened: Fence) -> tuple[int, list[str]]:
    """The line after a fence, and the fence with only its language, preceded by its title."""
    before, info = opened.before, opened.info.strip()
    inside: list[str] = []
    end = at + 1
    while end < len(lines):
        if opened.is_closed_by(lines[end]):
            break
        inside.append(lines[end][len(before) :] if lines[end].startswith(before) else lines[end].lstrip(" "))
        end += 1
    language = _LANGUAGE.match(info)
    name = language["name"] if language and "=" not in info[: language.end() + 1] else ""
    title = _TITLE.search(info)
    lead = [f"{before}`{title['text']}`:", before.rstrip()] if title and "`" not in title["text"] else []
    return end + 1, [*lead, *fenced(inside, name, before)]


def _inside(lines: list[str], at: int, before: str) -> tuple[int, list[str]]:
    """The line after the text that is indented below line *at*, and the lines of that text, unindented by one step."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(f"{before}    ")):
        end += 1
    while end > at + 1 and not lines[end - 1].strip():
        end -= 1
    return end, [line[len(before) + 4 :] for line in lines[at + 1 : end]]


def _begun(lines: Iterator[str]) -> Iterator[str]:
    """*lines* from the first that is not blank."""
    return dropwhile(lambda line: not line.strip(), lines)


def _remark(remark: re.Match[str], inner: Iterator[str], meanings: Marks) -> Iterator[str]:
    """An admonition as a quotation that begins with its title."""
    kind = remark["kinds"].split()[0].capitalize()
    title = kind if remark["title"] is None else _inline(remark["title"], meanings)
    for line in chain([f"**{title}**", ""] if title else [], inner):
        yield f"{remark['before']}> {line}".rstrip()


def _flushed(paragraph: list[str], meanings: Marks) -> Iterator[str]:
    if paragraph:
        whole = "\n".join(paragraph)
        paragraph.clear()
        drawn = _CHART.fullmatch(whole.strip())
        if drawn and (lines := meanings.chart(drawn["key"], " ".join(drawn["alt"].split()))) is not None:
            yield from [*lines, *(["", _inline(drawn["caption"], meanings)] if drawn["caption"] else [])]
            return
        text = _inline(whole, meanings)
        if text.strip():
            yield from text.split("\n")


def _inline(text: str, meanings: Marks) -> str:
    """Prose, with its marks replaced; code in it stays unchanged."""
    code: list[str] = []

    def hold(found: re.Match[str]) -> str:
        code.append(_HIGHLIGHTED.sub(r"\1", found[0]))
        return f"\ue000{len(code) - 1}\ue001"

    def reach(found: re.Match[str]) -> str:
        target = found["target"]
        bare = target[1:-1] if target.startswith("<") else target
        return f"{found['lead']}{meanings.address(bare)}"

    text = INLINE_CODE.sub(hold, text.replace("\ue000", ""))
    text = _BOX.sub("", _without_comments(text))
    text = NUMBER.sub(lambda found: _or(meanings.number(found["key"].strip()), found[0]), text)
    text = CLAIM_AND_SPACE.sub(lambda found: _or(meanings.claim(found["key"].strip()), found[0]), text)
    text = GIVEN.sub("", text)
    text = _ATTRIBUTE.sub(reach, _DEFINITION.sub(reach, _TARGET.sub(reach, text)))
    text = _LIST.sub("", text)
    text = _KEYS.sub(lambda found: "`" + "+".join(key.capitalize() for key in found["keys"].split("+")) + "`", text)
    return _HELD.sub(lambda found: code[int(found[1])], text)


def _without_comments(text: str) -> str:
    # Up to the last end of a comment, so that every start has an end and none is searched for twice.
    head, end, rest = text.rpartition("-->")
    return _COMMENT.sub("", head + end) + (rest.lstrip(" ") if end else rest)


def _or(found: str | None, stands: str) -> str:
    return stands if found is None else found
