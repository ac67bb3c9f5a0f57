"""JSON-LD: what it says of each kind of page, and that no author's text can leave it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from engblog.model.article import Article
from engblog.model.kinds import HOME
from engblog.model.publication import Identity
from engblog.model.site import Site, View
from engblog.pages import PageData
from engblog.pages.head import Heads
from engblog.pages.jsonld import HEADLINE, article_node, jsonld_script, open_graph_locale, profile_node
from engblog.site.views import build_views
from engblog.source.handwritten import HandWritten
from support.sources import article, read_articles

URL = "https://example.org/blog/"
HOSTILE = "</script><script>alert(1)</script> & <!-- ]]> \u2028\u2029 \"both\" 'kinds' \\u003c"


def identity(**changes: str) -> Identity:
    return Identity(**{"name": "The Journal", "url": URL, "description": "Of failures.", **changes})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    catalogue = read_articles(
        tmp_path,
        a=article(
            date="2026-11-20T09:30:00-05:00",
            updated="2026-11-22",
            authors="[ada, grace]",
            subcategory="Storage",
            applies_to="{PostgreSQL: 14–17, Redis: '7'}",
            corrections="[{date: 2026-11-24, text: The unit was MB.}]",
            tags="[Redis, Go, MySQL]",
            featured="true",
        ),
        b=article(date="2026-11-19", title=f'"{"A long title, in many words " * 5}"', tags="[Redis, Go, k8s]"),
        c=article(date="2025-01-02", authors="[ada]"),
    )
    assert catalogue.problems == ()
    return catalogue.site


def first(site: Site) -> Article:
    return next(each for each in site.articles if each.slug == "a")


def graph(text: str | None) -> list[dict[str, Any]]:
    assert text is not None
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = data["@graph"]
    return nodes


def described(site: Site, view: View, **changes: str) -> dict[str, Any]:
    """What the head of a generated page is given."""
    data = PageData(site, related_count=3)
    page = (
        data.home(view, {})
        if view.kind is HOME
        else data.listing(view)
        if view.kind.lists_articles
        else data.index(view)
    )
    return Heads(identity(**changes), site, search="search/").of(view, view.url, page, "What it is.")


def view_of(site: Site, url: str, size: int = 20) -> View:
    return next(view for view in build_views(site, page_size=size) if view.url == url)


def test_an_article_says_all_that_the_model_knows(site: Site) -> None:
    node = article_node(identity(), first(site), image="cards/a.png")
    url = f"{URL}articles/2026/11/20/a/"
    assert node["@type"] == "TechArticle"
    assert node["headline"] == "When the server stops"
    assert "name" not in node
    assert (node["@id"], node["url"], node["mainEntityOfPage"]) == (f"{url}#article", url, url)
    assert node["datePublished"] == "2026-11-20T09:30:00-05:00"
    assert node["dateModified"] == "2026-11-24T00:00:00+00:00", "a correction is a change"
    assert [who["name"] for who in node["author"]] == ["Ada Lovelace", "Grace Hopper"]
    assert node["author"][0]["url"] == f"{URL}authors/ada/"
    assert node["author"][0]["jobTitle"] == "Editor"
    assert "jobTitle" not in node["author"][1]
    assert node["publisher"]["name"] == node["isPartOf"]["name"] == "The Journal"
    assert node["articleSection"] == ["Database", "Storage"]
    assert node["keywords"] == ["Redis", "Go", "MySQL"]
    assert node["wordCount"] == first(site).words
    assert node["timeRequired"] == f"PT{first(site).minutes}M"
    assert node["dependencies"] == "PostgreSQL 14–17, Redis 7"
    assert node["correction"] == [
        {"@type": "CorrectionComment", "text": "The unit was MB.", "datePublished": "2026-11-24"}
    ]
    assert node["image"] == f"{URL}cards/a.png"


def test_an_article_says_nothing_that_nobody_knows(site: Site) -> None:
    node = article_node(identity(), next(each for each in site.articles if each.slug == "b"))
    assert not {"author", "image", "correction", "dependencies"} & node.keys()
    assert node["dateModified"] == node["datePublished"] == "2026-11-19T00:00:00+00:00"


def test_every_moment_has_a_zone(site: Site) -> None:
    for each in site.articles:
        node = article_node(identity(), each)
        assert datetime.fromisoformat(node["datePublished"]).tzinfo
        assert datetime.fromisoformat(node["dateModified"]).tzinfo


def test_a_headline_is_cut_at_a_word_and_the_name_is_whole(site: Site) -> None:
    long = next(each for each in site.articles if each.slug == "b")
    node = article_node(identity(), long)
    assert len(node["headline"]) <= HEADLINE < len(long.title)
    assert node["headline"].endswith("…")
    assert long.title.startswith(node["headline"].removesuffix("…"))
    assert node["name"] == long.title


def test_the_way_to_an_article_is_that_which_its_page_shows(site: Site) -> None:
    each = first(site)
    page = PageData(site, related_count=3).article(each)
    head = Heads(identity(), site).of(each, each.url, page, each.description)
    crumbs = graph(head["structured"])[1]
    assert crumbs["@type"] == "BreadcrumbList"
    assert [(item["position"], item["name"], item["item"]) for item in crumbs["itemListElement"]] == [
        (1, "Home", URL),
        (2, "Database", f"{URL}categories/database/"),
        (3, "Storage", f"{URL}categories/database/storage/"),
        (4, "When the server stops", f"{URL}articles/2026/11/20/a/"),
    ]


def test_the_card_of_an_article_is_its_picture(site: Site) -> None:
    each = first(site)
    page = PageData(site, related_count=3).article(each) | {"card": {"url": "cards/a.png"}}
    head = Heads(identity(), site).of(each, each.url, page, each.description)
    assert graph(head["structured"])[0]["image"] == f"{URL}cards/a.png"


# Other pages


def test_the_home_page_is_the_blog_and_says_how_to_search_it(site: Site) -> None:
    blog, whole = graph(described(site, view_of(site, ""))["structured"])
    assert (blog["@type"], blog["@id"], blog["description"]) == ("Blog", f"{URL}#blog", "What it is.")
    assert blog["publisher"]["@id"] == whole["publisher"]["@id"]
    action = whole["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{URL}search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"
    view = view_of(site, "")
    page = PageData(site, related_count=3).home(view, {})
    without = Heads(identity(), site).of(view, "", page, "")["structured"]
    assert "potentialAction" not in without, "no search page, no promise of one"


def test_a_list_names_the_articles_that_stand_on_it(site: Site) -> None:
    node, crumbs = graph(described(site, view_of(site, "tags/redis/page/2/", size=2))["structured"])
    assert node["@type"] == "CollectionPage"
    assert node["mainEntity"]["numberOfItems"] == 3
    assert [(item["position"], item["url"]) for item in node["mainEntity"]["itemListElement"]] == [
        (3, f"{URL}articles/2025/01/02/c/")
    ]
    assert crumbs["itemListElement"][-1]["item"] == f"{URL}tags/redis/page/2/"


def test_the_archive_repeats_no_lists(site: Site) -> None:
    assert "mainEntity" not in graph(described(site, view_of(site, "archive/"))["structured"])[0]


def test_a_later_page_of_home_has_a_way_back(site: Site) -> None:
    node, crumbs = graph(described(site, view_of(site, "page/2/", size=1))["structured"])
    assert (node["@type"], node["name"]) == ("CollectionPage", "Page 2")
    assert [item["item"] for item in crumbs["itemListElement"]] == [URL, f"{URL}page/2/"]


def test_the_page_of_an_author_is_their_profile(site: Site) -> None:
    head = described(site, view_of(site, "authors/ada/"))
    node = graph(head["structured"])[0]
    assert node["@type"] == "ProfilePage"
    assert node["mainEntity"] == {
        "@type": "Person",
        "@id": f"{URL}authors/ada/#person",
        "name": "Ada Lovelace",
        "url": f"{URL}authors/ada/",
        "jobTitle": "Editor",
        "description": "Writes about engines.",
        "sameAs": ["https://example.org/"],
    }
    assert head["share"] == {"type": "profile", "username": "ada"}
    view = view_of(site, "authors/ada/")
    assert view.person is not None
    shown = replace(view.person, portrait="assets/ada & co.jpg")
    whole = profile_node(identity(), view, shown, "Ada", description="")["mainEntity"]
    assert whole["image"] == f"{URL}assets/ada%20%26%20co.jpg"


def test_a_page_written_by_hand_is_a_page(site: Site) -> None:
    page = PageData(site, related_count=3).plain("About us")
    heads = Heads(identity(), site)
    node, crumbs = graph(heads.of(HandWritten(), "about/", page, "")["structured"])
    assert (node["@type"], node["name"], node["url"]) == ("AboutPage", "About us", f"{URL}about/")
    assert "description" not in node
    assert [item["name"] for item in crumbs["itemListElement"]] == ["Home", "About us"]
    assert graph(heads.of(HandWritten(), "stack/", page, "")["structured"])[0]["@type"] == "WebPage"
    assert heads.of(HandWritten(noindex=True), "about/", page, "")["structured"] is None


def test_an_address_is_written_as_the_canonical_link_writes_it(site: Site) -> None:
    page = PageData(site, related_count=3).plain("数据")
    node = graph(Heads(identity(), site).of(HandWritten(), "categories/数据/", page, "")["structured"])[0]
    assert node["url"] == f"{URL}categories/%E6%95%B0%E6%8D%AE/"


def test_without_an_address_of_the_site_nothing_is_said(site: Site) -> None:
    assert described(site, view_of(site, ""), url="")["structured"] is None


# Its text


class Scripts(HTMLParser):
    """The texts of the scripts in a page, and every other tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self._in = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in = tag == "script" and bool(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in:
            self.texts.append(data)


@pytest.mark.parametrize("text", [HOSTILE, "<!--<script>", "\ud800 alone", "</SCRIPT\n>", "\x7f\x00"])
def test_no_text_ends_the_element_and_all_of_it_comes_back(text: str) -> None:
    said = jsonld_script([{"@type": "Thing", "name": text}])
    assert not set(said) & set("<>&\u2028\u2029")
    said.encode("utf-8")
    page = Scripts(f'<script type="application/ld+json">{said}</script><p>after')
    assert page.tags == ["script", "p"]
    assert json.loads("".join(page.texts))["@graph"][0]["name"] == text


def test_the_same_nodes_are_the_same_text(site: Site) -> None:
    assert jsonld_script([article_node(identity(), first(site))]) == jsonld_script(
        [article_node(identity(), first(site))]
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-GB", "en_GB"), ("pt-br", "pt_BR"), ("zh-Hant-TW", "zh_TW"), ("en", None), ("de", None), ("zh-Hans", None)],
)
def test_a_locale_is_said_where_the_language_names_a_region(language: str, said: str | None) -> None:
    assert open_graph_locale(language) == said
