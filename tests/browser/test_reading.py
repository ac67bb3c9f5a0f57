"""Reading an article: code copied as it is, contents that follow, notes, claims and the lab behind them."""

from __future__ import annotations

import json

import pytest
from engblog.lab.process import wait_until
from playwright.sync_api import Page
from support.patience import PATIENCE

from browser.stress import PAGES
from browser.stress_text import CODE_LINE_OF_160, DRAIN, HOSTILE_CODE_TITLE, NUMBERED, SCRIPT, SESSION_WITHOUT_PROMPTS
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLE = PAGES["article: every feature"]
LAB = PAGES["lab"]
CLIPBOARD = ["clipboard-read", "clipboard-write"]

COPIED = {
    "lab/server.py": DRAIN,
    "too_wide.py": f"{CODE_LINE_OF_160}\nshort = 1",
    "numbered.py": NUMBERED,
    "a terminal": SESSION_WITHOUT_PROMPTS,
    "redis.conf": "- hz 10\n+ hz 100\n  maxmemory 100mb",
    "main.go": "signal.Notify(stop, syscall.SIGTERM)",
}


def copied(page: Page, name: str) -> str:
    """What the copy button of the block called *name* copies."""
    page.evaluate("navigator.clipboard.writeText('nothing yet')")
    page.get_by_role("button", name=f"Copy {name}", exact=True).click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) !== 'nothing yet'")
    return str(page.evaluate("navigator.clipboard.readText()"))


def in_view(page: Page, selector: str) -> bool:
    """Whether the first element of *selector* stands in the window and nothing lies over its beginning."""
    script = """(element) => {
      const box = element.getBoundingClientRect();
      const inside = (length) => Math.min(8, length / 2);
      const hit = document.elementFromPoint(box.left + inside(box.width), box.top + inside(box.height));
      return box.top >= 0 && box.top < innerHeight && !!hit && (element.contains(hit) || hit.contains(element));
    }"""
    return bool(page.locator(selector).first.evaluate(script))


def settle(page: Page) -> None:
    """Wait until the page has stopped scrolling."""
    page.evaluate("""() => new Promise((done) => {
      let last = -1;
      const look = () => (scrollY === last ? done() : ((last = scrollY), setTimeout(look, 120)));
      look();
    })""")


@pytest.mark.parametrize("name", COPIED)
def test_a_block_of_code_is_copied_as_it_is(name: str, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=CLIPBOARD) as page:
        assert copied(page, name) == COPIED[name]


def test_a_block_without_a_name_is_copied_with_its_tabs(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=CLIPBOARD) as page:
        button = page.locator(".highlight", has_text="func main()").get_by_role("button", name="Copy")
        button.click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('func')")
        wanted = "func main() {\n\tos.Exit(run(context.Background())) // a tab in the source\n}"
        assert page.evaluate("navigator.clipboard.readText()") == wanted


def test_markup_in_code_is_copied_as_text(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, PAGES["article: hostile"], permissions=CLIPBOARD) as page:
        assert copied(page, HOSTILE_CODE_TITLE) == f'{SCRIPT}\n<img src=x onerror="alert(5)">'


def test_a_reader_hears_that_it_was_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, permissions=CLIPBOARD) as page:
        page.get_by_role("button", name="Copy redis.conf").click()
        page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")


def test_a_reader_hears_that_it_was_not_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window() as page:
        page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));")
        page.goto(stress.url(ARTICLE))
        page.get_by_role("button", name="Copy redis.conf").click()
        page.get_by_role("status").filter(has_text="Not copied").wait_for(state="attached")


def test_every_block_says_its_file_or_language(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        for block in page.locator("div.highlight").all():
            language = block.evaluate("(block) => getComputedStyle(block, '::before').content")
            assert block.locator(".filename").count() or json.loads(language), block.inner_text()[:80]


def test_numbered_lines_show_their_numbers(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        block = page.locator(".highlight", has_text="numbered.py")
        drawn = block.locator("[data-linenos]").evaluate_all(
            "(all) => all.map((each) => getComputedStyle(each, '::before').content.replace(/\\D/g, ''))"
        )
        assert drawn == ["1", "2", "3"]


def test_a_list_of_tasks_is_nested_below_its_task(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        task = page.locator(".task-list > li", has_text="to do").first
        above, below = (task.locator(f"> {part}").bounding_box() for part in ("code", "ul"))
        assert above is not None
        assert below is not None
        assert below["y"] >= above["y"] + above["height"] - 2


def test_the_contents_mark_the_section_in_view(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        contents = page.get_by_role("navigation", name="On this page").locator("visible=true").first
        for heading in ("remarks", "pictures", "the-last-section", "code"):
            page.locator(f"#{heading}").evaluate("(heading) => heading.scrollIntoView()")
            marked = contents.locator(f"[aria-current][href='#{heading}']")
            marked.wait_for()
            assert contents.locator("[aria-current]").count() == 1
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        contents.locator("[aria-current][href='#sources']").wait_for()


def test_the_contents_stay_in_sight_beside_the_text(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        page.locator("#the-last-section").evaluate("(heading) => heading.scrollIntoView()")
        assert in_view(page, "nav[data-contents] a[aria-current]")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("heading", ["code", "two-languages", "a-table-that-is-too-wide", "sources"])
def test_a_deep_link_shows_its_heading(heading: str, width: int, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, f"{ARTICLE}#{heading}", width=width, reduced_motion="reduce") as page:
        wait_until(lambda: in_view(page, f"#{heading}"), seconds=PATIENCE, what="the heading in view")


def test_a_heading_offers_its_own_link(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="reduce") as page:
        heading = page.locator("#remarks")
        heading.hover()
        heading.get_by_role("link").click()
        assert page.url.endswith("#remarks")


def test_without_a_script_a_claim_leads_to_the_test_that_verifies_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, java_script_enabled=False) as page:
        claim = page.get_by_role("link", name="Verified by a test: A server that drains").first
        mark = claim.bounding_box()
        assert mark is not None
        assert min(mark["width"], mark["height"]) >= 10, "the mark cannot be seen"
        claim.click()
        page.wait_for_url("**/lab/#test-a-drained-server-loses-nothing")
        entry = page.locator("#test-a-drained-server-loses-nothing")
        assert "A server that drains before it exits" in entry.inner_text()


def test_the_verified_line_says_what_ran_when_and_against_which_versions(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        page.locator("main header summary", has_text="Verified by 5 tests").click()
        line = page.locator("main header details p").first
        said = " ".join(line.inner_text().split())
        for part in (
            "Last run on 23 November 2026 with PostgreSQL 15.18, Redis <b> 7.0.15 on ",
            "also run on PostgreSQL 14.19, 16.10, 17.6, 18.0 and Redis <b> 8.2.1, where 1 of the tests fails.",
            "1 of the tests has a counter-experiment: a change that makes the test fail, as it should.",
        ):
            assert part in said
        line.get_by_role("link", name="See the lab").click()
        page.wait_for_url(f"**/{LAB}")
        page.get_by_text("All measured values that the article can show").click()
        lab = " ".join(page.get_by_role("main").inner_text().split())
        for part in ("PostgreSQL 15.18", "12.3 ms", "from SIGTERM to the last byte", "drain_time", "23 November 2026"):
            assert part in lab


def test_an_article_without_a_lab_claims_no_proof(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, PAGES["article: short"]) as page:
        assert "Verified" not in page.get_by_role("main").inner_text()


def test_the_head_says_who_when_how_long_and_about_what(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        head = page.locator("main header").first
        head.get_by_text("Verified by 5 tests").click()
        assert head.get_by_text("PostgreSQL 14–17").is_visible()
        said = " ".join((head.text_content() or "").split())
        for part in (
            "Ada Lovelace",
            "23 November 2026",
            "25 November 2026",
            "min read",
            "PostgreSQL 14–17",
            "Part 1 of",
        ):
            assert part in said, part
        for name in ("Systems", "Queues", "Ada Lovelace"):
            assert head.get_by_role("link", name=name, exact=True).is_visible(), name
        tags = page.locator("main footer .tags").first
        assert tags.get_by_role("link").all_inner_texts() == ["Linux", "Redis", "C++", "C#", "PostgreSQL", "Go"]
        assert head.get_by_role("link", name="Filler Number 1, an Article Like Most").is_visible()


def test_the_foot_has_corrections_neighbours_and_the_ways_to_report(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, PAGES["article: too long"]) as page:
        page.get_by_role("link", name="Report a mistake").wait_for()
        edit = page.get_by_role("link", name="Edit this article")
        assert "/docs/articles/everything-too-long/index.md" in str(edit.get_attribute("href"))
        neighbours = page.locator("main footer nav")
        assert neighbours.locator("[rel=next]").inner_text().endswith("Every Feature That an Article Has")
        assert neighbours.locator("[rel=prev]").count() == 1
        page.goto(stress.url(ARTICLE))
        assert "The unit was MB; it is MiB." in page.get_by_role("region", name="Corrections").inner_text()
        assert page.get_by_role("region", name="Related").get_by_role("link").count() == 3


def test_the_newest_articles_are_in_the_menu(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        page.locator("header details summary").first.click()
        newest = page.locator("header details div", has=page.get_by_role("heading", name="Latest articles")).last
        titles = newest.get_by_role("link").all_inner_texts()
        assert titles[0] == "Every Feature That an Article Has"
        assert titles[-1] == "All articles"
        assert newest.locator("[aria-current=page]").inner_text() == titles[0]


def test_a_measured_number_says_what_was_measured(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE) as page:
        number = page.locator(".measured").first
        assert number.inner_text() == "12.3\u00a0ms"
        assert "from SIGTERM to the last byte" in str(number.get_attribute("title"))


def test_a_link_to_a_section_arrives_at_once_and_one_on_the_page_scrolls(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, ARTICLE, reduced_motion="no-preference") as page:
        behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
        assert page.evaluate(behaviour) == "auto"
        page.locator("main a").first.focus()
        assert page.evaluate(behaviour) == "smooth"
