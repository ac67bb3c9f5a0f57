"""JSON-LD and the tags for sharing on every page of the built sites: complete, true to the page, and never markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

import pytest

from browser.documents import Document, read_documents
from browser.stress import HOSTILE, LONG, PAGES
from browser.stress_text import (
    DESCRIPTION_OF_900,
    HOSTILE_AUTHOR,
    HOSTILE_CATEGORY,
    HOSTILE_CORRECTION,
    HOSTILE_DESCRIPTION,
    HOSTILE_SUBCATEGORY,
    HOSTILE_TAG,
    HOSTILE_TITLE,
    SITE_NAME,
    TITLE_OF_140,
)
from tools.pages import BuiltSite, PagesServer

SITES = ("stress", "stress under a path", "real")
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
Node = dict[str, Any]

BY_KIND = {
    "home": ["Blog", "WebSite"],
    "article": ["TechArticle", "BreadcrumbList"],
    "category": ["CollectionPage", "BreadcrumbList"],
    "subcategory": ["CollectionPage", "BreadcrumbList"],
    "tag": ["CollectionPage", "BreadcrumbList"],
    "series": ["CollectionPage", "BreadcrumbList"],
    "year": ["CollectionPage", "BreadcrumbList"],
    "archive": ["CollectionPage", "BreadcrumbList"],
    "tags": ["CollectionPage", "BreadcrumbList"],
    "authors": ["CollectionPage", "BreadcrumbList"],
    "author": ["ProfilePage", "BreadcrumbList"],
    "lab": ["WebPage", "BreadcrumbList"],
}
"""What the first page of each kind is."""

# What schema.org's type is for, and what Google's rules ask of an article, a way and a profile.
NEEDED = {
    "TechArticle": {
        "headline", "description", "url", "mainEntityOfPage", "datePublished", "dateModified", "author", "publisher",
        "image", "articleSection", "keywords", "wordCount", "timeRequired", "inLanguage", "isPartOf",
    },
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "Blog": {"name", "url"},
    "WebSite": {"name", "url", "publisher", "potentialAction"},
    "CollectionPage": {"name", "url", "isPartOf", "inLanguage"},
    "ProfilePage": {"name", "url", "mainEntity"},
    "WebPage": {"name", "url"},
    "AboutPage": {"name", "url", "description"},
    "Person": {"name", "url"},
    "Organization": {"name", "url"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "CorrectionComment": {"text", "datePublished"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
}  # fmt: skip


def nodes(document: Document) -> list[Node]:
    """The nodes of a page's JSON-LD; none where there is none."""
    scripts = zip(document.all("script"), document.texts.get("script", []), strict=True)
    found = [text for element, text in scripts if element.attributes.get("type") == "application/ld+json"]
    if not found:
        return []
    (text,) = found
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    graph: list[Node] = data["@graph"]
    return graph


def every_node(node: object) -> Iterator[Node]:
    """All nodes in *node*, itself first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from every_node(value)
    elif isinstance(node, list):
        for each in node:
            yield from every_node(each)


def is_iso_with_zone(text: str) -> bool:
    """Whether *text* is a moment that is the same for every reader."""
    return datetime.fromisoformat(text).tzinfo is not None


CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "headline": lambda text: 0 < len(text) <= 110,
    "datePublished": lambda text: is_iso_with_zone(text) or bool(date.fromisoformat(text)),
    "dateModified": is_iso_with_zone,
    "timeRequired": lambda text: re.fullmatch(r"PT[1-9]\d*M", text) is not None,
    "wordCount": lambda count: isinstance(count, int) and count > 0,
    "inLanguage": lambda text: re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", text) is not None,
    "position": lambda number: isinstance(number, int) and number > 0,
    "keywords": lambda names: bool(names) and all(names),
}


@pytest.mark.parametrize("name", SITES)
def test_every_page_says_what_it_is_and_misses_nothing(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    wrong: list[str] = []
    for page, document in read_documents(site).items():
        found = nodes(document)
        if document.meta("robots") == "noindex":
            wrong += [f"/{page}: says what nobody is to list"] if found else []
            continue
        if not found:
            wrong.append(f"/{page}: nothing")
        for node in every_node(found):
            kind = node.get("@type")
            wrong += [f"/{page}: {kind} has no {key}" for key in NEEDED.get(str(kind), set()) - node.keys()]
            said = [(key, node[key]) for key in CHECKS if key in node]
            wrong += [f"/{page}: {key} {value!r}" for key, value in said if not CHECKS[key](value)]
            wrong += [f"/{page}: {kind} has an empty {key}" for key, value in node.items() if value in ("", [], None)]
            if kind is None and node.keys() != {"@id"}:
                wrong.append(f"/{page}: a node without a type: {node}")
            if kind not in NEEDED and kind is not None:
                wrong.append(f"/{page}: nobody checks {kind}")
    assert wrong == []


@pytest.mark.parametrize("name", SITES)
def test_each_kind_of_page_has_its_types(name: str, built: Mapping[str, BuiltSite]) -> None:
    site, documents = built[name], read_documents(built[name])
    for kind, types in BY_KIND.items():
        for page in site.kinds.get(kind, ()):
            if "/page/" not in f"/{page}":
                assert [node["@type"] for node in nodes(documents[page])] == types, page
    assert nodes(documents["about/"])[0]["@type"] == "AboutPage"


@pytest.mark.parametrize("name", SITES)
def test_every_address_is_one_of_the_site_and_stands_there(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    wrong = []
    checked = 0
    for page, document in read_documents(site).items():
        for node in every_node(nodes(document)):
            said = [node[key] for key in ("@id", "url", "item", "mainEntityOfPage", "image") if key in node]
            said += [node["urlTemplate"].partition("?")[0]] if "urlTemplate" in node else []
            for address in said:
                checked += 1
                status, file = site.find(unquote(urlsplit(address).path))
                if not address.startswith(site.url) or file is None or status != HTTPStatus.OK:
                    wrong.append(f"/{page}: {address}")
    assert checked > 100
    assert wrong == []


@pytest.mark.parametrize("name", SITES)
def test_what_is_said_of_an_article_agrees_with_its_page(name: str, built: Mapping[str, BuiltSite]) -> None:
    site, documents = built[name], read_documents(built[name])
    for page in site.kinds["article"]:
        document, node = documents[page], nodes(documents[page])[0]
        canonical = document.all("link", rel="canonical")[0].attributes["href"]
        assert node["url"] == node["mainEntityOfPage"] == canonical
        assert (node.get("name") or node["headline"]) == document.meta("og:title")
        assert node["description"] == document.meta("description")
        assert node["image"] == document.meta("og:image")
        published = datetime.fromisoformat(node["datePublished"]).date().isoformat()
        assert (document.meta("article:published_time") or "")[:10] == published
        assert [each.attributes["content"] for each in document.all("meta", property="article:tag")] == node["keywords"]
        changed = document.meta("article:modified_time")
        assert (changed or published)[:10] == node["dateModified"][:10]


@pytest.mark.parametrize("name", SITES)
def test_the_way_ends_at_the_page_and_each_step_is_a_page(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    for page, document in read_documents(site).items():
        for node in nodes(document):
            if node["@type"] == "BreadcrumbList":
                items = node["itemListElement"]
                assert [item["position"] for item in items] == list(range(1, len(items) + 1))
                assert len(items) > 1, page
                assert items[0]["item"] == site.url
                assert items[-1]["item"] == site.url + quote(page)


# Tags for sharing

CARDS = {"article": "article", "author": "profile"}


@pytest.mark.parametrize("name", SITES)
def test_every_page_can_be_shared(name: str, built: Mapping[str, BuiltSite]) -> None:
    wrong = []
    for page, document in read_documents(built[name]).items():
        kind = next(kind for kind, pages in built[name].kinds.items() if page in pages)
        if document.all("meta", **{"http-equiv": "refresh"}):
            continue  # what is shared is the page that it leads to
        said = {
            "og:type": document.meta("og:type") == CARDS.get(kind, "website"),
            "og:title": document.meta("og:title") == document.meta("twitter:title") != "",
            "og:description": document.meta("og:description") == document.meta("twitter:description"),
            "og:site_name": bool(document.meta("og:site_name")),
            "og:image": (document.meta("og:image") or "").startswith(built[name].url),
            "twitter:card": document.meta("twitter:card") == "summary_large_image",
            "length": 0 < len(document.meta("og:description") or "") <= 300,
            "once": all(
                len(document.all("meta", **{key: value})) == 1
                for key, value in (("property", "og:title"), ("property", "og:type"), ("name", "twitter:card"))
            ),
        }
        wrong += [f"/{page}: {what}" for what, fits in said.items() if not fits]
    assert wrong == []


def test_a_long_description_is_shared_in_part_and_kept_whole_for_readers(stress: PagesServer) -> None:
    document = read_documents(stress.site)[PAGES["article: too long"]]
    assert document.meta("description") == nodes(document)[0]["description"] == DESCRIPTION_OF_900
    shared = document.meta("og:description") or ""
    assert shared.endswith("…")
    assert DESCRIPTION_OF_900.startswith(shared[:-1])


# The site map


@pytest.mark.parametrize("name", SITES)
def test_the_site_map_says_when_each_page_truly_changed(name: str, built: Mapping[str, BuiltSite]) -> None:
    """An article's day is that of its JSON-LD, a list's the latest of those on it, and none is the day of the build."""
    site, documents = built[name], read_documents(built[name])
    root = ElementTree.parse(site.folder / "sitemap.xml").getroot()  # noqa: S314  (we wrote it)
    days = {
        unquote((each.findtext(f"{_SITEMAP}loc") or "").removeprefix(site.url)): each.findtext(f"{_SITEMAP}lastmod")
        for each in root.findall(f"{_SITEMAP}url")
    }
    changed = {page: nodes(documents[page])[0]["dateModified"][:10] for page in site.kinds["article"]}
    for page, document in documents.items():
        kind = next(kind for kind, pages in site.kinds.items() if page in pages)
        if document.meta("robots") == "noindex":
            assert page not in days
        elif kind == "article":
            assert days[page] == changed[page]
        elif kind in {"category", "subcategory", "tag", "series", "year"}:
            items = nodes(document)[0]["mainEntity"]["itemListElement"]
            assert days[page] == max(changed[unquote(item["url"].removeprefix(site.url))] for item in items), page
        elif kind in {"archive", "tags", "authors", "corrections"}:
            assert days[page] == max(changed.values())
        elif kind in {"page", "feeds"}:
            assert days[page] is None, "nobody said"


# Hostile texts


def test_hostile_texts_come_out_of_the_data_as_they_were_written(stress: PagesServer) -> None:
    documents = read_documents(stress.site)
    node = nodes(documents[PAGES["article: hostile"]])[0]
    assert (node.get("name") or node["headline"]) == HOSTILE_TITLE
    assert HOSTILE_TITLE.startswith(node["headline"].removesuffix("…"))
    assert node["description"] == HOSTILE_DESCRIPTION
    assert node["articleSection"] == [HOSTILE_CATEGORY, HOSTILE_SUBCATEGORY]
    assert node["keywords"][0] == HOSTILE_TAG
    assert node["author"][0]["name"] == HOSTILE_AUTHOR
    assert node["publisher"]["name"] == SITE_NAME
    corrected = nodes(documents[PAGES["article: every feature"]])[0]
    assert corrected["correction"][0]["text"] == HOSTILE_CORRECTION
    assert nodes(documents[PAGES["author, hostile"]])[0]["mainEntity"]["name"] == HOSTILE_AUTHOR
    way = nodes(documents[PAGES["article: hostile"]])[1]["itemListElement"]
    assert [step["name"] for step in way[1:]] == [HOSTILE_CATEGORY, HOSTILE_SUBCATEGORY, HOSTILE_TITLE]
    listed = nodes(documents[PAGES["tag, hostile"]])[0]["mainEntity"]["itemListElement"]
    assert {TITLE_OF_140, HOSTILE_TITLE} <= {item["name"] for item in listed}


def test_hostile_texts_come_out_of_the_tags_for_sharing_as_they_were_written(stress: PagesServer) -> None:
    document = read_documents(stress.site)[PAGES["article: hostile"]]
    assert HOSTILE in PAGES["article: hostile"]
    assert LONG in PAGES["article: too long"]
    for key in ("og:title", "twitter:title"):
        assert document.meta(key) == HOSTILE_TITLE
    for key in ("description", "og:description", "twitter:description"):
        assert document.meta(key) == HOSTILE_DESCRIPTION
    assert document.meta("og:site_name") == SITE_NAME
    assert document.meta("author") == HOSTILE_AUTHOR
    assert document.meta("article:section") == HOSTILE_CATEGORY
    assert HOSTILE_TITLE in (document.meta("og:image:alt") or HOSTILE_TITLE)
