"""What is wider than the window: figures that open, code that wraps, edges that show there is more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from browser.places import Place
from browser.stress import PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

FEATURES = PAGES["article: every feature"]
DRAIN = Place("real", "article how-databases-and-servers-shut-down")


def test_a_figure_is_seen_whole_on_a_telephone_and_read_when_it_is_pressed(
    servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = DRAIN.on(servers)
    with visitor.open(server, address, width=390, has_touch=True, reduced_motion="reduce") as page:
        page.locator(".enlarge").first.wait_for()
        cut = "(all) => all.filter((box) => box.scrollWidth > box.clientWidth + 1).length"
        assert page.locator(".figure-scroll").count() > 3
        assert page.locator(".figure-scroll").evaluate_all(cut) == 0
        figure = page.locator(".figure.diagram").first
        drawing = figure.locator("svg").first
        name = drawing.get_attribute("aria-labelledby")
        drawing.scroll_into_view_if_needed()
        drawing.tap()
        dialog = page.get_by_role("dialog", name="Figure")
        dialog.wait_for()
        opened = dialog.locator(f"svg[aria-labelledby='{name}']").bounding_box()
        assert opened is not None
        assert opened["width"] >= float(page.locator(f"svg[aria-labelledby='{name}']").get_attribute("width") or "nan")
        assert page.locator(f"[id='{name}']").count() == 1, "ids stay their own"
        page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        assert figure.locator(f"svg[aria-labelledby='{name}']").is_visible()
        assert figure.get_by_role("button").evaluate("(button) => button === document.activeElement")


def test_a_figure_is_enlarged_by_keyboard_and_closed_beside_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, FEATURES, reduced_motion="reduce") as page:
        page.get_by_role("button", name="Enlarge figure").first.press("Enter")
        dialog = page.get_by_role("dialog", name="Figure")
        dialog.get_by_role("button", name="Close").click()
        dialog.wait_for(state="detached")


def test_without_a_script_a_drawing_scrolls_at_a_size_that_can_be_read(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, FEATURES, width=390, java_script_enabled=False) as page:
        drawing = page.locator(".diagram:not(.chart) svg").first.bounding_box()
        assert drawing is not None
        assert drawing["width"] >= 540


def test_long_lines_wrap_on_all_blocks_and_on_the_next_page(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, FEATURES, width=390, reduced_motion="reduce") as page:
        block = page.locator(".highlight", has_text="too_wide.py")
        pre = block.locator("pre")
        over = "(pre) => pre.scrollWidth - pre.clientWidth"
        assert pre.evaluate(over) > 100
        button = block.get_by_role("button", name="Wrap long lines")
        button.click()
        assert pre.evaluate(over) <= 0
        assert button.get_attribute("aria-pressed") == "true"
        assert page.locator("main pre").evaluate_all(f"(all) => Math.max(...all.map({over}))") <= 0
        page.reload()
        page.wait_for_function("document.documentElement.hasAttribute('data-wrap')")
        assert pre.evaluate(over) <= 0


def test_a_block_without_long_lines_offers_no_switch(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, FEATURES) as page:
        page.locator(".wrap").first.wait_for()
        short = page.locator(".highlight", has_text="redis.conf")
        assert short.get_by_role("button", name="Copy").count() == 1
        assert short.locator(".wrap").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("selector", [".highlight:has-text('too_wide.py') pre", ".table-scroll >> nth=0"])
def test_an_edge_behind_which_there_is_more_is_darker(
    selector: str, stress: PagesServer, visitor: Visitor, *, scripts: bool
) -> None:
    with visitor.open(stress, FEATURES, width=320, java_script_enabled=scripts) as page:
        box = page.locator(selector)
        images = box.evaluate("(box) => getComputedStyle(box).backgroundImage.split('linear-gradient').length - 1")
        fixed = box.evaluate("(box) => getComputedStyle(box).backgroundAttachment")
        assert images == 4
        assert fixed == "local, local, scroll, scroll"


def test_column_heads_begin_alike_and_numbers_are_to_the_right(
    servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = Place("real", "article how-redis-deletes-expired-keys").on(servers)
    with visitor.open(server, address) as page:
        heads = page.locator(".table-scroll th.words")
        first = "(all) => [...new Set(all.map((each) => getComputedStyle(each, '::first-letter').textTransform))]"
        assert heads.count() > 5
        assert heads.evaluate_all(first) == ["uppercase"]
        numbers = page.locator(".table-scroll td.align-right")
        assert numbers.count() > 5
        assert numbers.evaluate_all("(all) => [...new Set(all.map((each) => getComputedStyle(each).textAlign))]") == [
            "end"
        ]
