"""Notes stand in the margin where there is one, open below their marks elsewhere, and stay at the end of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.places import Place
from browser.stress import PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

FEATURES = PAGES["article: every feature"]
DRAIN = Place("real", "article how-databases-and-servers-shut-down")
WIDE = (1200, 1366, 1440, 1920)

_MEASURED = """() => {
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const text = document.querySelector("main .prose");
  const shown = [...document.querySelectorAll(".sidenote")];
  return {
    line: box(text.querySelector(":scope > p")),
    frame: box(text.parentElement),
    blocks: [...text.children].filter((each) => each.checkVisibility()).map(box),
    notes: shown.map(box),
    firsts: new Set([...document.querySelectorAll("a.footnote-ref")].map((mark) => mark.hash)).size,
    distances: shown.map((note) => {
      const number = note.querySelector(".sidenote__number").textContent;
      const marks = [...document.querySelectorAll("a.footnote-ref")].filter((mark) => mark.textContent === number);
      return note.getBoundingClientRect().top - marks[0].getBoundingClientRect().top;
    }),
  };
}"""


@contextmanager
def reading(
    visitor: Visitor, servers: Mapping[str, PagesServer], place: Place, width: int, **options: Any
) -> Iterator[Page]:
    """An article, when its notes are at hand."""
    server, address = place.on(servers)
    with visitor.open(server, address, width=width, reduced_motion="reduce", **options) as page:
        page.locator("a.footnote-ref[aria-expanded]").first.wait_for()
        yield page


@pytest.mark.parametrize("width", WIDE)
def test_notes_are_in_the_margin_near_their_marks_and_cover_nothing(
    width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    with reading(visitor, servers, DRAIN, width) as page:
        page.locator(".sidenote").first.wait_for()
        seen = page.evaluate(_MEASURED)
        assert len(seen["notes"]) >= 0.9 * seen["firsts"] > 20
        assert max(map(abs, seen["distances"])) < 330
        assert sum(abs(each) < 40 for each in seen["distances"]) > len(seen["notes"]) / 2
        for note in seen["notes"]:
            assert note["left"] > seen["line"]["right"]
            assert note["right"] <= seen["frame"]["right"] + 1
            over = [
                other
                for other in [*seen["blocks"], *(each for each in seen["notes"] if each != note)]
                if other["right"] > note["left"] and other["top"] < note["bottom"] and other["bottom"] > note["top"]
            ]
            assert over == []


def test_the_keyboard_and_screen_readers_meet_each_note_once(
    servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    with reading(visitor, servers, DRAIN, 1440) as page:
        page.locator(".sidenote a").first.wait_for()
        assert page.locator(".sidenotes").get_attribute("aria-hidden") == "true"
        assert set(page.locator(".sidenote a").evaluate_all("(all) => all.map((each) => each.tabIndex)")) == {-1}
        mark = page.locator("a.footnote-ref").first
        mark.focus()
        page.keyboard.press("Enter")
        note = page.get_by_role("note")
        assert note.is_visible()
        assert mark.get_attribute("aria-expanded") == "true"
        note.get_by_role("link").first.focus()
        page.keyboard.press("Escape")
        assert note.count() == 0
        assert mark.evaluate("(mark) => mark === document.activeElement")


@pytest.mark.parametrize("width", [390, 768, 1100])
def test_a_note_opens_in_place_and_closes(width: int, servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    with reading(visitor, servers, Place("stress", "article: every feature"), width, has_touch=True) as page:
        assert page.locator(".sidenote").count() == 0
        mark = page.locator("a.footnote-ref").first
        mark.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        mark.tap()
        note = page.get_by_role("note", name="Note 1")
        wanted = " ".join(page.locator("[id='fn:manual']").inner_text().replace("↩", "").split())
        assert " ".join(note.inner_text().split()) == wanted
        assert page.evaluate("scrollY") == before
        assert "#fn" not in page.url
        at, opened = mark.bounding_box(), note.bounding_box()
        assert at is not None
        assert opened is not None
        assert 0 <= opened["y"] - at["y"] < 60
        mark.tap()
        assert note.count() == 0


def test_a_repeated_source_opens_where_it_is_cited_again(servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    with reading(visitor, servers, DRAIN, 1440) as page:
        page.locator(".sidenote").first.wait_for()
        marks = page.locator("a.footnote-ref")
        numbers = marks.all_inner_texts()
        again = next(at for at, number in enumerate(numbers) if number in numbers[:at])
        marks.nth(again).click()
        assert page.get_by_role("note", name=f"Note {numbers[again]}").is_visible()


def test_paper_has_the_list_alone(servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    with reading(visitor, servers, Place("stress", "article: every feature"), 1440) as page:
        page.locator(".sidenote").first.wait_for()
        page.locator("a.footnote-ref").nth(1).press("Enter")
        page.emulate_media(media="print")
        assert not page.locator(".sidenote").first.is_visible()
        assert not page.locator(".footnote-opened").is_visible()
        assert page.locator("[id='fn:manual']").is_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_without_a_script_a_footnote_leads_there_and_back(width: int, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, FEATURES, width=width, java_script_enabled=False) as page:
        page.locator("a.footnote-ref").first.click()
        assert page.url.endswith("#fn:manual")
        page.locator("a.footnote-backref[href='#fnref:manual']").click()
        assert page.url.endswith("#fnref:manual")
