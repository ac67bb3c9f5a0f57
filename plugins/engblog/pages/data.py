"""The dicts of all pages of one site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engblog.model.article import Article, Lab
from engblog.model.kinds import ARCHIVE, AUTHORS, CORRECTIONS, FEEDS, HOME, TAGS
from engblog.model.site import Site, View
from engblog.model.text import slugify
from engblog.model.urls import twin_url
from engblog.pages.articles import article_crumbs, article_data, series_data
from engblog.pages.indexes import index_data
from engblog.pages.labs import Repository, lab_page, lab_summary
from engblog.pages.lists import about_list, feeds_of_view, list_data
from engblog.pages.shared import Data, crumb, link, row_data, view_data
from engblog.pages.terms import categories
from engblog.site.related import related
from engblog.site.views import series_of

_HERO = {"kicker": "kicker", "headline": "headline", "tagline": "description"}


class PageData:
    """Makes the dict of every page of one site; data that several pages share is made once."""

    def __init__(
        self,
        site: Site,
        *,
        related_count: int,
        issues_url: str | None = None,
        repository: Repository = Repository(),  # noqa: B008
        lab_pages: bool = True,
        cards: Mapping[str, Data] | None = None,
        feeds: bool = False,
        twins: bool = False,
    ) -> None:
        """Prepare the data that pages share.

        Readers report mistakes at *issues_url*, ``…/issues/new``; with None, no such link is offered. They find the
        sources in *repository*. Without *lab_pages*, articles do not link to a page of their lab; without *feeds*,
        pages do not link to their own feed. *cards* are the results of :func:`card_data` by article's ``src_uri``.
        With *twins*, every article has a Markdown version.
        """
        self._site = site
        self._related_count = related_count
        self._issues_url = issues_url
        self._repository = repository
        self._lab_pages = lab_pages
        self._cards = cards or {}
        self._twins = twins
        self._feeds = feeds
        self._rows = {
            article.slug: row_data(article, scheduled=article.published.instant > site.now) for article in site.articles
        }
        self._by_slug = {article.slug: article for article in site.articles}
        self._series = series_of(site)
        self._position = {article.slug: index for index, article in enumerate(site.articles)}
        spare = max((len(self._linked_from(article)) for article in site.articles), default=0)
        self._related = related(site.articles, related_count + spare if related_count else 0)

    def related_to(self, article: Article) -> tuple[Article, ...]:
        """The articles offered below *article*, without those that its page links to in another place."""
        linked = self._linked_from(article)
        return tuple(each for each in self._related[article.slug] if each.slug not in linked)[: self._related_count]

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """The article before (older) and after (newer) *article*."""
        index = self._position[article.slug]
        older = self._site.articles[index + 1] if index + 1 < len(self._site.articles) else None
        return older, self._site.articles[index - 1] if index else None

    def article(self, article: Article) -> Data:
        """The dict of an article's page."""
        older, newer = self.neighbours(article)
        own = self._rows[article.slug] | article_data(article, self._site.now.date())
        own |= {
            "series": series_data(article, self._series[slugify(article.series.name)]) if article.series else None,
            "requires": [link(each) for each in self._first_to_read(article)],
            "related": [self._rows[other.slug] for other in self.related_to(article)],
            "previous": link(older) if older else None,
            "next": link(newer) if newer else None,
            "lab": lab_summary(article, article.lab, has_page=self._lab_pages) if article.lab else None,
            "report_url": self._issues_url,
        }
        view = view_data("article", article.title, article_crumbs(article), article.category.accent)
        twin = {"twin": twin_url(article)} if self._twins else {}
        return view | {"article": own} | self._card_of(article) | twin

    def lab(self, article: Article, lab: Lab, texts: Mapping[str, str]) -> Data:
        """The dict of the page that shows an article's lab; *texts* are the lab's files by name."""
        return lab_page(article, lab, texts, self._repository) | self._card_of(article)

    def plain(self, title: str) -> Data:
        """The dict of a hand-written page."""
        return view_data("page", title, [crumb("Home", "")])

    def home(self, view: View, meta: Mapping[str, Any]) -> Data:
        """The dict of a home page; *meta* is the front matter of ``index.md``: the hero's copy."""
        featured = self._site.featured if view.page == 1 else None
        newest = self._site.articles[0] if self._site.articles else None
        listed = "More articles" if featured is newest else "Latest articles"
        return list_data(view, [], self._rows) | {
            "hero": {name: str(meta.get(key) or "") for name, key in _HERO.items()},
            "featured": self._rows[featured.slug] if featured else None,
            "rows_title": listed if view.page == 1 else "Older articles",
            "count": len(self._site.articles),
        }

    def listing(self, view: View) -> Data:
        """The dict of a page that lists the articles of a term, a person, a series or a year."""
        crumbs, about = about_list(view, self._site)
        return list_data(view, crumbs, self._rows) | about | {"feeds": self._feeds_of(view)}

    def index(self, view: View) -> Data:
        """The dict of the index of tags, of authors, of years, of corrections, or of feeds."""
        data = view_data(view.kind.name, view.title, [crumb("Home", "")]) | {"count": view.total}
        feeds = {"feeds": self._feeds_of(view)} if view.kind.feed_title else {}
        return data | index_data(view.kind, self._site, self._rows) | feeds

    def site(
        self,
        *,
        plain_pages: frozenset[str],
        feeds: Sequence[Data],
        assets_version: str,
        card: Data | None = None,
        saving: bool = False,
    ) -> Data:
        """The data that every page shows: the header's links, counts, feeds.

        *card* is the card of every page that does not have its own. *plain_pages* are the addresses of hand-written
        pages, so that only links that lead somewhere are offered. With *saving*, pages offer to save articles, if
        there is a page that lists the saved ones.
        """
        links: Data = {"home": HOME.url(), "archive": ARCHIVE.url(), "tags": TAGS.url()}
        links["authors"] = AUTHORS.url() if any(article.authors for article in self._site.articles) else None
        links |= {"corrections": CORRECTIONS.url(), "feeds": FEEDS.url() if self._feeds else None}
        links |= {name: f"{name}/" if f"{name}/" in plain_pages else None for name in ("search", "about", "offline")}
        return {
            "article_count": len(self._site.articles),
            "assets_version": assets_version,
            "card": card,
            "categories": categories(self._site),
            "links": links,
            "saving": saving and links["offline"] is not None,
            "feeds": list(feeds),
        }

    def _linked_from(self, article: Article) -> frozenset[str]:
        """The slugs of the articles to which the page of *article* leads anyway: the older and the newer one, the parts
        of its series, and what is worth reading first."""
        others = [*self.neighbours(article), *self._parts_of(article)]
        return frozenset({*article.requires, *(each.slug for each in others if each)})

    def _parts_of(self, article: Article) -> Sequence[Article]:
        return self._series[slugify(article.series.name)] if article.series else ()

    def _first_to_read(self, article: Article) -> list[Article]:
        """The articles that *article* requires, without the parts of its series, which its page lists anyway."""
        parts = {each.slug for each in self._parts_of(article)}
        return [self._by_slug[slug] for slug in article.requires if slug in self._by_slug and slug not in parts]

    def _card_of(self, article: Article) -> Data:
        """The entry ``card`` of a page about *article*, if there are cards."""
        return {"card": self._cards[article.src_uri]} if article.src_uri in self._cards else {}

    def _feeds_of(self, view: View) -> list[Data]:
        return feeds_of_view(view) if self._feeds else []
