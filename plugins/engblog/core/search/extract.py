"""From a page's rendered HTML to sections of plain text."""

from __future__ import annotations

import re
from html import unescape

from engblog.core.search.model import Section

_DROPPED = re.compile(
    r"<(script|style|svg|template|math)\b.*?</\1\s*>|<a class=\"(?:headerlink|footnote-backref)\".*?</a>"
    r"|<sup id=\"fnref.*?</sup>|<label\b.*?</label>|<!--.*?-->",
    re.DOTALL,
)
_MAY_DROP = re.compile(r"<s[cvtu]|<template|<math|headerlink|footnote-backref|<label|<!--")
_HEADING = re.compile(r"<h([1-4])\b([^>]*)>(.*?)</h\1\s*>", re.DOTALL)
_ID = re.compile(r"""\bid=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|table|thead|tbody|tr|td|th|pre|blockquote|h[1-6]|section|figure|figcaption|details|"
    r"summary|article|header|footer|aside|nav|br|hr|img|video|iframe)\b[^>]*>"
)
_TAG = re.compile(r"<[^<>]*>")
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
        html = _DROPPED.sub(" ", html)
    sections: list[Section] = []
    anchor, heading, start = "", "", 0
    for found in _HEADING.finditer(html):
        named = _ID.search(found[2]) if found[1] != "1" else None
        if named is None:
            continue
        _close(sections, anchor, heading, html[start : found.start()])
        anchor = unescape(named[1] or named[2] or named[3] or "")
        heading, start = _plain(found[3]), found.end()
    _close(sections, anchor, heading, html[start:])
    return tuple(sections)


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
