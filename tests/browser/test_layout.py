"""Nothing makes the page scroll sideways, and what scrolls in a box of its own can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from browser.places import EVERY, Place
from browser.visits import WIDTHS, ZOOMED, ZOOMED_FROM, Visitor
from tools.pages import PagesServer

ALL_WIDTHS = (*WIDTHS, *ZOOMED)


def layout(visitor: Visitor, server: PagesServer, page: str, width: int) -> dict[str, Any]:
    """The layout of *page* in a window of *width*, or zoomed in until that much is left."""
    if width in ZOOMED:
        return visitor.look(server, page, "light", ZOOMED_FROM).zoomed[width]
    return visitor.look(server, page, "light", width).layout


@pytest.mark.parametrize("place", EVERY, ids=str)
def test_the_page_never_scrolls_sideways(place: Place, servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    found = {width: layout(visitor, *place.on(servers), width) for width in ALL_WIDTHS}
    assert {width: each["wide"] for width, each in found.items() if each["wide"]} == {}, "these stick out of the window"
    assert {width: each["over"] for width, each in found.items() if each["over"] > 0} == {}
    # Cutting off what is too wide would pass the checks above.
    assert {tuple(each["hides"]) for each in found.values()} == {("visible", "visible")}


@pytest.mark.parametrize("place", EVERY, ids=str)
def test_a_box_that_scrolls_is_reached_with_the_keyboard_and_has_a_name(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    found = {width: layout(visitor, *place.on(servers), width)["unreachable"] for width in ALL_WIDTHS}
    assert {width: each for width, each in found.items() if each} == {}


def test_code_and_tables_scroll_in_boxes_of_their_own(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window(width=390) as page:
        page.goto(stress.url(Place("stress", "article: every feature").on({"stress": stress})[1]))
        for selector in ("pre", ".table-scroll"):
            scrolled = page.locator(f"main {selector}").evaluate_all(
                "boxes => boxes.filter((box) => { box.scrollLeft = 50; return box.scrollLeft > 0; }).length"
            )
            assert scrolled, f"no {selector} scrolls"


CUT = """() => [...document.querySelectorAll('main .figure svg')].flatMap((drawing) => {
  const { x, width } = drawing.viewBox.baseVal;
  return [...drawing.querySelectorAll('text')].filter((text) => {
    const box = text.getBBox();
    return box.width && (box.x < x || box.x + box.width > x + width);
  }).map((text) => text.textContent);
})"""
"""The texts of drawings that stick out of their drawing, where they are not shown."""


@pytest.mark.parametrize("place", [place for place in EVERY if "article" in str(place)], ids=str)
def test_no_text_of_a_drawing_is_cut_at_its_sides(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = place.on(servers)
    with visitor.window() as page:
        page.goto(server.url(address))
        assert page.evaluate(CUT) == []
