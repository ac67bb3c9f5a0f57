"""The dict of every page."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.kinds import HOME
from engblog.model.site import Site
from engblog.pages import PageData
from engblog.site.views import build_views
from engblog.source.sentences import first_sentences
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
    assert data.home(second, {})["rows_title"] == "Older articles"


@pytest.mark.parametrize(
    ("featured", "title"), [("", "More articles"), ("c", "More articles"), ("a", "Latest articles")]
)
def test_the_list_on_the_home_page_is_called_what_it_is(featured: str, title: str, tmp_path: Path) -> None:
    """Beside the newest article, the list begins with the second newest; beside another one, with the newest."""
    dates = {"a": "2026-11-01", "b": "2026-11-02", "c": "2026-11-03"}
    site = site_of(
        tmp_path, **{slug: article(date=day, featured=str(slug == featured).lower()) for slug, day in dates.items()}
    )
    home = PageData(site, related_count=0).home(by_url(build_views(site, page_size=20))[""], {})
    assert home["rows_title"] == title


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


def test_related_articles_are_none_that_the_page_leads_to_anyway(tmp_path: Path) -> None:
    """Neither the older and the newer one, nor parts of its series, nor what is worth reading first."""
    alike = {f"a{day:02}": article(date=f"2026-11-{day:02}") for day in range(1, 11)}
    for slug, part in (("a02", 1), ("a05", 2), ("a09", 3)):
        alike[slug] = article(date=f"2026-11-{slug[1:]}", series=f"{{name: S, part: {part}}}")
    alike["a05"] = article(date="2026-11-05", series="{name: S, part: 2}", requires="[a10]")
    site = site_of(tmp_path, **alike)
    data = PageData(site, related_count=3)
    for each in site.articles:
        shown = data.article(each)["article"]
        others = [
            *shown["requires"],
            *(part for part in (shown["series"] or {"parts": []})["parts"] if not part["current"]),
        ]
        leads = [link["url"] for link in (shown["previous"], shown["next"], *others, *shown["related"]) if link]
        related = [row["url"] for row in shown["related"]]
        assert not {*related} & {*leads[: -len(related)]}
        assert len(related) == 3, "left out, they are replaced by the next ones"
        assert each.url not in related
    assert PageData(site, related_count=0).related_to(site.articles[0]) == ()


def test_an_articles_page_knows_its_series_and_what_it_requires(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        one=article(title="One", series="{name: Durability, part: 1}"),
        two=article(title="Two", series="{name: Durability, part: 2}", requires="[one, zero, draft]"),
        zero=article(title="Zero"),
        draft=article(status="draft", series="{name: Durability, part: 3}"),
    )
    two = next(each for each in site.articles if each.slug == "two")
    shown = PageData(site, related_count=3).article(two)["article"]
    assert shown["series"]["part"] == 2
    assert [(part["title"], part["current"]) for part in shown["series"]["parts"]] == [("One", False), ("Two", True)]
    assert [each["title"] for each in shown["requires"]] == ["Zero"], "neither a draft nor another part of the series"


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
    assert shown["dek"] == first_sentences(shown["description"], 2)
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
