"""Figures: an image on its own in a paragraph. A diagram is set into the page so that it follows the theme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

import imagesize
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from engblog.markdown.attributes import seal
from engblog.markdown.charts.figure import SCHEME, chart_figure
from engblog.markdown.lab import Measured
from engblog.model.article import LabChart
from engblog.model.text import slugify
from engblog.source.diagram import DiagramError, inline, read_diagram
from engblog.source.marks import GIVEN, NUMBER


class Noted(Protocol):
    """Takes note of each file that a text shows or includes, before it is read."""

    def append(self, path: str, /) -> object:
        """Take note of the file *path*."""


class FigureProcessor(Treeprocessor):
    """Turns paragraphs that hold one image into ``<figure>``; the image's title is the caption."""

    def __init__(
        self,
        folder: str,
        charts: Mapping[str, LabChart],
        numbers: Mapping[str, Measured],
        md: Markdown,
        seal_text: str = "",
        looked_at: Noted | None = None,
    ) -> None:
        super().__init__(md)
        self._looked_at: Noted = looked_at if looked_at is not None else []
        self._seal = seal_text
        self._folder, self._charts, self._numbers = folder, charts, numbers

    def run(self, root: Element) -> None:
        """Replace the paragraphs below *root*."""
        for image in root.iter("img"):
            self._measure(image)
            if "title" in image.attrib:
                image.set("title", self._caption(image.attrib["title"]))
        prefixes: set[str] = set()
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "p" and len(child) == 1 and child[0].tag == "img" and not _words(child):
                    figure = self._figure(child[0], prefixes)
                    figure.tail = child.tail
                    parent[index] = figure

    def _figure(self, image: Element, prefixes: set[str]) -> Element:
        if image.get("src", "").startswith(SCHEME):
            chart = chart_figure(image, self._charts, prefixes, self.md, self._seal)
            if chart is not None:
                return chart
        figure = seal(Element("figure", {"class": "figure"}), self._seal)
        caption = image.attrib.pop("title", "")
        source = image.get("src", "")
        image.tail = None
        markup = self._diagram(source, prefixes) if source.endswith(".svg") else None
        if markup:
            figure.set("class", "figure diagram")
            # The file is named for readers that cannot show a drawing in the page: feeds link to it.
            box = seal(SubElement(figure, "div", {"class": "figure-scroll", "data-file": source}), self._seal)
            box.text = self.md.htmlStash.store(markup)
        else:
            image.set("loading", "lazy")
            image.set("decoding", "async")
            figure.append(image)
        if caption:
            SubElement(figure, "figcaption").text = caption
        return figure

    def _caption(self, text: str) -> str:
        """A caption with its measured numbers filled in and reasons for figures removed; Markdown does not process
        it."""
        return GIVEN.sub("", NUMBER.sub(self._measured, text))

    def _measured(self, found: re.Match[str]) -> str:
        number = self._numbers.get(found["key"].strip())
        return number.text if number else found[0]

    def _measure(self, image: Element) -> None:
        """Give *image* its size, so that the text below does not move when it arrives."""
        source = unquote(image.get("src", ""))
        drawn = source.endswith(".svg") or source.startswith(SCHEME)
        if not self._folder or "//" in source or drawn or "width" in image.attrib:
            return
        width, height = imagesize.get(self._file(source))
        if width > 0 and height > 0:
            image.set("width", str(width))
            image.set("height", str(height))

    def _file(self, source: str) -> Path:
        """The file *source*, which is looked at."""
        path = Path(self._folder) / source
        self._looked_at.append(str(path))
        return path

    def _diagram(self, source: str, prefixes: set[str]) -> str | None:
        """The markup of the diagram, or None where it must stay a picture (the check of the sources says why)."""
        if not self._folder or "//" in source:
            return None
        try:
            diagram = read_diagram(self._file(unquote(source)).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, DiagramError):
            return None
        stem = slugify(PurePosixPath(unquote(source)).stem) or "figure"
        prefix = next(
            name for name in (f"fig-{stem}", *(f"fig-{stem}-{n}" for n in range(2, 1000))) if name not in prefixes
        )
        prefixes.add(prefix)
        return inline(diagram, prefix)


def _words(paragraph: Element) -> bool:
    return bool((paragraph.text or "").strip() or (paragraph[0].tail or "").strip())
