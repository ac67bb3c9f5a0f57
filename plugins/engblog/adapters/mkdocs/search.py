"""Writes the search index of a build."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from mkdocs.exceptions import PluginError

from engblog.core.model import Site
from engblog.core.search import Section, documents_of
from engblog.io.search import write_search

log = logging.getLogger("mkdocs.plugins.engblog")


def index_articles(site: Site, texts: Mapping[str, tuple[Section, ...]], language: str, folder: Path) -> None:
    """Write the index of the articles of *site* below *folder*, from what *texts* has of each by ``src_uri``.

    Raises ``PluginError``: an article that nobody finds is a failure, not a smaller index.
    """
    if silent := unread(site, texts):
        raise PluginError(
            "no page was rendered for these articles, so that nobody would find them: " + ", ".join(silent)
        )
    try:
        write_search(folder, documents_of(site.articles, site.taxonomy, texts, language))
    except OSError as error:
        raise PluginError(f"the search index could not be written: {error}") from None
    log.info("search index: %d articles", len(site.articles))


def unread(site: Site, texts: Mapping[str, tuple[Section, ...]]) -> list[str]:
    """The articles of *site* that *texts* lacks: their pages were not rendered."""
    return [article.src_uri for article in site.articles if article.src_uri not in texts]
