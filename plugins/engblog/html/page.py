"""What a built HTML page refers to: read once, by tag, in linear time.

This is no parser of HTML: it finds start tags, their attributes, and where scripts and style sheets end. That is all
that the contract (:mod:`engblog.contract.check`) asks of a page, and a site of a thousand articles has millions of
tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from html import unescape
from typing import NamedTuple

from engblog.html.css import css_loads, script_loads
from engblog.html.tags import TAG, attributes, behind_comment, clean_address


class Use(Enum):
    """What a page does with an address."""

    LINK = "a reader can go there"
    LOAD = "the browser fetches it by itself"
    NAMED = "the page says it of itself, to machines"
    REFRESH = "the page sends its reader there"


class PageReference(NamedTuple):
    """An address on a page, and where it stands."""

    use: Use
    element: str
    """``img src``, ``link canonical``, ``meta og:image``."""
    address: str
    """As a browser takes it: without entities, and without the white space around it."""
    offset: int
    """Characters before its tag."""


class Inline(NamedTuple):
    """Code that stands in the page itself."""

    kind: str
    """``script``, ``style``, ``attribute`` (a style), ``handler``, ``address`` (``javascript:``), ``document`` (in a
    frame's attribute) or ``base`` (which changes where all links lead)."""
    text: str
    offset: int


@dataclass(slots=True)
class ReadPage:
    """A page, or a drawing, as far as others depend on it. ``read_document`` fills it; nobody changes it after."""

    title: str = ""
    ids: set[str] = field(default_factory=set)
    """Where a fragment can lead."""
    references: list[PageReference] = field(default_factory=list)
    inline: list[Inline] = field(default_factory=list)
    data: list[tuple[str, int]] = field(default_factory=list)
    """Blocks of ``application/ld+json``: text, and the characters before their tag."""
    policy: str | None = None
    """The Content-Security-Policy that the page sets for itself."""
    hidden: bool = False
    """Whether it asks search engines to leave it out (``noindex``)."""

    @property
    def redirects(self) -> bool:
        """Whether the page does nothing but send its reader on."""
        return any(reference.use is Use.REFRESH for reference in self.references)

    def named(self, element: str) -> PageReference | None:
        """The first reference of *element*, e.g. ``link canonical``."""
        return next((each for each in self.references if each.element == element), None)


_ONLY_ID = re.compile(r' id="([^"&]*+)"\Z')
_RAW_END = {
    name: re.compile(rf"</(?:[a-z0-9.-]++:)?{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea")
}
_LOADS = {
    ("img", "src"), ("script", "src"), ("iframe", "src"), ("frame", "src"), ("embed", "src"), ("video", "src"),
    ("audio", "src"), ("source", "src"), ("track", "src"), ("input", "src"), ("video", "poster"), ("object", "data"),
    ("image", "href"), ("image", "xlink:href"), ("use", "href"), ("use", "xlink:href"), ("feimage", "href"),
    ("feimage", "xlink:href"), ("script", "href"), ("script", "xlink:href"), ("body", "background"), ("a", "ping"),
    ("area", "ping"), ("image", "src"), ("table", "background"), ("tr", "background"), ("td", "background"),
    ("th", "background"), ("img", "attributionsrc"), ("a", "attributionsrc"), ("script", "attributionsrc"),
    ("button", "formaction"), ("input", "formaction"),
}  # fmt: skip
_LINKS = {("a", "href"), ("a", "xlink:href"), ("area", "href"), ("form", "action")}
_SETS = {("img", "srcset"), ("source", "srcset"), ("image", "srcset"), ("link", "imagesrcset")}
_WATCHED = frozenset({attribute for _, attribute in _LOADS | _LINKS | _SETS} | {"id", "name", "style", "srcdoc"})
_LOADING = frozenset(
    {
        "stylesheet", "icon", "apple-touch-icon", "mask-icon", "preload", "modulepreload", "prefetch", "preconnect",
        "dns-prefetch", "prerender", "manifest", "expect", "compression-dictionary", "apple-touch-icon-precomposed",
        "apple-touch-startup-image", "import", "subresource",
    }
)  # fmt: skip
"""Values of ``rel`` that make a browser ask for something."""
_NAMING = frozenset({"og:url", "og:image", "og:image:secure_url", "og:video", "og:audio", "twitter:image"})
_REFRESH = re.compile(r"\s*+[\d.]++\s*+[;,]?\s*+(?:url\s*+=\s*+)?[\"']?([^\"']*+)", re.IGNORECASE)
_CODE_TYPES = frozenset({"", "module", "importmap", "speculationrules"})


def read_page(html: str) -> ReadPage:
    """Read a page, or a drawing: an SVG file has links and ids, and may load, all the same."""
    document = ReadPage()
    at = 0
    seen: set[tuple[str, str]] = set()
    ids = document.ids
    while True:
        for tag in TAG.finditer(html, at):
            comment, name, inside = tag.groups()
            if comment:
                at = behind_comment(html, tag.end())
                break
            if not inside.endswith(">"):
                return document  # the tag never ends: a browser shows nothing of it
            inside = inside[:-1]
            if name == "span" and (only := _ONLY_ID.match(inside)):
                ids.add(only[1])
                continue
            name = name.lower()
            values = attributes(inside) if inside else {}
            if values:
                _note(document, name, values, tag.start(), seen)
            if (name := "script" if name.endswith(":script") else name) in _RAW_END:
                closed = _RAW_END[name].search(html, tag.end())
                text = html[tag.end() : closed.start() if closed else len(html)]
                _note_raw(document, name, values, text, tag.start())
                at = closed.end() if closed else len(html)
                break
        else:
            return document


def _note(document: ReadPage, name: str, values: dict[str, str], offset: int, seen: set[tuple[str, str]]) -> None:
    for attribute, value in values.items():
        if attribute not in _WATCHED and not attribute.startswith("on"):
            continue
        place = (name, attribute)
        if attribute == "id" or (attribute == "name" and name == "a"):
            document.ids.add(value)
        elif place in _LINKS or place in _LOADS:
            use = Use.LINK if place in _LINKS else Use.LOAD
            _add(document, PageReference(use, f"{name} {attribute}", clean_address(value), offset), seen)
        elif place in _SETS:
            for address in _candidates(value):
                _add(document, PageReference(Use.LOAD, f"{name} {attribute}", clean_address(address), offset), seen)
        elif attribute == "style":
            document.inline.append(Inline("attribute", value, offset))
            _note_css(document, value, offset, f"{name} style", seen)
        elif attribute == "srcdoc":
            document.inline.append(Inline("document", value, offset))
        elif attribute.startswith("on"):
            document.inline.append(Inline("handler", f"{attribute}={value}", offset))
    if name == "meta":
        _note_meta(document, values, offset, seen)
    elif name == "link" and "href" in values:
        relations = values.get("rel", "").lower().split()
        loads = not _LOADING.isdisjoint(relations)
        relation = next((each for each in relations if not loads or each in _LOADING), "")
        use = Use.LOAD if loads else Use.NAMED
        _add(document, PageReference(use, f"link {relation}", clean_address(values["href"]), offset), seen)
    elif name == "base" and "href" in values:
        document.inline.append(Inline("base", values["href"], offset))


def _add(document: ReadPage, reference: PageReference, seen: set[tuple[str, str]]) -> None:
    """Note a reference once: pages have the same links in their head, their menu and their foot."""
    key = (reference.element, reference.address)
    if key in seen:
        return
    seen.add(key)
    if reference.address[:11].lower() == "javascript:":
        document.inline.append(Inline("address", reference.address, reference.offset))
    else:
        document.references.append(reference)


def _note_meta(document: ReadPage, values: dict[str, str], offset: int, seen: set[tuple[str, str]]) -> None:
    content = values.get("content", "")
    equivalent = values.get("http-equiv", "").lower()
    name = (values.get("property") or values.get("name") or "").lower()
    if equivalent == "content-security-policy" and document.policy is None:
        document.policy = content
    elif equivalent == "refresh":
        found = _REFRESH.match(content)
        if found and found[1].strip():
            _add(document, PageReference(Use.REFRESH, "meta refresh", clean_address(found[1]), offset), seen)
    elif name == "robots":
        document.hidden = document.hidden or "noindex" in content.lower() or "none" in content.lower().split(",")
    elif name in _NAMING and content:
        _add(document, PageReference(Use.NAMED, f"meta {name}", clean_address(content), offset), seen)


def _note_raw(document: ReadPage, name: str, values: dict[str, str], text: str, offset: int) -> None:
    if name == "title":
        document.title = document.title or " ".join(unescape(text).split())
    elif name == "style":
        document.inline.append(Inline("style", text, offset))
        _note_css(document, text, offset, "style", set())
    elif (
        name.rpartition(":")[2] == "script"
        and "src" not in values
        and "href" not in values
        and "xlink:href" not in values
    ):
        kind = values.get("type", "").strip().lower()
        if kind in _CODE_TYPES or "javascript" in kind or "ecmascript" in kind:
            document.inline.append(Inline("script", text, offset))
            for address in script_loads(text):
                document.references.append(PageReference(Use.LOAD, "script", address, offset))
        elif kind == "application/ld+json":
            document.data.append((text, offset))


def _note_css(document: ReadPage, css: str, offset: int, element: str, seen: set[tuple[str, str]]) -> None:
    for address in css_loads(css):
        _add(document, PageReference(Use.LOAD, element, address, offset), seen)


def _candidates(value: str) -> Iterator[str]:
    """The addresses of a ``srcset``. A comma may stand in one of them, but not at its end."""
    if value.lstrip()[:5].lower() == "data:":
        return
    for part in value.split(","):
        if words := part.split():
            yield words[0]
