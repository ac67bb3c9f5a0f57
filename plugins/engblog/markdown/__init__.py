"""In-article syntax as one Python-Markdown extension, which every host can run.

Figures (``![alt](drain.svg "caption")`` on its own in a paragraph), charts of the lab's record (``chart:key`` in place
of a file), measured numbers (``{lab:key}``), claims (``{claim:test_name}``), reasons why a figure needs no source
(``{given:reason}``), and tables that scroll in their own box. Listed in ``mkdocs.yml`` as ``engblog.markdown``.
"""

from __future__ import annotations

from string import punctuation
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from engblog.markdown.attributes import AttributesProcessor
from engblog.markdown.figures import FigureProcessor
from engblog.markdown.lab import ClaimProcessor, GivenProcessor, MarksProcessor, NumberProcessor
from engblog.markdown.tables import TableProcessor
from engblog.markdown.tabs import TabsProcessor
from engblog.markdown.typography import AFTER_CONTENTS, HeldProcessor


class EngblogExtension(Extension):
    """The extension; its configuration is one page's, set by the host before the page is rendered."""

    def __init__(self, **kwargs: Any) -> None:
        """Set the configuration; the texts beside the defaults describe the options."""
        self.config = {
            "folder": ["", "Folder of the page's source: pictures are looked for from here"],
            "numbers": [{}, "Measured numbers: key to Measured"],
            "charts": [{}, "Charts of the lab's record: key to its data"],
            "claims": [{}, "Tests of the lab: name to Verified"],
            "looked_at": [[], "Filled with the path of each file that was looked at"],
            "seal": ["", "Text that the second look knows the engine's own elements by"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        """Register the processors of this extension with *md*."""
        md.ESCAPED_CHARS = [*dict.fromkeys([*md.ESCAPED_CHARS, *punctuation])]
        setattr(md.parser.blockprocessors["olist"], "LAZY_OL", False)  # noqa: B010  (a list from 3. on begins with 3)
        numbers, claims, seal = self.getConfig("numbers"), self.getConfig("claims"), self.getConfig("seal")
        # 181: before attr_list could take the braces, after code spans (190) and escapes (180 is the escape pattern's
        # own). Each pattern costs a search of every piece of text, so only pages that can have one get it.
        if numbers:
            md.inlinePatterns.register(NumberProcessor(numbers, md, seal), "engblog-number", 181)
        if claims:
            md.inlinePatterns.register(ClaimProcessor(claims, md, seal), "engblog-claim", 181)
        md.inlinePatterns.register(GivenProcessor(md), "engblog-given", 181)
        if numbers or claims:
            md.treeprocessors.register(MarksProcessor(md), "engblog-marks", 16)
        # below "inline" (20), which makes the images; above MkDocs' "relpath" (0), which rewrites their addresses
        charts, looked_at = self.getConfig("charts"), self.getConfig("looked_at")
        figures = FigureProcessor(self.getConfig("folder"), charts, numbers, md, seal, looked_at)
        md.treeprocessors.register(figures, "engblog-figures", 15)
        md.treeprocessors.register(TableProcessor(md, seal), "engblog-tables", 14)
        md.treeprocessors.register(TabsProcessor(md), "engblog-tabs", 13)
        md.treeprocessors.register(HeldProcessor(md), "engblog-typography", AFTER_CONTENTS)
        if "attr_list" in md.treeprocessors:  # its own name and priority: this takes its place
            md.treeprocessors.register(AttributesProcessor(md), "attr_list", 8)


def makeExtension(**kwargs: Any) -> EngblogExtension:  # noqa: N802  (Python-Markdown's name)
    """Make the extension: Python-Markdown's entry point."""
    return EngblogExtension(**kwargs)
