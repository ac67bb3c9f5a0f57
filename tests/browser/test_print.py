"""On paper: no chrome, code that wraps, everything that was folded, and day colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.places import REAL, Place
from browser.stress import PAGES
from browser.visits import MEASURE, Theme, Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]
PAPER = 627
"""CSS pixels between the margins of an A4 sheet: 166 mm."""
ARTICLES = [Place("stress", "article: every feature"), Place("stress", "article: too long"), Place("stress", "lab")]


@contextmanager
def sheet(visitor: Visitor, server: PagesServer, address: str, theme: Theme = "light") -> Iterator[Page]:
    """A window as wide as the printed text, showing *address* as it prints."""
    with visitor.open(server, address, theme, PAPER) as page:
        page.emulate_media(media="print", color_scheme=theme)
        yield page


@pytest.mark.parametrize("place", [*ARTICLES, *(place for place in REAL if place.name.startswith("article "))], ids=str)
def test_nothing_is_cut_off(place: Place, servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    server, address = place.on(servers)
    with sheet(visitor, server, address) as page:
        layout = page.evaluate(MEASURE)
        assert layout["wide"] == []
        assert layout["over"] <= 0
        cut = """(boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${box.className} ${box.textContent.trim().slice(0, 60)}`)"""
        assert page.locator("pre, .table-scroll, .figure-scroll").evaluate_all(cut) == []


def test_what_is_for_screens_alone_is_left_out(stress: PagesServer, visitor: Visitor) -> None:
    with sheet(visitor, stress, ARTICLE) as page:
        for selector in (
            "nav",
            "button",
            ".masthead summary",
            "[data-search-open]",
            "body > footer",
            ".skip",
            ".headerlink",
        ):
            shown = [found.inner_text()[:60] for found in page.locator(selector).all() if found.is_visible()]
            assert shown == [], selector
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.get_by_text("Verified by 5 tests").is_visible()
        assert page.get_by_text("Last run on 23 November 2026").is_visible(), "what is folded on a screen"


def test_every_tab_and_every_folded_remark_is_printed(stress: PagesServer, visitor: Visitor) -> None:
    with sheet(visitor, stress, ARTICLE) as page:
        for text in ("signal.Notify", "process.on", "Seventh.", "What was folded.", "What was open."):
            assert page.get_by_text(text).first.is_visible(), text


def test_the_colours_are_those_of_the_day(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, "dark", PAPER) as page:
        page.get_by_role("button", name="Dark theme").click()
        page.get_by_role("button", name="Dark theme").click()
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        ink = page.evaluate(
            "getComputedStyle(document.querySelector('main article p')).color.match(/\\d+/g).map(Number)"
        )
        assert max(ink[:3]) < 128


def test_sources_are_printed_with_their_addresses(stress: PagesServer, visitor: Visitor) -> None:
    with sheet(visitor, stress, ARTICLE) as page:
        link = page.locator(".footnote a[href^='https://www.postgresql.org']")
        assert "https://www.postgresql.org/docs/15/server-shutdown.html" in link.evaluate(
            "(link) => getComputedStyle(link, '::after').content.replace('attr(href)', link.href)"
        )


def test_an_article_makes_a_pdf(stress: PagesServer, visitor: Visitor, tmp_path: Path) -> None:
    with visitor.open(stress, ARTICLE, "dark") as page:
        target = tmp_path / "article.pdf"
        page.pdf(path=target, prefer_css_page_size=True, print_background=True)
        content = target.read_bytes()
        assert content.startswith(b"%PDF-")
        assert 4 <= content.count(b"/Type /Page\n") <= 20


def test_a_line_has_fewer_than_eighty_characters(servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    server, address = Place("real", "article how-databases-and-servers-shut-down").on(servers)
    with sheet(visitor, server, address) as page:
        longest = page.evaluate("""() => {
          let most = 0;
          for (const paragraph of document.querySelectorAll("main .prose > p")) {
            const text = paragraph.firstChild;
            if (text?.nodeType !== Node.TEXT_NODE) continue;
            const range = document.createRange();
            let top, count = 0;
            for (let at = 0; at < Math.min(text.length, 600); at++) {
              range.setStart(text, at);
              range.setEnd(text, at + 1);
              const box = range.getBoundingClientRect();
              if (top !== undefined && Math.abs(box.top - top) > 4) count = 0;
              top = box.top;
              most = Math.max(most, ++count);
            }
          }
          return most;
        }""")
        assert 55 < longest < 80


def test_pages_are_numbered(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        numbered = page.evaluate("""() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
            .filter((rule) => rule instanceof CSSPageRule)
            .some((rule) => /@bottom-center[^}]*counter\\(page\\)/.test(rule.cssText))""")
        assert numbered


def test_each_tab_is_named_and_no_name_is_apart_from_its_code(stress: PagesServer, visitor: Visitor) -> None:
    with sheet(visitor, stress, ARTICLE) as page:
        names = (
            page.locator(".tabbed-set")
            .first.locator(".tabbed-block")
            .evaluate_all(
                "(all) => all.map((each) => [getComputedStyle(each, '::before').content, each.dataset.title])"
            )
        )
        labels = (
            page.locator(".tabbed-set")
            .first.locator("label")
            .evaluate_all("(all) => all.map((each) => each.textContent)")
        )
        assert [title for _, title in names] == labels
        assert all("data-title" in drawn or label in drawn for (drawn, _), label in zip(names, labels, strict=True))
        apart = page.locator(".highlight .filename").evaluate_all(
            "(all) => [...new Set(all.map((each) => getComputedStyle(each).breakAfter))]"
        )
        assert apart == ["avoid"]
