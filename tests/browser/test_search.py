"""The search as a reader meets it: the dialog over any page, the page at search/, and the pages that results open.

The site is mostly the stress site under a sub-path; both it and the real one are searched as they were built.
"""

from __future__ import annotations

import json
import re
import string
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from engblog.lab.process import wait_until
from playwright.sync_api import Locator, Page, expect
from support.patience import PATIENCE

from browser.stress import PAGES, ROOT
from browser.stress_text import HOSTILE_TAG, HOSTILE_TITLE, TITLE_OF_140
from browser.visits import _AXE, _AXE_TAGS, _RUN_AXE, _WATCH, MEASURE, THEMES, WIDTHS, Theme, Visitor
from tools.pages import BuiltSite, PagesServer

VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
FEATURES = PAGES["article: every feature"]
BASE = "search/base.json"
ENGINE = "search/engine.mjs"
WORKER = "assets/js/search/worker.js"

FIELD = "#search--field"
FOUND = "[role=option]"
DIALOG = "dialog.search-dialog"


class FaultyServer(PagesServer):
    """Serves a site with some files missing or damaged, for as long as ``faults`` says so."""

    def __init__(self, site: BuiltSite) -> None:
        """Without a fault, at first."""
        super().__init__(site)
        self.faults: dict[str, bytes | None] = {}
        """Ends of paths, and what is sent in place of the file: None for status 404."""
        self.asked: list[str] = []

    def answer(self, target: str) -> tuple[HTTPStatus, dict[str, str], bytes]:
        """Like the server's own, but for the faults."""
        path = urlsplit(target).path
        self.asked.append(path.removeprefix(self.site.mount))
        status, headers, body = super().answer(target)
        for part, sent in self.faults.items():
            if re.search(part, path):
                return (status, headers, sent) if sent is not None else (HTTPStatus.NOT_FOUND, headers, b"404")
        return status, headers, body


@pytest.fixture(scope="module")
def site(built: Mapping[str, BuiltSite]) -> BuiltSite:
    """The stress site under a sub-path."""
    return built["stress under a path"]


@pytest.fixture
def server(site: BuiltSite) -> Iterator[FaultyServer]:
    """The site, whole."""
    with FaultyServer(site) as server:
        yield server


class Watched:
    """A window, and what must never happen in it."""

    def __init__(self, page: Page, server: FaultyServer) -> None:
        """Note all that *page* says."""
        self.said: list[str] = []
        self.foreign: list[str] = []
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: message.type == "error" and self.said.append(message.text))
        page.on("request", lambda request: self._note(request.url, server))

    def _note(self, url: str, server: FaultyServer) -> None:
        if not url.startswith((f"{server.origin}{server.site.mount}", "data:")):
            self.foreign.append(url)


@pytest.fixture
def look(visitor: Visitor, server: FaultyServer) -> Callable[..., Any]:
    """Open a page, and at the end see that nothing was said, stopped by the security policy, or asked of others."""

    @contextmanager
    def look(
        page: str = "",
        theme: Theme = "light",
        width: int = 1440,
        *,
        faulty: bool = False,
        fresh: bool = False,
        **options: Any,
    ) -> Any:
        with visitor.new_window(width) if fresh else visitor.window(theme, width, **options) as window:
            window.add_init_script(_WATCH)
            window.add_init_script(path=_AXE)
            watched = Watched(window, server)
            window.goto(server.url(page))
            yield window
            assert watched.foreign == []
            assert window.evaluate("window.violations ?? []") == []
            if not faulty:
                assert watched.said == []

    return look


def opened(page: Page, text: str = "") -> Page:
    """Open the dialog by key, type *text*, and wait for what it finds."""
    page.keyboard.press("/")
    page.wait_for_selector(f"{DIALOG}[open]")
    if text:
        page.keyboard.type(text)
        answered(page)
    return page


def answered(page: Page) -> Page:
    """Wait until the last question is answered."""
    page.wait_for_selector(".search__list[aria-busy=false]", state="attached")
    return page


def until(page: Page, expression: str) -> None:
    """Wait until *expression* is true. Playwright's own way needs ``eval``, which the security policy forbids."""
    wait_until(lambda: bool(page.evaluate(expression)), seconds=PATIENCE, what=expression)


def chooser(page: Page, name: str) -> Locator:
    """One of the filters."""
    return page.locator(".search").get_by_role("combobox", name=name, exact=True)


def chosen(page: Page, name: str) -> str:
    """What one of the filters shows."""
    return str(chooser(page, name).evaluate("(select) => select.selectedOptions[0].text"))


def titles(page: Page) -> list[str]:
    """The titles of the results."""
    return page.locator(".found__title").all_inner_texts()


def stated(page: Page) -> dict[str, list[str]]:
    """The parameters of the address."""
    return parse_qs(urlsplit(page.url).query)


# Opening and closing


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_dialog_with_the_focus_in_its_field(key: str, look: Any) -> None:
    with look(FEATURES) as page:
        page.keyboard.press(key)
        page.wait_for_selector(f"{DIALOG}[open]")
        expect(page.locator(FIELD)).to_be_focused()


def test_the_link_opens_it_and_escape_gives_the_focus_back(look: Any) -> None:
    with look() as page:
        link = page.locator("[data-search-open]")
        link.click()
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.type("redis")
        answered(page)
        page.keyboard.press("Escape")
        expect(page.locator(DIALOG)).not_to_be_visible()
        expect(link).to_be_focused()
        assert page.url.endswith("/blog/")


def test_a_press_beside_it_or_on_its_button_closes_it(look: Any) -> None:
    with look() as page:
        for close in (
            lambda: page.mouse.click(20, 700),
            lambda: page.get_by_role("button", name="Close").click(),
        ):
            opened(page)
            close()
            expect(page.locator(DIALOG)).not_to_be_visible()


def test_the_link_with_a_key_held_is_a_link(look: Any) -> None:
    with look() as page:
        with page.context.expect_page() as other:
            page.locator("[data-search-open]").click(modifiers=["ControlOrMeta"])
        assert other.value.url.endswith("/blog/search/")
        expect(page.locator(DIALOG)).to_have_count(0)


def test_keys_pressed_before_the_dialog_is_there_are_not_lost(look: Any) -> None:
    with look() as page:
        page.keyboard.type("/filler")
        page.wait_for_selector(FOUND)
        assert page.locator(FIELD).input_value() == "filler"


def test_a_slash_typed_into_a_field_is_a_slash(look: Any) -> None:
    with look() as page:
        opened(page).keyboard.type("tcp/ip")
        assert page.locator(FIELD).input_value() == "tcp/ip"


def test_where_its_script_cannot_be_loaded_the_link_leads_to_the_page(look: Any, server: FaultyServer) -> None:
    server.faults[r"search\.js$"] = None
    with look(faulty=True) as page:
        page.keyboard.press("/")
        page.wait_for_url("**/blog/search/")


def test_a_selection_that_ends_beside_it_does_not_close_it(look: Any) -> None:
    with look() as page:
        opened(page, "filler")
        box = page.locator(FIELD).bounding_box()
        assert box
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(20, box["y"] + box["height"] / 2)
        page.mouse.up()
        expect(page.locator(DIALOG)).to_be_visible()


def test_where_its_script_cannot_be_loaded_the_page_says_so_and_shows_other_ways(
    look: Any, server: FaultyServer
) -> None:
    server.faults[r"search/box\.js$"] = None
    with look("search/?q=filler", faulty=True) as page:
        expect(page.get_by_role("main")).to_contain_text("Search could not be loaded.")
        expect(page.get_by_role("main").get_by_role("link", name="All tags")).to_be_visible()


def test_nothing_is_loaded_before_it_is_wanted(look: Any, server: FaultyServer) -> None:
    def loaded() -> list[str]:
        own = [path for path in server.asked if path.startswith("search/") or "/search" in path]
        return [path for path in own if not path.endswith("/opener.js")]  # it waits for a press on every page

    with look(FEATURES) as page:
        page.wait_for_load_state("networkidle")
    with look() as page:
        page.wait_for_load_state("networkidle")
        assert loaded() == []
        opened(page)
        page.wait_for_selector(".search__start .tag")
        assert {BASE, ENGINE, WORKER} <= set(loaded())
        assert [path for path in loaded() if path.endswith(".bin")] == [], "shards before there is a query"
    server.asked.clear()
    with look("search/") as page:
        page.wait_for_load_state("networkidle")
        assert not {BASE, ENGINE, WORKER} & set(loaded())
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")  # the dialog has filled it
        page.locator(FIELD).focus()
        page.wait_for_selector(".search__start .tag")
        assert {BASE, ENGINE, WORKER} <= set(loaded())


# Results


def test_results_come_as_you_type_by_section_with_the_words_marked(look: Any) -> None:
    with look() as page:
        opened(page, "folded rema")
        first = page.locator(FOUND).first
        assert first.locator(".found__title").inner_text() == "Every Feature That an Article Has"
        expect(first.locator(".found__section mark")).to_have_text(["Remarks"])  # its text comes after a pause
        address = urlsplit(first.get_attribute("href") or "")
        assert (address.path, address.fragment) == (f"/blog/{FEATURES}", "remarks")
        assert page.url.endswith("/blog/")


def test_the_page_that_a_result_opens_shows_its_section_and_marks_the_words(look: Any) -> None:
    with look() as page:
        opened(page, "folded remark").keyboard.press("Enter")
        page.wait_for_url(f"**/{FEATURES}#remarks")  # the words have left the address
        until(page, "CSS.highlights.get('search')?.size > 1")
        marks = page.evaluate("[...CSS.highlights.get('search')].map((range) => range.toString().toLowerCase())")
        assert set(marks) == {"folded", "remarks"}
        until(page, "document.getElementById('remarks').getBoundingClientRect().top < innerHeight")
        page.locator(".marked-bar").get_by_role("button", name="Clear").click()
        assert page.evaluate("CSS.highlights.size") == 0
        expect(page.locator(".marked-bar")).to_have_count(0)


def test_a_result_opens_at_its_section_without_scrolling_to_it(look: Any) -> None:
    with look(f"{FEATURES}?h=remarks#remarks") as page:
        page.wait_for_selector(".marked-bar")
        there = page.evaluate("scrollY")
        assert there > 0
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") == there


def test_marks_go_with_escape_and_leave_the_text_as_it_was(look: Any) -> None:
    def text_with_its_buttons(page: Any) -> str:
        for button in (".copy", ".message__copy"):
            page.wait_for_selector(f"main .prose {button}", state="attached")
        return str(page.locator("main .prose").inner_html())

    with look(FEATURES) as page:
        before = text_with_its_buttons(page)
    with look(f"{FEATURES}?h=drain%20server.wait") as page:
        page.wait_for_selector(".marked-bar")
        marks = page.evaluate("[...CSS.highlights.get('search')].map((range) => range.toString())")
        assert "server.wait" in marks, "a word that colours cut in pieces"
        assert text_with_its_buttons(page) == before
        page.keyboard.press("Escape")
        assert page.evaluate("CSS.highlights.size") == 0


def test_words_to_mark_are_text(look: Any) -> None:
    with look(f"{FEATURES}?h=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20(a%2B)%2B%24%20drain") as page:
        page.wait_for_selector(".marked-bar")
        assert page.locator("main img[src=x]").count() == 0


ODD = [*string.punctuation, "\u2010", "\u200d", "\u00ad", "\U0001f600"]


@pytest.mark.parametrize("odd", ["".join(ODD[at : at + 9]) for at in range(0, len(ODD), 9)])
def test_a_word_that_no_page_has_does_not_lose_the_others(look: Any, odd: str) -> None:
    """A query may have any character: in a pattern, several mean something, or may not be there."""
    words = [*(f"x{character}y" for character in odd), "drain", odd]
    with look(f"{FEATURES}?h={quote(' '.join(words))}") as page:
        page.wait_for_selector(".marked-bar")
        assert "drain" in page.locator(".marked-bar").inner_text().lower()


# The mark that the reader was led to: what is drawn in its place is its own text, and neither a bar nor another tab.
AT_MARK = """() => {
  const [range] = CSS.highlights.get("search-now") ?? [];
  const [box] = range?.getClientRects() ?? []; // of a word in several colours, the first piece
  if (!box?.width || box.top < 0 || box.bottom > innerHeight) return false;
  const there = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return there === range.startContainer.parentElement ? range.toString() : false;
}"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    ("word", "anchor"),
    [
        ("server.close", "#two-languages"),  # in the second tab
        ("innermost", "#one-in-another"),  # in a fold, in a tab, in a tab
        ("innermost", ""),
        ("orders", "#remarks"),  # in a fold
        ("folded", "#remarks"),  # in the fold's own line
        ("pneumonoultramicroscopicsilicovolcanoconiosis", ""),  # far down
    ],
)
def test_what_was_found_is_on_the_screen_wherever_it_is(word: str, anchor: str, width: int, look: Any) -> None:
    with look(f"{FEATURES}?h={word}{anchor}", width=width) as page:
        page.wait_for_selector(".marked-bar")
        wait_until(lambda: page.evaluate(AT_MARK), seconds=PATIENCE, what="the mark")
        assert word.partition(".")[0] in page.evaluate(AT_MARK).lower()


def test_tabs_of_the_same_label_follow_the_tab_of_the_mark(look: Any) -> None:
    with look(f"{FEATURES}?h=server.close#two-languages") as page:
        page.wait_for_selector(".marked-bar")
        expect(page.get_by_text("Node waits for")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_bar_leads_from_mark_to_mark_and_covers_no_contents(width: int, look: Any) -> None:
    with look(f"{FEATURES}?h=node%20innermost%20orders", width=width) as page:
        bar = page.locator(".marked-bar")
        _, _, count = bar.get_by_role("status").inner_text().partition(" of ")
        following, previous = (bar.get_by_role("button", name=f"{name} mark") for name in ("Next", "Previous"))
        seen = []
        for _ in range(int(count)):
            following.click()
            wait_until(lambda: page.evaluate(AT_MARK), seconds=PATIENCE, what="the mark")
            seen.append(bar.get_by_role("status").inner_text())
        assert seen == [f"{place} of {count}" for place in [*range(2, int(count) + 1), 1]]
        previous.click()
        assert bar.get_by_role("status").inner_text() == f"{count} of {count}"
        box = bar.bounding_box()
        assert box
        for contents in page.locator("nav.contents:visible").all():
            other = contents.bounding_box()
            assert other
            assert box["x"] >= other["x"] + other["width"] or other["x"] >= box["x"] + box["width"] or width < 1024


def test_enter_before_the_text_is_there_opens_the_section_too(look: Any) -> None:
    with look(fresh=True) as page:  # the clock would stand still for all others with its profile
        opened(page)
        page.clock.install(time=0)
        page.clock.pause_at(60_000)  # or the pause after which texts are loaded is over before Enter, on a slow machine
        page.keyboard.type("folded remark")
        page.wait_for_selector(FOUND)
        answered(page)
        assert page.locator(f"{FOUND} [data-awaited]").count(), "the text is there before anybody looks"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{FEATURES}#remarks")
        page.wait_for_selector(".marked-bar")


def test_a_result_whose_text_cannot_be_loaded_opens_all_the_same(look: Any, server: FaultyServer) -> None:
    server.faults[r"parts/\w+\.json$"] = None
    with look(faulty=True) as page:
        opened(page, "folded remark").keyboard.press("Enter")
        page.wait_for_url(f"**/{FEATURES}*")
        page.wait_for_selector(".marked-bar")  # of the words that were typed


def test_texts_are_loaded_for_what_the_reader_sees(look: Any, server: FaultyServer) -> None:
    def texts() -> int:
        return len({path for path in server.asked if path.startswith("search/parts/") and path.endswith(".json")})

    with look(height=700) as page:
        opened(page)
        for letter in "filler":
            page.keyboard.type(letter)
            answered(page)
        assert texts() == 0
        page.wait_for_selector(f"{FOUND} .found__excerpt:not([data-awaited])")
        assert texts() > 0
        page.locator(FOUND).last.scroll_into_view_if_needed()
        expect(page.locator(f"{FOUND} [data-awaited]")).to_have_count(0)


def test_arrows_choose_and_the_chosen_is_named_to_screen_readers(look: Any) -> None:
    with look() as page:
        opened(page, "filler")
        field = page.locator(FIELD)
        assert field.get_attribute("aria-expanded") == "true"
        count = page.locator(FOUND).count()
        assert count > 3
        seen = []
        for key in ["", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"]:
            if key:
                page.keyboard.press(key)
            chosen = page.locator(f"{FOUND}[aria-selected=true]")
            assert chosen.count() == 1
            assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
            expect(chosen).to_be_in_viewport()
            expect(field).to_be_focused()
            seen.append(int((chosen.get_attribute("id") or "").rpartition("-")[2]))
        assert seen == [0, 1, 2, 1, 0, count - 1, 0]
        href = page.locator(FOUND).nth(1).get_attribute("href")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{urlsplit(href or '').path}*")


def test_enter_with_control_opens_another_window(look: Any) -> None:
    with look() as page:
        opened(page, "folded remark")
        with page.context.expect_page() as other:
            page.keyboard.press("Control+Enter")
        other.value.wait_for_url("**/every-feature/**")
        expect(page.locator(DIALOG)).to_be_visible()


def test_enter_before_the_results_are_there_opens_the_best_of_them(look: Any) -> None:
    with look() as page:
        page.keyboard.press("/")
        page.wait_for_selector(f"{DIALOG}[open]")
        page.evaluate(
            """() => {
              const field = document.activeElement;
              field.value = "folded remark";
              field.dispatchEvent(new Event("input"));
              field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
            }"""
        )
        page.wait_for_url(f"**/{FEATURES}*")


def test_how_many_were_found_is_said_once_typing_pauses(look: Any) -> None:
    with look() as page:
        status = page.locator(f"{DIALOG} [role=status]")
        opened(page, "filler number 7")
        expect(status).to_have_text(re.compile(r"^\d+ articles found$"))
        page.locator(FIELD).fill("zzzqqqxxxyyy")
        expect(status).to_have_text("Nothing found")
        page.locator(FIELD).fill("")
        expect(status).to_have_text("")
        assert page.locator(FIELD).get_attribute("aria-expanded") == "false"


def test_a_correction_is_shown_and_can_be_undone(look: Any) -> None:
    with look("search/?q=fillerr") as page:
        answered(page)
        note = page.locator(".search__said")
        expect(note).to_contain_text("Results for filler; search fillerr instead")
        assert titles(page)
        link = note.get_by_role("link", name="search fillerr instead")
        assert (link.get_attribute("href") or "").endswith("/blog/search/?q=fillerr&exact=1")
        link.click()
        answered(page)
        expect(note).not_to_contain_text("Results for")
        assert stated(page) == {"q": ["fillerr"], "exact": ["1"]}
        page.locator(FIELD).press_sequentially("x")
        until(page, "!location.search.includes('exact')")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("数据库", "数据库在你看不见"),
        ("قواعد البيانات", "لماذا تكذب"),
        ("pg_stat_progress", "How pg_stat"),
        ("C++", ""),
    ],
)
def test_any_script_is_searched(query: str, title: str, look: Any) -> None:
    with look() as page:
        page.keyboard.press("/")
        page.wait_for_selector(f"{DIALOG}[open]")
        page.locator(FIELD).fill(query)
        answered(page)
        assert titles(page)[0].startswith(title)


def test_nothing_found_offers_ways_on(look: Any) -> None:
    with look() as page:
        opened(page, "zzzqqqxxxyyy")
        expect(page.locator(".search__said")).to_contain_text("Nothing found for zzzqqqxxxyyy.")
        page.locator(".search__start").get_by_role("button", name=re.compile("^Linux")).click()
        answered(page)
        assert page.locator(FIELD).input_value() == ""
        assert titles(page)


def test_a_filter_that_hides_all_can_be_removed(look: Any) -> None:
    with look("search/?q=layout%20filler&verified=1&length=long") as page:
        answered(page)
        expect(page.locator(".search__said")).to_contain_text(re.compile(r"\d+ articles? without the filters"))
        page.get_by_role("button", name="Remove the filters").click()
        answered(page)
        assert titles(page)
        assert stated(page) == {"q": ["layout filler"]}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=filler&category=nowhere", "category:nowhere is not a filter here, so it was ignored."),
        ("q=filler%20tag%3Anosuch", "tag:nosuch is not a filter here, so its words were searched for."),
        ("q=filler%20length%3Aepic", "length:epic is not a filter here, so its words were searched for."),
        ("q=%22filler%20layout%20tries%22", "No exact match. Closest results:"),
    ],
)
def test_what_was_not_there_as_asked_is_told(query: str, said: str, look: Any) -> None:
    with look(f"search/?{query}") as page:
        answered(page)
        expect(page.locator(".search__said")).to_contain_text(said)
        assert titles(page)


def test_filters_that_were_typed_can_be_removed_too(look: Any) -> None:
    with look("search/?q=is%3Averified%20layout%20filler%20tag%3Ago&category=energy") as page:
        answered(page)
        page.get_by_role("button", name="Remove the filters").click()
        answered(page)
        assert titles(page)
        assert stated(page) == {"q": ["layout filler"]}


def test_what_was_meant_is_said_where_filters_hide_it(look: Any) -> None:
    with look("search/?q=fillerr&verified=1") as page:
        answered(page)
        said = re.compile(r"\d+ articles for filler without the filters")
        expect(page.locator(".search__said")).to_contain_text(said)


# Both sites as they were built


def all_results(page: Page, server: PagesServer, query: str) -> list[str]:
    """The addresses of all results of *query*, from the site's root, without the words to mark."""
    page.goto(server.url(f"search/?{query}"))
    answered(page)
    while (more := page.get_by_role("button", name="Show more")).count():
        more.click()
        answered(page)
    awaited = page.locator("[data-awaited]")
    while left := awaited.count():  # texts are loaded as the reader comes to them
        page.evaluate("document.querySelector('[data-awaited]')?.scrollIntoView()")
        until(page, f"document.querySelectorAll('[data-awaited]').length < {left}")
    found = [urlsplit(each.get_attribute("href") or "") for each in page.locator(FOUND).all()]
    return [unquote(f"{each.path.removeprefix(server.site.mount)}#{each.fragment}") for each in found]


@pytest.mark.parametrize("name", ["real", "stress"])
def test_every_article_is_found_by_its_title_and_every_result_leads_to_a_section(
    name: str, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server = servers[name]
    articles = server.site.kinds["article"]
    with visitor.open(server, "") as page:
        opened(page)
        expect(page.locator(".search__foot .count")).to_have_text(f"{len(articles)} articles")
        found: set[str] = set()
        for query in ("length=short", "length=medium", "length=long", "q=postgres", "q=one", "q=the+second+word"):
            found |= set(all_results(page, server, query))
        pages = {unquote(each.partition("#")[0]) for each in found}
        assert pages >= {unquote(each) for each in articles}
        assert pages - {unquote(each) for each in articles} <= set(server.site.kinds["page"])
        sections = [address.split("#") for address in sorted(found) if not address.endswith("#")]
        assert len(sections) > len(articles) / 2
        for url, anchor in sections:
            assert f'id="{anchor}"' in server.site.file(url).read_text(encoding="utf-8"), url
        for article in articles[:8]:
            text = server.site.file(article).read_text(encoding="utf-8")
            title = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
            assert title
            words = unescape(title[1]).strip()
            assert all_results(page, server, f"q={quote(words)}")[0].partition("#")[0] == unquote(article), words


# Filters, address, history


def test_filters_narrow_the_results_and_stand_in_the_address(look: Any) -> None:
    with look("search/?q=filler") as page:
        answered(page)
        all_of_them = page.locator(".search__foot").inner_text()
        chooser(page, "Category").select_option(label="Storage")
        answered(page)
        assert set(page.locator(".found .kicker").all_inner_texts()) == {"STORAGE"}
        assert page.locator(".search__foot").inner_text() != all_of_them
        chooser(page, "Tag").focus()
        offered = chooser(page, "Tag").locator("option").all_inner_texts()
        assert "C++ (0)" not in offered
        chooser(page, "Tag").select_option("postgresql")
        chooser(page, "Length").select_option(label="Up to 7 min")
        answered(page)
        assert stated(page) == {"q": ["filler"], "category": ["storage"], "tag": ["postgresql"], "length": ["short"]}
        shown = titles(page)
        page.reload()
        answered(page)
        assert titles(page) == shown
        assert chosen(page, "Category") == "Storage"
        chooser(page, "Tag").focus()
        assert chooser(page, "Tag").input_value() == "postgresql"


def test_subcategories_and_verified_articles_can_be_chosen(look: Any) -> None:
    with look("search/") as page:
        page.locator(FIELD).focus()
        page.wait_for_selector(".search__start .tag")
        chooser(page, "Category").select_option(label="Systems: Queues")
        answered(page)
        assert titles(page) == ["Every Feature That an Article Has"]
        assert stated(page) == {"category": ["systems"], "subcategory": ["queues"]}
        page.reload()
        answered(page)
        assert chosen(page, "Category") == "Systems: Queues"
        chooser(page, "Category").select_option(label="Category")
        page.get_by_label("Verified").check()
        answered(page)
        assert titles(page) == ["Every Feature That an Article Has"]
        assert stated(page) == {"verified": ["1"]}


def test_back_and_forward_go_through_the_searches_but_not_through_each_letter(look: Any) -> None:
    with look() as page:
        page.goto(page.url + "search/")
        page.locator(FIELD).press_sequentially("filler")
        until(page, "location.search === '?q=filler'")
        page.keyboard.press("Enter")
        chooser(page, "Category").select_option(label="Systems")
        until(page, "location.search.includes('category')")
        page.locator(FIELD).fill("languages")
        until(page, "location.search.includes('languages')")
        assert page.title().startswith("languages · ")
        page.go_back()
        expect(page.locator(FIELD)).to_have_value("filler")
        assert chooser(page, "Category").input_value() == "systems"
        page.go_back()
        assert chooser(page, "Category").input_value() == ""
        expect(page.locator(FIELD)).to_have_value("filler")
        answered(page)
        assert titles(page)
        page.go_forward()
        assert chooser(page, "Category").input_value() == "systems"
        page.go_back()
        page.go_back()
        page.wait_for_url("**/blog/")


def test_back_from_an_article_finds_the_results_again(look: Any) -> None:
    with look(PAGES["about"]) as page:
        opened(page, "folded remark").keyboard.press("Enter")
        page.wait_for_url(f"**/{FEATURES}*")
        page.go_back()
        page.wait_for_selector(f"{DIALOG}[open] {FOUND}")
        expect(page.locator(FIELD)).to_have_value("folded remark")
        page.keyboard.press("Escape")
        expect(page.locator(DIALOG)).not_to_be_visible()
        page.reload()
        page.wait_for_load_state("networkidle")
        expect(page.locator(f"{DIALOG}[open]")).to_have_count(0)


def test_the_dialog_leads_to_all_results_at_an_address_to_share(look: Any) -> None:
    with look() as page:
        opened(page, "filler")
        page.get_by_role("link", name=re.compile(r"^See all \d+")).click()
        page.wait_for_url("**/blog/search/?q=filler")
        answered(page)
        first = page.locator(FOUND).count()
        page.get_by_role("button", name="Show more").click()
        until(page, f"document.querySelectorAll('{FOUND}').length > {first}")
        assert page.locator(FIELD).get_attribute("aria-activedescendant") == f"search--{first}"
        assert len(set(page.locator(FOUND).evaluate_all("all => all.map((each) => each.href.split('?')[0])"))) > first


def test_on_the_search_page_the_keys_lead_to_its_field(look: Any) -> None:
    with look("search/") as page:
        for key in ("/", "Control+k"):
            page.locator(FIELD).blur()
            page.keyboard.press(key)
            expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.type("filler")
        answered(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.locator(f"{FOUND}[aria-selected=true]")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator(FIELD)).to_have_value("")
        expect(page.locator("[data-search-ways]")).to_be_visible()
        expect(page.locator(DIALOG)).to_have_count(0)


def test_it_works_at_the_root_of_a_host_and_on_a_page_that_is_missing(site: BuiltSite, visitor: Visitor) -> None:
    with PagesServer(BuiltSite(site.folder)) as server, visitor.open(server, FEATURES) as page:
        opened(page, "folded remark").keyboard.press("Enter")
        page.wait_for_url(f"{server.origin}/{FEATURES}*")
        page.wait_for_selector(".marked-bar")
    with PagesServer(site) as server, visitor.open(server, "no/such/page") as page:
        opened(page, "folded remark").keyboard.press("Enter")
        page.wait_for_url(f"**/blog/{FEATURES}*")


def test_on_a_telephone_enter_makes_room_for_the_results(look: Any) -> None:
    with look(width=390, has_touch=True, is_mobile=True) as page:
        page.locator("[data-search-open]").tap()
        page.locator(FIELD).fill("filler")
        answered(page)
        page.keyboard.press("Enter")
        expect(page.locator(FIELD)).not_to_be_focused()
        page.locator(FOUND).nth(1).tap()
        page.wait_for_url("**/articles/**")


# Safety


def test_titles_tags_and_queries_with_markup_are_text(look: Any) -> None:
    hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    with look() as page:
        opened(page, "quotes more are text")
        assert titles(page)[0] == HOSTILE_TITLE.replace("{{{{", "{{").replace("}}}}", "}}")
        chooser(page, "Tag").focus()
        assert any(HOSTILE_TAG in option for option in chooser(page, "Tag").locator("option").all_inner_texts())
        page.locator(FIELD).fill(hostile)
        answered(page)
        page.locator(FIELD).fill(f"zzzqqqxxx{hostile}")
        answered(page)
        assert page.locator("dialog img, dialog script").count() == 0
        page.goto(
            page.url
            + "search/?q=%3Cscript%3Ealert(1)%3C/script%3Ezzzqqq&tag=%3Cb%3Ex&length=__proto__&category=%3Ci%3E"
        )
        answered(page)
        assert page.locator(".search b, .search i, .search script").count() == 0
        expect(page.locator(".search__said")).to_contain_text("<b>x")


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        (r"base\.json$", None, "could not be loaded"),
        (r"base\.json$", b'{"format": 1, "ver', "damaged"),
        (r"base\.json$", b"<!doctype html>", "damaged"),
        (r"engine\.mjs$", None, "could not be loaded"),
        (r"search/worker\.js$", None, "could not be started"),
        (r"parts/\w+\.bin$", None, "could not be loaded"),
        (r"parts/\w+\.bin$", b"\x00\x01\x02\x03 not a shard", "damaged"),
        (r"parts/\w+\.json$", b"[[", "damaged"),
    ],
)
def test_a_missing_or_damaged_file_is_said_and_can_be_tried_again(
    path: str, sent: bytes | None, said: str, look: Any, server: FaultyServer
) -> None:
    server.faults[path] = sent
    with look(faulty=True) as page:
        opened(page, "folded remark")
        note = page.locator(".search__said")
        expect(note).to_contain_text(said)
        # What was found is announced after a pause, but not over what went wrong meanwhile.
        page.evaluate("new Promise((done) => setTimeout(done, 600))")
        expect(page.locator(f"{DIALOG} [role=status]")).to_contain_text(said)
        note.get_by_role("button", name="Try again").click()
        answered(page)
        expect(note).to_contain_text(said)
        server.faults.clear()  # what was damaged may still be in the browser's cache
        note.get_by_role("button", name="Try again").click()
        page.wait_for_selector(FOUND)
        assert titles(page)[0] == "Every Feature That an Article Has"


def test_an_index_of_another_version_is_said_and_can_be_tried_again(look: Any, server: FaultyServer) -> None:
    server.faults[r"base\.json$"] = b'{"format": 99}'
    with look("search/?q=filler", faulty=True) as page:
        answered(page)
        expect(page.locator(".search__said")).to_contain_text("different versions")
        expect(page.locator("[data-search-ways]")).to_be_visible()
        server.faults.clear()
        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector(FOUND)


def test_a_query_of_a_million_letters_does_not_hang_the_tab(look: Any) -> None:
    with look() as page:
        opened(page)
        for text in ("filler " * 150_000, "x" * 1_000_000, "filler\r\nnumber\n" * 70_000, '"-(' * 350_000):
            page.evaluate(
                """async (text) => {
                  const field = document.activeElement;
                  field.value = "";
                  const data = new DataTransfer();
                  data.setData("text/plain", text);
                  const pasted = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
                  field.dispatchEvent(pasted);
                  const list = document.getElementById("search--list");
                  do await new Promise(requestAnimationFrame); while (list.getAttribute("aria-busy") !== "false");
                }""",
                text,
            )
            assert 0 < len(page.locator(FIELD).input_value()) <= 2000
            assert "\n" not in page.locator(FIELD).input_value()
        page.locator(FIELD).fill("folded remark")
        answered(page)
        assert titles(page)[0] == "Every Feature That an Article Has"


def test_lines_pasted_are_words_apart(look: Any) -> None:
    with look() as page:
        opened(page)
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData("text/plain", "folded\\n   remark");
              const pasted = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
              document.activeElement.dispatchEvent(pasted);
            }"""
        )
        answered(page)
        assert page.locator(FIELD).input_value() == "folded remark"


def test_an_address_with_a_very_long_query_is_cut(look: Any) -> None:
    with look("search/?q=" + "filler" * 5_000) as page:
        answered(page)
        assert len(page.locator(FIELD).input_value()) == 2000


# Without JavaScript


@pytest.mark.parametrize("width", [390, 1440])
def test_without_javascript_the_link_leads_to_other_ways_to_an_article(width: int, look: Any) -> None:
    with look(width=width, java_script_enabled=False) as page:
        page.locator("[data-search-open]").click()
        page.wait_for_url("**/blog/search/")
        main = page.get_by_role("main")
        expect(main).to_contain_text("needs JavaScript")
        assert main.locator("input, button, select").count() == 0
        for name in ("All tags", "The archive", "The people who write here"):
            expect(main.get_by_role("link", name=name)).to_be_visible()
        main.get_by_role("link", name="All tags").click()
        page.wait_for_url("**/blog/tags/")


# Looks and access

STATES = {
    "start": "",
    "results": "filler",
    "long": "pg_stat_progress_create_index_concurrently_and_friends mislead",
    "none": "zzzqqqxxxyyy" * 12,
    "corrected": "fillerr",
    "unknown": "filler tag:nosuch",
    "filtered away": "filler is:verified",
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("where", ["dialog", "page"])
def test_axe_finds_nothing_in_any_state(where: str, width: int, theme: Theme, look: Any, server: FaultyServer) -> None:
    found = []
    with look("search/" if where == "page" else "", theme, width, faulty=True) as page:
        page.locator(FIELD).focus() if where == "page" else opened(page)
        for state, text in [*STATES.items(), ("error", "languages")]:
            if state == "error":
                server.faults[r"parts/\w+\.bin$"] = b"damaged"
                page.reload()
                page.locator(FIELD).focus() if where == "page" else opened(page)
            page.locator(FIELD).fill(text)
            answered(page)
            found += [f"{state}: {each}" for each in page.evaluate(_RUN_AXE, ["tag", list(_AXE_TAGS)])]
    assert found == []


def pressed_with_less_than(size: int, within: Locator) -> list[Any]:
    """What can be pressed there and is lower or, but for a word, narrower than so many pixels."""
    shapes = """(all, size) => all.filter((each) => each.checkVisibility())
      .map((each) => [each.textContent.slice(0, 20), each.getBoundingClientRect()])
      .filter(([, box]) => box.height < size || box.width < 24).map(([text, box]) => [text, box.width, box.height])"""
    return list(within.locator("button, select, a, label, input[type=text]").evaluate_all(shapes, size))


@pytest.mark.parametrize("width", [320, *WIDTHS])
@pytest.mark.parametrize("where", ["dialog", "page"])
def test_nothing_sticks_out_and_everything_can_be_reached_and_pressed(where: str, width: int, look: Any) -> None:
    with look("search/" if where == "page" else "", width=width) as page:
        page.locator(FIELD).focus() if where == "page" else opened(page)
        for state, text in STATES.items():
            page.locator(FIELD).fill(text)
            answered(page)
            layout = page.evaluate(MEASURE)
            assert layout["over"] <= 0, state
            assert layout["wide"] == [], state
            assert pressed_with_less_than(24, page.locator(".search")) == [], state
        dialog = page.locator(".search").bounding_box()
        assert dialog
        if where == "dialog" and width < 640:
            assert (dialog["x"], dialog["y"], dialog["width"], dialog["height"]) == (0, 0, width, 900)


@pytest.mark.parametrize("where", ["dialog", "page"])
def test_on_a_telephone_everything_is_as_large_as_a_finger(where: str, look: Any) -> None:
    with look("search/" if where == "page" else "", width=390, has_touch=True, is_mobile=True) as page:
        page.locator(FIELD).focus() if where == "page" else page.locator("[data-search-open]").tap()
        page.wait_for_selector(".search__start .tag")
        for state, text in [*STATES.items(), ("many", "filler")]:
            page.locator(FIELD).fill(text)
            answered(page)
            assert pressed_with_less_than(44, page.locator(".search")) == [], state
        page.locator(FOUND).first.tap()
        page.wait_for_selector(".marked-bar")
        assert pressed_with_less_than(44, page.locator(".marked-bar")) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (768, 900), (390, 844)])
def test_the_dialog_stays_where_it_is_while_results_come_and_go(width: int, height: int, look: Any) -> None:
    with look(width=width, height=height) as page:
        opened(page)
        places = {str(page.locator(DIALOG).bounding_box()) + str(page.locator(FIELD).bounding_box())}
        for text in ["f", *STATES.values(), "zzzqqqxxxyyy", ""]:
            page.locator(FIELD).fill(text)
            for _ in range(3):
                places.add(str(page.locator(DIALOG).bounding_box()) + str(page.locator(FIELD).bounding_box()))
            answered(page)
            places.add(str(page.locator(DIALOG).bounding_box()) + str(page.locator(FIELD).bounding_box()))
        # The field makes room for its button “Clear”.
        assert len({place.split("}")[0] for place in places}) == 1
        assert len({re.sub(r"'width'.*", "", place.split("}")[1]) for place in places}) == 1


@pytest.mark.parametrize(("width", "height"), [(720, 450), (320, 225), (844, 390)])
def test_zoomed_in_the_results_have_the_room_and_the_field_stays(width: int, height: int, look: Any) -> None:
    with look(width=width, height=height) as page:
        opened(page, "filler")
        assert page.evaluate(MEASURE)["over"] <= 0
        for _ in range(9):
            page.keyboard.press("ArrowDown")
        active, field = page.locator(f"{FOUND}[aria-selected=true]"), page.locator(FIELD)
        expect(field).to_be_in_viewport(ratio=1)
        expect(active.locator(".found__title")).to_be_in_viewport(ratio=1)
        one, other = active.locator(".found__title").bounding_box(), field.bounding_box()
        assert one
        assert other
        assert one["y"] >= other["y"] + other["height"], "the field covers what is chosen"
        room = page.evaluate(
            """() => {
              const [field, list, dialog] = [".search__field", ".search__list", "dialog"]
                .map((each) => document.querySelector(each).getBoundingClientRect());
              return Math.min(list.bottom, dialog.bottom, innerHeight) - Math.max(list.top, field.bottom);
            }"""
        )
        assert room >= height / 2


def test_nothing_moves_by_itself(look: Any) -> None:
    with look(reduced_motion="reduce") as page:
        opened(page, "filler").keyboard.press("ArrowUp")
        moving = """all => all.filter((each) => {
          const { transitionDuration, animationName } = getComputedStyle(each);
          return transitionDuration !== "0s" || animationName !== "none";
        }).length"""
        assert page.evaluate(f"({moving})([...document.querySelectorAll('dialog, dialog *')])") == 0
        assert page.evaluate("document.getAnimations().length") == 0


def test_the_results_are_printed_without_what_can_be_pressed(look: Any) -> None:
    with look("search/?q=filler") as page:
        answered(page)
        page.emulate_media(media="print")
        expect(page.locator(FOUND).first).to_be_visible()
        for control in page.locator("main").locator("button, select, input[type=checkbox]").all():
            expect(control).not_to_be_visible()


def test_a_search_can_be_made_narrowed_and_followed_by_keyboard_alone(look: Any) -> None:
    with look() as page:
        opened(page, "article")
        for _ in range(3):
            page.keyboard.press("Tab")
        expect(chooser(page, "Category")).to_be_focused()
        page.keyboard.type("Systems")
        answered(page)
        assert set(page.locator(".found .kicker").all_inner_texts()) == {"SYSTEMS", "SYSTEMS · QUEUES"}
        for _ in range(4):
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        answered(page)
        assert titles(page) == ["Every Feature That an Article Has"]
        for _ in range(7):
            page.keyboard.press("Shift+Tab")
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{FEATURES}*")
        page.wait_for_selector(".marked-bar")


def test_a_long_title_is_shown_whole(look: Any) -> None:
    with look(width=390) as page:
        opened(page, "mislead the on-call")
        assert titles(page)[0] == TITLE_OF_140


def test_tab_goes_through_the_dialog_in_order_with_the_focus_in_sight(look: Any) -> None:
    with look() as page:
        opened(page, "filler")
        names = []
        for _ in range(10):
            names.append(
                page.evaluate(
                    """() => {
                      const { activeElement: at } = document;
                      const style = (each) => getComputedStyle(each);
                      const ringed = (each) => style(each).outlineStyle !== "none" || style(each).boxShadow !== "none";
                      const seen = at === document.body || ringed(at) || ringed(at.closest(".search__field") ?? at);
                      return (at.ariaLabel ?? at.textContent.trim()) + (seen ? "" : " without a ring");
                    }"""
                )
            )
            page.keyboard.press("Tab")
        names = [re.sub(r"\d+", "N", name) for name in names]
        filters = ["Category", "Tag", "Author", "Length", "", "Order"]
        assert names == ["Search the articles", "Clear", "Close", *filters, "See all N →"]
        for _ in range(4):
            page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside), "the focus has left the dialog for the page behind it"


def test_the_validator_finds_nothing_in_what_scripts_add(look: Any, tmp_path: Path) -> None:
    with look("search/?q=fillerr") as page:
        answered(page)
        (tmp_path / "page.html").write_text(page.content(), encoding="utf-8")
    with look() as page:
        opened(page)
        page.wait_for_selector(".search__start .tag")
        (tmp_path / "start.html").write_text(page.content(), encoding="utf-8")
        page.keyboard.type("filler")
        answered(page)
        (tmp_path / "dialog.html").write_text(page.content(), encoding="utf-8")
    command = ["java", "-jar", str(VNU), "--format", "json", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = [f"{each['message']} {each.get('extract', '')}" for each in json.loads(run.stderr)["messages"]]
    # The validator knows aria-owns alone; since ARIA 1.2 an active descendant may stand in what aria-controls names.
    known = ("Trailing slash", "Attribute “aria-activedescendant”")
    # In a file 'self' is nothing, and the validator computes no hashes: test_policy.py asks a browser.
    policy = ("Resource violates Content Security Policy", "Inline script violates Content Security Policy")
    assert [each for each in messages if not each.startswith(known + policy)] == []


def test_nothing_moves_when_the_search_page_gets_its_field(look: Any) -> None:
    for width in (320, *WIDTHS):
        with look("about/", width=width) as page:
            page.add_init_script(
                "window.shifts = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => "
                "(window.shifts += each.value))).observe({ type: 'layout-shift', buffered: true });"
            )
            page.goto(page.url.replace("about/", "search/"), wait_until="networkidle")
            assert page.locator(FIELD).is_visible()
            assert page.evaluate("window.shifts") < 0.02, width


def test_the_weight_of_what_the_search_adds(server: FaultyServer) -> None:
    late = server.site.folder / "assets/css/late"
    assert (late / "search.css").stat().st_size < 9.5 * 1024
    assert (late / "highlights.css").stat().st_size < 2 * 1024  # all that a page with marks loads
