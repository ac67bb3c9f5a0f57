"""Reviews that are due: of an article that somebody promised to review, of one that nobody promised to review, and of
a lab that has not run for a long time.

The rules for the day on which something is due:

- ``review_by`` of an article;
- two years after its last change, ``updated`` or else ``date``, of an article without ``review_by``;
- a year after the recorded run of a lab;
- the day of the recorded run of a lab whose files have changed since, because it no longer proves anything.

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
    """Reasons why something is due. Entries that are due on the same day are listed in this order."""

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
    """The number of days that it is overdue; 0 on the day itself, negative before."""

    @property
    def overdue(self) -> bool:
        """True if the day has passed; a lab that has changed is overdue from that moment."""
        return self.days > 0 or self.reason is ReviewReason.LAB_CHANGED

    @property
    def why(self) -> str:
        """The promise or the rule by which it is due."""
        article, ran = self.article, self.article.lab.ran if self.article.lab else None
        written = last_written(article).day
        return {
            ReviewReason.LAB_CHANGED: f"the lab has changed since its recorded run on {ran}",
            ReviewReason.REVIEW: f"review_by: {article.review_by}",
            ReviewReason.UNREVIEWED: f"last changed on {written}, no review_by: the limit is {UNREVIEWED_YEARS} years",
            ReviewReason.LAB_OLD: f"the lab last ran on {ran}: the limit is {LAB_YEARS} year",
        }[self.reason]

    @property
    def remedy(self) -> str:
        """The remedy: what to do about it."""
        run = f"make lab ARTICLE={self.article.slug}"
        return {
            ReviewReason.LAB_CHANGED: f"run: {run}",
            ReviewReason.REVIEW: "check it against current versions, update it, and set a new review_by",
            ReviewReason.UNREVIEWED: "check it against current versions, update it, and set review_by",
            ReviewReason.LAB_OLD: f"run: {run}; then check the new numbers",
        }[self.reason]


def find_due(articles: Iterable[Article], today: date, *, within: int) -> tuple[Due, ...]:
    """Find what is overdue in *articles*, all of them public, on the day *today* or will be within *within* days.

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
    """True if readers are told that a review of *article* is overdue."""
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
