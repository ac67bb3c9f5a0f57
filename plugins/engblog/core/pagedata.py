"""Plain dicts for templates: all text, dates formatted, addresses relative to the site's root.

Templates read these and call nothing, so the same templates render under any host.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engblog.core.cards import HEIGHT, WIDTH, Card
from engblog.core.corrections import Corrected, all_corrections, corrections_of, updated_articles
from engblog.core.feeds.select import files_beside, has_feeds
from engblog.core.model import Article, Lab, Moment, Person, Site, Term, View
from engblog.core.publication import Identity
from engblog.core.related import related
from engblog.core.stale import review_is_past
from engblog.core.text import long_date, slugify
from engblog.core.views import (
    CORRECTIONS_URL,
    FEEDS_URL,
    OPML,
    author_url,
    category_url,
    group,
    page_url,
    series_of,
    series_url,
    tag_url,
    twin_url,
    year_url,
)

Data = dict[str, Any]

_NEWEST_OF_A_YEAR = 12
_WEIGHTS = 5
_MOST_UPDATES = 50


class PageData:
    """Makes the dict of every page of one site; what several pages share is made once."""

    def __init__(
        self,
        site: Site,
        *,
        related_count: int,
        issues_url: str | None = None,
        lab_pages: bool = True,
        cards: Mapping[str, Data] | None = None,
        feeds: bool = False,
        twins: bool = False,
    ) -> None:
        """*issues_url* is where readers report a mistake, ``…/issues/new``; None offers no such link. Without
        *lab_pages*, no article leads to a page of its lab; without *feeds*, no page to a feed of its own. *cards* are
        those of :func:`card_data` by article's ``src_uri``. With *twins*, each article has one in Markdown."""
        self._site = site
        self._related = related(site.articles, related_count)
        self._issues_url = issues_url
        self._lab_pages = lab_pages
        self._pictures = cards or {}
        self._twins = twins
        self._feeds = feeds
        self._cards = {article.slug: _card(article, site) for article in site.articles}
        self._by_slug = {article.slug: article for article in site.articles}
        self._series = series_of(site)
        self._position = {article.slug: index for index, article in enumerate(site.articles)}

    def related_to(self, article: Article) -> tuple[Article, ...]:
        """The articles offered below *article*."""
        return self._related[article.slug]

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """The article before (older) and after (newer) *article*."""
        index = self._position[article.slug]
        older = self._site.articles[index + 1] if index + 1 < len(self._site.articles) else None
        return older, self._site.articles[index - 1] if index else None

    def article(self, article: Article) -> Data:
        """The dict of an article's page."""
        older, newer = self.neighbours(article)
        data = self._cards[article.slug] | {
            "words": article.words,
            "updated": moment(article.updated) if article.updated else None,
            "review_by": _day(article.review_by) if article.review_by else None,
            "review": self._review(article),
            "applies_to": [{"product": product, "versions": versions} for product, versions in article.applies_to],
            "people": [
                {"name": person.name, "role": person.role, "url": author_url(person.key)} for person in article.authors
            ],
            "series": self._series_of(article),
            "requires": [_link(self._by_slug[slug]) for slug in article.requires if slug in self._by_slug],
            "related": [self._cards[other.slug] for other in self._related[article.slug]],
            "previous": _link(older) if older else None,
            "next": _link(newer) if newer else None,
            "corrections": [
                {"date": _day(each.correction.day), "text": each.correction.text, "name": each.name}
                for each in corrections_of(article)
            ],
            "corrected": _day(max(each.day for each in article.corrections)) if article.corrections else None,
            "lab": lab_summary(article.lab, article.url if self._lab_pages else None) if article.lab else None,
            "report_url": self._issues_url,
        }
        crumbs = [_crumb("Home", ""), _crumb(article.category.name, category_url(article.category.slug))]
        if article.subcategory:
            crumbs.append(_crumb(article.subcategory.name, _subcategory_url(article)))
        view = _view("article", article.title, crumbs, article.category.accent)
        twin = {"twin": twin_url(article)} if self._twins else {}
        return view | {"article": data} | self._picture(article) | twin

    def lab(self, article: Article, lab: Lab) -> Data:
        """The dict of the page that shows an article's lab."""
        crumbs = [_crumb("Home", ""), _crumb(article.title, article.url)]
        data = lab_summary(lab, article.url) | {
            "tests": [
                {
                    "name": test.name,
                    "title": test.name.removeprefix("test_").replace("_", " ").capitalize(),
                    "claim": test.claim,
                    "file": test.file,
                    "line": test.line,
                    "anchor": test_anchor(test.name),
                    "line_anchor": f"{file_anchor(test.file)}-{test.line}",
                }
                for test in lab.tests
            ],
            "numbers": [{"key": number.key, "text": number.text, "note": number.note} for number in lab.numbers],
            "files": [{"name": name, "anchor": file_anchor(name)} for name in lab.files],
        }
        title = f"The lab of “{article.title}”"
        view = _view("lab", title, crumbs, article.category.accent)
        return view | {"article": _link(article), "lab": data} | self._picture(article)

    def plain(self, title: str) -> Data:
        """The dict of a page that is written by hand."""
        return _view("page", title, [_crumb("Home", "")])

    def home(self, view: View, meta: Mapping[str, Any]) -> Data:
        """The dict of a home page; *meta* is the front matter of ``index.md``: the hero's copy."""
        hero = {name: str(meta.get(key) or "") for name, key in _HERO.items()}
        featured = self._site.featured if view.page == 1 else None
        return self._list(view, []) | {
            "hero": hero,
            "featured": self._cards[featured.slug] if featured else None,
            "count": len(self._site.articles),
        }

    def listing(self, view: View) -> Data:
        """The dict of a page that lists the articles of a term, a person, a series or a year."""
        crumbs = [_crumb("Home", "")]
        data: Data = {"intro": None, "children": [], "feeds": self._feeds_of(view)}
        if view.kind in {"category", "subcategory"}:
            category = next(
                each for each in self._site.taxonomy.categories if each.term.slug == view.key.partition("/")[0]
            )
            term = category.term
            if view.kind == "subcategory":
                crumbs.append(_crumb(term.name, category_url(term.slug)))
                term = next(sub for sub in category.subcategories if sub.slug == view.key.partition("/")[2])
            else:
                data["children"] = _children(self._site, category.term, category.subcategories)
            data |= {"intro": term.description or None, "accent": category.term.accent or None}
        elif view.kind == "tag":
            crumbs.append(_crumb("Tags", "tags/"))
            tag = next(each for each in self._site.taxonomy.tags if each.slug == view.key)
            data["intro"] = tag.description or None
        elif view.kind == "author":
            crumbs.append(_crumb("Authors", "authors/"))
            data |= {"person": _person(self._site.people[view.key])}
            data["intro"] = data["person"]["description"] or None
        elif view.kind == "year":
            crumbs.append(_crumb("Archive", "archive/"))
        return self._list(view, crumbs) | data

    def index(self, view: View) -> Data:
        """The dict of the index of tags, of authors, of years, of corrections, or of feeds."""
        data = _view(view.kind, view.title, [_crumb("Home", "")]) | {"count": view.total}
        if view.kind == "tags":
            return data | {"tags": _weighed_tags(self._site)}
        if view.kind == "authors":
            return data | {"people": _people(self._site)}
        if view.kind == "corrections":
            return data | self._corrections() | {"feeds": self._feeds_of(view)}
        if view.kind == "feeds":
            return data | {
                "opml": OPML,
                "corrections": _feeds(CORRECTIONS_URL, "Corrections and updates"),
                "groups": self._feed_groups(),
            }
        return data | {"years": [self._year(year, articles) for year, articles in _years(self._site)]}

    def site(
        self,
        *,
        plain_pages: frozenset[str],
        feeds: Sequence[Data],
        assets_version: str,
        card: Data | None = None,
        saving: bool = False,
    ) -> Data:
        """What every page shows: the header's links, counts, feeds.

        *card* is that of every page that has none of its own. *plain_pages* are the addresses of hand-written pages, so
        that only links that lead somewhere are offered. With *saving*, readers are offered to save articles, if
        there is a page that lists what is saved.
        """
        links: Data = {"home": "", "archive": "archive/", "tags": "tags/"}
        links["authors"] = "authors/" if any(article.authors for article in self._site.articles) else None
        links |= {"corrections": CORRECTIONS_URL, "feeds": FEEDS_URL if self._feeds else None}
        links |= {name: f"{name}/" if f"{name}/" in plain_pages else None for name in ("search", "about", "offline")}
        return {
            "article_count": len(self._site.articles),
            "assets_version": assets_version,
            "card": card,
            "categories": _categories(self._site),
            "links": links,
            "saving": saving and links["offline"] is not None,
            "feeds": list(feeds),
        }

    def _picture(self, article: Article) -> Data:
        """``card`` of a page about *article*, where there are cards."""
        return {"card": self._pictures[article.src_uri]} if article.src_uri in self._pictures else {}

    def _list(self, view: View, crumbs: list[Data]) -> Data:
        numbered = enumerate(view.articles, view.first)
        rows = [self._cards[article.slug] | {"number": f"{number:02d}"} for number, article in numbered]
        title = _list_title(view)
        if view.page > 1 and title:
            title = f"{title}, page {view.page}"
        return _view(view.kind, title, crumbs) | {
            "heading": view.title,
            "count": view.total,
            "rows": rows,
            "pager": _pager(view),
        }

    def _feeds_of(self, view: View) -> list[Data]:
        return _feeds(view.base_url, _list_title(view)) if self._feeds and has_feeds(view) else []

    def _corrections(self) -> Data:
        updated = updated_articles(self._site.articles)
        return {
            "corrections": [_correction(each) for each in all_corrections(self._site.articles)],
            "updated": [
                _link(article) | {"date": moment(article.updated), "published": moment(article.published)}
                for article in updated[:_MOST_UPDATES]
                if article.updated
            ],
            "updated_count": len(updated),
        }

    def _feed_groups(self) -> list[Data]:
        """What can be followed, by kind, in blocks: a category has one with its subcategories."""
        blocks = {
            "Categories": [
                [_followed(row), *(_followed(child, row["name"]) for child in row["subcategories"])]
                for row in _categories(self._site)
            ],
            "Tags": [[_followed(row) for row in _weighed_tags(self._site)]],
            "Authors": [[_followed(row) for row in _people(self._site)]],
            "Series": [[_followed(row) for row in self._series_rows()]],
        }
        return [
            {"key": title.lower(), "title": title, "blocks": found} for title, found in blocks.items() if any(found)
        ]

    def _series_rows(self) -> list[Data]:
        return [
            {"name": parts[0].series.name, "url": series_url(slug), "count": len(parts)}
            for slug, parts in sorted(self._series.items())
            if parts[0].series
        ]

    def _year(self, year: str, articles: list[Article]) -> Data:
        rows = [self._cards[article.slug] for article in articles[:_NEWEST_OF_A_YEAR]]
        return {"year": year, "url": year_url(year), "count": len(articles), "rows": rows}

    def _review(self, article: Article) -> Data | None:
        """What readers are told of a review that is overdue: since when, and to which day the article was true."""
        if article.review_by is None or not review_is_past(article, self._site.now.date()):
            return None
        ran = article.lab.ran if article.lab else None
        return {
            "due": _day(article.review_by),
            "ran": _day(ran) if ran else None,
            "written": _day((article.updated or article.published).day),
        }

    def _series_of(self, article: Article) -> Data | None:
        if article.series is None:
            return None
        slug = slugify(article.series.name)
        parts = [
            _link(other) | {"part": other.series.part if other.series else 0, "current": other is article}
            for other in self._series[slug]
        ]
        return {"name": article.series.name, "url": series_url(slug), "part": article.series.part, "parts": parts}


_TITLES = {"tag": "Articles tagged {}", "author": "Articles by {}", "series": "Series: {}", "year": "Articles of {}"}
"""What a window is called, so that a tag and a category of one name can be told apart in a row of tabs."""

_HERO = {"kicker": "kicker", "headline": "headline", "tagline": "description"}


def _list_title(view: View) -> str:
    return _TITLES.get(view.kind, "{}").format(view.title)


def list_description(view: View, page: Mapping[str, Any]) -> str:
    """What search engines show of a list: *page* is the dict of *view*."""
    intro = page.get("intro")
    if intro and view.page == 1:
        return str(intro)
    noun = "article" if view.total == 1 else "articles"
    about = {
        "archive": f"All {view.total} {noun} by year.",
        "tags": f"{view.total} tags, by how many articles carry them.",
        "authors": "The people who write here.",
        "corrections": "What was wrong in an article and was put right, and what was brought up to date.",
        "feeds": "Every feed of this site: all articles, each category, tag and author, and corrections.",
        "year": f"{view.total} {noun} of {view.key}.",
        "author": f"{view.total} {noun} by {view.title}.",
        "series": f"The series “{view.title}” in {view.total} parts.",
    }.get(view.kind, f"{view.total} {noun} on {view.title}.")
    return f"{about[:-1]}, page {view.page} of {view.page_count}." if view.page > 1 else about


def test_anchor(name: str) -> str:
    """The id of a test on its lab's page."""
    return name.replace("_", "-")


def file_anchor(name: str) -> str:
    """The id of a file on its lab's page; of a line with ``-<number>`` added."""
    return f"file-{slugify(name)}"


def card_data(card: Card, path: str, identity: Identity) -> Data:
    """What a page says of its card: ``url`` from the site's root, ``src`` the whole address (empty where the site does
    not know its own), what is on it, and its size."""
    src = identity.absolute(path) if identity.url else ""
    return {"url": path, "src": src, "alt": card.alt, "width": WIDTH, "height": HEIGHT}


def moment(at: Moment) -> Data:
    """A date for a ``<time>`` element."""
    return {"iso": at.iso, "text": long_date(at.day)}


def _day(day: date) -> Data:
    return {"iso": day.isoformat(), "text": long_date(day)}


def _feeds(page: str, title: str) -> list[Data]:
    """The feeds of the list at *page*: what a link to each says, and what readers call it who offer a choice."""
    return [
        {
            "label": format_.label,
            "title": f"{title}, {format_.label}",
            "url": file,
            "type": format_.media_type,
        }
        for format_, file in files_beside(page).items()
    ]


def _followed(row: Data, within: str = "") -> Data:
    name = f"{within}: {row['name']}" if within else row["name"]
    return {
        "name": row["name"],
        "whole_name": name,
        "url": row["url"],
        "count": row["count"],
        "accent": row.get("accent"),
        "feeds": _feeds(row["url"], name),
    }


def _correction(corrected: Corrected) -> Data:
    article = corrected.article
    return {
        "date": _day(corrected.correction.day),
        "text": corrected.correction.text,
        "article": _link(article),
        "url": f"{article.url}#page--{corrected.name}",
        "accent": article.category.accent or None,
    }


def lab_summary(lab: Lab, url: str | None) -> Data:
    """What the verified line of an article says; *url* is the article's, None where its lab has no page."""
    return {
        "url": f"{url}lab/" if url is not None else None,
        "ran": _day(lab.ran),
        "machine": lab.machine,
        "versions": [{"product": product, "version": version} for product, version in lab.versions],
        "tests": len(lab.tests),
        "in_step": lab.in_step,
    }


def _card(article: Article, site: Site) -> Data:
    scheduled = article.published.instant > site.now
    return {
        "title": article.title,
        "url": article.url,
        "description": article.description,
        "category": {
            "name": article.category.name,
            "url": category_url(article.category.slug),
            "accent": article.category.accent or None,
        },
        "subcategory": {"name": article.subcategory.name, "url": _subcategory_url(article)}
        if article.subcategory
        else None,
        "tags": [{"name": tag.name, "url": tag_url(tag.slug)} for tag in article.tags],
        "minutes": article.minutes,
        "date": moment(article.published),
        "authors": [{"name": person.name, "url": author_url(person.key)} for person in article.authors],
        "number": "",
        "status": "scheduled" if scheduled and article.status == "published" else article.status,
        "verified": bool(article.lab and article.lab.in_step),
    }


def _view(kind: str, title: str, crumbs: list[Data], accent: str = "") -> Data:
    return {"kind": kind, "title": title, "breadcrumbs": crumbs, "accent": accent or None}


def _crumb(title: str, url: str) -> Data:
    return {"title": title, "url": url}


def _link(article: Article) -> Data:
    return {"title": article.title, "url": article.url}


def _subcategory_url(article: Article) -> str:
    sub = article.subcategory
    return category_url(f"{article.category.slug}/{sub.slug}" if sub else article.category.slug)


def _pager(view: View) -> Data:
    base = view.base_url
    return {
        "page": view.page,
        "page_count": view.page_count,
        "previous": page_url(base, view.page - 1) if view.page > 1 else None,
        "next": page_url(base, view.page + 1) if view.page < view.page_count else None,
        "pages": [
            {"number": number, "url": page_url(base, number), "current": number == view.page}
            for number in _shown_pages(view.page, view.page_count)
        ],
    }


def _shown_pages(page: int, count: int) -> list[int]:
    """The first, the last, and those around *page*: a pager of 50 pages stays one line."""
    return sorted({1, count, *range(max(1, page - 2), min(count, page + 2) + 1)})


def _categories(site: Site) -> list[Data]:
    found = []
    for category in site.taxonomy.categories:
        count = sum(1 for article in site.articles if article.category.slug == category.term.slug)
        if count:
            found.append(
                {
                    "name": category.term.name,
                    "slug": category.term.slug,
                    "url": category_url(category.term.slug),
                    "accent": category.term.accent or None,
                    "count": count,
                    "description": category.term.description,
                    "subcategories": _children(site, category.term, category.subcategories),
                }
            )
    return found


def _children(site: Site, category: Term, subcategories: tuple[Term, ...]) -> list[Data]:
    counts = {sub.slug: 0 for sub in subcategories}
    for article in site.articles:
        if article.category.slug == category.slug and article.subcategory:
            counts[article.subcategory.slug] += 1
    return [
        {"name": sub.name, "url": category_url(f"{category.slug}/{sub.slug}"), "count": counts[sub.slug]}
        for sub in subcategories
        if counts[sub.slug]
    ]


def _weighed_tags(site: Site) -> list[Data]:
    counts = {tag.slug: 0 for tag in site.taxonomy.tags}
    for article in site.articles:
        for tag in article.tags:
            counts[tag.slug] += 1
    most = max(counts.values(), default=1) or 1
    return [
        {
            "name": tag.name,
            "url": tag_url(tag.slug),
            "count": counts[tag.slug],
            "weight": max(1, -(-counts[tag.slug] * _WEIGHTS // most)),
        }
        for tag in sorted(site.taxonomy.tags, key=lambda tag: tag.name.casefold())
        if counts[tag.slug]
    ]


def _people(site: Site) -> list[Data]:
    written = group((person.key, article) for article in site.articles for person in article.authors)
    people = sorted((site.people[key] for key in written), key=lambda person: person.name.casefold())
    return [_person(person) | {"count": len(written[person.key])} for person in people]


def _person(person: Person) -> Data:
    return {
        "name": person.name,
        "role": person.role,
        "description": person.description,
        "url": author_url(person.key),
        "links": [{"title": title, "url": url} for title, url in person.links],
    }


def _years(site: Site) -> list[tuple[str, list[Article]]]:
    years = group((f"{article.published.day:%Y}", article) for article in site.articles)
    return sorted(years.items(), reverse=True)
