"""The indexes of a site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from engblog.model.site import Site, View
from engblog.pages import PageData
from engblog.site.views import build_views
from support.sources import article, read_articles


def site_of(root: Path, **texts: str) -> Site:
    catalogue = read_articles(root, **texts)
    assert catalogue.problems == ()
    return catalogue.site


def by_url(views: Sequence[View]) -> dict[str, View]:
    found = {view.url: view for view in views}
    assert len(found) == len(views), "two views have one address"
    return found


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


def test_tags_are_in_order_of_their_names_and_weigh_by_their_share(site: Site) -> None:
    shown = PageData(site, related_count=3).index(by_url(build_views(site, page_size=20))["tags/"])
    assert [(each["name"], each["count"], each["weight"]) for each in shown["tags"]] == [
        ("Go", 4, 4),
        ("Kubernetes", 1, 1),
        ("MySQL", 3, 3),
        ("PostgreSQL", 1, 1),
        ("Redis", 5, 5),
        ("Signals", 1, 1),
    ]
    assert shown["count"] == 6


def test_the_archive_is_by_year_newest_first(site: Site) -> None:
    shown = PageData(site, related_count=3).index(by_url(build_views(site, page_size=20))["archive/"])
    assert [(year["year"], year["count"], len(year["rows"])) for year in shown["years"]] == [
        ("2026", 2, 2),
        ("2025", 1, 1),
        ("2024", 1, 1),
        ("2023", 1, 1),
    ]
    assert shown["years"][0]["url"] == "archive/2026/"


def test_the_archive_shows_the_newest_twelve_of_a_year(tmp_path: Path) -> None:
    site = site_of(tmp_path, **{f"a{n}": article(date=f"2025-11-{n:02}") for n in range(1, 16)})
    (year,) = PageData(site, related_count=0).index(by_url(build_views(site, page_size=20))["archive/"])["years"]
    assert year["count"] == 15
    assert [row["url"].split("/")[-2] for row in year["rows"]] == [f"a{n}" for n in range(15, 3, -1)]


def test_the_page_of_corrections_lists_every_one_and_the_last_updates(tmp_path: Path) -> None:
    wrong = {"a1": "[{date: 2026-11-21, text: One.}, {date: 2026-11-23, text: Three.}]"}
    wrong["a2"] = "[{date: 2026-11-22, text: Two.}]"
    texts = {
        f"a{n}": article(date=f"2025-{n % 12 + 1:02}-01", updated="2026-10-01", corrections=wrong.get(f"a{n}"))
        for n in range(60)
    }
    site = site_of(tmp_path, **texts)
    view = by_url(build_views(site, page_size=20))["corrections/"]
    shown = PageData(site, related_count=0, feeds=True).index(view)
    assert shown["count"] == view.total == 3
    assert [each["text"] for each in shown["corrections"]] == ["Three.", "Two.", "One."]
    assert shown["corrections"][0]["url"] == "articles/2025/02/01/a1/#page--correction-2026-11-23-1"
    assert (len(shown["updated"]), shown["updated_count"]) == (50, 60)
    offered = [feed["url"] for feed in shown["feeds"]]
    assert offered == ["corrections/feed.xml", "corrections/atom.xml", "corrections/feed.json"]


def test_the_page_of_feeds_has_a_category_with_its_subcategories_and_everything_else_that_has_articles(
    site: Site,
) -> None:
    view = by_url(build_views(site, page_size=20, feeds=True))["feeds/"]
    shown = PageData(site, related_count=0, feeds=True).index(view)
    assert shown["opml"] == "feeds.opml"
    names = {group["title"]: [[row["name"] for row in block] for block in group["blocks"]] for group in shown["groups"]}
    assert names == {
        "Categories": [["Database", "Storage"], ["System Design"]],
        "Tags": [["Go", "Kubernetes", "MySQL", "PostgreSQL", "Redis", "Signals"]],
        "Authors": [["Ada Lovelace", "Grace Hopper"]],
        "Series": [["Durability"]],
    }
    storage = shown["groups"][0]["blocks"][0][1]
    assert (storage["whole_name"], storage["count"]) == ("Database: Storage", 2)
    assert storage["feeds"][0] == {
        "label": "RSS", "title": "Database: Storage, RSS", "url": "categories/database/storage/feed.xml",
        "type": "application/rss+xml",
    }  # fmt: skip
