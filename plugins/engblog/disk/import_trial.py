"""Tries imported articles in a copy of the site: with the check of the sources, and with the host's renderer.

An import is tried again when posts became drafts. Rendering takes longest, so an article is rendered again only if it
is another than before.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engblog.disk.docs import check_docs, display_path
from engblog.disk.project import Project
from engblog.disk.scratch import Scratch
from engblog.disk.walk import FILLED_BY_TOOLS
from engblog.importing.translate import NewArticle
from engblog.model.problems import Mark, Problem
from engblog.model.urls import MARKDOWN

Rendered = Callable[[Path], Iterable[Problem]]
"""Gives the problems of all texts of the site with a configuration file as the host renders them."""
_ANCHORED = re.compile(r"\.\./(?P<slug>[^/\s]+)/index\.md#")


@dataclass(frozen=True, slots=True)
class Tried:
    """An article to try, and the problems that it had when it was rendered."""

    article: NewArticle
    problems: tuple[Problem, ...] = ()
    """Their paths start at the docs folder."""


class Trial:
    """Tries articles in copies of the site *project*."""

    def __init__(self, project: Project, rendered: Rendered) -> None:
        self._project, self._rendered = project, rendered
        self._docs, self._settings = project.docs, project.settings
        self._tried: dict[str, Tried] = {}

    def problems(
        self, files: Mapping[str, bytes], articles: Iterable[NewArticle]
    ) -> Iterator[tuple[NewArticle, Problem]]:
        """The problems that *articles* would have, each with its article, if the docs folder had *files* too."""
        root = self._project.root.resolve()
        there, here = "", display_path(self._docs)
        scratch = Scratch(root, ".import-")
        try:
            docs = self._copied(root, scratch.folder)
            there = display_path(docs)
            for name, data in files.items():
                path = docs / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.write_bytes(data)
            settings = replace(self._settings, root=scratch.folder)
            found = [_from(problem, there) for problem in check_docs(docs, settings).problems]
            by_folder = {f"{self._settings.articles_dir}/{each.slug}": each for each in articles}
            known = {(problem.mark.path, problem.message) for problem in found}
            found += (
                problem
                for problem in self._as_rendered(scratch.folder, docs, there, by_folder)
                if (problem.mark.path, problem.message) not in known
            )
        finally:
            scratch.remove()
        for problem in found:
            article = by_folder.get("/".join(problem.mark.path.split("/")[: self._depth]))
            if article is not None:
                mark = Mark(here + problem.mark.path, problem.mark.line, problem.mark.column)
                message, hint = problem.message.replace(there, here), problem.hint.replace(there, here)
                yield article, replace(problem, mark=mark, message=message, hint=hint)

    @property
    def _depth(self) -> int:
        """The number of names in the path of an article's folder."""
        return self._settings.articles_dir.count("/") + 2

    def _copied(self, root: Path, folder: Path) -> Path:
        """A copy of the site in *folder*: its docs as links to the same files, the rest as links to the same places."""
        own = self._docs.resolve().relative_to(root)
        for path in root.iterdir():
            if path.name == own.parts[0] or path.name.startswith((".", "site")) or path.name in FILLED_BY_TOOLS:
                continue
            if path.is_dir():
                (folder / path.name).symlink_to(path)
            else:  # a link to the configuration would be followed to the real site
                shutil.copyfile(path, folder / path.name)
        docs = folder / own
        docs.parent.mkdir(parents=True, exist_ok=True)
        if self._docs.is_dir():
            shutil.copytree(self._docs, docs, copy_function=_link, ignore_dangling_symlinks=True)
        else:
            docs.mkdir()
        return docs

    def _as_rendered(
        self, folder: Path, docs: Path, there: str, articles: Mapping[str, NewArticle]
    ) -> Iterator[Problem]:
        """The problems of the pages that the host makes of *articles*, by their folders. From the copy in *folder*, all
        other texts are taken out."""
        asked = {*self._stale(articles)}
        anchored = {slug for name in asked for slug in _ANCHORED.findall(articles[name].body)}
        shown = asked | {f"{self._settings.articles_dir}/{slug}" for slug in anchored}
        for path in [*docs.rglob("*")]:
            if path.name.endswith(MARKDOWN) and path.parent.relative_to(docs).as_posix() not in shown:
                path.unlink()
        found: dict[str, list[Problem]] = {name: [] for name in asked}
        lead = f"{docs.relative_to(folder).as_posix()}/"
        for problem in self._rendered(folder / "mkdocs.yml") if asked else ():
            name = _below(problem.mark.path, there, lead, docs)
            if (of := found.get(name.rpartition("/")[0])) is not None:
                of.append(replace(problem, mark=Mark(name, problem.mark.line, problem.mark.column)))
        self._tried |= {name: Tried(articles[name], (*problems,)) for name, problems in found.items()}
        for name in articles:
            yield from self._tried[name].problems

    def _stale(self, articles: Mapping[str, NewArticle]) -> Iterator[str]:
        """The folders of those of *articles* that have not been rendered, or lead to places in such."""
        changed = {
            name for name, each in articles.items() if name not in self._tried or self._tried[name].article is not each
        }
        slugs = {articles[name].slug for name in changed}
        for name, article in articles.items():
            if name in changed or not slugs.isdisjoint(_ANCHORED.findall(article.body)):
                yield name


def _from(problem: Problem, there: str) -> Problem:
    """*problem* with a path from the folder *there*."""
    return replace(problem, mark=replace(problem.mark, path=problem.mark.path.removeprefix(there)))


def _below(path: str, there: str, lead: str, docs: Path) -> str:
    """The path of a file from the docs folder, however a program that ran in the copy names it."""
    for start in (there, f"{docs.as_posix()}/", lead):
        if path.startswith(start):
            return path.removeprefix(start)
    _, found, rest = path.partition(f"/{lead}")
    return rest if found else path


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
