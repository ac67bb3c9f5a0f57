"""The only clock: ``SOURCE_DATE_EPOCH`` if it is set, otherwise the present day in UTC."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta

from engblog.model.errors import EngblogError

_VARIABLE = "SOURCE_DATE_EPOCH"


class ClockError(EngblogError, ValueError):
    """``SOURCE_DATE_EPOCH`` is not a time."""


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment that decides what is published, in UTC.

    ``SOURCE_DATE_EPOCH`` is a whole number of seconds since 1970 (reproducible-builds.org). Without it, it is the end
    of today, so that two builds on one day are the same. Raises :class:`ClockError` for anything else.
    """
    given = environment.get(_VARIABLE)
    if given is None or given == "":
        today = datetime.now(UTC).date()
        return datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {given!r}; it must be whole seconds, for example $(git log -1 --format=%ct)"
        raise ClockError(message) from None


def hold(environment: MutableMapping[str, str] = os.environ) -> Callable[[], None]:
    """Set the clock of every tool in this process to :func:`now`; call the returned function to release it.

    MkDocs and its plugins write the time of the build into sitemap and feeds unless ``SOURCE_DATE_EPOCH`` is set, so a
    site built without it could never be reproduced byte for byte. Raises :class:`ClockError`.
    """
    epoch = str(int(now(environment).timestamp()))
    if environment.get(_VARIABLE):
        return lambda: None
    environment[_VARIABLE] = epoch

    def release() -> None:
        if environment.get(_VARIABLE) == epoch:
            del environment[_VARIABLE]

    return release
