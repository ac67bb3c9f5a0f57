"""What readers see before they scroll, and the grid that it stands on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from browser.places import EVERY, REAL, Place
from browser.stress import PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLES = [place for place in REAL if place.name.startswith("article ")]
WIDE, NARROW = (1440, 900), (390, 844)

FIRST = """() => {
  const words = document.createTreeWalker(document.querySelector("main article.prose"), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const part = document.createRange();
    part.selectNodeContents(words.currentNode);
    if (words.currentNode.data.trim()) return part.getBoundingClientRect().top;
  }
}"""
"""The top of the first words of an article's text."""

STARTS = """() => [...new Set(
  [...document.querySelectorAll("main :is(h1, h2, h3, p, .row__number, .filter__count)")]
    .filter((each) => each.checkVisibility() && !each.closest(".follow, .visually-hidden"))
    .map((each) => {
      const words = document.createRange();
      words.selectNodeContents(each);
      return Math.round(Math.min(...[...words.getClientRects()].map((box) => box.left)) / 6);
    }),
)]"""
"""Where lines of text start, in steps of six pixels: large letters begin a little further in than small ones."""


@pytest.mark.parametrize("site", ["real", "stress"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), NARROW])
def test_the_featured_title_and_its_way_in_are_on_the_first_screen(
    site: str, width: int, height: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    with visitor.window(width=width, height=height) as page:
        page.goto(servers[site].url(""))
        for shown in (".featured__title", ".featured__read"):
            assert bottom(page, shown) <= height, shown


def test_so_they_are_for_the_longest_title(stress: PagesServer, visitor: Visitor) -> None:
    title = "A Title of One Hundred and Forty Characters, Which Is as Long as a Title May Be — Before the Check of the "
    for width, height in ((1366, 768), NARROW):
        with visitor.window(width=width, height=height) as page:
            page.goto(stress.url(""))
            page.locator(".featured__title").evaluate(
                "(h, title) => { h.classList.add('featured__title--long'); h.firstChild.textContent = title; }",
                f"{title}Articles Refuses to Let It Pass"[:140],
            )
            assert bottom(page, ".featured__read") <= height


@pytest.mark.parametrize(("size", "most"), [(WIDE, 560), (NARROW, 700)], ids=["wide", "narrow"])
@pytest.mark.parametrize("place", ARTICLES, ids=str)
def test_an_articles_first_sentence_is_on_the_first_screen(
    place: Place, size: tuple[int, int], most: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = place.on(servers)
    with visitor.window(width=size[0], height=size[1]) as page:
        page.goto(server.url(address))
        assert page.evaluate(FIRST) < most


@pytest.mark.parametrize("width", [1024, 1440])
@pytest.mark.parametrize("name", ["home", "category", "tag", "author", "authors"])
def test_text_starts_at_three_places(name: str, width: int, real: PagesServer, visitor: Visitor) -> None:
    server, address = Place("real", name).on({"real": real})
    with visitor.open(server, address, width=width) as page:
        assert len(page.evaluate(STARTS)) <= 3


def test_an_article_and_its_head_start_at_one_place(real: PagesServer, visitor: Visitor) -> None:
    for place in ARTICLES[:3]:
        server, address = place.on({"real": real})
        with visitor.open(server, address) as page:
            shown = page.locator("main :is(h1, .dek, .byline, .prose > p, .prose > h2, .article__end > *)")
            lefts = shown.evaluate_all("(all) => all.map((each) => Math.round(each.getBoundingClientRect().left))")
            assert len(set(lefts)) == 1, lefts


@pytest.mark.parametrize("place", [place for place in EVERY if "article" in str(place)], ids=str)
def test_an_articles_page_leads_to_another_article_once(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    """Above the text and below it; links in the text are its author's."""
    server, address = place.on(servers)
    with visitor.open(server, address) as page:
        above, older, related = (
            page.locator(f"main {part} a[href]").evaluate_all(
                "(links) => links.map((link) => link.href).filter((to) => /\\/articles\\/\\d+\\/[^#]*$/.test(to))"
            )
            for part in (".before li", ".neighbours", ".related")
        )
        assert len(above) == len(set(above))
        assert len(older + related) == len({*older, *related})
        assert not {*above} & {*related}
        assert older, "are the links found?"


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_name_of_the_site_stays_beside_the_tools(
    width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    for site in ("real", "stress"):
        with visitor.open(servers[site], PAGES["about"], width=width) as page:
            name, tools = page.locator(".brand__name").bounding_box(), page.locator(".tools").bounding_box()
            assert name is not None
            assert tools is not None
            assert name["x"] + name["width"] <= tools["x"]
            wide = page.locator(".brand__name").evaluate("(box) => box.scrollWidth - box.clientWidth")
            assert wide <= 0
            assert page.locator(".masthead").evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0


def bottom(page: Page, selector: str) -> float:
    """The lower edge of the element that *selector* finds."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("name", ["category", "subcategory", "tag", "author", "year"])
def test_a_list_is_not_labelled_with_its_kind(name: str, real: PagesServer, visitor: Visitor) -> None:
    """Its breadcrumbs say it; only what a person is, or that a list is a series, is not said by them."""
    server, address = Place("real", name).on({"real": real})
    with visitor.open(server, address) as page:
        assert page.locator("main header .kicker").count() == 0
