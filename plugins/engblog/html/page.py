"""References and code of a built page or a drawing: everything that the contract checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple
from xml.parsers import expat

from engblog.html.css import css_loads, script_loads
from engblog.html.links import clean_address
from engblog.html.names import OLD_ELEMENTS
from engblog.html.tree import HtmlTree, mark_of, marked, trees, unmarked

Place = tuple[str, str]
"""A key that finds a tag again in its text, once there is a problem with it: a kind, and an address or a text."""


class Use(Enum):
    """Uses that a page makes of an address."""

    LINK = "a reader can go there"
    LOAD = "the browser fetches it by itself"
    NAMED = "the page says it of itself, to machines"
    REFRESH = "the page sends its reader there"


class PageReference(NamedTuple):
    """An address on a page. Each is noted once: pages have the same links in their head, their menu and their foot."""

    use: Use
    element: str
    """``img src``, ``link canonical``, ``meta og:image``."""
    address: str
    """As a browser takes it: without the white space around it."""

    @property
    def place(self) -> Place:
        """The key that finds its tag again."""
        return self.element, self.address


class Inline(NamedTuple):
    """Code in the page itself."""

    kind: str
    """``script``, ``style``, ``attribute`` (a style), ``handler``, ``address`` (``javascript:``), ``document`` (in a
    frame's attribute), ``base`` (which changes where all links lead), ``data`` (for machines) or ``tangle`` (a text
    that no one can read)."""
    text: str

    @property
    def place(self) -> Place:
        """The key that finds its tag again."""
        return self.kind, self.text


@dataclass(slots=True)
class ReadPage:
    """A page, or a drawing, as far as others depend on it. ``read_page`` fills it; nobody changes it after."""

    title: str = ""
    ids: set[str] = field(default_factory=set)
    """Ids, the targets of fragments."""
    references: list[PageReference] = field(default_factory=list)
    inline: list[Inline] = field(default_factory=list)
    data: list[Inline] = field(default_factory=list)
    """Blocks of ``application/ld+json``."""
    policy: str | None = None
    """The Content-Security-Policy that the page sets for itself."""
    foreign: list[Place] = field(default_factory=list)
    """Elements and attributes that no page may have, each as a message names it."""
    hidden: bool = False
    """True if it asks search engines to leave it out (``noindex``)."""

    @property
    def redirects(self) -> bool:
        """True if the page only redirects its reader."""
        return any(reference.use is Use.REFRESH for reference in self.references)

    def named(self, element: str) -> PageReference | None:
        """The first reference of *element*, e.g. ``link canonical``."""
        return next((each for each in self.references if each.element == element), None)


_LOADS = {
    ("img", "src"), ("script", "src"), ("iframe", "src"), ("frame", "src"), ("embed", "src"), ("video", "src"),
    ("audio", "src"), ("source", "src"), ("track", "src"), ("input", "src"), ("video", "poster"), ("object", "data"),
    ("image", "href"), ("image", "xlink:href"), ("use", "href"), ("use", "xlink:href"), ("feimage", "href"),
    ("feimage", "xlink:href"), ("script", "href"), ("script", "xlink:href"), ("body", "background"), ("a", "ping"),
    ("area", "ping"), ("table", "background"), ("tr", "background"), ("td", "background"),
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
TANGLED = "tangle"
_TEXTS = frozenset({"script", "style", "title"})
"""Elements whose text matters."""
FOREIGN_ELEMENTS = OLD_ELEMENTS - {"dir", "font", "image"} | {"noscript", "portal"}
"""Elements of which browsers that run scripts read the inside otherwise than others, or that nobody needs."""
FOREIGN_ATTRIBUTES = frozenset({"accesskey", "autofocus", "contenteditable", "inert", "is", "ping", "srcdoc"})
"""Attributes that take a page's controls from its readers."""
_READ = _TEXTS | FOREIGN_ELEMENTS
_PLACED = frozenset({"meta", "title"})
"""Elements of which it matters what they are in."""


def read_page(html: str) -> ReadPage:
    """Read a page: as a browser does, and as one that runs no scripts does."""
    return _read_html(html, _Notes()).page


def read_drawing(data: bytes) -> ReadPage:
    """Read a file that browsers take for XML: a drawing, or a document of another kind.

    It is read by the parser of a browser, which knows what entities and default attributes mean. Browsers stop
    where it is not well-formed; to be safe, it is then read as HTML as well.
    """
    return _read_xml(data).page


def places_on_page(html: str) -> Mapping[Place, int]:
    """The number of characters before the first tag of each place on a page."""
    return _read_html(marked(html), _Notes(), unmarked).places


def places_in_drawing(data: bytes) -> Mapping[Place, int]:
    """The same of a file that browsers take for XML."""
    places = _read_xml(data).places
    return {place: len(data[:offset].decode("utf-8", "replace")) for place, offset in places.items()}


def _read_html(html: str, notes: _Notes, plain: Callable[[str], str] | None = None) -> _Notes:
    """Add what is on a page to *notes*; of one that is marked, *plain* takes the marks away."""
    for tree in trees(html):
        if tree.tangled:
            notes.code(TANGLED, plain(html[:100]) if plain else html[:100])
        for name, node in tree.elements():
            attributes = node.attributes
            if name not in _READ and (not attributes or (len(attributes) == 1 and "class" in attributes)):
                continue  # most tags of highlighted code
            if len(attributes) == 1 and (identity := attributes.get("id")):
                notes.page.ids.add(identity)  # and its lines
                continue
            values = {key.lower(): value or "" for key, value in attributes.items()}
            text = node.text() if name in _TEXTS else ""
            if plain is not None:
                notes.offset, text = mark_of(attributes), plain(text)
                values = {key: plain(value) for key, value in values.items()}
            parent = node.parent if name in _PLACED else None
            notes.tag(name.lower(), values, text, (parent and parent.tag) or "")
    return notes


def _read_xml(data: bytes) -> _Notes:
    found: list[tuple[int, str, dict[str, str], list[str]]] = []
    within: list[list[str]] = [[]]
    reader = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        values = {key.lower(): value for key, value in attributes.items()}
        within.append([])
        found.append((reader.CurrentByteIndex, name.rpartition(":")[2].lower(), values, within[-1]))

    def instruction(target: str, text: str) -> None:
        if target == "xml-stylesheet":
            for name, node in HtmlTree(f"<link rel=stylesheet {text}>", fragment=True).elements():
                values = {key: value or "" for key, value in node.attributes.items()}
                found.append((reader.CurrentByteIndex, name, values, []))

    reader.StartElementHandler = start
    reader.EndElementHandler = lambda _: within.pop()
    reader.CharacterDataHandler = lambda text: within[-1].append(text)  # noqa: PLW0108  (the last is another)
    reader.ProcessingInstructionHandler = instruction
    broken = False
    try:
        reader.Parse(data, True)
    except expat.ExpatError:
        broken = True
    notes = _Notes()
    for notes.offset, name, values, texts in found:
        notes.tag(name, values, "".join(texts))
    return _read_html(data.decode("utf-8", "replace"), notes) if broken else notes


class _Notes:
    """The notes on a page so far."""

    def __init__(self) -> None:
        self.page = ReadPage()
        self.places: dict[Place, int] = {}
        self.offset = 0
        """The characters before the tag that is being read."""

    def tag(self, name: str, values: Mapping[str, str], text: str, parent: str = "") -> None:
        """Note what there is to an element."""
        if name in FOREIGN_ELEMENTS:
            self._foreign(f"the element <{name}>")
        for attribute, value in values.items():
            if attribute in FOREIGN_ATTRIBUTES:
                self._foreign(f"the attribute {attribute} of <{name}>")
            if attribute in _WATCHED or attribute.startswith("on"):
                self._attribute(name, attribute, value)
        if name == "meta":
            self._meta(values, parent)
        elif name == "link" and "href" in values:
            relations = values.get("rel", "").lower().split()
            loads = not _LOADING.isdisjoint(relations)
            relation = next((each for each in relations if not loads or each in _LOADING), "")
            self._refer(Use.LOAD if loads else Use.NAMED, f"link {relation}", values["href"])
        elif name == "base" and "href" in values:
            self.code("base", values["href"])
        elif name == "title" and parent != "svg":
            self.page.title = self.page.title or " ".join(text.split())
        elif name == "style":
            self.code("style", text)
            self._sheet("style", text)
        elif name == "script" and values.keys().isdisjoint({"src", "href", "xlink:href"}):
            self._script(values.get("type", "").strip().lower(), text)

    def _attribute(self, name: str, attribute: str, value: str) -> None:
        place = (name, attribute)
        if attribute == "id" or (attribute == "name" and name == "a"):
            self.page.ids.add(value)
        elif place in _LINKS or place in _LOADS:
            self._refer(Use.LINK if place in _LINKS else Use.LOAD, f"{name} {attribute}", value)
        elif place in _SETS:
            for address in _candidates(value):
                self._refer(Use.LOAD, f"{name} {attribute}", address)
        elif attribute == "style":
            self.code("attribute", value)
            self._sheet(f"{name} style", value)
        elif attribute == "srcdoc":
            self.code("document", value)
        elif attribute.startswith("on"):
            self.code("handler", f"{attribute}={value}")

    def _foreign(self, said: str) -> None:
        place = ("foreign", said)
        before = len(self.places)
        self.places.setdefault(place, self.offset)
        if len(self.places) > before:
            self.page.foreign.append(place)

    def _meta(self, values: Mapping[str, str], parent: str) -> None:
        content = values.get("content", "")
        equivalent = values.get("http-equiv", "").lower()
        name = (values.get("property") or values.get("name") or "").lower()
        if equivalent == "content-security-policy" and self.page.policy is None and parent == "head":
            self.page.policy = content
        elif equivalent == "refresh":
            found = _REFRESH.match(content)
            if found and found[1].strip():
                self._refer(Use.REFRESH, "meta refresh", found[1])
        elif name == "robots":
            hides = "noindex" in content.lower() or "none" in content.lower().split(",")
            self.page.hidden = self.page.hidden or hides
        elif name in _NAMING and content:
            self._refer(Use.NAMED, f"meta {name}", content)

    def _script(self, kind: str, text: str) -> None:
        if kind in _CODE_TYPES or "javascript" in kind or "ecmascript" in kind:
            self.code("script", text)
            for address in script_loads(text):
                self._refer(Use.LOAD, "script", address)
        elif kind == "application/ld+json" and self._is_new(data := Inline("data", text)):
            self.page.data.append(data)

    def _sheet(self, element: str, css: str) -> None:
        for address in css_loads(css):
            self._refer(Use.LOAD, element, address)

    def _refer(self, use: Use, element: str, address: str) -> None:
        reference = PageReference(use, element, clean_address(address))
        if reference.address[:11].lower() == "javascript:":
            self.code("address", reference.address)
        elif self._is_new(reference):
            self.page.references.append(reference)

    def code(self, kind: str, text: str) -> None:
        """Note code in the page."""
        if self._is_new(inline := Inline(kind, text)):
            self.page.inline.append(inline)

    def _is_new(self, noted: PageReference | Inline) -> bool:
        before = len(self.places)
        self.places.setdefault(noted.place, self.offset)
        return len(self.places) > before


def _candidates(value: str) -> Iterator[str]:
    """The addresses of a ``srcset``. An address may contain a comma, but not end with one."""
    if value.lstrip()[:5].lower() == "data:":
        return
    for part in value.split(","):
        if words := part.split():
            yield words[0]
