"""The small dicts that all others are made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from engblog.model.article import Article
from engblog.pages.shared import crumb, day_data, link, moment, row_data, subcategory_url, view_data
from support.sources import article, only, read_articles


def made(root: Path, **keys: str) -> Article:
    return only(read_articles(root, a=article(**keys)))


def test_a_page_has_a_kind_a_title_a_way_and_an_accent_or_none() -> None:
    way = [crumb("Home", "")]
    assert view_data("tag", "Go", way) == {
        "kind": "tag", "title": "Go", "breadcrumbs": [{"title": "Home", "url": ""}], "accent": None
    }  # fmt: skip
    assert view_data("tag", "Go", way, "teal")["accent"] == "teal"


def test_a_date_is_for_machines_and_for_readers(tmp_path: Path) -> None:
    at = made(tmp_path, date="2026-11-20T09:30:00-05:00").published
    assert moment(at) == {"iso": "2026-11-20T09:30:00-05:00", "text": "20 November 2026"}
    assert day_data(date(2026, 2, 1)) == {"iso": "2026-02-01", "text": "1 February 2026"}


def test_a_row_says_what_a_list_shows(tmp_path: Path) -> None:
    found = made(tmp_path, subcategory="Storage", authors="[ada]", tags="[Go, k8s, Redis]")
    row = row_data(found, scheduled=False)
    assert link(found) == {"title": row["title"], "url": row["url"]}
    assert row["category"] == {"name": "Database", "url": "categories/database/", "accent": "teal"}
    assert row["subcategory"] == {"name": "Storage", "url": "categories/database/storage/"}
    assert row["tags"][1] == {"name": "Kubernetes", "url": "tags/kubernetes/"}
    assert row["authors"] == [{"name": "Ada Lovelace", "url": "authors/ada/"}]
    assert (row["minutes"], row["number"], row["verified"]) == (found.minutes, "", False)
    assert row["date"] == moment(found.published)
    assert row["description"] == found.description


def test_an_article_without_a_subcategory_is_filed_under_its_category(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert row_data(found, scheduled=False)["subcategory"] is None
    assert subcategory_url(found) == "categories/database/"


@pytest.mark.parametrize(
    ("status", "scheduled", "shown"),
    [
        ("published", False, "published"),
        ("published", True, "scheduled"),
        ("draft", True, "draft"),
        ("draft", False, "draft"),
    ],
)
def test_a_draft_stays_one_whatever_its_day(tmp_path: Path, status: str, scheduled: bool, shown: str) -> None:
    assert row_data(made(tmp_path, status=status), scheduled=scheduled)["status"] == shown
