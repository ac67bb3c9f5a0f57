"""HTML pages as values, for the checks that need no browser."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from engblog.html.compact import compact_script

from browser.stress import ROOT
from tools.pages import BuiltSite

_ADDRESSES = {
    "a": ("href",),
    "area": ("href",),
    "link": ("href",),
    "script": ("src",),
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "form": ("action",),
    "iframe": ("src",),
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


_ASSET = re.compile(r"/(?:[\w.-]+/)*assets/(?:js/(?:[\w.-]+/)+[\w.-]+\.js|css/late/[\w.-]+\.css)")
"""The path of what scripts ask for. It begins with one slash: with two it would name another host."""


INLINE = compact_script((ROOT / "overrides/inline/theme.js").read_text(encoding="utf-8"))
"""The one script in every page."""
_RULES = re.compile(
    r'\{"prefetch":\[\{"where":\{"href_matches":\["(?P<root>(?:/[\w.-]+)*)/","(?P=root)/\*/"\]\},"eagerness":"moderate"\}\]\}'
)


def is_speculation_rules(attributes: Mapping[str, str | None], text: str) -> bool:
    """Whether a script is the rules by which browsers fetch pages of the site itself ahead, and nothing else."""
    return attributes == {"type": "speculationrules"} and _RULES.fullmatch(text) is not None


def is_import_map(attributes: Mapping[str, str | None], text: str) -> bool:
    """Whether a script is an import map that only gives our own scripts and style sheets their version."""
    if attributes != {"type": "importmap"}:
        return False
    content = json.loads(text)
    return list(content) == ["imports"] and all(
        _ASSET.fullmatch(name) and re.fullmatch(rf"{re.escape(name)}\?v=[0-9a-f]{{8}}", address)
        for name, address in content["imports"].items()
    )


@dataclass(frozen=True)
class Element:
    """A start tag and where it stands."""

    tag: str
    attributes: dict[str, str]
    line: int

    def __str__(self) -> str:
        """As it could be found in the page."""
        shown = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        return f"line {self.line}: <{self.tag}{shown}>"


@dataclass
class Document:
    """What a page's markup says."""

    elements: list[Element] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    """The text of each ``<title>``, ``<h1>`` and ``<script>``."""

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements called *tag* whose *attributes* are as given."""
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def meta(self, name: str) -> str | None:
        """The content of ``<meta name=…>`` or ``<meta property=…>``."""
        found = self.all("meta", name=name) + self.all("meta", property=name)
        return found[0].attributes.get("content") if found else None

    @property
    def ids(self) -> list[str]:
        """Every id, in order, repeated ones repeated."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def addresses(self) -> list[tuple[Element, str]]:
        """Every address that the page leads to or loads."""
        return [
            (element, element.attributes[name])
            for element in self.elements
            for name in _ADDRESSES.get(element.tag, ())
            if name in element.attributes
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.document.elements.append(Element(tag, attributes, self.getpos()[0]))
        if tag in {"title", "h1", "script"} and not (tag == "title" and "svg" in self._open):
            self.document.texts.setdefault(tag, []).append("")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        for tag in ("title", "h1", "script"):
            if tag in self._open and not (tag == "title" and "svg" in self._open):
                self.document.texts[tag][-1] += data


def parse(text: str) -> Document:
    """The page whose markup is *text*."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.document


@cache
def read_documents(site: BuiltSite) -> dict[str, Document]:
    """Every page of *site* by its address, parsed once."""
    return {page: parse(site.file(page).read_text(encoding="utf-8")) for page in site.pages}
