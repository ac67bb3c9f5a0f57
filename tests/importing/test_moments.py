"""Dates of old posts, with their zones."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from engblog.importing.moments import old_moment
from engblog.source.dates import read_moment
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-01-02", "2020-01-02"),
        ("2020/1/2", "2020-01-02"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 03:04", "2020-01-02T03:04:00+00:00"),
        ("2020-01-02 03:04:05 -0700", "2020-01-02T03:04:05-07:00"),
        ("2020-01-02T03:04:05.678+05:30", "2020-01-02T03:04:05+05:30"),
        ("2020-01-02 03:04:05 PST", "2020-01-02T03:04:05-08:00"),
        ("2020-01-02 3:04 PM", "2020-01-02T15:04:00+00:00"),
        ("2020-01-02 12:04 am", "2020-01-02T00:04:00+00:00"),
        ("January 2, 2020", "2020-01-02"),
        ("Jan 2nd, 2020", "2020-01-02"),
        ("2 January 2020", "2020-01-02"),
        ("Thu, 02 Jan 2020 03:04:05 GMT", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 00:00:00", "2020-01-02"),
    ],
)
def test_a_date_is_read_in_the_forms_that_people_write(text: str, iso: str) -> None:
    found = old_moment(text, None)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    "text", ["", "soon", "2020-13-02", "2020-01-32", "1812-01-02", "2020-01-02 25:00", "{{ now }}"]
)
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert old_moment(text, None) is None


def test_a_time_without_a_zone_is_in_the_zone_of_the_site() -> None:
    found = old_moment("2020-07-01 12:00", ZoneInfo("Europe/Paris"))
    assert found is not None
    assert found.iso == "2020-07-01T12:00:00+02:00"


@given(st.datetimes(datetime.datetime(1991, 1, 1), datetime.datetime(2105, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_every_moment_of_toml_is_one_that_articles_can_have(moment: datetime.datetime) -> None:
    found = old_moment(moment, None)
    assert found is not None
    assert read_moment(found.iso) == found
