"""With JavaScript off every page can be read, every link followed, and nothing is offered that does nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.places import REAL, SOME, Place
from browser.stress import PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]


@pytest.mark.parametrize("place", [*SOME, *REAL, Place("stress", "404")], ids=str)
def test_a_page_reads_and_offers_no_dead_button(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = place.on(servers)
    with visitor.open(server, address, width=390, java_script_enabled=False) as page:
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.get_by_role("main").inner_text().strip()
        assert [button.inner_text() for button in page.locator("button").all() if button.is_visible()] == []
        over = page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        assert over <= 0


@pytest.mark.parametrize("width", [390, 1440])
def test_the_menu_opens_and_leads_on(width: int, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", width=width, java_script_enabled=False) as page:
        link = page.locator(".masthead details").get_by_role("link", name="Archive")
        assert not link.is_visible()
        page.locator(".masthead summary").click()
        assert link.is_visible()
        link.click()
        page.wait_for_url("**/archive/")
        page.locator(".masthead summary").focus()
        page.keyboard.press("Enter")
        assert link.is_visible()


def test_a_reader_gets_from_the_front_page_to_an_article_and_through_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", width=390, java_script_enabled=False) as page:
        page.get_by_role("link", name="Every Feature That an Article Has").click()
        page.wait_for_url("**/every-feature/")
        page.locator("main details", has_text="On this page").locator("summary").first.click()
        page.get_by_role("link", name="Two languages").locator("visible=true").first.click()
        page.wait_for_url("**/every-feature/#two-languages")
        page.locator("main header summary", has_text="Verified by").click()
        page.get_by_role("link", name="See the lab").click()
        page.wait_for_url("**/lab/")


def test_every_tab_and_every_folded_remark_can_be_shown(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, java_script_enabled=False) as page:
        for tabs in page.locator(".tabbed-set").all():
            for label, block in zip(tabs.locator("label").all(), tabs.locator(".tabbed-block").all(), strict=True):
                label.click()
                assert block.is_visible(), label.inner_text()
        remark = page.locator("details", has_text="What was folded.")
        remark.locator("summary").click()
        assert remark.get_by_text("What was folded.").is_visible()


def test_nothing_of_the_text_is_missing(stress: PagesServer, visitor: Visitor) -> None:
    """What scripts add, they add beside the text."""
    shown = []
    for enabled in (True, False):
        with visitor.open(stress, ARTICLE, java_script_enabled=enabled) as page:
            page.wait_for_load_state()
            text = page.locator("main article").evaluate(
                """(article) => {  // in one step: scripts may add more
                  for (const button of article.querySelectorAll("button")) button.remove();
                  return article.innerText;
                }"""
            )
            shown.append(text.split())
    assert shown[0] == shown[1]


def test_the_systems_theme_is_followed(stress: PagesServer, visitor: Visitor) -> None:
    papers = []
    for dark in (True, False):
        with visitor.open(stress, "", "dark" if dark else "light", java_script_enabled=False) as page:
            papers.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert papers[0] != papers[1]


def test_no_key_is_named_that_does_nothing(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", width=1440) as page:
        assert page.locator("header kbd").first.is_visible()
    with visitor.open(stress, "", width=1440, java_script_enabled=False) as page:
        assert not page.locator("header kbd").first.is_visible()
