"""The data of an article's page that depends only on that article; :mod:`engblog.pages.data` adds the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engblog.model.article import Article
from engblog.model.kinds import AUTHOR, CATEGORY, SERIES
from engblog.model.text import slugify
from engblog.pages.shared import Data, crumb, day_data, link, moment, subcategory_url
from engblog.site.history import corrections_of, last_written
from engblog.site.reviews import review_is_past
from engblog.source.sentences import first_sentences

_SENTENCES_OF_DEK = 2


def article_data(article: Article, today: date) -> Data:
    """The data of *article*, in addition to its row in a list."""
    return {
        "dek": first_sentences(article.description, _SENTENCES_OF_DEK),
        "words": article.words,
        "updated": moment(article.updated) if article.updated else None,
        "review_by": day_data(article.review_by) if article.review_by else None,
        "review": _review(article, today),
        "applies_to": [{"product": product, "versions": versions} for product, versions in article.applies_to],
        "people": [
            {"name": person.name, "role": person.role, "url": AUTHOR.url(person.key)} for person in article.authors
        ],
        "corrections": [
            {"date": day_data(each.correction.day), "text": each.correction.text, "name": each.name}
            for each in corrections_of(article)
        ],
        "corrected": day_data(max(each.day for each in article.corrections)) if article.corrections else None,
    }


def article_crumbs(article: Article) -> list[Data]:
    """The breadcrumbs of *article*: its category and, if it has one, its subcategory."""
    crumbs = [crumb("Home", ""), crumb(article.category.name, CATEGORY.url(article.category.slug))]
    if article.subcategory:
        crumbs.append(crumb(article.subcategory.name, subcategory_url(article)))
    return crumbs


def series_data(article: Article, parts: Sequence[Article]) -> Data | None:
    """The series of *article*, whose articles are *parts*; None if the article is not in a series."""
    if article.series is None:
        return None
    shown = [
        link(other) | {"part": other.series.part if other.series else 0, "current": other is article} for other in parts
    ]
    url = SERIES.url(slugify(article.series.name))
    return {"name": article.series.name, "url": url, "part": article.series.part, "parts": shown}


def _review(article: Article, today: date) -> Data | None:
    """The notice of an overdue review: since when it is due, and up to which day the article was correct."""
    if article.review_by is None or not review_is_past(article, today):
        return None
    ran = article.lab.ran if article.lab else None
    return {
        "due": day_data(article.review_by),
        "ran": day_data(ran) if ran else None,
        "written": day_data(last_written(article).day),
    }
