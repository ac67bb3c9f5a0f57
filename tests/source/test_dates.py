"""Days and moments: what is accepted, every output can carry."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest
from engblog.model.article import Moment
from engblog.outputs.feeds.times import rfc822, rfc3339
from engblog.source.dates import FIRST, LAST, DateError, read_day, read_moment
from hypothesis import example, given
from hypothesis import strategies as st


def refused(text: str) -> str:
    with pytest.raises(DateError) as raised:
        read_moment(text)
    return f"{raised.value} | {raised.value.hint('date')}"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28T18:00+01:00", "2026-11-28 18:00 +01:00", "2026-11-28  18:00:00   +0100", "2026-11-28t18:00:00+01",
        "2026-11-28\t18:00+01:00", "2026-11-28T17:00Z", "2026-11-28t17:00z", "2026-11-28 17:00 Z",
        "2026-11-28T17:00-00:00", "2026-11-28T12:00:00-05:00", "2026-11-28T23:00+06:00",
    ],
)  # fmt: skip
def test_an_hour_is_written_in_any_of_the_usual_ways(text: str) -> None:
    moment = read_moment(text)
    assert moment.instant == datetime(2026, 11, 28, 17, tzinfo=UTC)
    assert moment.day == date(2026, 11, 28)


def test_a_bare_day_starts_at_midnight_in_utc() -> None:
    assert read_moment("2026-11-28") == Moment(date(2026, 11, 28))
    assert read_moment("2026-11-28").instant == datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "is not a date | write `date: 2026-11-23` or `date: 2026-11-23T09:00:00+01:00`"),
        ("", "is not a date"),
        ("2026-2-3", "is not a date"),
        ("２０２６-11-28", "is not a date"),
        ("2026-11-28x18:00Z", "is not a date"),
        ("2026-11-28T18Z", "is not a date"),
        ("2026-11-28T1800Z", "is not a date"),
        ("2026-11-28T18:00:00+01:00:30", "is not a date"),
        ("2026-11-28T18:00 CET", "is not a date"),
        ("2026-02-30", "is not a day of the calendar"),
        ("0000-01-01", "is not a day of the calendar"),
        ("2026-11-28T24:00Z", "has no hour of the day: the last is 23:59:59"),
        ("2026-11-28T23:59:60Z", "has no hour of the day"),
        ("2026-11-28T18:00:00.5Z", "has a fraction of a second | write `date: 2026-11-28T18:00:00Z`"),
        ("2026-11-28T18:00:00,250+01:00", "has a fraction of a second | write `date: 2026-11-28T18:00:00+01:00`"),
        ("2026-11-28 18:00", "is a time without a zone | add one: `date: 2026-11-28T18:00Z`"),
        ("2026-11-28T18:00+24:00", "has no zone: the last is +23:59"),
        ("2026-11-28T18:00-01:60", "has no zone"),
        ("0099-01-01", "is not in the years from 1990 to 2105"),
        ("1989-12-31", "is not in the years from 1990 to 2105"),
        ("2106-01-01T00:00Z", "is not in the years from 1990 to 2105"),
        ("1990-01-01T00:00+00:01", "is not in the years from 1990 to 2105, in UTC"),
        ("2105-12-31T23:59:59-00:01", "is not in the years from 1990 to 2105, in UTC"),
    ],
)
def test_what_cannot_be_published_as_it_is_written_is_refused(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_day_has_no_hour() -> None:
    assert read_day("2026-11-28") == date(2026, 11, 28)
    for text in ("2026-11-28T18:00Z", " 2026-11-28", "2026-11-28\n"):
        with pytest.raises(DateError):
            read_day(text)


two = st.sampled_from(["00", "01", "12", "23", "24", "59", "60"])
years = st.sampled_from(["0000", "0001", "0099", "1989", "1990", "2026", "2105", "2106", "9999"])
texts = st.builds(
    "".join,
    st.tuples(
        st.builds("{}-{}-{}".format, years, st.sampled_from(["01", "02", "12"]), st.sampled_from(["01", "29", "31"])),
        st.one_of(
            st.just(""),
            st.builds(
                "".join,
                st.tuples(
                    st.sampled_from(["T", "t", " ", "  ", "_"]),
                    st.builds("{}:{}".format, two, two),
                    st.one_of(st.just(""), two.map(":{}".format), two.map(":{}.5".format)),
                    st.sampled_from(
                        ["", "Z", "z", " Z", "+00:00", "-00:00", "+23:59", "-23:59", "+0100", " -12", "+24"]
                    ),
                ),
            ),
        ),
    ),
)


@example("1990-01-01")
@example("2105-12-31T23:59:59Z")
@example("2026-12-31T23:59:59-23:59")
@given(texts)
def test_what_is_accepted_every_output_can_carry(text: str) -> None:
    try:
        moment = read_moment(text)
    except DateError:
        return
    instant = moment.instant
    assert FIRST <= instant.date() <= LAST
    assert FIRST <= moment.day <= LAST
    assert instant.timestamp() == int(instant.timestamp())
    assert parsedate_to_datetime(rfc822(instant)) == instant
    assert datetime.fromisoformat(rfc3339(instant)) == instant
    assert datetime.fromisoformat(moment.iso) == (moment.at or datetime.combine(moment.day, datetime.min.time()))
    assert read_moment(moment.iso) == moment
    assert f"{moment.day:%Y/%m/%d}" == text[:10].replace("-", "/"), "the address"
    gzip.compress(b"", mtime=int(instant.timestamp()))  # sitemap.xml.gz
