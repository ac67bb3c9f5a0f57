"""Nothing makes the page scroll sideways, and what scrolls in a box of its own can be reached."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.places import EVERY, Place
from browser.visits import WIDTHS, Visitor
from tools.pages import PagesServer

# The widths of the design; 320 CSS pixels is 1280 at 400 % (WCAG 1.4.10), and 720 at two device pixels 1440 at 200 %.
SIZES = [*((width, 1.0) for width in WIDTHS), (320, 1.0), (720, 2.0)]


@pytest.mark.parametrize(("width", "scale"), SIZES)
@pytest.mark.parametrize("place", EVERY, ids=str)
def test_the_page_never_scrolls_sideways(
    place: Place, width: int, scale: float, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    layout = visitor.look(*place.on(servers), "light", width, scale).layout
    assert layout["wide"] == [], "these stick out of the window"
    assert layout["over"] <= 0
    # Cutting off what is too wide would pass the checks above.
    assert layout["hides"] == ["visible", "visible"]


@pytest.mark.parametrize("width", [320, *WIDTHS])
@pytest.mark.parametrize("place", EVERY, ids=str)
def test_a_box_that_scrolls_is_reached_with_the_keyboard_and_has_a_name(
    place: Place, width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    assert visitor.look(*place.on(servers), "light", width).layout["unreachable"] == []


def test_code_tables_and_diagrams_scroll_in_boxes_of_their_own(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window(width=390) as page:
        page.goto(stress.url(Place("stress", "article: every feature").on({"stress": stress})[1]))
        for selector in ("pre", ".table-scroll", ".figure-scroll"):
            scrolled = page.locator(f"main {selector}").evaluate_all(
                "boxes => boxes.filter((box) => { box.scrollLeft = 50; return box.scrollLeft > 0; }).length"
            )
            assert scrolled, f"no {selector} scrolls"
