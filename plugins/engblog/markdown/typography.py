"""Shows the characters that typesetting holds the place of, as soon as headings have their ids."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from engblog.model.characters import as_shown, as_typed

AFTER_CONTENTS = 4
"""The priority of the processor: behind ``toc`` (5), before MkDocs takes the title from the page (-1)."""


class HeldProcessor(Treeprocessor):
    """Shows the held characters of a page, of its list of contents and of the HTML that is set aside."""

    def __init__(self, md: Markdown) -> None:
        """Let ``toc`` make ids of what was typed."""
        super().__init__(md)
        if "toc" in md.treeprocessors:
            contents: Any = md.treeprocessors["toc"]
            slugify = contents.slugify
            contents.slugify = lambda value, separator: slugify(as_typed(value), separator)

    def run(self, root: Element) -> None:
        """Look at every element below *root*."""
        for element in root.iter():
            for name in ("text", "tail"):
                text = getattr(element, name)
                if text:
                    shown = as_shown(text)
                    setattr(element, name, AtomicString(shown) if isinstance(text, AtomicString) else shown)
            for name, value in element.attrib.items():
                element.set(name, as_shown(value))
        stash: list[Any] = self.md.htmlStash.rawHtmlBlocks
        stash[:] = [as_shown(each) if isinstance(each, str) else each for each in stash]
        for name in ("toc", "toc_tokens"):
            if hasattr(self.md, name):
                setattr(self.md, name, _shown(getattr(self.md, name)))


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return [*map(_shown, value)]
    return as_shown(value) if isinstance(value, str) else value
