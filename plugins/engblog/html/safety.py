"""A second look at an article, after it was rendered: nothing in it may run, style itself, or load from another host.

The first look is at the source (:mod:`engblog.source.references`), which can say where and what to write instead.
Markdown has more ways to become HTML than a scan of its source can foresee, so what comes out is checked as well, and
more strictly: the element's name is enough, wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engblog.html.tree import trees

FORBIDDEN_ELEMENTS = frozenset(
    {"script", "style", "iframe", "frame", "object", "embed", "applet", "link", "meta", "base", "form", "portal"}
)
"""Those that authors may not write."""
_ELEMENT = re.compile(rf"<\s*({'|'.join(sorted(FORBIDDEN_ELEMENTS | {'math'}))})\b", re.IGNORECASE)
_END = "\"'>"
"""Ends any tag and its last value."""
_LOADED = frozenset({"src", "srcset", "poster", "background", "data"})
_BLANK = re.compile(r"[\x00-\x20]++")
_ACTIVE = ("javascript:", "vbscript:", "data:text")


def unsafe_markup(html: str) -> list[str]:
    """The things in *html*, the body of a page, that it must not have, as a phrase each; empty for a safe page.

    Elements are looked for in the text itself, so that none hides where only some browsers read markup; attributes in
    the tree, with the end of a tag that the page's own next tag would end.
    """
    found = [f"the element <{name.lower()}>" for name in dict.fromkeys(_ELEMENT.findall(html))]
    for tree in trees(f"{html}{_END}", fragment=True):
        if tree.tangled:
            found.append("markup that opens much and closes little of it")
        for name, node in tree.elements():
            attributes = node.attributes
            if len(attributes) > 1 or (attributes and "class" not in attributes):
                found.extend(_unsafe_attributes(name, attributes))
    return list(dict.fromkeys(found))


def _unsafe_attributes(tag: str, attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name, value in attributes.items():
        address = _BLANK.sub("", value or "").lower()
        if name == "style" or name.startswith("on") or name in {"srcdoc", "formaction"}:
            yield f"the attribute {name} of <{tag}>"
        elif address.startswith(_ACTIVE):
            yield f"the address {address[:40]!r} of <{tag}>"
        elif name in _LOADED and "//" in address.replace("\\", "/"):  # as browsers read it
            yield f"<{tag}>, which loads {address[:60]!r}"
