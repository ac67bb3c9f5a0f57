"""The page of a lab: every claim, measurement, version and line can be found, linked to, and run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from browser.documents import read_documents
from browser.stress import PAGES
from browser.visits import HEIGHT, THEMES, WIDTHS, Theme, Visitor
from tools.pages import BuiltSite, PagesServer

ARTICLE = PAGES["article: every feature"]
LAB = PAGES["lab"]
FOLDED = 1 / 3
"""The part of its height with nothing folded that a page may have with everything folded. Labs have about a quarter."""


def text(page: Page, selector: str) -> str:
    """The words of the first element of *selector*."""
    return " ".join(page.locator(selector).first.inner_text().split())


def test_the_claims_stand_in_the_order_of_the_article_and_lead_to_their_sentences(
    stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.open(stress, LAB, reduced_motion="reduce") as page:
        assert page.locator(".proof").evaluate_all("(all) => all.map((each) => each.id)") == [
            "test-a-drained-server-loses-nothing",
            "test-hostile-claims-are-text",
            "test-the-pause-stays-short",
            "test-a-child-of-nobody-is-refused",
            "test-nobody-mentions-this",
        ]
        assert text(page, ".lab__group") == "Tests that the article does not mention"
        page.get_by_role("link", name="While VACUUM runs, the longest pause was 13.2 ms").click()
        page.wait_for_url("**/every-feature/#claim-test-the-pause-stays-short")
        assert page.locator("#claim-test-the-pause-stays-short").is_visible()


def test_a_reader_gets_back_to_the_article(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB) as page:
        page.get_by_role("link", name="Back to the article").click()
        page.wait_for_url(f"**/{ARTICLE}")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_contents_lead_to_every_part(width: int, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB, width=width, reduced_motion="reduce") as page:
        contents = page.get_by_role("navigation", name="On this page").locator("visible=true")
        assert [each.split() for each in contents.get_by_role("listitem").all_inner_texts()] == [
            ["Claims", "5"],
            ["Measurements", "5"],
            ["Versions", "7"],
            ["Code", "3"],
        ]
        for name in ("Claims", "Measurements", "Versions", "Code"):
            contents.get_by_role("link", name=name).click()
            assert page.get_by_role("heading", name=name, exact=True).is_visible()
            assert page.url.endswith(f"#{name.lower()}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("place", ["file-test-server-py-18", "number-refusal", "chart-by_clients"])
def test_a_link_to_what_is_folded_opens_it(place: str, scripts: bool, stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, f"{LAB}#{place}", java_script_enabled=scripts) as page:
        target = page.locator(f"[id='{place}']")
        target.wait_for()
        box = target.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900


def test_a_link_to_a_file_opens_it(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, f"{LAB}#file-settings-conf") as page:
        assert page.get_by_text("hz 100").is_visible()
        page.evaluate("location.hash = '#file-server-py'")
        page.get_by_text("def drain").wait_for()


def test_a_claim_leads_to_its_line(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB, reduced_motion="reduce") as page:
        proof = page.locator("#test-the-pause-stays-short")
        proof.locator("summary").click()
        assert proof.get_by_text("assert longest < 100").last.is_visible()
        assert "[start:" not in proof.inner_text(), "marks of sections are no part of a test"
        proof.get_by_role("link", name="test_server.py, line 19").click()
        line = page.locator(f"[id='{page.url.partition('#')[2]}']")
        assert "def test_the_pause_stays_short" in line.inner_text()
        assert line.is_visible()


def test_the_table_of_versions_is_read_cell_by_cell(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB) as page:
        page.get_by_text("Claims by version").click()
        rows = page.locator(".matrix tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
        )
        assert rows == [
            ["Claim", "PostgreSQL", "Redis <b>"],
            ["14.19", "15.18", "16.10", "17.6", "18.0", "7.0.15", "8.2.1"],
            ["The pause stays short", "✗failed", *["✓held"] * 4, "–not run", "–not run"],
            ["A child of nobody is refused", *["✓held"] * 7],
        ]


def test_the_one_line_is_copied(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.get_by_role("button", name="Copy the command").click()
        page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == "make lab ARTICLE=every-feature"


def test_the_lab_can_be_had_as_a_folder_a_machine_and_an_archive(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, LAB) as page:
        hrefs = {
            name: page.get_by_role("link", name=name).get_attribute("href")
            for name in ("See the folder on GitHub", "Run it in your browser")
        }
        assert hrefs == {
            "See the folder on GitHub": "https://github.com/real-engineering/blog/tree/main/docs/articles/every-feature/lab",
            "Run it in your browser": "https://codespaces.new/real-engineering/blog",
        }
        with page.expect_download() as download:
            page.get_by_role("link", name="Download all files").click()
        assert download.value.suggested_filename == "every-feature-lab.zip"
        with zipfile.ZipFile(download.value.path()) as archive:
            assert {"every-feature/README.txt", "every-feature/test_server.py"} <= {*archive.namelist()}


@pytest.mark.parametrize("name", ["stress", "stress under a path", "real"])
def test_every_value_and_every_claim_leads_somewhere_and_every_sentence_back(
    name: str, built: Mapping[str, BuiltSite]
) -> None:
    documents = read_documents(built[name])
    labs = built[name].kinds["lab"]
    assert labs
    for lab in labs:
        article = documents[lab.removesuffix("lab/")]
        ids = {str(each) for each in documents[lab].ids}
        to_lab = {
            str(link.attributes.get("href")).partition("#")[2]
            for link in article.all("a")
            if link.attributes.get("class") in {"claim", "measured"}
        }
        assert to_lab
        assert to_lab <= ids
        back = [
            str(link.attributes["href"]).partition("#")[2]
            for link in documents[lab].all("a")
            if re.match(r"\.\./#claim-", str(link.attributes.get("href")))
        ]
        assert back
        assert {*back} <= {str(each) for each in article.ids}


def test_a_page_is_short_while_it_is_folded(real: PagesServer, visitor: Visitor) -> None:
    long = {}
    with visitor.window() as page:
        for lab in real.site.kinds["lab"]:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.goto(real.url(lab))
                folded = page.evaluate("document.documentElement.scrollHeight")
                page.locator("main details").evaluate_all("(all) => { for (const each of all) each.open = true }")
                opened = page.evaluate("document.documentElement.scrollHeight")
                if folded > opened * FOLDED:
                    long[lab, width] = f"{folded} of {opened}"
    assert long == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_with_everything_opened(
    theme: Theme, width: int, stress: PagesServer, visitor: Visitor
) -> None:
    assert visitor.axe(stress, LAB, theme, width, opened=True) == []
