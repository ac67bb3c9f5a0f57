"""Lists of articles and their pagers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engblog.model.kinds import TAG
from engblog.model.problems import Problems
from engblog.model.site import Site, View
from engblog.pages import PageData
from engblog.site.views import build_views
from engblog.source.vocabulary import read_taxonomy
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


def pager(page: int, count: int) -> dict[str, Any]:
    view = View(TAG, f"tags/x/page/{page}/" if page > 1 else "tags/x/", "X", (), 0, page, count, "x")
    site = Site((), (), read_taxonomy_of_x(), {}, None, None)  # type: ignore[arg-type]
    return dict(PageData(site, related_count=0).listing(view)["pager"])


def read_taxonomy_of_x() -> Any:

    return read_taxonomy(b"tags: [{name: X}]", "t", Problems())


def test_a_pager_leads_to_the_neighbours_the_ends_and_those_around() -> None:
    shown = pager(6, 20)
    assert (shown["page"], shown["page_count"]) == (6, 20)
    assert (shown["previous"], shown["next"]) == ("tags/x/page/5/", "tags/x/page/7/")
    assert [each["number"] for each in shown["pages"]] == [1, 4, 5, 6, 7, 8, 20]
    assert [each["number"] for each in shown["pages"] if each["current"]] == [6]
    assert shown["pages"][0]["url"] == "tags/x/"
    assert shown["pages"][-1]["url"] == "tags/x/page/20/"


def test_a_pager_ends_where_the_list_does() -> None:
    assert (pager(1, 1)["previous"], pager(1, 1)["next"]) == (None, None)
    assert [each["number"] for each in pager(1, 1)["pages"]] == [1]
    assert pager(2, 2)["previous"] == "tags/x/"
    assert pager(2, 2)["next"] is None
    assert pager(1, 2)["previous"] is None


def test_a_tags_page_shows_that_tag_first(site: Site) -> None:
    data = PageData(site, related_count=0)
    for view in build_views(site, page_size=20):
        if view.kind is TAG:
            rows = data.listing(view)["rows"]
            assert {row["tags"][0]["name"] for row in rows} == {view.title}
            assert all(len(row["tags"]) == 3 for row in rows)
    assert [tag["name"] for tag in data.article(site.articles[0])["article"]["tags"]] == ["Redis", "Go", "MySQL"]
