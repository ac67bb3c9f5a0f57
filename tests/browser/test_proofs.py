"""A claim's mark opens what verifies it, in place: by mouse and keyboard, and without a script as a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route

from browser.places import Place
from browser.stress import PAGES
from browser.stress_text import NOT_ON_14, REFUSAL
from browser.visits import THEMES, WIDTHS, Theme, Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]
LAB = PAGES["lab"]
PAUSE = "The longest pause stays below 100 ms"


def mark(page: Page, text: str = PAUSE) -> Locator:
    """The first mark of the claim that says *text*."""
    return page.get_by_role("link", name=f"Verified by a test: {text}").first


def panel(page: Page) -> Locator:
    """What a mark opens."""
    return page.get_by_role("dialog", name="Verified by a test")


def has_focus(element: Locator) -> bool:
    """Whether *element* has the focus, or something in it."""
    return bool(element.evaluate("(element) => element.contains(document.activeElement)"))


def test_a_mark_that_is_pressed_twice_while_its_page_loads_opens_one_panel(
    stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        mark(page).dblclick()
        page.wait_for_load_state("networkidle")
        assert page.locator(".proof-panel").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mark_opens_the_test_its_code_its_values_its_versions_and_its_counter_experiments(
    width: int, stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, ARTICLE, width=width, reduced_motion="reduce") as page:
        assert mark(page).get_attribute("aria-expanded") == "false"
        mark(page).click()
        panel(page).wait_for()
        assert mark(page).get_attribute("aria-expanded") == "true"
        assert page.url.endswith(ARTICLE), "the reader stays"
        said = " ".join(panel(page).inner_text().split())
        for part in (
            PAUSE,
            "And it fails, as it should, when drain is off and clients <b>do not</b> wait assert longest < 100",
            "or when the table has no index",
            "13.2 ms longest pause of a client, one a run (median of 5 runs, 11.8–98.7 ms, worst 98.7 ms)",
            "Seen on PostgreSQL 15.18, 16.10, 17.6, 18.0",
            f"Not on PostgreSQL 14.19 {NOT_ON_14}",
        ):
            assert part in said
        panel(page).locator("summary").click()
        assert panel(page).get_by_text("def test_the_pause_stays_short").is_visible()
        page.wait_for_function(
            "() => document.querySelector('.proof-panel').getBoundingClientRect().bottom < innerHeight + 1"
        )
        box = panel(page).bounding_box()
        assert box is not None
        assert box["x"] >= -1
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 901
        over = page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        assert over <= 0


def test_nothing_else_moves_and_the_panel_is_below_the_paragraph(stress: PagesServer, visitor: Visitor) -> None:
    places = """() => [...document.querySelectorAll("main article > :not(.proof-panel)")]
      .map((each) => each.getBoundingClientRect())
      .map((box) => [box.x, box.y + scrollY, box.width, box.height].map(Math.round).join())"""
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        before = page.evaluate(places)
        mark(page).click()
        panel(page).wait_for()
        assert page.evaluate(places) == before
        paragraph = mark(page).locator("xpath=..").bounding_box()
        box = panel(page).bounding_box()
        assert paragraph is not None
        assert box is not None
        assert 0 <= box["y"] - (paragraph["y"] + paragraph["height"]) <= 12


def test_one_is_open_at_a_time_and_a_second_press_closes_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        mark(page).click()
        panel(page).wait_for()
        refused = mark(page, "A row without its parent")
        refused.scroll_into_view_if_needed()
        refused.evaluate("(mark) => mark.click()")
        panel(page).get_by_text("the message names the constraint").first.wait_for()
        assert panel(page).count() == 1
        assert page.locator("a.claim[aria-expanded=true]").count() == 1
        refused.evaluate("(mark) => mark.click()")
        panel(page).wait_for(state="detached")
        assert page.locator("a.claim[aria-expanded=true]").count() == 0
        assert has_focus(refused)


def test_it_works_by_keyboard_alone(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        mark(page).focus()
        page.keyboard.press("Enter")
        panel(page).wait_for()
        assert has_focus(panel(page))
        page.keyboard.press("Tab")
        assert has_focus(panel(page).get_by_role("button", name="Close"))
        page.keyboard.press("Escape")
        panel(page).wait_for(state="detached")
        assert has_focus(mark(page))
        assert mark(page).get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        panel(page).wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        panel(page).wait_for(state="detached")
        assert has_focus(mark(page)), "the button gives the focus back"


def test_the_keyboard_goes_on_behind_the_panel_which_closes(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        mark(page).focus()
        page.keyboard.press("Enter")
        panel(page).wait_for()
        panel(page).get_by_role("link", name="See it in the lab").focus()
        page.keyboard.press("Tab")
        panel(page).wait_for(state="detached")
        assert page.evaluate("document.activeElement.closest('p').textContent").startswith("A child without its parent")


def test_a_press_elsewhere_closes_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        mark(page).click()
        panel(page).wait_for()
        panel(page).get_by_text(PAUSE).click()
        assert panel(page).count() == 1
        page.mouse.click(5, 450)
        panel(page).wait_for(state="detached")


def test_its_links_lead_to_the_lab(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        mark(page).click()
        panel(page).wait_for()
        lab = stress.url(LAB)
        addresses = panel(page).locator("a").evaluate_all("(links) => links.map((link) => link.href)")
        assert f"{lab}#number-pause" in addresses
        assert f"{lab}#test-the-pause-stays-short" in addresses
        assert all(address.startswith((lab, stress.url(ARTICLE))) for address in addresses)
        assert panel(page).locator("[id]").evaluate_all("(all) => all.map((each) => each.id)") == ["page--proof"]
        panel(page).get_by_role("link", name="See it in the lab").click()
        page.wait_for_url("**/lab/#test-the-pause-stays-short")


def test_its_code_is_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=["clipboard-read", "clipboard-write"]) as page:
        mark(page).click()
        panel(page).locator("summary").click()
        panel(page).get_by_role("button", name="Copy code").click()
        page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("@pytest.mark.fails_when(")
        assert copied.endswith("assert longest < 100")


@pytest.mark.parametrize("failure", ["abort", "404", "another page"])
def test_where_the_lab_cannot_be_had_the_link_is_followed(failure: str, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:

        def answer(route: Route) -> None:
            if route.request.resource_type == "document":
                route.continue_()
            elif failure == "abort":
                route.abort()
            else:
                route.fulfill(status=404 if failure == "404" else 200, body="<p>Nothing.</p>", content_type="text/html")

        page.route("**/lab/", answer)
        mark(page).click()
        page.wait_for_url("**/lab/#test-the-pause-stays-short")


def test_the_page_of_the_lab_is_fetched_once_and_when_it_is_wanted(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for _ in range(2):
            mark(page).evaluate("(mark) => mark.click()")
            panel(page).wait_for()
            page.keyboard.press("Escape")
        assert asked.count(stress.url(LAB)) == 1


def test_with_a_key_held_the_browser_does_what_it_does_with_links(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page, page.context.expect_page() as opened:
        mark(page).click(modifiers=["Control"])
        assert panel(page).count() == 0
        opened.value.wait_for_url("**/lab/#test-the-pause-stays-short")


def test_a_mark_is_large_enough_to_be_tapped_and_can_be_seen(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, width=390, has_touch=True) as page:
        box = mark(page).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 8
        area = mark(page).evaluate("(mark) => getComputedStyle(mark, '::after').width")
        assert float(area.removesuffix("px")) >= 24
        mark(page).tap()
        panel(page).wait_for()


def test_a_measured_value_leads_to_its_row(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        page.get_by_role("link", name="11.8–98.7 ms").click()
        page.wait_for_url("**/lab/#number-pause")
        row = page.locator("#number-pause")
        assert row.is_visible(), "its fold is opened"
        assert "longest pause of a client" in row.inner_text()


def test_a_message_is_code_and_can_be_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=["clipboard-read", "clipboard-write"]) as page:
        message = page.locator(".message", has_text="ERROR 1452").first
        assert "Mono" in message.locator("code").evaluate("(code) => getComputedStyle(code).fontFamily")
        message.get_by_role("button", name="Copy ERROR 1452").click()
        page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == REFUSAL


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_the_panel(theme: Theme, width: int, stress: PagesServer, visitor: Visitor) -> None:
    def open_panel(page: Page) -> None:
        mark(page).click()
        panel(page).locator("summary").click()

    server, address = Place("stress", "article: every feature").on({"stress": stress})
    assert visitor.axe_after(server, address, theme, width, open_panel) == []
