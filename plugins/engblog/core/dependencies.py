"""What each page depends on, so that a cache can tell which pages a change touches.

A key is the path of a source below the docs folder, or one of the names below for what is no single file. The page's
own template and the stylesheet are the host's to add.
"""

from __future__ import annotations

from collections.abc import Mapping

from engblog.core.model import Article, Site, View
from engblog.core.pagedata import PageData

TAXONOMY = "taxonomy"
PEOPLE = "people"
HEADER = "header"
"""The categories that have articles, and how many: shown on every page."""
LISTING = "listing:"
"""``listing:<src_uri>``: an article's title, description, dates, terms and minutes, without its text."""


def page_dependencies(site: Site, views: tuple[View, ...], data: PageData) -> Mapping[str, frozenset[str]]:
    """For the address of every article and view, the keys that its bytes depend on."""
    found = {article.url: _article(article, data, site) for article in site.articles}
    for view in views:
        rows = {f"{LISTING}{article.src_uri}" for article in view.articles}
        own = {"featured"} if view.kind == "home" else set()
        found[view.url] = frozenset({TAXONOMY, PEOPLE, HEADER, *rows, *own})
    return found


def _article(article: Article, data: PageData, site: Site) -> frozenset[str]:
    by_slug = {other.slug: other for other in site.articles} if article.requires else {}
    others = [*data.related_to(article), *data.neighbours(article), *(by_slug.get(slug) for slug in article.requires)]
    if article.series:
        others += [other for other in site.articles if other.series and other.series.name == article.series.name]
    lab = {f"{article.src_uri.rpartition('/')[0]}/lab/record.json"} if article.lab else set()
    return frozenset(
        {article.src_uri, TAXONOMY, PEOPLE, HEADER, *article.includes, *lab}
        | {f"{LISTING}{other.src_uri}" for other in others if other is not None}
    )
