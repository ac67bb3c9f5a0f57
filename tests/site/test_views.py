"""Which pages there are beside the articles, what stands on each, and what templates are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from engblog.model.kinds import HOME, TAG
from engblog.model.problems import Problems
from engblog.model.site import Site, View
from engblog.pages import PageData
from engblog.site.views import build_views
from engblog.source.vocabulary import read_taxonomy
from support.sources import article, read, read_articles


def site_of(root: Path, **texts: str) -> Site:
    catalogue = read_articles(root, **texts)
    assert catalogue.problems == ()
    return catalogue.site


def by_url(views: Sequence[View]) -> dict[str, View]:
    found = {view.url: view for view in views}
    assert len(found) == len(views), "two views have one address"
    return found


def slugs(view: View) -> list[str]:
    return [each.slug for each in view.articles]


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


def test_the_home_page_lists_all_but_the_featured_article(site: Site) -> None:
    home = by_url(build_views(site, page_size=20))[""]
    assert site.featured is not None
    assert site.featured.slug == "a"
    assert slugs(home) == ["b", "c", "d", "e"]
    data = PageData(site, related_count=3)
    shown = data.home(home, {"kicker": "Blog", "headline": "Real", "description": "Deep."})
    assert shown["hero"] == {"kicker": "Blog", "headline": "Real", "tagline": "Deep."}
    assert shown["featured"]["url"] == "articles/2026/11/20/a/"
    assert shown["count"] == 5
    assert [row["number"] for row in shown["rows"]] == ["01", "02", "03", "04"]


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


def test_the_home_page_is_cut_too_and_features_on_its_first_page_alone(tmp_path: Path) -> None:
    site = site_of(tmp_path, **{f"a{n}": article(date=f"2026-11-{n:02}") for n in range(1, 8)})
    first, second = (view for view in build_views(site, page_size=4) if view.kind is HOME)
    data = PageData(site, related_count=0)
    assert (first.url, second.url) == ("", "page/2/")
    assert data.home(first, {})["featured"]["title"] == "When the server stops"
    assert data.home(second, {})["featured"] is None
    assert [row["number"] for row in data.home(second, {})["rows"]] == ["05", "06"]


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


def test_counts_are_of_published_articles(site: Site) -> None:
    data = PageData(site, related_count=3)
    shown = data.site(plain_pages=frozenset(), feeds=[], assets_version="x")
    assert shown["article_count"] == 5
    assert [(each["name"], each["count"]) for each in shown["categories"]] == [("Database", 4), ("System Design", 1)]
    assert [(each["name"], each["count"]) for each in shown["categories"][0]["subcategories"]] == [("Storage", 2)]
    assert shown["categories"][1]["subcategories"] == [], "one with drafts alone is not shown"
    views = by_url(build_views(site, page_size=20))
    assert data.listing(views["categories/database/"])["count"] == 4
    assert [child["count"] for child in data.listing(views["categories/database/"])["children"]] == [2]
    assert [(each["name"], each["count"]) for each in data.index(views["authors/"])["people"]] == [
        ("Ada Lovelace", 2),
        ("Grace Hopper", 1),
    ]


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


def test_the_year_of_an_article_is_the_authors(tmp_path: Path) -> None:
    site = site_of(tmp_path, a=article(date="2026-01-01T00:30:00+02:00"))
    assert "archive/2026/" in by_url(build_views(site, page_size=20))


def test_the_terms_own_texts_stand_on_their_pages(site: Site) -> None:
    data, views = PageData(site, related_count=3), by_url(build_views(site, page_size=20))
    category = data.listing(views["categories/database/"])
    assert category["intro"].startswith("What a database does")
    assert category["accent"] == "teal"
    assert [each["title"] for each in category["breadcrumbs"]] == ["Home"]
    sub = data.listing(views["categories/database/storage/"])
    assert (sub["intro"], sub["accent"], sub["children"]) == (None, "teal", [])
    assert [(each["title"], each["url"]) for each in sub["breadcrumbs"]] == [
        ("Home", ""),
        ("Database", "categories/database/"),
    ]
    assert data.listing(views["tags/redis/"])["intro"] == "A key-value store."
    assert data.listing(views["tags/go/"])["intro"] is None
    author = data.listing(views["authors/ada/"])
    assert author["person"]["links"] == [{"title": "Website", "url": "https://example.org/"}]
    assert author["intro"] == "Writes about engines."
    trails = {
        url: [each["url"] for each in data.listing(view)["breadcrumbs"]] for url, view in views.items() if view.key
    }
    assert trails["authors/ada/"] == ["", "authors/"]
    assert trails["tags/redis/"] == ["", "tags/"]
    assert trails["archive/2026/"] == ["", "archive/"]
    assert trails["series/durability/"] == [""]


def test_an_articles_page_knows_its_neighbours_in_time(site: Site) -> None:
    data = PageData(site, related_count=3)
    shown = {each.slug: data.article(each)["article"] for each in site.articles}
    assert [
        (slug, each["previous"] and each["previous"]["url"][-2:-1], each["next"] and each["next"]["url"][-2:-1])
        for slug, each in shown.items()
    ] == [("a", "b", None), ("b", "c", "a"), ("c", "d", "b"), ("d", "e", "c"), ("e", None, "d")]


def test_an_articles_page_knows_its_series_and_what_it_requires(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        one=article(title="One", series="{name: Durability, part: 1}"),
        two=article(title="Two", series="{name: Durability, part: 2}", requires="[one, draft]"),
        draft=article(status="draft", series="{name: Durability, part: 3}"),
    )
    two = next(each for each in site.articles if each.slug == "two")
    shown = PageData(site, related_count=3).article(two)["article"]
    assert shown["series"]["part"] == 2
    assert [(part["title"], part["current"]) for part in shown["series"]["parts"]] == [("One", False), ("Two", True)]
    assert [each["title"] for each in shown["requires"]] == ["One"], "a draft is not linked to"


def test_an_articles_page_has_all_that_a_template_reads(tmp_path: Path) -> None:
    text = article(
        subcategory="Storage", authors="[ada]", updated="2026-11-22", review_by="2027-11-20", applies_to="{Redis: 7}",
        corrections="[{date: 2026-11-21, text: Fixed.}]",
    )  # fmt: skip
    site = site_of(tmp_path, a=text)
    view = PageData(site, related_count=3, issues_url="https://x.example/issues/new").article(site.articles[0])
    assert view["kind"] == "article"
    assert view["accent"] == "teal"
    assert [crumb["url"] for crumb in view["breadcrumbs"]] == [
        "",
        "categories/database/",
        "categories/database/storage/",
    ]
    shown = view["article"]
    assert shown["date"] == {"iso": "2026-11-20", "text": "20 November 2026"}
    assert shown["updated"] == {"iso": "2026-11-22", "text": "22 November 2026"}
    assert shown["review_by"] == {"iso": "2027-11-20", "text": "20 November 2027"}
    assert shown["applies_to"] == [{"product": "Redis", "versions": "7"}]
    day = {"iso": "2026-11-21", "text": "21 November 2026"}
    assert shown["corrections"] == [{"date": day, "text": "Fixed.", "name": "correction-2026-11-21-1"}]
    assert shown["corrected"] == day
    assert shown["people"] == [{"name": "Ada Lovelace", "role": "Editor", "url": "authors/ada/"}]
    assert shown["report_url"] == "https://x.example/issues/new"
    assert (shown["status"], shown["verified"], shown["lab"]) == ("published", False, None)


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


def test_a_preview_marks_drafts_and_the_future(tmp_path: Path) -> None:
    catalogue = read_articles(
        tmp_path, preview=True, a=article(status="draft"), b=article(date="2027-01-01"), c=article()
    )
    data = PageData(catalogue.site, related_count=0)
    shown = {each.slug: data.article(each)["article"]["status"] for each in catalogue.site.articles}
    assert shown == {"a": "draft", "b": "scheduled", "c": "published"}


def test_only_links_that_lead_somewhere_are_offered(tmp_path: Path) -> None:
    data = PageData(site_of(tmp_path, a=article()), related_count=0)
    links = data.site(plain_pages=frozenset({"about/"}), feeds=[], assets_version="x")["links"]
    assert (links["about"], links["search"], links["authors"]) == ("about/", None, None)


# Corrections and feeds


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


def test_without_feeds_no_page_offers_one(site: Site) -> None:
    views = by_url(build_views(site, page_size=20))
    data = PageData(site, related_count=0)
    assert "feeds/" not in views
    assert data.listing(views["tags/redis/"])["feeds"] == data.index(views["corrections/"])["feeds"] == []
    assert data.site(plain_pages=frozenset(), feeds=[], assets_version="x")["links"]["feeds"] is None


def test_a_years_page_and_the_home_page_have_the_sites_feeds_alone(site: Site) -> None:
    views = by_url(build_views(site, page_size=20))
    data = PageData(site, related_count=0, feeds=True)
    assert data.listing(views["archive/2026/"])["feeds"] == []
    assert data.listing(views["series/durability/"])["feeds"][0]["url"] == "series/durability/feed.xml"
