"""Days and moments as other systems write them, with their zones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from engblog.model.article import Moment
from engblog.source.dates import FIRST, LAST

_ISO = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:(?:[Tt]|,?[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d++)?+)?+[ \t]*+"
    r"(?P<half>[AaPp][Mm])?+"
    r"[ \t]*+(?P<zone>[A-Za-z]{1,5}+|(?:UTC|GMT)?[+-]\d{1,2}+(?::?\d{2})?)?)?[ \t]*+(?P<rest>.*)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9},?[ \t]+)?(?:(?P<first>[A-Za-z]{3,9})\.?[ \t]+(?P<day1>\d{1,2})|(?P<day2>\d{1,2})"
    r"(?:\.|st|nd|rd|th)?[ \t-]+"
    r"(?P<second>[A-Za-z]{3,9}))(?:st|nd|rd|th)?,?[ \t.-]+(?P<year>\d{4})[ \t,]*+(?P<rest>.*)"
)
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
          "pdt": -7, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "bst": 1, "jst": 9, "msk": 3}  # fmt: skip
"""Hours east of UTC of the names of zones that people write."""
_OFFSET = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?", re.IGNORECASE)


def old_moment(value: Any, zone: tzinfo | None) -> Moment | None:
    """The day or the moment *value*, a text or what TOML makes of one; a time without a zone is in *zone*, by default
    UTC. None if it is not a date, or not one that articles can have."""
    if isinstance(value, datetime):
        return _moment(value.date(), value.timetz(), zone)
    if isinstance(value, date):
        return _within(Moment(value))
    text = " ".join(str(value).split())
    found = _ISO.fullmatch(text)
    if found is None:
        words = _WORDS.fullmatch(text)
        month = (words["first"] or words["second"])[:3].lower() if words else ""
        if words is None or month not in _MONTHS:
            return None
        text = f"{words['year']}-{_MONTHS.index(month) + 1}-{words['day1'] or words['day2']} {words['rest']}".strip()
        found = _ISO.fullmatch(text)
        if found is None:
            return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return _within(Moment(day))
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + 12 * (found["half"].lower() == "pm")
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    own = _zone(found["zone"]) if found["zone"] else None
    return _moment(day, clock.replace(tzinfo=own), zone)


def _moment(day: date, clock: time, zone: tzinfo | None) -> Moment | None:
    if clock.tzinfo is None and (clock.hour, clock.minute, clock.second) == (0, 0, 0) and zone is None:
        return _within(Moment(day))
    at = datetime.combine(day, clock.replace(microsecond=0))
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone or UTC)
    offset = at.utcoffset() or timedelta()
    if offset.seconds % 60:
        offset = timedelta(seconds=offset.total_seconds() // 60 * 60)
    return _within(Moment(day, at.replace(tzinfo=timezone(offset) if offset else UTC)))


def _within(moment: Moment) -> Moment | None:
    fits = FIRST <= moment.day <= LAST and FIRST <= moment.instant.date() <= LAST
    return moment if fits else None


def _zone(text: str) -> timezone | None:
    if text.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[text.lower()]))
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset) if offset < timedelta(hours=24) else None
