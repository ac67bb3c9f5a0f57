"""What is shipped of a style sheet is what its author wrote, as Chromium reads it; a script says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engblog.html.compact import compact_script, compact_sheet, joined_sheet
from playwright.sync_api import Page
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, Literal, String

from browser.stress import ROOT
from browser.visits import Visitor
from tools.pages import PagesServer

THEME = ROOT / "overrides"
SHEETS = {path.relative_to(THEME).as_posix(): path.read_text("utf-8") for path in (THEME / "assets/css").rglob("*.css")}
SCRIPTS = sorted((THEME / "assets/js").rglob("*.js"))

_RULES = """
async (texts) => texts.map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map((rule) => rule.cssText);
})
"""


@pytest.fixture
def page(visitor: Visitor, stress: PagesServer) -> Page:
    """A page without a policy, which runs what it is given."""
    window = visitor.context("light", 1440, bypass_csp=True).new_page()
    window.goto(stress.url("robots.txt"))
    return window


def rules(page: Page, *texts: str) -> list[list[str]]:
    """The rules of each style sheet, as Chromium writes them."""
    found: list[list[str]] = page.evaluate(_RULES, list(texts))
    return [[re.sub(r",\s+", ",", rule) for rule in sheet] for sheet in found]  # the one blank that Chromium keeps


def test_every_sheet_has_the_same_rules_when_it_is_compact(page: Page) -> None:
    for path in SHEETS:
        joined = joined_sheet(path, SHEETS)
        whole, compact = rules(page, joined, compact_sheet(joined))
        assert whole, path
        assert compact == whole, path


def test_a_joined_sheet_has_the_rules_of_its_parts_in_order(page: Page) -> None:
    parts = ["fonts", "tokens", "base", "layout", "components"]
    expected = rules(page, *(SHEETS[f"assets/css/{part}.css"] for part in parts))
    (joined,) = rules(page, joined_sheet("assets/css/page.css", SHEETS))
    assert joined == [rule for part in expected for rule in part]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(THEME).as_posix())
def test_every_script_says_the_same_when_it_is_compact(script: Path) -> None:
    text = script.read_text("utf-8")
    assert tokens(compact_script(text)) == tokens(text)


def tokens(script: str) -> list[str]:
    """What a script says, as Pygments reads it: no comments, no blanks, and texts whole."""
    read = [(kind, text) for kind, text in JavascriptLexer().get_tokens(script) if kind not in Comment]
    blanks_matter = (String, Literal)
    return ["".join(text.split()) if kind not in blanks_matter else text for kind, text in read if text.strip()]
