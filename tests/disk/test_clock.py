"""The one clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from engblog.disk import clock
from support.sources import article, read


def test_a_clock_that_is_set_stays_as_it_is() -> None:
    environment = {"SOURCE_DATE_EPOCH": "5"}
    clock.hold((), environment)()
    assert environment == {"SOURCE_DATE_EPOCH": "5"}


def test_a_clock_that_was_released_is_not_released_again() -> None:
    environment: dict[str, str] = {}
    release = clock.hold(environment)
    held = dict(environment)
    release()
    assert environment == {}
    environment.update(held)  # now it is set by somebody else
    release()
    assert environment == held


# The clock


def test_now_is_source_date_epoch_where_it_is_set() -> None:
    assert clock.now({"SOURCE_DATE_EPOCH": "1796126400"}) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert clock.now({"SOURCE_DATE_EPOCH": "0"}) == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("environment", [{}, {"SOURCE_DATE_EPOCH": ""}])
def test_now_is_else_the_present_second_in_utc(environment: dict[str, str]) -> None:
    before = datetime.now(UTC)
    now = clock.now(environment)
    after = datetime.now(UTC)
    assert now.utcoffset() == UTC.utcoffset(None)
    assert before - timedelta(seconds=1) < now <= after
    assert now.microsecond == 0


def held(*hours: datetime) -> datetime:
    """The moment at which a build's clock stops."""
    environment: dict[str, str] = {}
    release = clock.hold(hours, environment)
    moment = datetime.fromtimestamp(int(environment["SOURCE_DATE_EPOCH"]), UTC)
    release()
    assert environment == {}
    return moment


def test_a_build_stops_the_clock_at_the_last_hour_of_publication_that_has_passed_today() -> None:
    """So two builds are the same until an article's hour comes."""
    while True:  # until no midnight passes in between
        present = datetime.now(UTC).replace(microsecond=0)
        midnight = present.replace(hour=0, minute=0, second=0)
        stops = [
            held(),
            held(midnight - timedelta(seconds=1), present + timedelta(minutes=10)),
            held(present, midnight, present + timedelta(hours=1)),
            held(midnight.astimezone(timezone(timedelta(hours=14)))),
        ]
        if datetime.now(UTC).date() == present.date():
            break
    assert stops == [midnight, midnight, present, midnight]


def test_a_clock_that_is_set_reads_no_hours() -> None:
    def hours() -> Iterator[datetime]:
        pytest.fail("the articles were read")
        yield

    clock.hold(hours(), {"SOURCE_DATE_EPOCH": "5"})()


@pytest.mark.parametrize("wrong", ["soon", "1.5", "2026-12-01", "9" * 30, " "])
def test_a_source_date_epoch_that_is_no_time_says_what_to_set(wrong: str) -> None:
    with pytest.raises(clock.ClockError, match="whole seconds"):
        clock.now({"SOURCE_DATE_EPOCH": wrong})


def test_what_is_published_does_not_depend_on_the_zone_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    outcomes = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796126400")
        time.tzset()
        texts = {f"articles/a{day}/index.md": article(date=f"2026-{day}") for day in ("11-30", "12-01", "12-02")}
        outcomes.add(tuple(each.slug for each in read(tmp_path, texts).site.articles))
    monkeypatch.undo()
    time.tzset()
    assert outcomes == {("a12-01", "a11-30")}
