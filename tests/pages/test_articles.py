"""What an article says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.site import Site
from engblog.pages import PageData
from engblog.site.views import build_views
from support.sources import article, read_articles


def site_of(root: Path, **texts: str) -> Site:
    catalogue = read_articles(root, **texts)
    assert catalogue.problems == ()
    return catalogue.site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_of(
        tmp_path,
        a=article(date="2026-11-20", subcategory="Storage", authors="[ada]", tags="[Redis, Go, MySQL]"),
        b=article(date="2026-11-20", authors="[ada, grace]", tags="[Redis, Go, PostgreSQL]"),
        c=article(date="2025-03-01", category="System Design", tags="[Redis, Signals, k8s]"),
        d=article(date="2024-01-01", subcategory="Storage", series="{name: Durability, part: 2}"),
        e=article(date="2023-12-31", series="{name: Durability, part: 1}"),
        f=article(status="draft", category="System Design", subcategory="Architecture", authors="[grace]"),
    )


def test_readers_are_told_of_a_review_that_is_overdue(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        late=article(review_by="2026-11-30"),
        later=article(review_by="2026-11-30", updated="2026-11-25"),
        on_the_day=article(review_by="2026-12-01"),
        none=article(),
    )
    data = PageData(site, related_count=0)
    shown = {each.slug: data.article(each)["article"]["review"] for each in site.articles}
    due = {"iso": "2026-11-30", "text": "30 November 2026"}
    assert shown == {
        "late": {"due": due, "ran": None, "written": {"iso": "2026-11-20", "text": "20 November 2026"}},
        "later": {"due": due, "ran": None, "written": {"iso": "2026-11-25", "text": "25 November 2026"}},
        "on-the-day": None,
        "none": None,
    }
    assert "review" not in data.home(build_views(site, page_size=20)[0], {})["rows"][0], "lists do not speak of it"
