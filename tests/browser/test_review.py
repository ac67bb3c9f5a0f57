"""A review that is overdue is said on the article, quietly, and nowhere else."""

from __future__ import annotations

import pytest

from browser.documents import read_documents
from browser.stress import PAGES
from browser.visits import THEMES, WIDTHS, Theme, Visitor
from tools.pages import PagesServer

PROVEN, WRITTEN = PAGES["article: every feature"], PAGES["article: too long"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_stands_above_the_title(width: int, theme: Theme, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, PROVEN, theme, width) as page:
        note = page.get_by_role("note")
        assert " ".join(note.inner_text().split()) == (
            "This article was due for a review by 24 November 2026. "
            "Its claims held when its lab was last run, on 23 November 2026."
        )
        box, title = note.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
        assert box
        assert title
        assert box["y"] + box["height"] < title["y"]
        assert box["height"] < (100 if width == 390 else 70), "one line, or few on a telephone"
        assert page.get_by_text("Review due").count() == 0


def test_without_a_lab_it_says_how_old_the_text_is(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, WRITTEN, java_script_enabled=False) as page:
        assert "It describes how things were on 22 November 2026." in page.get_by_role("note").inner_text()


def test_it_is_printed(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, PROVEN) as page:
        page.emulate_media(media="print")
        assert page.get_by_role("note").is_visible()


def test_no_other_page_speaks_of_it(stress: PagesServer, real: PagesServer) -> None:
    for server, expected in ((stress, {PROVEN, WRITTEN, PAGES["article: hostile"]}), (real, set())):
        documents = read_documents(server.site)
        assert {page for page, document in documents.items() if document.all("p", role="note")} == expected
