"""The front page, and the rows that every list has in common with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from browser.stress import CATEGORIES, FILLERS, PAGE_SIZE
from browser.stress_text import HOSTILE_CATEGORY
from browser.visits import Visitor
from tools.pages import PagesServer

ARTICLES = FILLERS + 5
NUMBERS = [f"{number:02d}" for number in range(1, ARTICLES)]  # the featured one has none


def said(found: Locator) -> str:
    """The text of *found* as it is written, white space folded."""
    return " ".join((found.text_content() or "").split())


def rows(page: Page) -> list[Locator]:
    """The rows of the numbered list."""
    return page.locator("main ol.rows > li").all()


def test_the_kicker_counts_the_articles(stress: PagesServer, real: PagesServer, visitor: Visitor) -> None:
    for server, count in ((stress, ARTICLES), (real, len(real.site.kinds["article"]))):
        with visitor.open(server, "") as page:
            noun = "article" if count == 1 else "articles"
            assert said(page.locator("main .kicker").first).endswith(f" · {count} {noun}")


def test_the_real_front_page_says_what_the_site_is(real: PagesServer, visitor: Visitor) -> None:
    with visitor.open(real, "") as page:
        main = page.get_by_role("main")
        assert said(main.get_by_role("heading", level=1)) == "Real Problems. Real Engineering."
        assert "The tradeoffs nobody talks about." in said(main)
        assert said(main.locator(".kicker").first).startswith("Engineering Blog · ")


def test_the_featured_card_shows_its_whole_description_and_four_tags(stress: PagesServer, visitor: Visitor) -> None:
    for width in (390, 1440):
        with visitor.open(stress, "", width=width) as page:
            card = page.locator(".featured")
            assert "Featured" in said(card)
            assert "Systems · Queues" in said(card)
            assert "min read" in said(card)
            assert said(card.get_by_role("heading", level=3)) == "Every Feature That an Article Has"
            assert card.locator(".tag").all_text_contents() == ["Linux", "Redis", "C++", "C#"]
            description = card.locator("p", has_text="its whole description stands on the home page")
            assert said(description).endswith("what to do about it on Monday.")
            cut = "(box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1"
            assert not description.evaluate(cut), "the description is cut off"


@pytest.mark.parametrize("number", [1, 2, 5])
def test_rows_are_numbered_over_all_pages_and_show_three_tags(
    number: int, stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, "" if number == 1 else f"page/{number}/") as page:
        found = rows(page)
        shown = [said(row.locator(".row__number")) for row in found]
        assert shown == NUMBERS[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        for row in found:
            assert 1 <= row.locator(".tag").count() <= 3
            assert row.get_by_role("heading").count() == 1
            assert "min" in said(row)
            # One link for the title; the others are the tags.
            assert row.get_by_role("link").count() == 1 + row.locator(".tag").count()


def test_the_whole_row_is_the_link_and_its_tags_are_links_of_their_own(stress: PagesServer, visitor: Visitor) -> None:
    for width in (390, 1440):
        with visitor.open(stress, "", width=width) as page:
            row = rows(page)[1]
            title = row.get_by_role("heading").get_by_role("link")
            wanted = title.evaluate("(link) => link.href")
            for inside in (".row__number", ".row__description", ".when"):
                spot = row.locator(inside)
                spot.scroll_into_view_if_needed()
                box = spot.bounding_box()
                assert box is not None
                with page.expect_navigation(url=wanted):
                    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                page.go_back()
            tag = row.locator(".tag").first
            leads = tag.evaluate("(link) => link.href")
            assert "/tags/" in leads
            with page.expect_navigation(url=leads):
                tag.click()


def test_older_articles_are_reached_page_by_page(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "") as page:
        titles = [said(page.locator(".featured h3"))]
        pages = 0
        while True:
            pages += 1
            titles += [said(row.get_by_role("heading")) for row in rows(page)]
            pager = page.get_by_role("navigation", name="Pages")
            assert said(pager.locator("[aria-current='page']")) == str(pages)
            older = pager.get_by_role("link", name="Older")
            if not older.count():
                break
            older.click()
            page.wait_for_url(f"**/page/{pages + 1}/")
    assert pages == -(-(ARTICLES - 1) // PAGE_SIZE)
    assert len(titles) == len(set(titles)) == ARTICLES


def test_quick_filters_lead_to_every_category(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "") as page:
        links = page.locator(".filters").get_by_role("link")
        assert [said(link) for link in links.all()] == list(CATEGORIES)
        for index in (0, CATEGORIES.index(HOSTILE_CATEGORY)):
            links.nth(index).click()
            page.wait_for_url("**/categories/**")
            assert said(page.get_by_role("heading", level=1)) == CATEGORIES[index]
            page.go_back()


def test_a_list_counts_its_articles_and_its_pages_go_on_numbering(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "categories/systems/") as page:
        heading = said(page.get_by_role("heading", level=2).filter(has_text="articles").first)
        count = int(heading.split()[0])
        assert count == len([*rows(page)]) + sum(
            count_rows(page, stress.url(f"categories/systems/page/{number}/")) for number in (2, 3)
        )
        assert said(rows(page)[0].locator(".row__number")) == "21"


def count_rows(page: Page, url: str) -> int:
    """How many rows the list at *url* has."""
    page.goto(url)
    return len(rows(page))
