"""An SVG file prepared to be part of a page: checked, its ids made unique, its title and description announced.

Setting a diagram into the page lets it take the theme's colours and fonts. It also puts its markup under the page's
security policy, so anything that could run code, load a file or set styles is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engblog.html.drawing import MOST_BYTES, drawing_faults

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"\s]+)['\"]?\s*\)", re.IGNORECASE)
_NOT_SET_IN = frozenset({"style"})
"""Elements and attributes of drawings that a page's policy forbids."""
_BY_CLASS = "colour by class; see Diagrams in CONTRIBUTING.md"
_CLASS = re.compile(r"[afst]-(?:accent|bad|good|ink|muted)|f-(?:paper|soft)|dash|mono|small|strong")
"""The classes of the theme's ``diagram.css``; others could look like a part of the page."""


_SIDES = 4
MAX_CHARACTERS = MOST_BYTES
_LEFT_OUT = frozenset({"focusable", "media", "role", "type", "version"})
_LEFT_OUT_OF_ROOT = frozenset({"height", "overflow", "transform", "width", "x", "y"})
"""Attributes that mean nothing in a page, or that would let the drawing out of its place."""


class DiagramError(ValueError):
    """A file that cannot be set into a page; ``hint`` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Diagram:
    """A checked diagram."""

    root: ElementTree.Element
    title: str
    description: str


def read_diagram(text: str) -> Diagram:
    """Check the SVG *text*. Raises :class:`DiagramError` on the first thing that is wrong."""
    for fault in drawing_faults(text.encode("utf-8", "replace")):
        raise DiagramError(f"{fault.message} (line {fault.line}, column {fault.column})", fault.hint)
    root = ElementTree.fromstring(text.encode("utf-8", "replace"))  # noqa: S314  (it has no DOCTYPE)
    if "viewBox" not in root.attrib:
        raise DiagramError("it has no viewBox", 'give <svg> a viewBox="0 0 720 400" in place of width and height')
    for element in root.iter():
        _check(element)
    title, description = (" ".join((root.findtext(f"{_SVG}{name}") or "").split()) for name in ("title", "desc"))
    for name, found in (("title", title), ("desc", description)):
        if not found:
            raise DiagramError(
                f"it has no <{name}>", f"make <{name}>…</{name}> a child of <svg>: screen readers read it"
            )
    return Diagram(root, title, description)


def inline(diagram: Diagram, prefix: str) -> str:
    """Markup of *diagram* for a page, every id led by *prefix* so that two diagrams never share one."""
    return "".join(_serialise(diagram.root, prefix, is_root=True))


def with_ground(text: str) -> str:
    """The SVG *text* with white paper under it, for whoever opens the file itself: its colours are those of the day.

    Anything that is not a diagram stays unchanged.
    """
    try:
        box = read_diagram(text).root.attrib["viewBox"].replace(",", " ").split()
    except DiagramError:
        return text
    ends: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: ends.append(parser.CurrentByteIndex)
    data = text.encode()
    parser.Parse(data, True)
    if len(box) != _SIDES or len(ends) == 1:
        return text
    at = data.rindex(b">", 0, ends[1]) + 1  # of the root's tag, or of a comment behind it
    x, y, width, height = map(quoteattr, box)
    ground = f'<rect x={x} y={y} width={width} height={height} fill="#fff"/>'
    return f"{data[:at].decode()}{ground}{data[at:].decode()}"


def _check(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(_SVG)
    if name in _NOT_SET_IN:
        raise DiagramError(f"it has an element <{name}>", _BY_CLASS)
    for attribute in _NOT_SET_IN & element.attrib.keys():
        raise DiagramError(f"<{name}> has the attribute {attribute}", _BY_CLASS)
    for each in element.get("class", "").split():
        if not _CLASS.fullmatch(each):
            raise DiagramError(f"<{name}> has the class {each!r}", "CONTRIBUTING.md lists the classes under Diagrams")


def _serialise(element: ElementTree.Element, prefix: str, *, is_root: bool = False) -> list[str]:
    name = element.tag.removeprefix(_SVG)
    attributes: dict[str, str] = {}
    for attribute, value in element.attrib.items():
        short = attribute.removeprefix(_XLINK)
        if short.startswith(("{", "aria-")) or short in _LEFT_OUT or (is_root and short in _LEFT_OUT_OF_ROOT):
            continue
        own = {"id": f"{prefix}-{value}", "href": f"#{prefix}-{value[1:]}"}.get(short, value)
        attributes[short] = _LOCAL_URL.sub(lambda found: f"url(#{prefix}-{found[1]})", own)
    if is_root:
        attributes |= _natural_size(attributes.get("viewBox", ""))
        attributes |= {"role": "img", "aria-labelledby": f"{prefix}-title", "aria-describedby": f"{prefix}-desc"}
    parts = [
        f"<{name}",
        *(f" {key}={quoteattr(value)}" for key, value in attributes.items()),
        ">",
        escape(_flat(element.text)),
    ]
    named: set[str] = set()
    for child in element:
        child_name = child.tag.removeprefix(_SVG)
        if is_root and child_name in {"title", "desc"} and child_name not in named:
            named.add(child_name)
            words = escape(" ".join((child.text or "").split()))
            parts.append(f'<{child_name} id="{prefix}-{child_name}">{words}</{child_name}>')
        else:
            parts.extend(_serialise(child, prefix))
        parts.append(escape(_flat(child.tail)))
    return [*parts, f"</{name}>"]


def _natural_size(view_box: str) -> dict[str, str]:
    """Width and height for a viewer to start from: those of the view box."""
    numbers = re.fullmatch(r"\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*", view_box)
    return {"width": numbers[1], "height": numbers[2]} if numbers else {}


def _flat(text: str | None) -> str:
    """White space between elements folded to one space: a blank line would end Markdown's raw block."""
    return re.sub(r"\s+", " ", text or "")
