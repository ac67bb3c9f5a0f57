"""The one clock: ``SOURCE_DATE_EPOCH`` where it is set, else the present day in UTC."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engblog.io.errors import EngblogError


class ClockError(EngblogError, ValueError):
    """``SOURCE_DATE_EPOCH`` is set to what is no time."""


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment that decides what is published, in UTC.

    ``SOURCE_DATE_EPOCH`` is a whole number of seconds since 1970 (reproducible-builds.org). Without it, it is the end
    of today, so that a site built twice in one day is built alike. Raises :class:`ClockError` for anything else.
    """
    given = environment.get("SOURCE_DATE_EPOCH")
    if given is None or given == "":
        today = datetime.now(UTC).date()
        return datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {given!r}; set it to whole seconds, for example $(git log -1 --format=%ct)"
        raise ClockError(message) from None
