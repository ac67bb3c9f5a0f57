"""Finding one's way in a long article: the bar on scrolling up, links of sections, contents of one stop, keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.stress import PAGES
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]
CLIPBOARD = ["clipboard-read", "clipboard-write"]


DRAWN = """async () => {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await drawn(); // the event of a scroll comes with the next picture
}"""


def scroll(page: Page, by: int) -> None:
    """Scroll with the wheel."""
    wanted = page.evaluate("scrollY") + by
    if by:
        page.mouse.move(195, 400)
        page.mouse.wheel(0, by)
        page.wait_for_function("(wanted) => Math.abs(scrollY - wanted) < 2", arg=wanted)
    page.evaluate(DRAWN)


def test_no_bar_comes_over_the_heading_that_a_link_led_to(stress: PagesServer, visitor: Visitor) -> None:
    """What loads late moves the page a little."""
    with visitor.open(stress, f"{ARTICLE}#sources", width=390, reduced_motion="reduce") as page:
        bar = page.locator(".bar")
        bar.wait_for(state="attached")
        for by in (-20, -20):
            page.evaluate("(top) => scrollBy({ top, behavior: 'instant' })", by)
            page.evaluate(DRAWN)
        expect(bar).to_be_hidden()
        scroll(page, -40)
        expect(bar).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_bar_comes_on_scrolling_up_and_says_where_the_reader_is(
    width: int, stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, ARTICLE, width=width, reduced_motion="reduce") as page:
        bar = page.locator(".bar")
        bar.wait_for(state="attached")
        page.locator("#remarks").evaluate("(heading) => heading.scrollIntoView()")
        scroll(page, 0)
        scroll(page, 200)
        expect(bar).to_be_hidden()
        scroll(page, -40)
        expect(bar).to_be_visible()
        expect(bar.locator(".bar__name")).to_have_text("Remarks")
        far = int(bar.locator(".bar__far").inner_text().removesuffix("%"))
        assert 1 < far < 99
        box = bar.bounding_box()
        assert box is not None
        assert (box["y"], box["height"] < 50) == (0, True)
        scroll(page, 60)
        expect(bar).to_be_hidden()
        scroll(page, -40)
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        expect(bar).to_be_hidden()


def test_the_bar_has_contents_and_search(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, width=390, reduced_motion="reduce") as page:
        page.locator(".bar").wait_for(state="attached")
        page.locator("#sources").evaluate("(heading) => heading.scrollIntoView()")
        scroll(page, 0)
        scroll(page, -40)
        bar = page.locator(".bar")
        opener = bar.locator(".bar__section")
        opener.click()
        bar.get_by_role("link", name="Remarks").click()
        assert page.url.endswith("#remarks")
        expect(bar.get_by_role("navigation")).to_be_hidden()
        heading = page.locator("#remarks").bounding_box()
        assert heading is not None
        assert heading["y"] >= 40, "the bar covers the heading"
        scroll(page, -40)
        opener.click()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        bar.get_by_role("button", name="Search").click()
        page.get_by_role("dialog").wait_for()


def test_what_the_bar_hides_takes_no_stop(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        page.locator(".bar").wait_for(state="attached")
        assert not page.locator(".bar").is_visible()


def test_the_contents_are_one_stop_and_arrows_go_on(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        contents = page.locator("nav[data-contents]")
        page.locator("nav[data-contents] a[tabindex='0']").wait_for()
        assert contents.locator("a").count() > 8
        assert contents.locator("a[tabindex='0']").count() == 1
        contents.locator("a[tabindex='0']").focus()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.hash") == contents.locator("a").nth(1).get_attribute("href")
        page.keyboard.press("End")
        assert page.evaluate("document.activeElement.hash") == contents.locator("a").last.get_attribute("href")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.hash") == contents.locator("a").first.get_attribute("href")
        page.keyboard.press("Tab")
        assert not page.evaluate("document.querySelector('nav[data-contents]').contains(document.activeElement)")


@pytest.mark.parametrize("touch", [False, True])
def test_the_link_of_a_section_copies_itself(stress: PagesServer, visitor: Visitor, *, touch: bool) -> None:
    with visitor.open(
        stress,
        ARTICLE,
        width=390 if touch else 1440,
        permissions=CLIPBOARD,
        reduced_motion="reduce",
        has_touch=touch,
        is_mobile=touch,
    ) as page:
        page.wait_for_load_state("networkidle")
        page.evaluate("navigator.clipboard.writeText('nothing yet')")
        link = page.locator("#remarks .headerlink")
        if touch:
            assert link.evaluate("(link) => getComputedStyle(link).opacity") == "1"
            link.tap()
        else:
            page.locator("#remarks").hover()
            link.click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()) !== 'nothing yet'")
        assert page.evaluate("navigator.clipboard.readText()") == stress.url(f"{ARTICLE}#remarks")
        assert page.url.endswith("#remarks")
        page.get_by_role("status").filter(has_text="Link copied").wait_for(state="attached")


def test_j_and_k_go_from_section_to_section(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        headings = page.locator("main .prose > :is(h2, h3)[id]").evaluate_all("(all) => all.map((each) => each.id)")
        for wanted in headings[:3]:
            page.keyboard.press("j")
            page.wait_for_function("(id) => document.activeElement.id === id", arg=wanted)
        page.keyboard.press("k")
        page.wait_for_function("(id) => document.activeElement.id === id", arg=headings[1])


def test_j_and_k_go_from_article_to_article(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "", reduced_motion="reduce") as page:
        page.keyboard.press("j")
        page.wait_for_function("() => document.activeElement.matches('main a.stretched')")
        first = page.evaluate("document.activeElement.href")
        page.keyboard.press("j")
        page.wait_for_function("(href) => document.activeElement.href !== href", arg=first)
        page.keyboard.press("k")
        page.wait_for_function("(href) => document.activeElement.href === href", arg=first)


def test_a_question_mark_lists_the_keys(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keys")
        keys.wait_for()
        assert keys.locator("kbd").all_inner_texts() == ["j", "k", "/", "?", "Esc"]
        page.keyboard.press("Escape")
        keys.wait_for(state="detached")


def test_who_types_is_left_alone(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "search/") as page:
        field = page.locator("#search--field")
        field.wait_for()
        field.focus()
        page.keyboard.type("jk?")
        assert field.input_value() == "jk?"
        assert page.get_by_role("dialog", name="Keys").count() == 0
