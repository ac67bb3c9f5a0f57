"""What each page depends on, so that a cache can tell which pages a change touches.

A key is the path of a source below the docs folder, or one of the names below for what is no single file. The page's
own template and the stylesheet are the host's to add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engblog.model.article import Article
from engblog.model.site import Site, View
from engblog.pages import PageData

TAXONOMY = "taxonomy"
PEOPLE = "people"
HEADER = "header"
"""The categories that have articles, and how many: shown on every page."""
HOME = "index.md"
"""The home page's own file: the copy of its hero."""
CORRECTIONS = "corrections"
"""What was corrected and what was updated, in any article."""
LISTING = "listing:"
"""``listing:<src_uri>``: an article's title, description, dates, terms and minutes, without its text."""


_OF_ALL = frozenset({"home", "tags", "authors", "corrections", "feeds"})
"""Views that tell of every article."""


def page_dependencies(site: Site, views: tuple[View, ...], data: PageData) -> Mapping[str, frozenset[str]]:
    """For the address of every article, lab page and view, the keys that its bytes depend on."""
    found = {article.url: _article(article, data, site) for article in site.articles}
    found |= {f"{article.url}lab/": _lab(article) for article in site.articles if article.lab}
    every = _listings(site.articles)
    rows: dict[str, frozenset[str]] = {}  # a count, a pager and a category's children tell of the whole list
    for view in views:
        rows[view.base_url] = rows.get(view.base_url, frozenset()) | _listings(view.articles)
    for view in views:
        keys = every if view.kind in _OF_ALL else rows[view.base_url]
        own = {"home": {HOME, "featured"}, "corrections": {CORRECTIONS}}.get(view.kind, set())
        found[view.url] = frozenset({TAXONOMY, PEOPLE, HEADER, *keys, *own})
    return found


_RECORDS = ("record.json", "versions.json")


def _listings(articles: Iterable[Article]) -> frozenset[str]:
    return frozenset(f"{LISTING}{article.src_uri}" for article in articles)


def _lab(article: Article) -> frozenset[str]:
    folder = f"{article.src_uri.rpartition('/')[0]}/lab"
    files = article.lab.files if article.lab else ()
    named = {f"{folder}/{name}" for name in (*_RECORDS, *files)}
    quoted = {article.src_uri, *article.includes}  # the sentences that it verifies
    return frozenset({TAXONOMY, PEOPLE, HEADER, *named, *quoted, *_listings([article])})


def _article(article: Article, data: PageData, site: Site) -> frozenset[str]:
    by_slug = {other.slug: other for other in site.articles} if article.requires else {}
    others = [*data.related_to(article), *data.neighbours(article), *(by_slug.get(slug) for slug in article.requires)]
    if article.series:
        others += [other for other in site.articles if other.series and other.series.name == article.series.name]
    folder = article.src_uri.rpartition("/")[0]
    lab = {f"{folder}/lab/{name}" for name in _RECORDS} if article.lab else set()
    return frozenset(
        {article.src_uri, TAXONOMY, PEOPLE, HEADER, *article.includes, *lab}
        | {f"{LISTING}{other.src_uri}" for other in others if other is not None}
    )
