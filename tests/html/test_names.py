"""The names of HTML are those that a browser's parser and the theme's own pages use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engblog.html.names import ATTRIBUTES, ELEMENTS, OLD_ELEMENTS, PROPERTIES, VOID
from engblog.html.tree import TEXT, HtmlTree

TEMPLATES = sorted((Path(__file__).parents[2] / "overrides").rglob("*.html"))
ONLY_IN = {
    "body": "", "head": "", "html": "", "caption": "<table>", "col": "<table><colgroup>", "colgroup": "<table>",
    "tbody": "<table>", "td": "<table><tr>", "tfoot": "<table>", "th": "<table><tr>", "thead": "<table>",
    "tr": "<table>",
}  # fmt: skip
"""Elements that a parser makes in others only, and what to write before them; empty for those of a whole page."""


@pytest.mark.parametrize("name", sorted(ELEMENTS - {name for name, before in ONLY_IN.items() if not before}))
def test_a_void_element_has_no_content_and_every_other_has(name: str) -> None:
    html = f"{ONLY_IN.get(name, '')}<{name}>x"
    (element,) = [node for found, node in HtmlTree(html, fragment=True).elements() if found == name]
    inside = "x" in (element.text() or "") or name in {
        "colgroup",
        "select",
        "table",
        "template",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    }
    assert inside is (name not in VOID)


@pytest.mark.parametrize(
    "name", ["T", "String", "key", "https", "id", "host", "nil", "K", "uuid", "int", "any", "file", TEXT]
)
def test_what_authors_write_in_angle_brackets_is_no_element(name: str) -> None:
    assert name.lower() not in ELEMENTS


def test_old_elements_are_not_among_those_that_authors_may_know() -> None:
    assert not OLD_ELEMENTS & VOID
    assert {"font"} == OLD_ELEMENTS & ELEMENTS


def test_names_are_written_in_small_letters() -> None:
    assert all(name == name.lower() == name.strip() for name in ELEMENTS | OLD_ELEMENTS | ATTRIBUTES | PROPERTIES)


def test_the_themes_pages_have_no_other_names() -> None:
    tags = set()
    for template in TEMPLATES:
        text = re.sub(r"\{[{%#].*?[}%#]\}|<svg\b.*?</svg>", "", template.read_text(), flags=re.DOTALL)
        tags |= {*re.findall(r"<([a-z][a-z0-9]*)((?:\s+[a-z][a-z:-]*(?:=\"[^\"<>]*\")?)*)\s*/?>", text)}
    assert len(tags) > 100
    assert {name for name, _ in tags} <= ELEMENTS | {"svg", "use"}
    attributes = {
        each
        for name, inside in tags
        if name not in {"link", "meta", "script"}
        for each in re.findall(r"\s([a-z][a-z:-]*)(?==|\s|$)", re.sub(r'"[^"]*"', "", inside))
    }
    assert len(attributes) > 20
    assert {each for each in attributes if not each.startswith(("data-", "aria-"))} <= ATTRIBUTES | {"xmlns"}
