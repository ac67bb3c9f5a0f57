"""From a page's rendered HTML to sections of plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from engblog.html.tags import attributes

_ATTRIBUTES = r"""(?:[^<>"']++|"[^"]*"|'[^']*')*+"""
"""What stands in a tag after its name: a ``>`` in quotes does not end it."""
_DROPPED = re.compile(
    r"<(?:(script|style|svg|template|math|label)(?=[\s/>])|(a) class=\"(?:headerlink|footnote-backref)\""
    r"|(sup) id=\"fnref|(!--))",
    re.IGNORECASE,
)
"""Where something begins that is no text; the group is its name."""
_CLOSED = {
    name: re.compile("-->" if name == "!--" else rf"</{name}\s*>", re.IGNORECASE)
    for name in ("script", "style", "svg", "template", "math", "label", "a", "sup", "!--")
}
_MAY_DROP = re.compile(r"<s[cvtu]|<template|<math|headerlink|footnote-backref|<label|<!--", re.IGNORECASE)
# A heading that is not closed ends nowhere, and is none.
_HEADING = re.compile(
    rf"<h([1-4])(?=[\s>])({_ATTRIBUTES})>((?:[^<]++|<(?!h[1-4][\s>]))*?)</h\1\s*>", re.DOTALL | re.IGNORECASE
)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|table|thead|tbody|tr|td|th|pre|blockquote|h[1-6]|section|figure|figcaption|details|"
    rf"summary|article|header|footer|aside|nav|br|hr|img|video|iframe|option|button)(?=[\s/>]){_ATTRIBUTES}>",
    re.IGNORECASE,
)
_TAG = re.compile(rf"</?[a-zA-Z!?]{_ATTRIBUTES}>|</?[a-zA-Z!?][^<>]*>")
_SPAN = re.compile(r"<span[^<>]*>")
_LINE = re.compile(r'<a id="__codelineno[^<>]*></a>')


def sections_of(html: str) -> tuple[Section, ...]:
    """Split the *html* of an article's body at its headings (h2 to h4 with an id) into sections of plain text.

    Code is text too. Scripts, style sheets, pictures, permalinks and footnote marks are left out. A heading without an
    id leads nowhere, so it stays in the section it stands in.
    """
    # Highlighted code is mostly spans and anchors of lines: taken out first, and fast, they leave little to the others.
    html = _SPAN.sub("", html.replace("</span>", ""))
    if '<a id="__codelineno' in html:
        html = _LINE.sub("", html)
    if _MAY_DROP.search(html):
        html = _without_dropped(html)
    sections: list[Section] = []
    anchor, heading, start = "", "", 0
    for found in _HEADING.finditer(html):
        named = attributes(found[2]).get("id", "") if found[1] != "1" else ""
        if not named:
            continue
        _close(sections, anchor, heading, html[start : found.start()])
        anchor, heading, start = named, _plain(found[3]), found.end()
    _close(sections, anchor, heading, html[start:])
    return tuple(sections)


def _without_dropped(html: str) -> str:
    """*html* without what is no text. What is never closed stays."""
    kept: list[str] = []
    start = at = 0
    unclosed: set[str] = set()  # looked for once: a page full of them takes no longer
    while found := _DROPPED.search(html, at):
        name, at = found[found.lastindex or 0].lower(), found.end()
        closed = None if name in unclosed else _CLOSED[name].search(html, at)
        if closed is None:
            unclosed.add(name)
            continue
        kept.append(html[start : found.start()])
        start = at = closed.end()
    return " ".join((*kept, html[start:]))


def _close(sections: list[Section], anchor: str, heading: str, html: str) -> None:
    text = _plain(html)
    if text or heading:
        sections.append(Section(anchor, heading, text))


def _plain(html: str) -> str:
    text = _TAG.sub("", _BLOCK.sub(" ", html))
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#39;", "'")
        text = unescape(text)
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of an article that a result can lead to."""

    anchor: str
    """The id of its heading; empty for the text before the first heading."""
    heading: str
    text: str
    """Plain text, code included, without the heading."""
