"""When a page last changed, as the model knows it: never the moment of the build, never what git says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engblog.core.model import Article, Moment


def last_change(article: Article) -> Moment:
    """The latest of *article*'s publication, its update and its corrections."""
    moments = [article.published, *([article.updated] if article.updated else [])]
    moments += [Moment(correction.day) for correction in article.corrections]
    return max(moments, key=lambda moment: moment.instant)


def last_written(article: Article) -> Moment:
    """When *article* was last written or brought up to date: a correction mends one place and vouches for no other."""
    return article.updated or article.published


def newest_change(articles: Iterable[Article]) -> date | None:
    """The latest day on which one of *articles* changed; None for no articles."""
    return max((last_change(article).day for article in articles), default=None)
