"""Light and dark: the system's choice is followed, a reader's own is kept, and neither flashes."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from browser.stress import FEATURES, PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]

# The theme when <body> appears, before anything can have been drawn, and the ground at the first drawing.
_WATCH = """
new MutationObserver((_, observer) => {
  if (!document.body) return;
  window.themeAtFirst = document.documentElement.dataset.theme ?? "none";
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((_, observer) => {
  window.paperAtFirst = getComputedStyle(document.documentElement).backgroundColor;
  observer.disconnect();
}).observe({ type: "paint", buffered: true });
"""

SAME_PAPER = "() => window.paperAtFirst === getComputedStyle(document.documentElement).backgroundColor"

_FORBID = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
"""


def brightness(page: Page) -> float:
    """How light the page's ground is, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3


def toggle(page: Page) -> None:
    """Press the button that changes the theme."""
    page.get_by_role("button", name="Dark theme").click()


def test_the_systems_theme_is_followed_as_it_changes(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", "light") as page:
        assert brightness(page) > 220
        page.emulate_media(color_scheme="dark")
        assert brightness(page) < 40
        assert page.get_by_role("button", name="Dark theme", pressed=True).is_visible()
        page.emulate_media(color_scheme="light")
        assert brightness(page) > 220


def test_a_chosen_theme_is_kept_from_page_to_page_and_does_not_flash(stress: PagesServer, visitor: Visitor) -> None:
    for system, chosen in (("light", "dark"), ("dark", "light")):
        with visitor.window("dark" if system == "dark" else "light") as page:
            page.add_init_script(_WATCH)
            page.goto(stress.url(""))
            toggle(page)
            dark = chosen == "dark"
            assert (brightness(page) < 40) is dark
            assert page.get_by_role("button", name="Dark theme", pressed=dark).is_visible()
            for address in (ARTICLE, "tags/", "no/such/page"):
                page.goto(stress.url(address))
                assert page.evaluate("window.themeAtFirst") == chosen
                page.wait_for_function(SAME_PAPER)
                assert (brightness(page) < 40) is dark
                assert page.get_by_role("button", name="Dark theme", pressed=dark).is_visible()


def test_without_a_choice_the_first_drawing_has_the_systems_theme(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window("dark") as page:
        page.add_init_script(_WATCH)
        page.goto(stress.url(ARTICLE))
        page.wait_for_function(SAME_PAPER)
        assert brightness(page) < 40


def test_the_browsers_own_colour_follows_a_chosen_theme(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", "light") as page:
        toggle(page)
        colours = page.locator("meta[name='theme-color']").evaluate_all("(all) => all.map((each) => each.content)")
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        numbers = [int(part) for part in re.findall(r"\d+", paper)]
        assert set(colours) == {"#" + "".join(f"{number:02x}" for number in numbers)}


def test_the_toggle_works_where_nothing_may_be_stored(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window("light") as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(_FORBID)
        page.goto(stress.url(ARTICLE))
        toggle(page)
        assert brightness(page) < 40
        assert errors == []


def test_diagrams_take_the_themes_colours(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, "light") as page:
        text = page.locator("svg[role=img] text").first
        shade = "(text) => getComputedStyle(text).fill"
        before = text.evaluate(shade)
        toggle(page)
        assert text.evaluate(shade) != before
        assert FEATURES in page.url


def test_a_choice_for_the_systems_own_theme_follows_the_system_again(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", "light") as page:
        toggle(page)
        toggle(page)
        assert brightness(page) > 220
        page.goto(stress.url(ARTICLE))
        page.emulate_media(color_scheme="dark")
        assert brightness(page) < 40
