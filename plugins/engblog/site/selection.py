"""The articles that a site shows: all of them in a preview, otherwise those that readers may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engblog.model.article import Article, Person, Taxonomy, is_public, newest_first
from engblog.model.site import Site


def select(
    articles: Iterable[Article], *, taxonomy: Taxonomy, people: Mapping[str, Person], now: datetime, preview: bool
) -> Site:
    """The site of *articles*: it shows those that are published and not dated after *now*; a *preview* shows all."""
    every = sorted(articles, key=newest_first)
    shown = tuple(article for article in every if preview or is_public(article, now))
    hidden = tuple(article for article in every if not (preview or is_public(article, now)))
    featured = next((article for article in shown if article.featured), shown[0] if shown else None)
    return Site(shown, hidden, taxonomy, people, featured, now)


def as_built(site: Site) -> Site:
    """The site that a build makes of the sources of *site*, which may be a preview."""
    every = (*site.articles, *site.hidden)
    return select(every, taxonomy=site.taxonomy, people=site.people, now=site.now, preview=False)
