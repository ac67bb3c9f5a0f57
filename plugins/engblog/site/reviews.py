"""What is due to be looked at again: an article whose review is due, one that nobody promised to review, a lab that has
not run for long.

The rules, each with the day on which it is due:

- ``review_by`` of an article;
- two years after its last change, ``updated`` or else ``date``, of an article without ``review_by``;
- a year after the recorded run of a lab;
- the day of the recorded run of a lab whose files have changed since: nothing of it is proven any more.

Something is overdue from the day after. Drafts and articles of the future are left out: nobody relies on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from engblog.model.article import Article
from engblog.site.history import last_written

UNREVIEWED_YEARS = 2
LAB_YEARS = 1


class ReviewReason(Enum):
    """Why something is due. The order is that of the list, where days are equal."""

    LAB_CHANGED = "lab-changed"
    REVIEW = "review"
    UNREVIEWED = "unreviewed"
    LAB_OLD = "lab-old"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due."""

    article: Article
    reason: ReviewReason
    day: date
    """The last day on which it is not overdue."""
    days: int
    """How many days it is overdue; 0 on the day itself, negative before."""

    @property
    def overdue(self) -> bool:
        """Whether the day has passed; a lab that has changed was overdue when it did."""
        return self.days > 0 or self.reason is ReviewReason.LAB_CHANGED

    @property
    def why(self) -> str:
        """What was promised, or is the rule."""
        article, ran = self.article, self.article.lab.ran if self.article.lab else None
        written = last_written(article).day
        return {
            ReviewReason.LAB_CHANGED: f"the lab has changed since its recorded run on {ran}",
            ReviewReason.REVIEW: f"review_by: {article.review_by}",
            ReviewReason.UNREVIEWED: f"last changed on {written}, no review_by: {UNREVIEWED_YEARS} years are the limit",
            ReviewReason.LAB_OLD: f"the lab last ran on {ran}: {LAB_YEARS} year is the limit",
        }[self.reason]

    @property
    def remedy(self) -> str:
        """What to do."""
        run = f"make lab ARTICLE={self.article.slug}"
        return {
            ReviewReason.LAB_CHANGED: f"run: {run}",
            ReviewReason.REVIEW: "read it against today's versions, mend it, and set a new review_by",
            ReviewReason.UNREVIEWED: "read it against today's versions, mend it, and set review_by",
            ReviewReason.LAB_OLD: f"run: {run}; then read what its numbers have become",
        }[self.reason]


def find_due(articles: Iterable[Article], today: date, *, within: int) -> tuple[Due, ...]:
    """What of *articles*, all of them public, is overdue on the day *today*, or will be within *within* days.

    The worst first: labs that have changed, since no page can be published before they run; then by days, most overdue
    first. Ties go by the article's path, then by the order of :class:`ReviewReason`.
    """
    order = list(ReviewReason)
    due = (
        Due(article, reason, day, (today - day).days)
        for article in articles
        for reason, day in _days(article)
        if (today - day).days >= -within or reason is ReviewReason.LAB_CHANGED
    )
    return tuple(
        sorted(
            due,
            key=lambda each: (
                each.reason is not ReviewReason.LAB_CHANGED,
                -each.days,
                each.article.src_uri,
                order.index(each.reason),
            ),
        )
    )


def review_is_past(article: Article, today: date) -> bool:
    """Whether readers are told that a review of *article* is overdue."""
    return article.review_by is not None and article.review_by < today and article.status == "published"


def _days(article: Article) -> Iterator[tuple[ReviewReason, date]]:
    if article.review_by is not None:
        yield ReviewReason.REVIEW, article.review_by
    else:
        yield ReviewReason.UNREVIEWED, years_after(last_written(article).day, UNREVIEWED_YEARS)
    if article.lab is not None:
        if article.lab.in_step:
            yield ReviewReason.LAB_OLD, years_after(article.lab.ran, LAB_YEARS)
        else:
            yield ReviewReason.LAB_CHANGED, article.lab.ran


def years_after(day: date, years: int) -> date:
    """The same day *years* later; 28 February for the 29th. The end of the calendar where that is out of it."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
