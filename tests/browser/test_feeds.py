"""Feeds in a browser: what somebody sees who opens one, and the way to one from every list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Response, expect

from browser.stress_text import HOSTILE_TAG
from browser.visits import THEMES, Theme, Visitor
from tools.pages import PagesServer

FEEDS = ("feed_rss_created.xml", "atom.xml", "tags/redis/feed.xml", "corrections/atom.xml")
LISTS = ("", "tags/redis/", "categories/systems/", "authors/ada/", "corrections/")
IN_VIEW = "[...document.querySelectorAll('*')].filter((each) => each.checkVisibility()).map((each) => each.localName)"


@contextmanager
def opened(
    server: PagesServer, visitor: Visitor, feed: str, theme: Theme, width: int
) -> Iterator[tuple[Page, list[str]]]:
    """A window in which *feed* is opened, and the addresses that it loaded."""
    with visitor.window(theme, width) as page:
        loaded: list[str] = []

        def note(response: Response) -> None:
            loaded.append(f"{response.status} {response.url}")

        page.on("response", note)
        page.goto(server.url(feed))
        yield page, loaded


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_a_page_that_explains_itself(
    feed: str, width: int, theme: Theme, stress: PagesServer, visitor: Visitor
) -> None:
    with opened(stress, visitor, feed, theme, width) as (page, loaded):
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.get_by_text("This is a feed.").is_visible()
        shown = set(page.evaluate(IN_VIEW))
        assert shown <= {"rss", "feed", "channel", "div", "p", "h1", "code", "a", "ol", "li", "time"}, "no raw elements"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (dark == "rgb(19, 18, 16)") == (theme == "dark")
        own = [each for each in loaded if stress.url("") in each]
        assert [each for each in loaded if each not in own] == [], "nothing from elsewhere"
        assert not [each for each in own if not each.startswith("200 ") and "favicon" not in each]


@pytest.mark.parametrize("feed", FEEDS)
def test_one_click_takes_its_whole_address(feed: str, stress: PagesServer, visitor: Visitor) -> None:
    with opened(stress, visitor, feed, "light", 390) as (page, _):
        address = page.locator("code").first
        address.click()
        assert page.evaluate("getSelection().toString()") == stress.site.url + feed


def test_it_lists_what_is_in_it_and_leads_there(stress: PagesServer, visitor: Visitor) -> None:
    items = json.loads((stress.site.folder / "tags/redis/feed.json").read_text())["items"]
    with opened(stress, visitor, "tags/redis/feed.xml", "light", 1440) as (page, _):
        rows = page.locator("li a")
        assert rows.all_text_contents() == [item["title"] for item in items]
        assert [row.get_attribute("href") for row in rows.all()] == [item["url"] for item in items]
        ways = page.locator(".ways a")
        assert [way.get_attribute("href") for way in ways.all()] == [
            stress.site.url + "tags/redis/", stress.site.url + "feeds/"
        ]  # fmt: skip


def test_a_phone_shows_it_at_its_own_width(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window("light", 390, is_mobile=True, has_touch=True) as page:
        page.goto(stress.url("atom.xml"))
        assert page.evaluate("innerWidth") == 390


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("address", LISTS)
def test_one_subscribe_leads_to_three_formats(
    address: str, width: int, scripts: bool, stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, address, width=width, java_script_enabled=scripts) as page:
        panels = page.locator("main details.subscribe")
        expect(panels).to_have_count(1)
        assert not panels.get_by_role("link").first.is_visible()
        panels.locator("summary").focus()
        page.keyboard.press("Enter")
        formats = panels.locator("li")
        assert formats.get_by_role("link").all_text_contents() == ["RSS", "Atom", "JSON Feed"]
        for row in formats.all():
            link, shown = row.get_by_role("link"), row.locator("code")
            assert link.is_visible()
            path = link.evaluate("(link) => link.href").removeprefix(stress.url(""))
            assert shown.inner_text() == stress.site.url + path, "the address to copy is the link's"
            assert page.request.get(stress.url(path)).ok
            box = shown.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        over = page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        assert over <= 0


def test_an_address_is_copied_and_escape_closes_the_panel(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "tags/redis/", permissions=["clipboard-read", "clipboard-write"]) as page:
        panel = page.locator("details.subscribe")
        panel.locator("summary").click()
        panel.get_by_role("button", name="Copy the address for Atom").click()
        expect(panel.get_by_role("button", name="Copy the address for Atom")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == stress.site.url + "tags/redis/atom.xml"
        page.keyboard.press("Escape")
        expect(panel).not_to_have_attribute("open", "")
        expect(panel.locator("summary")).to_be_focused()
        panel.locator("summary").click()
        page.get_by_role("heading", level=1).click()
        expect(panel).not_to_have_attribute("open", "")


def test_a_hostile_name_is_text_in_the_page_of_its_feed(stress: PagesServer, visitor: Visitor) -> None:
    with opened(stress, visitor, "tags/b-tag-b-and-co-n/feed.xml", "light", 390) as (page, _):
        assert HOSTILE_TAG in (page.locator("h1").text_content() or "")
