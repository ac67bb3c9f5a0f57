"""An SVG file prepared to be part of a page: checked, its ids made unique, its title and description announced.

Setting a diagram into the page lets it take the theme's colours and fonts. It also puts its markup under the page's
security policy, so anything that could run code, load a file or set styles is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

_ELEMENTS = frozenset(
    {
        "svg",
        "g",
        "title",
        "desc",
        "defs",
        "marker",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "clipPath",
        "mask",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
    }
)
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"\s]+)['\"]?\s*\)", re.IGNORECASE)
_ANY_URL = re.compile(r"url\(\s*+['\"]?+(?!#)|\\", re.IGNORECASE)  # a backslash lets CSS spell url in other ways
MAX_CHARACTERS = 512 * 1024
MAX_DEPTH = 64


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
    if len(text) > MAX_CHARACTERS:
        raise DiagramError(f"it has {len(text):,} characters", "simplify it, or use a PNG or WebP picture")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DiagramError("it has a DOCTYPE", "delete the lines <!DOCTYPE …> and <!ENTITY …>")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  (no DOCTYPE, so no entities, comes this far)
    except ElementTree.ParseError as error:
        raise DiagramError(f"it is not XML: {error}", "open the file in a browser to see where it breaks") from None
    if root.tag != f"{_SVG}svg":
        raise DiagramError(
            "its root is not <svg>", 'start it with <svg xmlns="http://www.w3.org/2000/svg" viewBox="…">'
        )
    if "viewBox" not in root.attrib:
        raise DiagramError("it has no viewBox", 'give <svg> a viewBox="0 0 720 400" in place of width and height')
    _check_depth(root)
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


def _check_depth(root: ElementTree.Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise DiagramError(f"it is nested more than {MAX_DEPTH} levels deep", "use fewer groups within groups")
        level = [child for element in level for child in element]


def _check(element: ElementTree.Element) -> None:
    if not isinstance(element.tag, str):
        return
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        raise DiagramError(f"it has an element <{name.rpartition('}')[2]}>", "use only shapes, lines and text")
    for attribute, value in element.attrib.items():
        short = attribute.removeprefix(_XLINK)
        lowered = short.lower()  # the page is HTML, which takes STYLE for style
        if lowered.startswith("on") or lowered == "style":
            raise DiagramError(
                f"<{name}> has the attribute {short}", "colour by class; see Diagrams in CONTRIBUTING.md"
            )
        if lowered == "href" and not value.startswith("#"):
            raise DiagramError(f"<{name}> refers to {value!r}", "refer to ids of the same file only")
        if _ANY_URL.search(value):
            raise DiagramError(f"<{name}> loads {value!r}", "refer to ids of the same file only")


def _serialise(element: ElementTree.Element, prefix: str, *, is_root: bool = False) -> list[str]:
    if not isinstance(element.tag, str):
        return []
    name = element.tag.removeprefix(_SVG)
    attributes: dict[str, str] = {}
    for attribute, value in element.attrib.items():
        short = attribute.removeprefix(_XLINK)
        if short.lower() in {"id", "href"}:
            short = short.lower()
        if short.startswith("{") or (is_root and short in {"width", "height", "role"}) or short.startswith("aria-"):
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
        child_name = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else ""
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
