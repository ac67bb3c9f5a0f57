"""Prepares texts for the renderer, and compares its pages with what the texts mean to CommonMark and GitHub."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from engblog.disk.docs import text_within
from engblog.html.names import ELEMENTS, OLD_ELEMENTS
from engblog.html.safety import unsafe_markup
from engblog.markdown.figures import Noted
from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote
from engblog.model.urls import resolve_path
from engblog.source.body import Body, Reference, scan
from engblog.source.bounds import check_bounds, check_included
from engblog.source.canonical import canonical
from engblog.source.citations import check_citations
from engblog.source.faithful import differences
from engblog.source.includes import included
from engblog.source.local_references import addresses_in
from engblog.source.structure import check_openings
from engblog.source.tags import check_tags

_OF_TEMPLATES = "page--"
"""The beginning of every id that a template gives."""


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a page, read once."""

    body: Body
    path: str
    """The file as problems name it."""
    include: Callable[[str], list[str] | None]
    is_article: bool
    """True if the check of the sources has named the problems of its tags, citations and fences."""
    seal: str = ""
    """The seal of the engine's own elements in the rendered text."""

    @property
    def canonical(self) -> str:
        """The text for the renderer."""
        return canonical(self.body.blocks, self.include)

    def bounds(self) -> list[Problem]:
        """The reasons why this text must not be given to the renderer."""
        found = Problems()
        check_bounds(self.body, self.path, found)
        included = {ref.target: self.include(ref.target) for ref in self.body.references if ref.kind == "include"}
        sizes = {target: len("\n".join(lines).encode()) for target, lines in included.items() if lines}
        check_included(self.body, self.path, sizes, found)
        return found.found

    def problems(self, html: str) -> list[Problem]:
        """The problems with *html*, the page that the renderer made of this text."""
        found = Problems()
        if not self.is_article:
            check_openings(self.body, self.path, found)
            check_tags(self.body, self.path, found)
            check_citations(self.body, self.path, found)
            self._check_includes(found)
        tags = Problems()
        check_tags(self.body, self.path, tags)
        for refused in unsafe_markup(html, self.seal):
            is_element = refused.code is Code.R007_RAW_HTML and refused.sought[:1] == "<"
            if is_element and tags.found and refused.sought[1:] not in ELEMENTS | OLD_ELEMENTS:
                continue  # HTML has no such element: the check of tags says so
            found.add(Mark(self.path, *self._place_of(refused.sought)), refused.code, refused.message, refused.hint)
        if not tags.found:  # an element that is not closed changes the whole rest of the page, which says nothing new
            found.found += differences(self.body.blocks, html, self.path, self.body.first_line, self.include)
        return found.found

    def _place_of(self, sought: str) -> tuple[int, int]:
        """Line and column of *sought*, or of the tag that it is in, where it is first in the text; 1 and 1 if it cannot
        be found."""
        at = self.body.blocks.text.lower().find(sought.lower()) if sought else -1
        if at < 0:
            return 1, 1
        tag = self.body.blocks.text.rfind("<", 0, at)
        if tag >= 0 and ">" not in self.body.blocks.text[tag:at]:
            at = tag
        before = self.body.blocks.text[:at]
        return self.body.first_line + before.count("\n"), len(before) - before.rfind("\n")

    def _check_includes(self, problems: Problems) -> None:
        for reference in self.body.references:
            mark = Mark(self.path, reference.line, reference.column)
            if reference.kind == "include" and reference.text == "prose":
                message = f"{quote(reference.target)} is included as text, not as code"
                problems.add(mark, Code.R010_INCLUDE_IN_PROSE, message, "put it into a fence: ```go, the include, ```")
            elif reference.kind == "lost include" or (
                reference.kind == "include" and self.include(reference.target) is None
            ):
                hint = 'write --8<-- "file" or --8<-- "file:section", for a file in the folder of the page'
                message = f"there is no file or section {quote(reference.target)} to include"
                problems.add(mark, Code.R005_INCLUDE, message, hint)

    def lost_anchors(self, name: str, ids: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
        """Links of this text, the file *name*, to headings that their page does not have; *ids* of pages are by their
        file."""
        folder = posixpath.dirname(name)
        for link in self.body.references:
            address, _, anchor = link.target.partition("#")
            if link.kind == "element":
                yield from self._lost_in_html(link, ids.get(name, frozenset()))
            if link.kind != "link" or not anchor or ":" in address:
                continue
            target = (resolve_path(folder, address) or "") if address else name
            anchor = unquote(anchor)
            if target in ids and anchor not in ids[target] and not anchor.startswith(_OF_TEMPLATES):
                known = [each for each in ids[target] if not each.startswith("__")]
                hint = did_you_mean(anchor, known) or "the page's own link beside a heading names it"
                where = f"{quote(address)} has" if address else "there is"
                message = f"{where} no heading or anchor {quote(f'#{anchor}')}"
                yield Problem(Mark(self.path, link.line, link.column), Code.R021_ANCHOR, message, hint)

    def _lost_in_html(self, element: Reference, ids: Container[str]) -> Iterator[Problem]:
        """The problems with addresses in *element* that lead to a place in this page, which has *ids*."""
        for _, address in addresses_in(element.text):
            anchor = unquote(address.removeprefix("#"))
            if address[:1] == "#" and anchor and anchor not in ids and not anchor.startswith(_OF_TEMPLATES):
                mark = Mark(self.path, element.line, element.column)
                message = f"there is no heading or anchor {quote(f'#{anchor}')}"
                yield Problem(mark, Code.R021_ANCHOR, message, "the page's own link beside a heading names it")


def first_line_of(markdown: str, file: str) -> int:
    """The line of *file*, a page's whole text, that *markdown*, its end, begins on."""
    return file.count("\n") - markdown.count("\n") + 1


def read_text(
    markdown: str,
    first_line: int,
    path: str,
    folder: Path,
    docs: Path,
    *,
    is_article: bool,
    seal: str = "",
    looked_at: Noted | None = None,
) -> Text:
    """Read *markdown*, whose first line is *first_line* of the file *path* in *folder*, which is below *docs*. Files
    that it includes are added to *looked_at*."""

    def read(name: str) -> str | None:
        if looked_at is not None:
            looked_at.append(str(folder / name))
        return text_within(folder / name, folder, docs)

    return Text(scan(markdown, first_line), path, lambda target: included(target, read), is_article, seal)
