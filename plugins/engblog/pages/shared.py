"""The small dicts that the other dicts are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from engblog.model.article import Article, Moment
from engblog.model.kinds import AUTHOR, CATEGORY, SUBCATEGORY, TAG
from engblog.model.text import long_date

Data = dict[str, Any]


def view_data(kind: str, title: str, crumbs: list[Data], accent: str = "") -> Data:
    """The data that every page has; *crumbs* lead to it from the home page."""
    return {"kind": kind, "title": title, "breadcrumbs": crumbs, "accent": accent or None}


def crumb(title: str, url: str) -> Data:
    """One of a page's breadcrumbs."""
    return {"title": title, "url": url}


def link(article: Article) -> Data:
    """The text and the target of a link to *article*."""
    return {"title": article.title, "url": article.url}


def moment(at: Moment) -> Data:
    """A date for a ``<time>`` element."""
    return {"iso": at.iso, "text": long_date(at.day)}


def day_data(day: date) -> Data:
    """A day for a ``<time>`` element."""
    return {"iso": day.isoformat(), "text": long_date(day)}


def subcategory_url(article: Article) -> str:
    """The address of the narrowest term that *article* is filed under."""
    sub = article.subcategory
    return SUBCATEGORY.url(f"{article.category.slug}/{sub.slug}") if sub else CATEGORY.url(article.category.slug)


def row_data(article: Article, *, scheduled: bool) -> Data:
    """The row of *article* in a list; *scheduled* means that its day is still to come."""
    return {
        "title": article.title,
        "url": article.url,
        "description": article.description,
        "category": {
            "name": article.category.name,
            "url": CATEGORY.url(article.category.slug),
            "accent": article.category.accent or None,
        },
        "subcategory": {"name": article.subcategory.name, "url": subcategory_url(article)}
        if article.subcategory
        else None,
        "tags": [{"name": tag.name, "url": TAG.url(tag.slug)} for tag in article.tags],
        "minutes": article.minutes,
        "date": moment(article.published),
        "authors": [{"name": person.name, "url": AUTHOR.url(person.key)} for person in article.authors],
        "number": "",
        "status": "scheduled" if scheduled and article.status == "published" else article.status,
        "verified": bool(article.lab and article.lab.in_step),
    }
