"""What heads say to machines beside JSON-LD."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engblog.model.article import Article, Lab
from engblog.model.kinds import HOME
from engblog.model.publication import Identity
from engblog.model.site import Site, View
from engblog.pages import PageData
from engblog.pages.head import Heads, LabPage
from engblog.site.views import build_views
from engblog.source.handwritten import HandWritten
from support.sources import article, read_articles

URL = "https://example.org/blog/"


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


# When a page changed, and whether it may be listed


def test_a_list_changed_when_the_latest_of_its_articles_did(site: Site) -> None:
    assert described(site, view_of(site, "tags/mysql/"))["modified"] == "2026-11-24"
    assert described(site, view_of(site, "tags/kubernetes/"))["modified"] == "2026-11-19"
    assert described(site, view_of(site, "archive/2025/"))["modified"] == "2025-01-02"
    assert described(site, view_of(site, "tags/"))["modified"] == "2026-11-24", "it counts all articles"
    assert described(site, view_of(site, ""))["modified"] == "2026-11-24", "the featured one is on it"
    assert described(site, view_of(site, "page/2/", size=1))["modified"] == "2025-01-02"


def test_a_page_by_hand_changed_when_its_author_says_so_and_never_by_itself(site: Site) -> None:
    page = PageData(site, related_count=3).plain("About us")
    heads = Heads(identity(), site)
    assert heads.of(HandWritten(), "about/", page, "")["modified"] is None
    assert heads.of(HandWritten(first(site).published.day), "about/", page, "")["modified"] == "2026-11-20"


@pytest.mark.parametrize("keys", [{"status": "draft"}, {"date": "2027-01-01"}])
def test_what_only_a_preview_shows_is_not_to_be_listed_nor_is_its_lab(tmp_path: Path, keys: dict[str, str]) -> None:
    catalogue = read_articles(tmp_path, a=article(**keys))
    (hidden,) = catalogue.site.hidden
    data = PageData(
        Site((hidden,), (), catalogue.site.taxonomy, catalogue.site.people, None, catalogue.site.now), related_count=0
    )
    lab = Lab(hidden.published.day, "", (), (), (), (), in_step=True)
    heads = Heads(identity(), catalogue.site)
    for subject in (hidden, LabPage(hidden, lab)):
        head = heads.of(subject, hidden.url, data.article(hidden), "")
        assert head["noindex"] is True
        assert head["structured"] is None


def test_what_is_shared_is_short_and_whole_words(site: Site) -> None:
    view = view_of(site, "tags/redis/")
    page = PageData(site, related_count=3).listing(view)
    head = Heads(identity(), site).of(view, view.url, page, "A sentence of words. " * 40)
    assert len(head["summary"]) <= 300
    assert head["summary"].endswith(("words…", "sentence…", "of…", "A…", "words.…"))
