"""Reads the sources of a build. Problems end the build, all named at once."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from engblog.disk.clock import ClockError
from engblog.disk.docs import DocsSettings, read_redirects, read_site
from engblog.model.article import Article
from engblog.model.problems import Problems, report
from engblog.model.site import Site
from engblog.source.redirects import Move

log = logging.getLogger("mkdocs.plugins.engblog")


def read_sources(
    docs: Path, settings: DocsSettings, *, preview: bool, labs_may_lag: bool
) -> tuple[Site, tuple[Move, ...]]:
    """Read the site that *docs* describes, and the old addresses in its redirects file.

    With *labs_may_lag*, a lab that has changed since its recorded run is logged and is not a problem. Raises
    ``PluginError``.
    """
    try:
        catalogue = read_site(docs, settings, preview=preview, labs_may_lag=labs_may_lag)
    except ClockError as error:
        raise PluginError(str(error)) from None
    problems = Problems([*catalogue.problems])
    moves = read_redirects(docs, settings, problems)
    if problems.found:
        raise PluginError("the articles have problems:\n" + report(problems.sorted()))
    for article in catalogue.site.articles if labs_may_lag else ():
        if article.lab and not article.lab.in_step:
            log.info("allowed: labs: the lab of %s has changed since its recorded run", article.src_uri)
    return catalogue.site, moves


def hand_written_meta(file: File, config: MkDocsConfig) -> dict[str, Any]:
    """The front matter of a hand-written page."""
    page = Page(None, file, config)
    page.read_source(config)
    return dict(page.meta)


def texts_beside(articles: tuple[Article, ...], docs: Path) -> dict[str, str]:
    """The texts of the files that *articles* include and of their labs, by path from *docs*; other files are left
    out."""
    names: dict[str, None] = {}
    for article in articles:
        names.update(dict.fromkeys(article.includes))
        folder = article.src_uri.rpartition("/")[0]
        names.update((f"{folder}/lab/{name}", None) for name in (article.lab.files if article.lab else ()))
    return {name: text for name in names if (text := text_of(docs / name)) is not None}


def text_of(path: Path) -> str | None:
    """The text of the file *path*; None if it is missing or not text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
