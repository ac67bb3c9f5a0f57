"""What was corrected and updated, in order."""

from __future__ import annotations

from pathlib import Path

from engblog.site.history import all_corrections, last_change, last_written, newest_change, updated_articles
from support.sources import article, read_articles


def test_corrections_are_in_one_order_and_have_names_of_their_own(tmp_path: Path) -> None:
    several = "{date: 2026-11-21, text: A1}, {date: 2026-11-25, text: A3}, {date: 2026-11-21, text: A2}"
    site = read_articles(
        tmp_path,
        a=article(corrections=f"[{several}]"),
        b=article(corrections="[{date: 2026-11-25, text: B1}]", date="2026-11-18", updated="2026-11-26"),
    ).site
    found = all_corrections(site.articles)
    assert [each.correction.text for each in found] == ["A3", "B1", "A2", "A1"]
    assert [each.name for each in found] == [
        "correction-2026-11-25-1", "correction-2026-11-25-1", "correction-2026-11-21-2", "correction-2026-11-21-1"
    ]  # fmt: skip
    assert [each.slug for each in updated_articles(site.articles)] == ["b"]


def test_a_correction_on_the_day_of_publication_is_not_older_than_the_article(tmp_path: Path) -> None:
    text = article(date="2026-11-20T18:00Z", corrections="[{date: 2026-11-20, text: A}, {date: 2026-11-21, text: B}]")
    found = all_corrections(read_articles(tmp_path, a=text).site.articles)
    assert [f"{each.correction.text} {each.instant:%d %H:%M}" for each in found] == ["B 21 00:00", "A 20 18:00"]


def test_a_page_changed_when_it_was_published_updated_or_corrected_last(tmp_path: Path) -> None:
    site = read_articles(
        tmp_path,
        a=article(),
        b=article(date="2026-11-19", updated="2026-11-22"),
        c=article(date="2026-11-18", updated="2026-11-20", corrections="[{date: 2026-11-24, text: X}]"),
        d=article(date="2026-11-17T23:30:00-05:00"),
    ).site
    assert {each.slug: str(last_change(each).day) for each in site.articles} == {
        "a": "2026-11-20",
        "b": "2026-11-22",
        "c": "2026-11-24",
        "d": "2026-11-17",
    }
    assert {each.slug: str(last_written(each).day) for each in site.articles} == {
        "a": "2026-11-20",
        "b": "2026-11-22",
        "c": "2026-11-20",
        "d": "2026-11-17",
    }
    assert str(newest_change(site.articles)) == "2026-11-24"
    assert newest_change([]) is None
