"""Tables in a box that scrolls sideways, so that a wide one never makes the page scroll."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor


class TableProcessor(Treeprocessor):
    """Wraps every table in a region that the keyboard can reach."""

    def run(self, root: Element) -> None:
        """Wrap the tables below *root*."""
        count = 0
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    count += 1
                    label = {"class": "table-scroll", "role": "region", "aria-label": f"Table {count}", "tabindex": "0"}
                    box = Element("div", label)
                    box.append(child)
                    box.tail, child.tail = child.tail, None
                    parent[index] = box
