"""Attribute lists (``{: #name .class key="value" }``) as the renderer reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engblog.html.allowed import Refused, attributes_of, refused_attributes, refused_element
from engblog.html.names import ELEMENTS, OLD_ELEMENTS
from engblog.source.body import Reference

_ITEM = re.compile(
    r"(?P<key>[^\s=}]+)=(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s}]+))|(?P<word>[^\s}]+)"
)


def listed_attributes(text: str) -> Mapping[str, str | None]:
    """The attributes in *text*, the inside of an attribute list."""
    found: dict[str, str | None] = {}
    for item in _ITEM.finditer(text):
        word = item["word"] or ""
        if item["key"]:
            value = item["double"] if item["double"] is not None else item["single"]
            found[item["key"].lstrip(":").lower()] = item["bare"] if value is None else value
        elif word.startswith("."):
            found["class"] = f"{found.get('class') or ''} {word[1:]}".strip()
        elif word.startswith("#"):
            found["id"] = word[1:]
        elif word != ":":
            found[word.lower()] = None
    return found


def refused_in(reference: Reference) -> Iterator[Refused]:
    """The problems with *reference*, an HTML element or an attribute list. Elements that HTML does not know are left to
    the check of tags, which says that they would not be shown."""
    name = reference.target
    if name and (refused := refused_element(name)) is not None:
        if name in ELEMENTS or name in OLD_ELEMENTS:
            yield refused
        return
    attributes = attributes_of(reference.text) if name else listed_attributes(reference.text)
    yield from refused_attributes(name, attributes)
