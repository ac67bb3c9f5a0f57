"""The one clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engblog.disk import clock
from support.sources import article, read


def test_a_clock_that_is_set_stays_as_it_is() -> None:
    environment = {"SOURCE_DATE_EPOCH": "5"}
    clock.hold(environment)()
    assert environment == {"SOURCE_DATE_EPOCH": "5"}


# The clock


def test_now_is_source_date_epoch_where_it_is_set() -> None:
    assert clock.now({"SOURCE_DATE_EPOCH": "1796126400"}) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert clock.now({"SOURCE_DATE_EPOCH": "0"}) == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("environment", [{}, {"SOURCE_DATE_EPOCH": ""}])
def test_now_is_else_the_end_of_today_in_utc(environment: dict[str, str]) -> None:
    before = datetime.now(UTC)
    now = clock.now(environment)
    after = datetime.now(UTC)
    assert now.utcoffset() == UTC.utcoffset(None)
    assert (now.hour, now.minute, now.second, now.microsecond) == (23, 59, 59, 999999)
    assert before.date() <= now.date() <= after.date()


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
