"""Whatever stands in titles, names and descriptions is text: it shows as written, and nothing of it runs."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from engblog.source.typography import typographic
from playwright.sync_api import Dialog, Page

from browser.documents import INLINE, read_documents
from browser.stress import PAGES
from browser.stress_text import (
    HOSTILE_AUTHOR,
    HOSTILE_CATEGORY,
    HOSTILE_CLAIM,
    HOSTILE_CODE_TITLE,
    HOSTILE_CORRECTION,
    HOSTILE_DESCRIPTION,
    HOSTILE_NOTE,
    HOSTILE_SERIES,
    HOSTILE_SUBCATEGORY,
    HOSTILE_TAG,
    HOSTILE_TITLE,
    NOT_ON_14,
    REFUSAL,
    SCRIPT,
    SITE_NAME,
)
from browser.visits import Visitor
from tools.pages import PagesServer

ABOUT_CATEGORY = f'On {HOSTILE_CATEGORY}: "><script>alert("category")</script> & what follows from it.'
# By page: where a text stands, and the text.
SHOWN = {
    "article: hostile": {
        "h1": HOSTILE_TITLE,
        "main header p.dek": HOSTILE_DESCRIPTION,
        "main .kicker a >> nth=0": HOSTILE_CATEGORY,
        "main .kicker a >> nth=1": HOSTILE_SUBCATEGORY,
        "main footer .tag >> nth=0": HOSTILE_TAG,
        ".byline span a": HOSTILE_AUTHOR,
        ".filename": HOSTILE_CODE_TITLE,
        "figcaption": "A caption with <b>markup</b> & an onerror=alert(6).",
        "nav[data-contents] li a": f"A heading with </h2>{SCRIPT} & more",
        "main article p >> nth=0": f"Text with {SCRIPT} in code, and <script> without.",
        "header .brand": SITE_NAME,
    },
    "article: every feature": {
        ".byline span a >> nth=1": HOSTILE_AUTHOR,
        "main header section h2 a": HOSTILE_SERIES,
        ".measured >> nth=1": f"1 < 2 & {SCRIPT}",
    },
    "home": {
        "ol.rows > li:nth-child(2) h3": HOSTILE_TITLE,
        "ol.rows > li:nth-child(2) .row__description": HOSTILE_DESCRIPTION,
        "ol.rows > li:nth-child(2) .tag >> nth=0": HOSTILE_TAG,
        "ol.rows > li:nth-child(2) .kicker": f"{HOSTILE_CATEGORY} · {HOSTILE_SUBCATEGORY}",
        "main .kicker >> nth=0": "Stress & <i>Strain</i> · 45 articles",
        ".filters li:nth-child(7) h3": HOSTILE_CATEGORY,
        ".filters li:nth-child(7) p": typographic(ABOUT_CATEGORY),
        "header .brand": SITE_NAME,
    },
    "category, hostile": {
        "h1": HOSTILE_CATEGORY,
        "main header p.head__intro": typographic(ABOUT_CATEGORY),
        "main header ul a": f"{HOSTILE_SUBCATEGORY}1",
    },
    "tag, hostile": {"h1": HOSTILE_TAG, "main header p.head__intro": f"About {HOSTILE_TAG} & <u>more</u>."},
    "author, hostile": {
        "h1": HOSTILE_AUTHOR,
        "main header p.kicker": f"Tester {SCRIPT}",
        "main header p.head__intro": f"Likes </p>{SCRIPT} & tables.",
    },
    "author": {"main header ul a": f"Site & {SCRIPT}"},
    "series": {"h1": HOSTILE_SERIES},
    "about": {"h1": "About & <b>more</b>"},
    "lab": {
        ".proof >> nth=1 >> .proof__claim": HOSTILE_CLAIM,
        ".proof >> nth=2 >> .proof__fact--counter dd >> nth=0": "drain is off and clients <b>do not</b> wait"
        "assert longest < 1005123.4 < 100",
        ".proof >> nth=2 >> .proof__fact--failed dd": f"PostgreSQL 14.19{NOT_ON_14}",
        ".proof >> nth=3 >> .proof__value": REFUSAL,
        "table td:has-text('the note')": HOSTILE_NOTE,
        "main header dd:has-text('Redis')": "PostgreSQL 15.18, Redis <b> 7.0.15",
    },
}
CASES = [(page, where, text) for page, texts in SHOWN.items() for where, text in texts.items()]


@pytest.fixture(scope="package")
def window(visitor: Visitor) -> Iterator[Page]:
    """A window where the security policy does not help: a script that got into a page would run."""
    with visitor.window(bypass_csp=True) as page:
        yield page


@pytest.mark.parametrize(("page", "where", "text"), CASES)
def test_a_hostile_text_shows_as_it_was_written(
    page: str, where: str, text: str, stress: PagesServer, window: Page
) -> None:
    if window.url != stress.url(PAGES[page]):
        window.goto(stress.url(PAGES[page]))
    shown = window.locator(where).first.text_content() or ""
    assert " ".join(shown.split()) == " ".join(text.split())


@pytest.mark.parametrize("name", [name for name in PAGES if name != "404"])
def test_no_script_that_an_author_wrote_runs(name: str, stress: PagesServer, window: Page) -> None:
    asked: list[str] = []

    def listen(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    window.on("dialog", listen)
    window.goto(stress.url(PAGES[name]))
    for block in window.get_by_role("button", name="Copy").all()[:2]:
        block.click(force=True)
    window.remove_listener("dialog", listen)
    assert asked == []
    inline = window.locator(
        "script:not([src], [type='application/ld+json'], [type='importmap'], [type='speculationrules'])"
    )
    assert inline.all_text_contents() == [INLINE]
    injected = "b, i, u, [onerror], [onload], img[src='x'], body script"
    assert window.locator(injected).evaluate_all("(all) => all.map((each) => each.outerHTML)") == []


def test_no_page_has_an_element_that_an_author_wrote_as_text(stress: PagesServer) -> None:
    found = [
        f"/{page} {element}"
        for page, document in read_documents(stress.site).items()
        for element in document.elements
        if element.tag in {"b", "i", "u"} or element.attributes.get("src") == "x"
    ]
    assert found == []


def test_the_head_of_a_hostile_article_says_what_it_is(stress: PagesServer) -> None:
    document = read_documents(stress.site)[PAGES["article: hostile"]]
    assert document.texts["title"] == [f"{HOSTILE_TITLE} · {SITE_NAME}"]
    assert document.meta("description") == HOSTILE_DESCRIPTION
    assert document.meta("og:title") == HOSTILE_TITLE
    assert [image.attributes["alt"] for image in document.all("img")] == [
        "An alternative with <b>markup</b> & “quotes”"
    ]
    assert document.meta("article:tag") == HOSTILE_TAG


def test_a_correction_is_text(stress: PagesServer, window: Page) -> None:
    window.goto(stress.url(PAGES["article: every feature"]))
    said = window.get_by_role("region", name="Corrections").locator("li").first.text_content() or ""
    assert HOSTILE_CORRECTION in said


def test_the_feeds_carry_it_as_text(stress: PagesServer) -> None:
    address = stress.site.url + PAGES["article: hostile"]
    names = {HOSTILE_TAG, HOSTILE_CATEGORY, HOSTILE_SUBCATEGORY}
    feed = json.loads((stress.site.folder / "feed_json_created.json").read_text(encoding="utf-8"))
    (item,) = (item for item in feed["items"] if item["url"] == address)
    assert item["title"] == HOSTILE_TITLE
    assert item["summary"] == HOSTILE_DESCRIPTION
    assert names <= set(item["tags"])
    assert [author["name"] for author in item["authors"]] == [HOSTILE_AUTHOR]
    rss = ElementTree.parse(stress.site.folder / "feed_rss_created.xml").getroot()  # noqa: S314  (we wrote it)
    (entry,) = (entry for entry in rss.iter("item") if entry.findtext("link") == address)
    assert entry.findtext("title") == HOSTILE_TITLE
    # A feed reader takes the description for HTML.
    assert html.unescape(entry.findtext("description") or "") == HOSTILE_DESCRIPTION
    assert names <= {category.text for category in entry.findall("category")}
    assert entry.findtext("{http://purl.org/dc/elements/1.1/}creator") == HOSTILE_AUTHOR
