"""The last change of a page, taken from the model and never from the time of the build or from git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from engblog.model.article import Article, Correction, Moment


def last_change(article: Article) -> Moment:
    """The latest of *article*'s publication, its update and its corrections."""
    moments = [article.published, *([article.updated] if article.updated else [])]
    moments += [Moment(correction.day) for correction in article.corrections]
    return max(moments, key=lambda moment: moment.instant)


def last_written(article: Article) -> Moment:
    """The day on which *article* was written or last updated; a correction does not count, because it fixes one place
    and says nothing about the rest."""
    return article.updated or article.published


def newest_change(articles: Iterable[Article]) -> date | None:
    """The latest day on which one of *articles* changed; None for no articles."""
    return max((last_change(article).day for article in articles), default=None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction and its article."""

    article: Article
    correction: Correction
    number: int
    """The number of this correction among the article's corrections of that day, from 1, in their written order."""

    @property
    def name(self) -> str:
        """``correction-2026-11-24-1``: a permanent name that distinguishes it from the article's other corrections."""
        return f"correction-{self.correction.day.isoformat()}-{self.number}"

    @property
    def instant(self) -> datetime:
        """The first moment of its day, in UTC, but not before the article was published: a correction has no hour."""
        return max(datetime.combine(self.correction.day, time(), UTC), self.article.published.instant)


def corrections_of(article: Article) -> tuple[Corrected, ...]:
    """The corrections of *article*, in their written order."""
    days: Counter[str] = Counter()
    found = []
    for correction in article.corrections:
        day = correction.day.isoformat()
        days[day] += 1
        found.append(Corrected(article, correction, days[day]))
    return tuple(found)


def all_corrections(articles: Iterable[Article]) -> tuple[Corrected, ...]:
    """Every correction of *articles*, the newest first."""
    every = (each for article in articles for each in corrections_of(article))
    return tuple(sorted(every, key=lambda each: (-each.instant.timestamp(), each.article.slug, -each.number)))


def updated_articles(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The *articles* that say when they were updated, the latest update first."""
    found = [(article, article.updated.instant) for article in articles if article.updated]
    return tuple(article for article, _ in sorted(found, key=lambda each: (-each[1].timestamp(), each[0].slug)))
