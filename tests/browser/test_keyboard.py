"""Everything works by keyboard alone, in an order that follows the page, with the focus always in sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from engblog.lab.process import wait_until
from playwright.sync_api import Page
from support.patience import PATIENCE

from browser.places import Place
from browser.stress import PAGES
from browser.visits import Theme, Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]
MOST_STOPS = 400

# What has the focus, and how a reader can tell.
_STOP = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const rings = [];
  const look = (each, pseudo) => {
    const style = getComputedStyle(each, pseudo);
    if (pseudo && style.content === "none") return;
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) rings.push(style.outlineColor);
  };
  for (const pseudo of [null, "::before", "::after"]) look(element, pseudo);
  // A radio button of a set of tabs is drawn by its set.
  const tab = element.matches("input[type=radio]");
  for (const each of tab ? element.parentElement.children : []) look(each, null);
  // A field that is a line to write on has a line twice as thick.
  const line = getComputedStyle(element.parentElement);
  const thick = line.boxShadow === `${line.borderBottomColor} 0px 2px 0px 0px` && line.borderBottomWidth === "2px";
  if (element.matches("input[type=text]") && thick) rings.push(line.borderBottomColor);
  const behind = (each) => {
    for (; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const box = [...element.getClientRects()].find((each) => each.width && each.height);
  const shown = tab ? element.parentElement.getBoundingClientRect() : box;
  let covered = false;
  if (box && !tab) {
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
    covered = !!hit && !element.contains(hit) && !hit.contains(element);
  }
  const label = element.getAttribute("aria-label") ?? element.textContent;
  return {
    name: `${element.tagName.toLowerCase()}.${element.className} “${label.trim().slice(0, 40)}”`,
    ring: rings[0] ?? null,
    paper: behind(element.parentElement),
    inSight: !!shown && shown.bottom > 0 && shown.top < innerHeight && shown.right > 0 && shown.left < innerWidth,
    covered,
    order: [...document.querySelectorAll("*")].indexOf(element),
  };
}
"""

_REACHABLE = """
() => [...document.querySelectorAll(
  "a[href], button, summary, select, [tabindex='0'], input:not([type=radio]), input:checked",
)].filter(
  (each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && !each.closest(".skip")
    && !each.matches(":is([data-contents], .sidenotes) a[tabindex='-1']"), // reached by arrows; a copy for eyes alone
).length
"""

_COMPLETE = """
() => !document.querySelector("div.highlight:not(:has(.copy)), main .message:not(:has(.message__copy)), "
  + "[data-contents]:not(:has([tabindex])), a.footnote-ref:not([aria-expanded]), .prose .figure:not(.zooms)")
"""

_CONTRAST = """
([one, other]) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}
"""


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Press Tab until the focus leaves the page; what has it, each time."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            return
        yield stop
    pytest.fail(f"more than {MOST_STOPS} stops, or a trap")


@pytest.mark.parametrize(
    ("place", "theme", "width"),
    [
        (Place("stress", "home"), "light", 1440),
        (Place("stress", "home, page 2"), "dark", 390),
        (Place("stress", "article: every feature"), "light", 1440),
        (Place("stress", "article: every feature"), "dark", 390),
        (Place("stress", "lab"), "dark", 1440),
        (Place("stress", "tags"), "light", 768),
        (Place("stress", "archive"), "dark", 768),
        (Place("stress", "authors"), "light", 390),
        (Place("stress", "404"), "dark", 1440),
        (Place("real", "home"), "light", 1440),
        (Place("real", "search"), "light", 390),
    ],
    ids=str,
)
def test_the_focus_goes_through_the_page_in_its_order_and_is_always_in_sight(
    place: Place, theme: Theme, width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = place.on(servers)
    with visitor.open(server, address, theme, width, reduced_motion="reduce") as page:
        assert page.locator("[tabindex]").evaluate_all("(all) => all.filter((each) => each.tabIndex > 0).length") == 0
        if place.name == "search":
            # Its field loads where to start from. Afterwards Tab begins at the top again.
            page.locator("#search--field").focus()
            page.wait_for_selector(".search__start .tag")
            page.locator("html").evaluate(
                "(root) => { root.tabIndex = -1; root.focus(); root.removeAttribute('tabindex'); }"
            )
        wait_until(lambda: bool(page.evaluate(_COMPLETE)), seconds=PATIENCE, what="the buttons that scripts add")
        reachable = page.evaluate(_REACHABLE)
        seen = list(stops(page))
        wrong = [f"{stop['name']}: no ring" for stop in seen if not stop["ring"]]
        wrong += [f"{stop['name']}: out of sight" for stop in seen if not stop["inSight"]]
        wrong += [f"{stop['name']}: covered" for stop in seen if stop["covered"]]
        for ring, paper in {(stop["ring"], stop["paper"]) for stop in seen if stop["ring"]}:
            contrast = page.evaluate(_CONTRAST, [ring, paper])
            if contrast < 3:
                wrong.append(f"a ring of {ring} on {paper} has a contrast of {contrast:.2f}")
        assert wrong == []
        orders = [stop["order"] for stop in seen]
        assert orders == sorted(orders), "the order of Tab is not the page's"
        assert "Skip to content" in seen[0]["name"]
        assert len(seen) == reachable + 1, "Tab does not reach all that can be pressed"


def test_the_skip_link_leads_past_the_header(stress: PagesServer, visitor: Visitor) -> None:
    for address in ("", ARTICLE, "no/such/page"):
        with visitor.open(stress, address, reduced_motion="reduce") as page:
            page.keyboard.press("Tab")
            skip = page.get_by_role("link", name="Skip to content")
            assert skip.evaluate("(link) => link === document.activeElement && link.getBoundingClientRect().width > 50")
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            inside = "document.querySelector('main').contains(document.activeElement)"
            assert page.evaluate(inside), "the stop after the skip link is not in the main part"


@pytest.mark.parametrize("width", [390, 1440])
def test_the_menu_opens_and_closes(width: int, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, width=width, reduced_motion="reduce") as page:
        menu = page.locator(".masthead details")
        summary = menu.locator("summary")
        link = menu.get_by_role("link", name="Archive")
        for key in ("Enter", "Space"):
            summary.focus()
            page.keyboard.press(key)
            assert link.is_visible()
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('details') !== null")
            page.keyboard.press("Escape")
            assert not link.is_visible()
            assert summary.evaluate("(summary) => summary === document.activeElement")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        assert not link.is_visible()
        page.keyboard.press("Enter")
        link.focus()
        with page.expect_navigation(url="**/archive/"):
            page.keyboard.press("Enter")


def test_the_menu_closes_when_the_focus_or_a_press_goes_elsewhere(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", width=1440, reduced_motion="reduce") as page:
        menu = page.locator(".masthead details")
        menu.locator("summary").click()
        link = menu.get_by_role("link").last
        link.focus()
        page.keyboard.press("Tab")
        assert not link.is_visible()
        menu.locator("summary").click()
        assert link.is_visible()
        page.mouse.click(20, 890)
        assert not link.is_visible()


def test_the_theme_changes(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "") as page:
        button = page.get_by_role("button", name="Dark theme")
        for key, pressed in (("Enter", "true"), ("Space", "false")):
            button.focus()
            page.keyboard.press(key)
            assert button.get_attribute("aria-pressed") == pressed


def test_tabs_change_and_sets_with_the_same_names_change_together(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        first, second, third = (page.locator(".tabbed-set").nth(index) for index in range(3))
        assert first.get_by_text("signal.Notify").is_visible()
        first.get_by_role("radio").first.focus()
        page.keyboard.press("ArrowRight")
        assert first.get_by_text("process.on").is_visible()
        assert not first.get_by_text("signal.Notify").is_visible()
        assert second.get_by_text("Node waits for").is_visible()
        assert third.get_by_text("First.").is_visible()
        page.keyboard.press("ArrowLeft")
        assert second.get_by_text("Go waits for").is_visible()


def test_every_one_of_many_tabs_can_be_shown(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        seven = page.locator(".tabbed-set").nth(2)
        seven.get_by_role("radio").first.focus()
        for text in ("Second.", "Third.", "Fourth.", "Fifth.", "Sixth.", "Seventh."):
            page.keyboard.press("ArrowRight")
            assert seven.get_by_text(text, exact=True).is_visible(), text


def test_remarks_fold_and_unfold(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        remark = page.locator("details", has_text="What was folded.")
        remark.locator("summary").focus()
        page.keyboard.press("Enter")
        assert remark.get_by_text("What was folded.").is_visible()
        page.keyboard.press("Space")
        assert not remark.get_by_text("What was folded.").is_visible()


def test_code_is_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.get_by_role("button", name="Copy redis.conf").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == "- hz 10\n+ hz 100\n  maxmemory 100mb"


def test_a_row_is_opened_from_the_keyboard(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "") as page:
        page.locator("main ol.rows > li").first.get_by_role("heading").get_by_role("link").focus()
        ring = page.evaluate(_STOP)["ring"]
        assert ring, "the focused row shows no ring"
        with page.expect_navigation(url="**/articles/**"):
            page.keyboard.press("Enter")


def test_a_wide_block_of_code_is_scrolled_with_the_arrow_keys(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, width=390, reduced_motion="reduce") as page:
        block = page.locator(".highlight", has_text="too_wide.py").locator("pre")
        block.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")
