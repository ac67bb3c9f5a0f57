"""Names each tab's text by the label that it is chosen by, for paper, which has no buttons."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

TITLE = "data-title"


class TabsProcessor(Treeprocessor):
    """Gives the block of every tab its label as an attribute."""

    def run(self, root: Element) -> None:
        """Look at every set of tabs below *root*."""
        for tabs in root.iter("div"):
            parts = {child.get("class"): child for child in tabs if child.tag == "div"}
            labels, blocks = parts.get("tabbed-labels"), parts.get("tabbed-content")
            if labels is not None and blocks is not None:
                for label, block in zip(labels, blocks, strict=False):
                    block.set(TITLE, " ".join("".join(label.itertext()).split()))
