"""Tells authors in a preview what a build of the same sources would refuse."""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from engblog.contract.previewed import Previewed
from engblog.hosts.mkdocs.addresses import origins_of
from engblog.model.problems import Problem, Problems, report
from engblog.model.site import Redirect, Site, View
from engblog.model.urls import page_file
from engblog.site.redirects import resolve_redirects
from engblog.site.selection import as_built
from engblog.site.views import build_views
from engblog.source.redirects import Move

log = logging.getLogger("mkdocs.plugins.engblog")


def warn_of_refusal(lead: str, problems: Sequence[Problem]) -> None:
    """Log *problems* for which a build would refuse the site; *lead* says in a few words what is wrong."""
    if problems:
        log.warning("%s:\n%s\nIt is served anyway; `mkdocs build` would refuse it.", lead, report(problems))


def mention_unpublished(problems: Sequence[Problem]) -> None:
    """Log *problems* that only the preview has."""
    if problems:
        log.warning(
            "pages that are not published yet break the site's promises:\n%s\nThey are served anyway. `mkdocs build` "
            "leaves them out, so it would not refuse this.",
            report(problems),
        )


def previewed_of(site: Site, views: Iterable[View], files: Files, config: MkDocsConfig, *, page_size: int) -> Previewed:
    """The parts of a preview that a build of the same sources would not have: drafts and articles of the future, pages
    of lists that only they fill, and pages that ``draft_docs`` names."""
    url = _built_url(config)
    built = as_built(site)
    kept = {view.url for view in build_views(built, page_size=page_size, feeds=bool(url))}
    lists = {page_file(view.url) for view in views if view.url not in kept}
    drafts = {file.dest_uri for file in files if file.inclusion.is_excluded()}
    unpublished = {article.url for article in site.articles} - {article.url for article in built.articles}
    return Previewed(url, frozenset(lists | drafts), tuple(sorted(unpublished)))


def unpublished_targets(
    site: Site, moves: tuple[Move, ...], files: Files, previewed: Previewed, prefix: str, *, feeds: frozenset[str]
) -> tuple[Problem, ...]:
    """The problems that old addresses have in a build, where *previewed* is missing; *prefix* leads to the docs
    folder, and *feeds* are the paths of the preview's feeds."""
    owners = {file: origin for file, origin in origins_of(files, prefix).items() if not previewed.has(file)}
    problems = Problems()
    built = frozenset(
        path for path in feeds if not previewed.has(posixpath.join(posixpath.dirname(path), "index.html"))
    )
    resolve_redirects(as_built(site), moves, owners, feeds=built, path_prefix=prefix, problems=problems)
    return problems.sorted()


def with_redirects(previewed: Previewed, redirects: Iterable[Redirect]) -> Previewed:
    """*previewed* with the pages of *redirects* that lead to something that a build does not have."""
    more = {each.file for each in redirects if previewed.has(page_file(each.target))}
    return replace(previewed, files=previewed.files | more)


def _built_url(config: MkDocsConfig) -> str:
    """``site_url`` as ``mkdocs.yml`` has it, with a slash at its end; ``mkdocs serve`` has replaced it."""
    if config.config_file_path is None:
        return ""
    with Path(config.config_file_path).open("rb") as file:
        url = str(yaml_load(file, get_yaml_loader(config=config)).get("site_url") or "")
    return f"{url.rstrip('/')}/" if url else ""
