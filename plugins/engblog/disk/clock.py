"""The only clock: ``SOURCE_DATE_EPOCH`` if it is set, otherwise the present."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime

from engblog.model.errors import EngblogError

_VARIABLE = "SOURCE_DATE_EPOCH"


class ClockError(EngblogError, ValueError):
    """``SOURCE_DATE_EPOCH`` is not a time."""


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """The moment that decides what is published, in UTC.

    ``SOURCE_DATE_EPOCH`` is a whole number of seconds since 1970 (reproducible-builds.org). Raises :class:`ClockError`
    for anything else.
    """
    given = environment.get(_VARIABLE)
    if given is None or given == "":
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {given!r}; it must be whole seconds, for example $(git log -1 --format=%ct)"
        raise ClockError(message) from None


def is_set(environment: Mapping[str, str] = os.environ) -> bool:
    """True if the moment of a build is given, so that it does not depend on the present."""
    return bool(environment.get(_VARIABLE))


def moment_of_build(hours: Iterable[datetime], environment: Mapping[str, str] = os.environ) -> str:
    """The value of ``SOURCE_DATE_EPOCH`` for which :func:`hold` would make a build now. Raises :class:`ClockError`."""
    present = now(environment)
    if given := environment.get(_VARIABLE):
        return given
    midnight = present.replace(hour=0, minute=0, second=0)
    return str(int(max([midnight, *(hour for hour in hours if hour <= present)]).timestamp()))


def hold(hours: Iterable[datetime] = (), environment: MutableMapping[str, str] = os.environ) -> Callable[[], None]:
    """Set the clock of every tool in this process for a build; call the returned function once to release it.

    MkDocs and its plugins write the time of the build into sitemap and feeds unless ``SOURCE_DATE_EPOCH`` is set, so a
    site built without it could never be reproduced byte for byte. Without it, the clock stops at the start of today in
    UTC or, if one of *hours* has passed since, at the last of them: these are the moments from which articles are
    published, so two builds between the same two moments of a day are the same. *hours* are not read if it is set.
    Raises :class:`ClockError`.
    """
    epoch = moment_of_build(hours, environment)
    if is_set(environment):
        return lambda: None
    environment[_VARIABLE] = epoch
    is_held = True

    def release() -> None:
        nonlocal is_held
        if is_held and environment.get(_VARIABLE) == epoch:
            del environment[_VARIABLE]
        is_held = False

    return release
