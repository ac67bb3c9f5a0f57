"""A second look at a text, after it was rendered: it has only what authors may write and what the renderer makes.

The first look is at the source (:mod:`engblog.source.attribute_lists`), which can say where and what to write instead.
Markdown has more ways to become HTML than a scan of its source can foresee, so what comes out is checked as well, in
the tree that a browser builds of it. Both use one list (:mod:`engblog.html.allowed`).

Marks of proof, drawings and boxes that scroll are the engine's own. It gives each of these elements a seal, a text that
is new for every build and that no author can know; an element of that kind without it was written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pygments.token import STANDARD_TYPES

from engblog.html.allowed import (
    BOX_MODIFIERS,
    HINT,
    Refused,
    refused_attributes,
    refused_classes,
    refused_element,
)
from engblog.html.drawing_names import ELEMENTS, VALUES, WORDS, XML
from engblog.html.tree import TEXT, HtmlTree, Node
from engblog.model.problems import Code

SEAL = "data-seal"
"""The attribute of the engine's own elements; no page has it."""
TAMPERED = "data-refused"
"""The attribute of an element of the engine that an attribute list tries to change."""
_SEALED = frozenset({"aria-label", "class", "data-file", "href", "id", "role", "tabindex", "title", SEAL})
"""Attributes of the engine's own elements."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TOKENS = frozenset(STANDARD_TYPES.values()) | {"filename", "hll", "keys", "linenos", "normal", "special", "toctitle"}
_SUBTOKEN = re.compile(r"[a-z]{1,3}(?:-[A-Z][A-Za-z]*+)++")
_CLASSES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"footnote-backref", "footnote-ref", "headerlink"}),
    "code": frozenset({"highlight"}),
    "div": frozenset(
        {
            "footnote", "highlight", "linenodiv", "tabbed-alternate", "tabbed-block", "tabbed-content", "tabbed-labels",
            "tabbed-set", "toc",
        }
    ),
    "li": frozenset({"task-list-item"}),
    "pre": frozenset({"highlight"}),
    "span": _TOKENS,
    "table": frozenset({"highlighttable"}),
    "td": frozenset({"code", "linenos"}),
    "th": frozenset({"filename", "words"}),
    "ul": frozenset({"task-list"}),
}  # fmt: skip
"""Classes that the renderer gives its elements."""
_KEY = re.compile(r"key-[a-z0-9-]++")
_IDS: Mapping[str, re.Pattern[str]] = {
    "a": re.compile(r"__codelineno-\d+-\d+"),
    "li": re.compile(r"fn:.+"),
    "span": re.compile(r"__span-\d+-\d+"),
    "sup": re.compile(r"fnref\d*:.+"),
    **dict.fromkeys(_HEADINGS, re.compile(r"(?!page--|search--)[a-z0-9_-]+")),
}
"""Ids that the renderer gives its elements."""
_TAB = re.compile(r"__tabbed_\d+(?:_\d+)?")
_RENDERED: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "a": {"name": re.compile(r"__codelineno-\d+-\d+")},
    "div": {"data-tabs": re.compile(r"(?<!\d)\d++:\d++"), "data-title": re.compile(".*", re.DOTALL)},
    "img": {"src": re.compile(r"chart:.+")},
    "input": {
        "type": re.compile("checkbox|radio"), "id": _TAB, "name": _TAB, "checked": re.compile(".*"),
        "disabled": re.compile(".*"),
    },
    "label": {"for": _TAB},
    "span": {"data-linenos": re.compile(r"[\d ]*")},
}  # fmt: skip
"""Further attributes that the renderer writes, each with the form of its value."""
_DRAWN = frozenset(map(str.lower, ELEMENTS)) - {"style"}
"""Elements of a drawing that is set into the page, as HTML's parser names them; the style sheet is the page's own."""
_DRAWN_ATTRIBUTES = (
    frozenset(map(str.lower, WORDS | VALUES)) - {"media", "style", "type"}
    | {f"xml:{each}" for each in XML}
    | {"href", "id", "xlink:href", "xmlns"}
)
"""Attributes of such a drawing."""
_LOADS = re.compile(r"url\(\s*+['\"]?+(?!#)|\\", re.IGNORECASE)
"""A value that could load something; a backslash lets CSS spell it in other ways."""
_PAINT = re.compile(r"[afst]-(?:accent|bad|good|ink|muted|paper|soft)|chart-rule|dash|mono|small|strong")
"""Classes of a drawing: its colours and letters, as CONTRIBUTING.md lists them."""
_END = "\ue0ff"
"""The text behind each end in the page that is made around a body."""
_ROOM = ("main", "div", "div", "article")
"""The elements around a body. Templates have the same, so whatever would close theirs closes one of these."""


def unsafe_markup(html: str, seal: str = "") -> list[Refused]:
    """The things in *html*, the body of a page, that it must not have; none for a safe page. *seal* is that of the
    engine's own elements; without one, there are none."""
    start = "".join(f"<{name}>" for name in _ROOM)
    end = _END.join(f"</{name}>" for name in reversed(_ROOM))
    page = HtmlTree(f"<!doctype html><title>x</title><body>{start}{html.replace(_END, ' ')}\n{end}", scripting=True)
    if page.tangled:
        return [Refused(Code.R027_ENDS, "markup opens much and closes little of it", "close each element")]
    room = _room(page)
    if room is None:  # what is where is unknown then, but elements are the same wherever they are
        trees = [each for each in HtmlTree(html, fragment=True, scripting=True).children if each.tag != TEXT]
        found = [_escape(), *(refused for each in trees for refused in _unsafe(each, seal, is_ours=False))]
    else:
        found = [*_unsafe(room, seal, is_ours=True)]
    return list({each.message: each for each in found}.values())


def without_seals(html: str, seal: str) -> str:
    """*html* as readers get it."""
    return html.replace(f' {SEAL}="{seal}"', "")


def _escape() -> Refused:
    message = "HTML here ends an element of the page around it, or leaves one open behind it"
    return Refused(Code.R027_ENDS, message, "close every element that you open, and no other", "</")


def _room(page: HtmlTree) -> Node | None:
    """The element of the page that the body is in; None if the body reaches out of it."""
    root = page.root
    parts = {each.tag: each for each in root.iter()} if root is not None and not root.attributes else {}
    if parts.keys() != {"head", "body"} or parts["body"].attributes:
        return None
    node = parts["body"]
    for depth, name in enumerate(_ROOM):
        inside = [each for each in node.iter(include_text=True) if not _is_blank(each)]
        behind = [each.text_content for each in inside[1:]]
        if not inside or inside[0].tag != name or inside[0].attributes or behind != ([_END] if depth else []):
            return None
        node = inside[0]
    return node


def _is_blank(node: Node) -> bool:
    return node.tag == TEXT and not (node.text_content or "").strip("\n")


def _unsafe(root: Node, seal: str, *, is_ours: bool) -> Iterator[Refused]:
    """The things that *root* and what is in it must not have; with *is_ours*, *root* itself is not an author's."""
    waiting = [(root, False)]
    while waiting:
        node, within_drawing = waiting.pop()
        name = (node.tag or "").lower()
        if name[:1] not in {"-", "!", ""} and not (is_ours and node is root):
            attributes = node.attributes
            sealed = bool(seal) and attributes.get(SEAL) == seal
            if sealed:
                yield from _changed(name, attributes)
                within_drawing = within_drawing or "figure-scroll" in (attributes.get("class") or "")
            elif within_drawing:
                yield from _unfit_drawing(name, attributes)
            else:
                yield from _by_hand(name, attributes)
        waiting.extend((child, within_drawing) for child in reversed([*node.iter()]))


def _changed(name: str, attributes: Mapping[str, str | None]) -> Iterator[Refused]:
    """The problem with an element of the engine, whose *attributes* are no longer as it made them."""
    if not attributes.keys() <= _SEALED:
        message = f"an attribute list changes a mark or a figure that the lab's record makes, <{name}>"
        yield Refused(Code.R026_PROOF, message, "delete the list", attributes.get(TAMPERED) or "")


def _unfit_drawing(name: str, attributes: Mapping[str, str | None]) -> Iterator[Refused]:
    if name not in _DRAWN:
        yield Refused(Code.R007_RAW_HTML, f"the element <{name}> is not allowed in a drawing", HINT, f"<{name}")
    for attribute, given in attributes.items():
        value, lowered = given or "", attribute.lower()
        leads = lowered in {"href", "xlink:href"} and not value.startswith("#")
        loads = _LOADS.search(value) is not None
        if lowered not in _DRAWN_ATTRIBUTES or leads or loads:
            message = f"the attribute {attribute} of <{name}> is not allowed in a drawing"
            yield Refused(Code.R007_RAW_HTML, message, HINT, attribute)
        elif lowered == "class" and (left := [each for each in value.split() if not _PAINT.fullmatch(each)]):
            yield from refused_classes(left, f" of <{name}> in a drawing")


def _by_hand(name: str, attributes: Mapping[str, str | None]) -> Iterator[Refused]:
    """The problems with an element that the renderer makes or that an author wrote."""
    if name not in {"input", "label"} and (refused := refused_element(name)) is not None:
        yield refused
    elif attributes:
        classes = (attributes.get("class") or "").split()
        own = _CLASSES.get(name, frozenset())
        left = [each for each in classes if each not in own and not _is_rendered(name, each, classes)]
        yield from refused_classes(left, f" of <{name}>")
        rest = {each: value for each, value in attributes.items() if each != "class"}
        yield from refused_attributes(
            name, {each: value for each, value in rest.items() if not _fits(name, each, value or "")}
        )


def _is_rendered(name: str, each: str, classes: list[str]) -> bool:
    """True if the class *each*, one of *classes*, is one that the renderer gives an element *name*."""
    if name == "span":
        return _SUBTOKEN.fullmatch(each) is not None
    if name == "kbd":
        return _KEY.fullmatch(each) is not None
    return each in BOX_MODIFIERS and "admonition" in classes


def _fits(name: str, attribute: str, value: str) -> bool:
    """True if the renderer writes *attribute* with *value* for an element *name*."""
    pattern = _IDS.get(name) if attribute == "id" else None
    pattern = pattern or _RENDERED.get(name, {}).get(attribute)
    return pattern is not None and pattern.fullmatch(value) is not None
