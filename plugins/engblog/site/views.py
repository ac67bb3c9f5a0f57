"""The pages that a site has besides its articles, and the articles that each one lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engblog.model.article import Article, Category, Person, Term
from engblog.model.kinds import (
    ARCHIVE,
    AUTHOR,
    AUTHORS,
    CATEGORY,
    CORRECTIONS,
    FEEDS,
    HOME,
    SERIES,
    SUBCATEGORY,
    TAG,
    TAGS,
    YEAR,
    Kind,
)
from engblog.model.site import Site, View
from engblog.model.text import slugify
from engblog.model.urls import page_url


def build_views(site: Site, *, page_size: int, feeds: bool = False) -> tuple[View, ...]:
    """Build every generated page, with lists cut into pages of *page_size*. Terms without articles get no page. With
    *feeds*, there is a page that offers the site's feeds."""
    lists = _lists(site)
    views = [view for each in lists for view in _paged(each, page_size)]
    return (*views, *_indexes(site, lists, feeds=feeds))


@dataclass(frozen=True, slots=True)
class _List:
    """A list of articles, before it is cut into pages."""

    kind: Kind
    key: str
    title: str
    articles: Sequence[Article]
    category: Category | None = None
    term: Term | None = None
    person: Person | None = None


def _lists(site: Site) -> list[_List]:
    every = [*_by_category(site), *_by_tag(site), *_by_author(site), *_by_series(site), *_by_year(site)]
    home = _List(HOME, "", "", [article for article in site.articles if article is not site.featured])
    return [home, *(each for each in every if each.articles)]


def _by_category(site: Site) -> Iterator[_List]:
    for category in site.taxonomy.categories:
        term = category.term
        within = [article for article in site.articles if article.category.slug == term.slug]
        yield _List(CATEGORY, term.slug, term.name, within, category, term)
        for sub in category.subcategories:
            inner = [article for article in within if article.subcategory and article.subcategory.slug == sub.slug]
            yield _List(SUBCATEGORY, f"{term.slug}/{sub.slug}", sub.name, inner, category, sub)


def _by_tag(site: Site) -> Iterator[_List]:
    tagged = group((tag.slug, article) for article in site.articles for tag in article.tags)
    for tag in site.taxonomy.tags:
        yield _List(TAG, tag.slug, tag.name, tagged.get(tag.slug, []), term=tag)


def _by_author(site: Site) -> Iterator[_List]:
    written = group((person.key, article) for article in site.articles for person in article.authors)
    for key in sorted(written):
        person = site.people[key]
        yield _List(AUTHOR, key, person.name, written[key], person=person)


def _by_series(site: Site) -> Iterator[_List]:
    for slug, parts in sorted(series_of(site).items()):
        yield _List(SERIES, slug, parts[0].series.name if parts[0].series else slug, parts)


def _by_year(site: Site) -> Iterator[_List]:
    years = group((f"{article.published.day:%Y}", article) for article in site.articles)
    for year in sorted(years, reverse=True):
        yield _List(YEAR, year, year, years[year])


def _indexes(site: Site, lists: Sequence[_List], *, feeds: bool) -> Iterator[View]:
    count = Counter(each.kind for each in lists)
    yield _index(ARCHIVE, len(site.articles), site.articles)
    yield _index(TAGS, count[TAG])
    if count[AUTHOR]:
        yield _index(AUTHORS, count[AUTHOR])
    yield _index(CORRECTIONS, sum(len(article.corrections) for article in site.articles))
    if feeds:
        yield _index(FEEDS)


def _index(kind: Kind, total: int = 0, articles: tuple[Article, ...] = ()) -> View:
    return View(kind, kind.url(), kind.title, articles, total)


def _paged(listed: _List, size: int) -> Iterator[View]:
    articles, base = listed.articles, listed.kind.url(listed.key)
    pages = max(1, -(-len(articles) // size))
    for page in range(1, pages + 1):
        first = (page - 1) * size
        yield View(
            kind=listed.kind,
            url=page_url(base, page),
            title=listed.title,
            articles=tuple(articles[first : first + size]),
            total=len(articles),
            page=page,
            page_count=pages,
            key=listed.key,
            first=first + 1,
            category=listed.category,
            term=listed.term,
            person=listed.person,
        )


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
