"""Keeps what an article's Markdown became, so that only articles whose page may have changed are rendered.

The key is made of the text and of everything that the host, the extensions and the checks are given with it. What they
look up on the way, addresses of files that the text links to and files that it shows or includes, is noted with the
result, which holds as long as each of these answers is the same. A text with a problem, and one that the host said
anything about, is not kept, so that the next build says it again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, cast

from mkdocs.structure.files import File, Files
from mkdocs.structure.toc import AnchorLink, TableOfContents, get_toc

from engblog.disk.digests import Digests
from engblog.disk.store import key_of
from engblog.hosts.mkdocs.unchanged import Kept
from engblog.hosts.mkdocs.warned import Warnings
from engblog.html.sections import Section
from engblog.model.article import Article

_Answer = list[str] | None


@dataclass(frozen=True, slots=True)
class Rendition:
    """The result of rendering an article's text."""

    html: str
    """The HTML that readers get: it was compared with the text and has no seals."""
    contents: list[dict[str, Any]]
    """The headings as the host takes them."""
    ids: frozenset[str]
    links: Mapping[str, Mapping[str, str]]
    """Links to places in pages, by the source of the page that they lead to."""
    sections: tuple[Section, ...]

    @property
    def toc(self) -> TableOfContents:
        """The headings for templates."""
        return get_toc(cast("Any", self.contents))

    def links_among(self, files: Files) -> dict[File, dict[str, str]]:
        """:attr:`links` as the host keeps them."""
        found = {source: files.get_file_from_path(source) for source in self.links}
        return {file: {**self.links[source]} for source, file in found.items() if file is not None}


class AskedFiles:
    """The files of a build, for the host to resolve links with; it remembers what it was asked."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.asked: dict[str, _Answer] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """The file whose source is *path*."""
        self.asked[path] = _answer(self._files, path)
        return self._files.get_file_from_path(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


class LookedAt:
    """The files that a text shows or includes, each with its digest just before it was read."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self.found: dict[str, str] = {}

    def append(self, path: str) -> None:
        """Note that the file *path* is about to be read."""
        if path not in self.found:
            self.found[path] = self._digests.of(path)

    @property
    def stayed(self) -> bool:
        """True if all of them are still the same."""
        return all(self._digests.of(path) == digest for path, digest in self.found.items())


@dataclass(slots=True)
class Making:
    """An article that is being rendered."""

    key: str
    folder: Path
    beside: str
    """A digest of everything in the folder, which the key has too."""
    looked_at: LookedAt
    heard: Warnings | None = None
    asked: AskedFiles | None = None

    def files(self, files: Files) -> Files:
        """*files* for the renderer. From now on, what the host says is heard."""
        self.heard, self.asked = Warnings(logging.DEBUG), AskedFiles(files)
        return cast("Files", self.asked)

    def end(self) -> bool:
        """Listen no longer; True if the host has said nothing about the article."""
        return self.heard is not None and not self.heard.end()


class Renditions:
    """The renditions of a site's articles that earlier builds have left."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        level = logging.getLogger("mkdocs").getEffectiveLevel()
        self._surroundings = f"{kept.surroundings} {level}"  # a page remembers less for a host that says everything
        self.found = 0
        self.made = 0

    def begin(self, article: Article, file: File, markdown: str, folder: Path) -> Making:
        """Begin with *article*, whose text is *markdown*; *file* is its page's, in *folder*."""
        address = [file.src_uri, file.dest_uri, file.url, file.inclusion.name]
        beside = self._kept.digests.tree(folder)
        key = key_of("rendition", self._surroundings, *address, markdown, beside, repr(article.lab))
        return Making(key, folder, beside, LookedAt(self._kept.digests))

    def has(self, making: Making) -> bool:
        """True if earlier builds have left anything for *making*, whether or not it still holds."""
        return self._kept.store.has(making.key)

    def find(self, making: Making, files: Files) -> Rendition | None:
        """Find what earlier builds have left for *making*; None if there is nothing, or if it no longer holds."""
        try:
            row = json.loads(self._kept.store.get(making.key) or b"")
            asked, read, html, contents, ids, links, sections = row
            holds = all(_answer(files, path) == answer for path, answer in asked.items()) and all(
                self._kept.digests.of(path) == digest for path, digest in read.items()
            )
            if not holds:
                return None
            found = Rendition(html, contents, frozenset(ids), links, tuple(Section(*each) for each in sections))
        except (ValueError, TypeError, AttributeError):
            return None
        self.found += 1
        return found

    def keep(self, making: Making, rendition: Rendition) -> None:
        """Leave *rendition* for later builds, unless the host has said anything about it."""
        self.made += 1
        is_quiet, digests = making.end(), self._kept.digests
        if not is_quiet or making.asked is None:
            return
        if digests.tree(making.folder) != making.beside or not making.looked_at.stayed:
            return  # edited while it was rendered: nobody knows of which text this is
        links = {source: {**each} for source, each in rendition.links.items()}
        sections = [astuple(section) for section in rendition.sections]
        row = [
            making.asked.asked,
            making.looked_at.found,
            rendition.html,
            rendition.contents,
            sorted(rendition.ids),
            links,
            sections,
        ]
        self._kept.store.put(making.key, json.dumps(row).encode())


def contents_of(toc: TableOfContents) -> list[dict[str, Any]]:
    """The headings of *toc* as the host takes them."""
    return [_heading(each) for each in toc]


def _heading(link: AnchorLink) -> dict[str, Any]:
    inner = [_heading(each) for each in link.children]
    return {"name": link.title, "id": link.id, "level": link.level, "children": inner}


def _answer(files: Files, path: str) -> _Answer:
    """Everything about the file *path* that the page of a text that links to it depends on."""
    file = files.get_file_from_path(path)
    return None if file is None else [file.src_uri, file.url, file.dest_uri, file.inclusion.name]
