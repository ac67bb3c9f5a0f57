"""Attribute lists (``{: #name }``), and the seals of elements that no list may change.

The second look (:mod:`engblog.html.safety`) tells an element of the engine by its seal. So a list behind such an
element changes nothing; that there is one is left for the second look to see.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import AttrListTreeprocessor

from engblog.html.safety import SEAL, TAMPERED


def seal(element: Element, text: str) -> Element:
    """Give *element*, which the engine makes, the seal *text*; without one, it has none. Returns *element*."""
    if text:
        element.set(SEAL, text)
    return element


class AttributesProcessor(AttrListTreeprocessor):
    """Reads attribute lists, but does not change elements that have a seal."""

    def assign_attrs(self, elem: Element, attrs_string: str, *, strict: bool = False) -> str:
        """Assign the attributes in *attrs_string* to *elem*; return the text behind the list."""
        if SEAL not in elem.attrib:
            return super().assign_attrs(elem, attrs_string, strict=strict)
        elem.set(TAMPERED, attrs_string.strip())
        return ""
