"""Terms and people with how many articles each has; those that have none are left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.site import Site
from engblog.pages.terms import all_series, categories, children, people, weighed_tags, work_of
from support.sources import article, read_articles


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return read_articles(
        tmp_path,
        a=article(subcategory="Storage", authors="[grace, ada]", tags="[Redis, Go, MySQL]"),
        b=article(subcategory="Storage", authors="[ada]", tags="[Redis, Go, k8s]"),
        c=article(category="System Design", tags="[Redis, MySQL, Signals]", series="{name: Z, part: 1}"),
        d=article(tags="[Redis, Caching, node]", series="{name: A b, part: 2}"),
        e=article(status="draft", authors="[grace]", category="System Design", subcategory="Architecture"),
    ).site


def test_categories_are_in_the_order_of_the_vocabulary(site: Site) -> None:
    assert [(each["name"], each["slug"], each["url"], each["count"], each["accent"]) for each in categories(site)] == [
        ("Database", "database", "categories/database/", 3, "teal"),
        ("System Design", "system-design", "categories/system-design/", 1, "indigo"),
    ]
    assert children(site, site.taxonomy.categories[0]) == [
        {"name": "Storage", "url": "categories/database/storage/", "count": 2}
    ]
    assert children(site, site.taxonomy.categories[1]) == []


def test_a_tag_weighs_its_share_of_the_commonest_and_at_least_one(site: Site) -> None:
    assert [(each["name"], each["url"], each["count"], each["weight"]) for each in weighed_tags(site)] == [
        ("Caching", "tags/caching/", 1, 2),
        ("Go", "tags/go/", 2, 3),
        ("Kubernetes", "tags/kubernetes/", 1, 2),
        ("MySQL", "tags/mysql/", 2, 3),
        ("Node.js", "tags/node-js/", 1, 2),
        ("Redis", "tags/redis/", 4, 5),
        ("Signals", "tags/signals/", 1, 2),
    ]


def test_people_are_by_name(site: Site) -> None:
    assert [(each["name"], each["role"], each["url"], each["count"]) for each in people(site)] == [
        ("Ada Lovelace", "Editor", "authors/ada/", 2),
        ("Grace Hopper", "", "authors/grace/", 1),
    ]


def test_series_are_by_their_slug(site: Site) -> None:
    assert all_series(site) == [
        {"name": "A b", "url": "series/a-b/", "count": 1},
        {"name": "Z", "url": "series/z/", "count": 1},
    ]


def test_a_site_without_articles_has_none(tmp_path: Path) -> None:
    site = read_articles(tmp_path).site
    assert (categories(site), weighed_tags(site), people(site), all_series(site)) == ([], [], [], [])


def test_a_persons_work_is_counted_by_subject(site: Site) -> None:
    ada = work_of(site, site.people["ada"])
    assert ada["since"]["iso"] == "2026-11-20"
    assert [(each["name"], each["url"], each["count"]) for each in ada["subjects"]] == [
        ("Go", "tags/go/", 2),
        ("Redis", "tags/redis/", 2),
        ("Kubernetes", "tags/kubernetes/", 1),
        ("MySQL", "tags/mysql/", 1),
    ]
    assert ada["tests"] == 0
    assert next((each["name"], each["latest"]["title"]) for each in people(site)) == (
        "Ada Lovelace",
        site.articles[0].title,
    )
