"""Tables in a box that scrolls sideways, so that a wide one never makes the page scroll.

Python-Markdown writes a column's alignment as a ``style`` attribute, which a strict security policy stops; here it
becomes a class: ``align-left``, ``align-center``, ``align-right``.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from engblog.markdown.attributes import seal

_ALIGNMENT = re.compile(r"text-align:\s*(left|center|right);?")


class TableProcessor(Treeprocessor):
    """Wraps every table in a region that the keyboard can reach."""

    def __init__(self, md: Markdown, seal_text: str = "") -> None:
        super().__init__(md)
        self._seal = seal_text

    def run(self, root: Element) -> None:
        """Wrap the tables below *root*."""
        count = 0
        for cell in [*root.iter("th"), *root.iter("td")]:
            aligned = _ALIGNMENT.fullmatch(cell.get("style", ""))
            if aligned:
                del cell.attrib["style"]
                cell.set("class", f"{cell.get('class', '')} align-{aligned[1]}".strip())
        for corner in list(root.iter("th")):
            if not len(corner) and not (corner.text or "").strip():
                corner.tag = "td"  # not a head: an empty head is announced without a name
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    count += 1
                    label = {"class": "table-scroll", "role": "region", "aria-label": f"Table {count}", "tabindex": "0"}
                    box = seal(Element("div", label), self._seal)
                    box.append(child)
                    box.tail, child.tail = child.tail, None
                    parent[index] = box
