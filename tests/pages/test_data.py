"""The dict of every page."""

from __future__ import annotations

from pathlib import Path

from engblog.model.kinds import HOME
from engblog.model.site import Site
from engblog.pages import PageData
from engblog.site.views import build_views
from support.listed import by_url, site_of, slugs
from support.sources import article, read_articles


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


def test_the_home_page_is_cut_too_and_features_on_its_first_page_alone(tmp_path: Path) -> None:
    site = site_of(tmp_path, **{f"a{n}": article(date=f"2026-11-{n:02}") for n in range(1, 8)})
    first, second = (view for view in build_views(site, page_size=4) if view.kind is HOME)
    data = PageData(site, related_count=0)
    assert (first.url, second.url) == ("", "page/2/")
    assert data.home(first, {})["featured"]["title"] == "When the server stops"
    assert data.home(second, {})["featured"] is None
    assert [row["number"] for row in data.home(second, {})["rows"]] == ["05", "06"]


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
