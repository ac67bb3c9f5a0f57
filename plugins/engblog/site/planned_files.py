"""The files that a site is going to have, as far as its sources tell without a host."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engblog.model.problems import Code, Mark, Problems
from engblog.model.site import Site, View
from engblog.model.urls import LAB_ARCHIVE, MARKDOWN, OPML, Format, files_beside, page_address, page_file, twin_url
from engblog.site.views import build_views
from engblog.source.parse_page import page_folder

GENERATED = "a generated page"
_WRITTEN = "a file that the build writes"
_HOME = "index.md"
_WITH_ADDRESSES = ("sitemap.xml", "sitemap.xml.gz", "llms.txt", OPML)


class Planned(NamedTuple):
    """A file of the site, by path from its root, and its origin: a source, as problems name it, or a description."""

    path: str
    origin: str
    is_source: bool


def plan_files(
    site: Site,
    files: Iterable[str],
    *,
    articles_dir: str,
    page_size: int,
    lab_pages: bool,
    path_prefix: str,
    has_address: bool = True,
) -> Iterator[Planned]:
    """Every file of the published *site*; two have the same path if their sources clash.

    *files* are the files below the docs folder. A site that knows its address (*has_address*) has feeds and what else
    contains complete addresses. The files that themes and other plugins add are not known here, nor
    those that the host is told to leave out.
    """
    names = sorted(files, key=_order)
    yield Planned("404.html", "the page for unknown addresses", False)
    for name in ("build.json", *(_WITH_ADDRESSES if has_address else ())):
        yield Planned(name, _WRITTEN, False)
    by_folder = {article.src_uri.rpartition("/")[0]: article for article in site.articles}
    for article in site.articles:
        yield Planned(page_file(article.url), path_prefix + article.src_uri, True)
        if has_address:
            yield Planned(twin_url(article), _WRITTEN, False)
        if article.lab and lab_pages:
            yield Planned(page_file(f"{article.url}lab/"), GENERATED, False)
            yield Planned(f"{article.url}lab/{LAB_ARCHIVE}", _WRITTEN, False)
    for view in build_views(site, page_size=page_size, feeds=has_address):
        if view.url or _HOME not in names:  # the list takes the place of a hand-written home page
            yield Planned(page_file(view.url), GENERATED, False)
    lead = f"{articles_dir}/"
    for name in names:
        folder = lead + name.removeprefix(lead).partition("/")[0] if name.startswith(lead) else ""
        if folder in by_folder and not name.endswith(MARKDOWN):
            yield Planned(by_folder[folder].url + name.removeprefix(f"{folder}/"), path_prefix + name, True)
        elif not (folder and name.endswith(MARKDOWN)):
            yield Planned(_written_file(name), path_prefix + name, True)


def feed_files(views: Iterable[View]) -> frozenset[str]:
    """The files of all feeds that the build itself writes for a site with *views*, as paths from its root."""
    beside = (files_beside(view.base_url).values() for view in views if view.kind.feed_title)
    return frozenset((Format.ATOM.file, *(path for paths in beside for path in paths)))


def planned_origins(planned: Iterable[Planned]) -> dict[str, str]:
    """The origin of each page and each source among *planned*, by path: the first, if several claim a path."""
    found: dict[str, str] = {}
    for each in planned:
        if each.origin != _WRITTEN:
            found.setdefault(each.path, each.origin)
    return found


def check_clashes(planned: Iterable[Planned], problems: Problems) -> None:
    """Note each source among *planned* whose file has the path of another one, as file systems that ignore letter case
    take it."""
    owners: dict[str, Planned] = {}
    for each in planned:
        other = owners.setdefault(each.path.casefold(), each)
        if other is not each:
            named, beside = (each, other) if each.is_source else (other, each)
            if named.is_source:
                message = f"the address /{page_address(named.path)} also belongs to {beside.origin}"
                problems.add(Mark(named.origin), Code.C001_URL_CLASH, message, "move or rename one of them")


def _order(name: str) -> tuple[str, bool, str]:
    """The order in which the host takes files: of two for one address, ``index`` comes before ``README``."""
    folder, base = posixpath.split(name)
    return folder, not base.startswith("index."), base


def _written_file(name: str) -> str:
    """The file that the host makes of *name*, a path from the docs folder."""
    return posixpath.join(page_folder(name), "index.html") if name.endswith(MARKDOWN) else name
