"""Which pages a site has beside its articles, and which articles stand on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from engblog.model.article import Article
from engblog.model.site import Site, View
from engblog.model.text import slugify
from engblog.model.urls import (
    CORRECTIONS_URL,
    FEEDS_URL,
    author_url,
    category_url,
    page_url,
    series_url,
    tag_url,
    year_url,
)

HOME, LIST = "views/home.html", "views/list.html"
INDEXES = frozenset({"archive", "tags", "authors", "corrections", "feeds"})
"""The kinds of views that tell of the whole site."""


def build_views(site: Site, *, page_size: int, feeds: bool = False) -> tuple[View, ...]:
    """Every generated page, lists cut into pages of *page_size*. Terms without articles get no page; *feeds* says
    whether there are feeds, to have a page that offers them."""
    views = tuple(_views(site, page_size))
    return (*views, View("feeds", FEEDS_URL, "Feeds", "views/feeds.html")) if feeds else views


def _views(site: Site, page_size: int) -> Iterator[View]:
    rows = [article for article in site.articles if article is not site.featured]
    yield from _paged("home", "", "", HOME, rows, page_size)
    for category in site.taxonomy.categories:
        term = category.term
        within = [article for article in site.articles if article.category.slug == term.slug]
        if not within:
            continue
        base = category_url(term.slug)
        yield from _paged("category", base, term.name, LIST, within, page_size, term.slug)
        for sub in category.subcategories:
            inner = [article for article in within if article.subcategory and article.subcategory.slug == sub.slug]
            if inner:
                key = f"{term.slug}/{sub.slug}"
                yield from _paged("subcategory", f"{base}{sub.slug}/", sub.name, LIST, inner, page_size, key)
    tagged = group((tag.slug, article) for article in site.articles for tag in article.tags)
    for tag in site.taxonomy.tags:
        if tag.slug in tagged:
            yield from _paged("tag", tag_url(tag.slug), tag.name, LIST, tagged[tag.slug], page_size, tag.slug)
    written = group((person.key, article) for article in site.articles for person in article.authors)
    for key in sorted(written):
        person = site.people[key]
        yield from _paged("author", author_url(key), person.name, LIST, written[key], page_size, key)
    for slug, parts in sorted(series_of(site).items()):
        name = parts[0].series.name if parts[0].series else slug
        yield from _paged("series", series_url(slug), name, LIST, parts, page_size, slug)
    years = group((f"{article.published.day:%Y}", article) for article in site.articles)
    for year in sorted(years, reverse=True):
        yield from _paged("year", year_url(year), year, LIST, years[year], page_size, year)
    yield View("archive", "archive/", "Archive", "views/archive.html", site.articles, len(site.articles))
    yield View("tags", "tags/", "Tags", "views/tags.html", (), len(tagged))
    if written:
        yield View("authors", "authors/", "Authors", "views/authors.html", (), len(written))
    corrections = sum(len(article.corrections) for article in site.articles)
    yield View("corrections", CORRECTIONS_URL, "Corrections and updates", "views/corrections.html", (), corrections)


def _paged(
    kind: str, base: str, title: str, template: str, articles: Sequence[Article], size: int, key: str = ""
) -> Iterator[View]:
    pages = max(1, -(-len(articles) // size))
    for page in range(1, pages + 1):
        url = page_url(base, page)
        shown = tuple(articles[(page - 1) * size : page * size])
        yield View(kind, url, title, template, shown, len(articles), page, pages, key, (page - 1) * size + 1)


def group(pairs: Iterable[tuple[str, Article]]) -> dict[str, list[Article]]:
    """Articles by key, in the order of *pairs*."""
    found: dict[str, list[Article]] = defaultdict(list)
    for key, article in pairs:
        found[key].append(article)
    return dict(found)


def series_of(site: Site) -> dict[str, list[Article]]:
    """The series' slugs with their articles by part."""
    found = group((slugify(article.series.name), article) for article in site.articles if article.series)
    return {
        slug: sorted(parts, key=lambda a: (a.series.part if a.series else 0, a.slug)) for slug, parts in found.items()
    }


KINDS = frozenset({"category", "subcategory", "tag", "author", "series"})
"""The kinds of views that have feeds of their own."""


def has_feeds(view: View) -> bool:
    """Whether the list that *view* is a page of has feeds."""
    return view.kind in KINDS or view.kind == "corrections"
