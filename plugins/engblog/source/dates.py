"""Days and moments as authors write them.

A moment is a day, an hour and a zone: ``2026-11-28T18:00+01:00`` (RFC 3339), also with spaces between the three. What
feeds, sitemaps and structured data cannot all carry is refused: fractions of a second, and days outside of
:data:`FIRST` to :data:`LAST`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from engblog.model.article import Moment
from engblog.model.problems import Code, Mark, Problems

FIRST, LAST = date(1990, 1, 1), date(2105, 12, 31)
"""The days that every output can express: the time in a ``sitemap.xml.gz`` is a number of 32 bits that counts from
1970, so it ends in 2106; the web began in 1990."""

_EARLIEST_ZONE = timedelta(hours=14)

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = re.compile(
    rf"(?P<day>{_DAY})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]+)?)?"
    r"[ \t]*(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


class DateError(ValueError):
    """A text is not a date; the message completes "“…” …"."""

    def __init__(self, message: str, right: str = "", advice: str = "write") -> None:
        """Explain with *message*; *right* is a correct value, if the text nearly is one, introduced by *advice*."""
        super().__init__(message)
        self._right, self._advice = right, advice

    def hint(self, key: str) -> str:
        """The remedy for the value of *key*."""
        if self._right:
            return f"{self._advice} `{key}: {self._right}`"
        return f"write `{key}: 2026-11-23` or `{key}: 2026-11-23T09:00:00+01:00`"


def is_past(moment: Moment, now: datetime) -> bool:
    """True if *moment* can have passed at *now*: a day has if it has begun anywhere on earth."""
    if moment.at is not None:
        return moment.at <= now
    return moment.day <= (now.astimezone(UTC) + _EARLIEST_ZONE).date()


def check_past(moment: Moment, now: datetime, key: str, mark: Mark, problems: Problems) -> None:
    """Note that *moment*, the value of *key* at *mark*, is after *now*: the text says that it has passed."""
    if not is_past(moment, now):
        message = f"'{key}' {moment.iso} is in the future: it is {now:%Y-%m-%d %H:%M} UTC"
        problems.add(mark, Code.F016_FUTURE, message, "write the day on which it was done")


def read_day(text: str) -> date:
    """The day *text*, ``2026-11-23``. Raises :class:`DateError`."""
    if not re.fullmatch(_DAY, text):
        raise DateError("is not a date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DateError("is not a day of the calendar") from None
    if not FIRST <= day <= LAST:
        raise DateError(f"is not in the years from {FIRST.year} to {LAST.year}")
    return day


def read_moment(text: str) -> Moment:
    """The day *text*, or the moment if it has an hour. Raises :class:`DateError`."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise DateError("is not a date")
    day = read_day(found["day"])
    if found["hour"] is None:
        return Moment(day)
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise DateError("has no hour of the day: the last is 23:59:59") from None
    written = f"{day}T{clock.isoformat() if found['second'] else clock.isoformat('minutes')}"
    if found["fraction"]:
        raise DateError("has a fraction of a second", f"{written}{found['zone'] or 'Z'}")
    if found["zone"] is None:
        raise DateError("is a time without a zone", f"{written}Z", "add one:")
    at = datetime.combine(day, clock, _zone(found["zone"]))
    if not FIRST <= at.astimezone(UTC).date() <= LAST:
        raise DateError(f"is not in the years from {FIRST.year} to {LAST.year}, in UTC")
    return Moment(day, at)


def _zone(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].removeprefix(":") or 0)
    if hours > 23 or minutes > 59:
        raise DateError("has no zone: the last is +23:59")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
