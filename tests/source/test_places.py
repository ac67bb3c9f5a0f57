"""A piece of a paragraph is found again in the file, whatever the paragraph is in."""

from __future__ import annotations

import re

import pytest
from engblog.source.body import scan
from engblog.source.places import Places
from hypothesis import given
from hypothesis import strategies as st

WORDS = [f"word{number}" for number in range(6)]


def _indented(text: str, first: str, rest: str) -> str:
    head, *lines = text.split("\n")
    return "\n".join([first + head, *(rest + line if line else line for line in lines)])


PARAGRAPHS = st.sampled_from(
    ["{} {}\n{}", "*{}* `{}`", "{}\n  {}\n{}", "## {}", "| {} | {} |\n|---|---|\n| {} | \\| {} |", "<div>\n{}\n</div>"]
)
CONTAINERS = st.sampled_from(
    [("- ", "  "), ("1. ", "   "), ("> ", "> "), ("!!! note\n    ", "    "), ("[^a]: ", "    "), ("", "")]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Paragraphs in containers in containers, with no word twice."""
    words = iter(WORDS)
    parts = []
    for paragraph in draw(st.lists(PARAGRAPHS, min_size=1, max_size=2)):
        text = re.sub(r"\{\}", lambda _: next(words, "."), paragraph)
        for first, rest in draw(st.lists(CONTAINERS, max_size=2)):
            text = _indented(text, first, rest)
        parts.append(text)
    return "\n\n".join(parts)


@given(texts(), st.integers(1, 99))
def test_every_word_has_its_place(text: str, first_line: int) -> None:
    body = scan(text, first_line)
    places = Places(body, "a.md")
    for token in body.blocks.tokens:
        for found in re.finditer(r"word\d", token.content) if token.type in {"inline", "html_block"} else ():
            mark = places.of(token, found.start())
            line = text.split("\n")[mark.line - first_line]
            assert (mark.path, line[mark.column - 1 :][:5]) == ("a.md", found[0])


@pytest.mark.parametrize(
    ("text", "needle", "place"),
    [
        ("same same", 5, (1, 6)),
        ("> same\n> same", 5, (2, 3)),
        ("- a\n\n    same\n    b", 7, (4, 5)),
        ("| a | b |\n|---|---|\n| a\\|c | d |", 2, (3, 6)),
    ],
)
def test_a_piece_is_found_by_its_offset(text: str, needle: int, place: tuple[int, int]) -> None:
    body = scan(text)
    token = [each for each in body.blocks.tokens if each.type == "inline" and len(each.content) > needle][-1]
    mark = Places(body, "a.md").of(token, needle)
    assert (mark.line, mark.column) == place


def test_a_line_is_named_as_in_the_file_and_one_that_is_not_there_is_empty() -> None:
    places = Places(scan("a\n\nb", 10), "a.md")
    assert [places.text(row) for row in (0, 2, 3)] == ["a", "b", ""]
    assert (places.line(2).line, places.line(2).column) == (12, 1)
    assert (places.line(2, 7).line, places.line(2, 7).column) == (12, 7)
