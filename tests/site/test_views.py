"""Which pages there are beside the articles, what stands on each, and what templates are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.kinds import TAG
from engblog.model.site import Site
from engblog.pages import PageData
from engblog.site.views import build_views
from support.listed import by_url, site_of, slugs
from support.sources import article, read


def test_every_term_person_series_and_year_with_articles_has_a_page(site: Site) -> None:
    assert sorted(by_url(build_views(site, page_size=20))) == [
        "",
        "archive/",
        "archive/2023/",
        "archive/2024/",
        "archive/2025/",
        "archive/2026/",
        "authors/",
        "authors/ada/",
        "authors/grace/",
        "categories/database/",
        "categories/database/storage/",
        "categories/system-design/",
        "corrections/",
        "series/durability/",
        "tags/",
        "tags/go/",
        "tags/kubernetes/",
        "tags/mysql/",
        "tags/postgresql/",
        "tags/redis/",
        "tags/signals/",
    ]


def test_lists_are_newest_first_with_ties_by_slug_and_series_by_part(site: Site) -> None:
    views = by_url(build_views(site, page_size=20))
    assert slugs(views["categories/database/"]) == ["a", "b", "d", "e"]
    assert slugs(views["categories/database/storage/"]) == ["a", "d"]
    assert slugs(views["tags/redis/"]) == ["a", "b", "c", "d", "e"]
    assert slugs(views["authors/ada/"]) == ["a", "b"]
    assert slugs(views["authors/grace/"]) == ["b"]
    assert slugs(views["archive/2026/"]) == ["a", "b"]
    assert slugs(views["series/durability/"]) == ["e", "d"]
    assert slugs(views["archive/"]) == ["a", "b", "c", "d", "e"]


def test_a_site_without_articles_has_a_home_page_an_archive_and_tags(tmp_path: Path) -> None:
    site = read(tmp_path, {}).site
    views = by_url(build_views(site, page_size=20))
    assert sorted(views) == ["", "archive/", "corrections/", "tags/"]
    data = PageData(site, related_count=3)
    shown = data.home(views[""], {})
    assert (shown["featured"], shown["rows"], shown["count"]) == (None, [], 0)
    assert data.index(views["archive/"])["years"] == []
    assert data.site(plain_pages=frozenset(), feeds=[], assets_version="x")["categories"] == []


@pytest.mark.parametrize(("size", "pages"), [(1, [1] * 7), (3, [3, 3, 1]), (6, [6, 1]), (7, [7]), (100, [7])])
def test_lists_are_cut_into_pages_of_the_given_size(tmp_path: Path, size: int, pages: list[int]) -> None:
    site = site_of(tmp_path, **{f"a{n}": article(date=f"2026-11-{n:02}") for n in range(1, 8)})
    views = [view for view in build_views(site, page_size=size) if view.kind is TAG and view.key == "redis"]
    assert [len(view.articles) for view in views] == pages
    assert [view.url for view in views] == [
        "tags/redis/", *(f"tags/redis/page/{number}/" for number in range(2, len(pages) + 1))
    ]  # fmt: skip
    assert [each.slug for view in views for each in view.articles] == [f"a{n}" for n in range(7, 0, -1)]
    assert {view.total for view in views} == {7}
    assert {view.base_url for view in views} == {"tags/redis/"}
    assert [view.first for view in views] == [size * index + 1 for index in range(len(pages))]


def test_the_year_of_an_article_is_the_authors(tmp_path: Path) -> None:
    site = site_of(tmp_path, a=article(date="2026-01-01T00:30:00+02:00"))
    assert "archive/2026/" in by_url(build_views(site, page_size=20))
