"""What was wrong in articles and was put right, and what was brought up to date: newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from engblog.core.model import Article, Correction


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction and its article."""

    article: Article
    correction: Correction
    number: int
    """Which of the article's corrections of that day it is, from 1, in the order in which they are written down."""

    @property
    def name(self) -> str:
        """``correction-2026-11-24-1``: what tells it from the article's others, for ever."""
        return f"correction-{self.correction.day.isoformat()}-{self.number}"

    @property
    def instant(self) -> datetime:
        """The first moment of its day, in UTC."""
        return datetime.combine(self.correction.day, time(), UTC)


def corrections_of(article: Article) -> tuple[Corrected, ...]:
    """The corrections of *article* as they are written down."""
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
    """Those of *articles* that say when they were updated, the last one updated first."""
    found = [(article, article.updated.instant) for article in articles if article.updated]
    return tuple(article for article, _ in sorted(found, key=lambda each: (-each[1].timestamp(), each[0].slug)))
