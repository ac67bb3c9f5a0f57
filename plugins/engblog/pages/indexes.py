"""The indexes of the whole site: tags, people, years, corrections and feeds."""

from __future__ import annotations

from collections.abc import Mapping

from engblog.model.kinds import AUTHORS, CORRECTIONS, FEEDS, TAGS, YEAR, Kind
from engblog.model.site import Site
from engblog.model.urls import OPML
from engblog.pages.lists import feeds_of_list
from engblog.pages.shared import Data, day_data, link, moment
from engblog.pages.terms import all_series, categories, people, weighed_tags
from engblog.site.history import Corrected, all_corrections, updated_articles
from engblog.site.views import group

_NEWEST_OF_A_YEAR = 12
_MOST_UPDATES = 50


def index_data(kind: Kind, site: Site, rows: Mapping[str, Data]) -> Data:
    """The entries of the index of *kind*; *rows* has the row of every article by slug."""
    if kind is TAGS:
        return {"tags": weighed_tags(site)}
    if kind is AUTHORS:
        return {"people": people(site)}
    if kind is CORRECTIONS:
        return _corrections(site)
    if kind is FEEDS:
        return _feeds(site)
    return {"years": _years(site, rows)}


def _corrections(site: Site) -> Data:
    updated = updated_articles(site.articles)
    return {
        "corrections": [_correction(each) for each in all_corrections(site.articles)],
        "updated": [
            link(article) | {"date": moment(article.updated), "published": moment(article.published)}
            for article in updated[:_MOST_UPDATES]
            if article.updated
        ],
        "updated_count": len(updated),
    }


def _correction(corrected: Corrected) -> Data:
    article = corrected.article
    return {
        "date": day_data(corrected.correction.day),
        "text": corrected.correction.text,
        "article": link(article),
        "url": f"{article.url}#page--{corrected.name}",
        "accent": article.category.accent or None,
    }


def _feeds(site: Site) -> Data:
    """The feeds by kind, in blocks; a category and its subcategories form one block."""
    blocks = {
        "Categories": [
            [_followed(row), *(_followed(child, row["name"]) for child in row["subcategories"])]
            for row in categories(site)
        ],
        "Tags": [[_followed(row) for row in weighed_tags(site)]],
        "Authors": [[_followed(row) for row in people(site)]],
        "Series": [[_followed(row) for row in all_series(site)]],
    }
    return {
        "opml": OPML,
        "corrections": feeds_of_list(CORRECTIONS.url(), CORRECTIONS.title),
        "groups": [
            {"key": title.lower(), "title": title, "blocks": found} for title, found in blocks.items() if any(found)
        ],
    }


def _followed(row: Data, within: str = "") -> Data:
    name = f"{within}: {row['name']}" if within else row["name"]
    return {
        "name": row["name"],
        "whole_name": name,
        "url": row["url"],
        "count": row["count"],
        "accent": row.get("accent"),
        "feeds": feeds_of_list(row["url"], name),
    }


def _years(site: Site, rows: Mapping[str, Data]) -> list[Data]:
    """The years, the newest first, each with its newest articles."""
    years = group((f"{article.published.day:%Y}", article) for article in site.articles)
    return [
        {
            "year": year,
            "url": YEAR.url(year),
            "count": len(articles),
            "rows": [rows[article.slug] for article in articles[:_NEWEST_OF_A_YEAR]],
        }
        for year, articles in sorted(years.items(), reverse=True)
    ]
