"""Attribute lists are read as the renderer reads them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from engblog.source.attribute_lists import listed_attributes, refused_in
from engblog.source.body import Reference, scan
from engblog.source.marks import ATTRIBUTES
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor

PIECES = st.sampled_from(
    ["#a", ".b", ".c", "d=e", 'f="g h"', "i='j'", "class=k", "id=l", " ", "  ", "onx=y", "style=a:b"]
)
WRITTEN = st.lists(PIECES, min_size=1, max_size=6).map(lambda parts: f"{{: {' '.join(parts)} }}")
LISTS = WRITTEN.filter(ATTRIBUTES.fullmatch)


@given(LISTS)
def test_every_attribute_that_the_renderer_sets_is_read(text: str) -> None:
    element = Element("p")
    AttrListTreeprocessor(Markdown()).assign_attrs(element, text.strip("{}: "))
    assert element.attrib.keys() <= listed_attributes(text.strip("{}:")).keys()
    words = set((element.get("class") or "").split()) - {"k"}
    assert words <= set((listed_attributes(text.strip("{}:")).get("class") or "").split()) | {"b", "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" #a .b .c", {"id": "a", "class": "b c"}),
        (" ONCLICK=x", {"onclick": "x"}),
        (" title='a b' lang=de", {"title": "a b", "lang": "de"}),
        (" hidden", {"hidden": None}),
    ],
)
def test_a_list_is_a_set_of_attributes(text: str, expected: dict[str, str | None]) -> None:
    assert listed_attributes(text) == expected


def test_each_list_of_a_text_is_found_where_it_is() -> None:
    body = scan("Text *a*{: .x } and `{: .code }` and *b*{.y}.\n\n## H {#z}\n\n{ a = b } {claim:x}\n")
    lists = [each for each in body.references if each.kind == "attributes"]
    assert [(each.line, each.column) for each in lists] == [(1, 9), (1, 41), (3, 6)]


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("p", "inert", ["R007"]),
        ("main", "", ["R007"]),
        ("xmp", "", ["R007"]),
        ("string", "", []),
        ("", " .claim #body", ["R026", "R025"]),
        ("", " .claim .measured", ["R026", "R026"]),
    ],
)
def test_an_element_and_a_list_are_held_against_the_same_list(name: str, text: str, codes: list[str]) -> None:
    kind = "element" if name else "attributes"
    assert [each.code.id for each in refused_in(Reference(kind, name, 1, 1, text))] == codes
