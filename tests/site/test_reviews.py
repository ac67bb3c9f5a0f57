"""What is due to be looked at again: by which rule, since when, in which order."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from engblog.lab.record import Recorder, write_record
from engblog.model.article import is_public
from engblog.site.reviews import Due, ReviewReason, find_due, review_is_past, years_after
from support.sources import article, read, read_articles, write

TODAY = date(2026, 12, 1)


def due(root: Path, *, within: int = 30, today: date = TODAY, **texts: str) -> list[tuple[str, str, int]]:
    """What is due of articles given by slug: slug, reason, days."""
    return shown(all_due(root, within=within, today=today, **texts))


def all_due(root: Path, *, within: int = 30, today: date = TODAY, **texts: str) -> tuple[Due, ...]:
    catalogue = read_articles(root, preview=True, **texts)
    assert catalogue.problems == ()
    site = catalogue.site
    return find_due([each for each in site.articles if is_public(each, site.now)], today, within=within)


def shown(found: tuple[Due, ...]) -> list[tuple[str, str, int]]:
    return [(each.article.slug, each.reason.value, each.days) for each in found]


def lab(root: Path, slug: str, ran: str, *, changed: bool = False) -> None:
    folder = root / f"articles/{slug}/lab"
    write(root, {f"articles/{slug}/lab/test_a.py": "def test_a(): pass\n"})
    write_record(folder, Recorder(), ran=ran)
    if changed:
        write(root, {f"articles/{slug}/lab/test_a.py": "def test_b(): pass\n"})


@pytest.mark.parametrize(
    ("review_by", "days"),
    [("2026-11-30", 1), ("2026-12-01", 0), ("2026-12-31", -30), ("2027-01-01", None), ("2026-11-20", 11)],
)
def test_a_review_is_due_on_its_day_and_overdue_the_day_after(tmp_path: Path, review_by: str, days: int | None) -> None:
    found = all_due(tmp_path, a=article(review_by=review_by))
    assert [each.days for each in found] == ([] if days is None else [days])
    assert [each.overdue for each in found] == ([] if days is None else [days > 0])


def test_how_far_to_look_ahead_is_for_the_caller_to_say(tmp_path: Path) -> None:
    assert due(tmp_path, within=0, a=article(review_by="2026-12-02")) == []
    assert due(tmp_path, within=1, a=article(review_by="2026-12-02")) == [("a", "review", -1)]
    assert due(tmp_path, within=400, a=article(review_by="2027-11-20")) == [("a", "review", -354)]


def test_without_a_date_an_article_is_due_two_years_after_its_last_change(tmp_path: Path) -> None:
    found = due(
        tmp_path,
        old=article(date="2024-11-30"),
        on_the_day=article(date="2024-12-01"),
        soon=article(date="2024-12-11"),
        updated=article(date="2020-01-01", updated="2025-12-01"),
        promised=article(date="2020-01-01", review_by="2027-12-01"),
    )
    assert found == [("old", "unreviewed", 1), ("on-the-day", "unreviewed", 0), ("soon", "unreviewed", -10)]


def test_a_lab_is_due_a_year_after_its_run(tmp_path: Path) -> None:
    for slug, ran in (("old", "2025-11-30"), ("soon", "2025-12-10"), ("new", "2026-11-23")):
        lab(tmp_path, slug, ran)
    found = due(tmp_path, **dict.fromkeys(("old", "soon", "new"), article()))
    assert found == [("old", "lab-old", 1), ("soon", "lab-old", -9)]


def test_a_lab_that_has_changed_is_due_at_once_and_goes_first(tmp_path: Path) -> None:
    lab(tmp_path, "changed", "2026-12-01", changed=True)
    lab(tmp_path, "worse", "2026-11-23", changed=True)
    found = due(tmp_path, within=0, changed=article(), worse=article(), a=article(review_by="2026-11-20"))
    assert found == [("worse", "lab-changed", 8), ("changed", "lab-changed", 0), ("a", "review", 11)]


def test_a_lab_is_named_for_one_reason(tmp_path: Path) -> None:
    lab(tmp_path, "a", "2020-01-01", changed=True)
    assert [reason for _, reason, _ in due(tmp_path, a=article())] == ["lab-changed"]


def test_the_worst_goes_first_and_ties_go_by_path_and_rule(tmp_path: Path) -> None:
    lab(tmp_path, "b", "2025-11-20")
    texts = {
        "a": article(review_by="2026-11-20"),
        "b": article(review_by="2026-11-20"),
        "c": article(review_by="2026-11-30"),
        "d": article(date="2020-01-01"),
        "e": article(review_by="2026-12-05"),
    }
    names = list(texts)
    expected = [
        ("d", "unreviewed", 1795),
        ("a", "review", 11),
        ("b", "review", 11),
        ("b", "lab-old", 11),
        ("c", "review", 1),
        ("e", "review", -4),
    ]
    for seed in range(5):
        Random(seed).shuffle(names)
        assert due(tmp_path, **{name: texts[name] for name in names}) == expected


def test_what_is_not_published_is_left_out(tmp_path: Path) -> None:
    lab(tmp_path, "draft", "2020-01-01", changed=True)
    assert due(tmp_path, draft=article(status="draft", date="2020-01-01"), next=article(date="2027-01-01")) == []


def test_each_says_why_and_what_to_do(tmp_path: Path) -> None:
    lab(tmp_path, "old", "2025-01-02")
    lab(tmp_path, "step", "2026-01-02", changed=True)
    found = all_due(tmp_path, old=article(review_by="2026-11-20"), step=article(), none=article(date="2020-01-01"))
    said = {(each.article.slug, each.reason): (each.why, each.remedy) for each in found}
    assert said["old", ReviewReason.REVIEW][0] == "review_by: 2026-11-20"
    assert "review_by" in said["old", ReviewReason.REVIEW][1]
    assert "2025-01-02" in said["old", ReviewReason.LAB_OLD][0]
    assert "make lab ARTICLE=old" in said["old", ReviewReason.LAB_OLD][1]
    assert "2026-01-02" in said["step", ReviewReason.LAB_CHANGED][0]
    assert said["step", ReviewReason.LAB_CHANGED][1] == "run: make lab ARTICLE=step"
    assert "2 years" in said["none", ReviewReason.UNREVIEWED][0]


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2026-12-01", 2, "2028-12-01"),
        ("9999-01-01", 1, "9999-12-31"),
    ],
)
def test_a_year_later_is_the_same_day(day: str, years: int, then: str) -> None:
    assert years_after(date.fromisoformat(day), years) == date.fromisoformat(then)


@pytest.mark.parametrize(("review_by", "past"), [("2026-11-30", True), ("2026-12-01", False), ("2027-01-01", False)])
def test_readers_are_told_from_the_day_after(tmp_path: Path, review_by: str, past: bool) -> None:
    (found,) = read(tmp_path, {"articles/a/index.md": article(review_by=review_by)}).site.articles
    assert review_is_past(found, TODAY) is past
    assert not review_is_past(found, date.fromisoformat(review_by) - timedelta(days=1))


def test_readers_of_a_draft_are_told_nothing(tmp_path: Path) -> None:
    text = article(review_by="2026-11-25", status="draft")
    (found,) = read(tmp_path, {"articles/a/index.md": text}, preview=True).site.articles
    assert not review_is_past(found, TODAY)
