"""Blocks that CommonMark does not know are read where the renderer makes them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from engblog.source.commonmark import read_blocks
from hypothesis import given
from hypothesis import strategies as st
from support.rendered import rendered

BOXES = {
    "!!! note": ("note", "Note"),
    "!!!note": ("note", "Note"),
    "!!! note \"A 'b' c\"": ("note", "A 'b' c"),
    '!!! note "say "it""': ("note", 'say "it"'),
    '!!! note inline end "A"': ("note inline end", "A"),
    '!!! note ""': ("note", ""),
    "!!!\tnote": ("note", "Note"),
    "??? tip": ("tip", "Tip"),
    "???+ tip": ("tip", "Tip"),
    "???tip": ("tip", "Tip"),
    '??? "A"': ("", "A"),
    '=== "A b"': ("", "A b"),
    '===! "A"': ("", "A"),
    '===+ "A"': ("", "A"),
}
TEXT = [
    "!!!",
    "!!! ",
    '!!! "A"',
    "!!! note: A",
    '!!! note "A" b',
    "!!! note 'A'",
    "???",
    "=== A",
    '==="A"',
    "!!!! note",
    "!! x",
]


def kinds(text: str) -> list[str]:
    return [token.type.removesuffix("_open") for token in read_blocks(text).tokens if token.nesting >= 0]


def box(html: str) -> str | None:
    """The title of the box in *html*, a page; None if there is none."""
    if not re.search(r'class="(?:admonition|tabbed-set)|<details', html):
        return None
    title = re.search(r'(?:admonition-title">|<summary>|<label[^>]*>)(.*?)</(?:p|summary|label)>', html)
    return unescape(re.sub("<.*?>", "", title[1])) if title else ""


@pytest.mark.parametrize(("head", "parts"), BOXES.items())
def test_a_box_has_kinds_and_a_title(head: str, parts: tuple[str, str]) -> None:
    opening, *_ = read_blocks(f"{head}\n    Text.\n").tokens
    assert (opening.type, opening.info, opening.content, opening.map) == ("box_open", *parts, [0, 2])
    assert opening.markup == head[:3]


@pytest.mark.parametrize("head", TEXT)
def test_any_other_line_opens_no_box(head: str) -> None:
    assert "box" not in kinds(f"{head}\n    Text.\n")


HEADS = st.builds(
    "{}{}".format,
    st.sampled_from(["!!!", "???", "???+", "===", "===!", "===+"]),
    st.lists(
        st.sampled_from(
            ["note", " ", "  ", '"A"', '""', '"a "b" c"', ' "A"', " inline", "!", "+", "-", "_x", "x-y", "\t", ":", "é"]
        ),
        max_size=4,
    ).map("".join),
).filter(lambda head: head.strip("= ") and head == head.rstrip())


@given(HEADS)
def test_the_renderer_makes_the_same_boxes(head: str) -> None:
    text = f"{head}\n    Text.\n"
    titles = [token.content for token in read_blocks(text).tokens if token.type == "box_open"]
    made = box(rendered(text))
    assert ([] if made is None else [made.expandtabs(4)]) == titles


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "!!! note\n    A\n\n    B\n\nC\n",
            ["box", "paragraph", "inline", "paragraph", "inline", "paragraph", "inline"],
        ),
        ("A\n!!! note\n    B\n", ["paragraph", "inline", "box", "paragraph", "inline"]),
        ("> !!! note\n>     A\n", ["blockquote", "box", "paragraph", "inline"]),
        ("- !!! note\n      A\n", ["bullet_list", "list_item", "box", "paragraph", "inline"]),
        ("!!! note\n    ??? tip\n        A\n", ["box", "box", "paragraph", "inline"]),
        (
            "!!! note\n    - A\n\n        B\n",
            ["box", "bullet_list", "list_item", "paragraph", "inline", "paragraph", "inline"],
        ),
        ("!!! note\n    ```\n    A\n", ["box", "fence"]),
        ("!!! note\n  A\n", ["box", "paragraph", "inline"]),
        ("    !!! note\n        A\n", ["code_block"]),
        ("```\n!!! note\n    A\n```\n", ["fence"]),
    ],
)
def test_a_box_contains_what_is_indented_by_four(text: str, found: list[str]) -> None:
    assert kinds(text) == found
    boxes = [token.map for token in read_blocks(text).tokens if token.type == "box_open"]
    assert all(map is not None and map[1] <= text.count("\n") for map in boxes)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("*[HTML]: Hyper Text\n", ["abbreviation"]),
        ("A\n*[HTML]: Hyper\nB\n", ["paragraph", "inline", "abbreviation", "paragraph", "inline"]),
        ("*[HTML]:\n", ["paragraph", "inline"]),
        ("*[a* b]\n", ["paragraph", "inline"]),
        ("* [x]: y\n", ["bullet_list", "list_item", "definition"]),
        ("    *[HTML]: Hyper\n", ["code_block"]),
    ],
)
def test_an_abbreviation_is_a_line(text: str, found: list[str]) -> None:
    assert kinds(text) == found


def test_the_definition_of_a_link_keeps_its_place() -> None:
    tokens = read_blocks('A\n\n[a]: b\n[c]: d "T\n  U"\n\n> [e]: f\n\n- [g]: h\n').tokens
    found = [(token.map, token.content) for token in tokens if token.type == "definition"]
    assert found == [([2, 3], "[a]: b"), ([3, 5], '[c]: d "T\n  U"'), ([6, 7], "[e]: f"), ([8, 9], "[g]: h")]
