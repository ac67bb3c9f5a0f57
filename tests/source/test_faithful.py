"""A page shows what its text means to GitHub, or there is a problem at the line that it does not show."""

from __future__ import annotations

import re
import time

import pytest
from engblog.html.shown import shown
from engblog.model.problems import Code
from engblog.source.commonmark import read_blocks
from engblog.source.faithful import as_github_shows
from hypothesis import given
from hypothesis import strategies as st
from support.documents import documents
from support.texts import on_github, page_of, problems_of


def blocks(html: str) -> list[tuple[object, ...]]:
    return [block.key for block in shown(html).blocks]


@given(documents())
def test_a_page_that_differs_from_githubs_has_a_problem(text: str) -> None:
    html = page_of(text)
    assert problems_of(text, html) or blocks(html) == blocks(on_github(text))


@given(documents())
def test_the_words_of_a_text_are_the_words_of_its_page(text: str) -> None:
    html = page_of(text)
    hidden = re.sub(r"<!--.*?-->|^\[r\]:.*|\]\([^)]*\)|!\[\w*", "", text, flags=re.DOTALL | re.MULTILINE)
    infos = {
        word
        for line in text.split("\n")
        if line.lstrip("> 0123456789.)*+-").startswith(("```", "~~~"))
        for word in re.findall(r"\bw\d+\b", line)
    }
    written = [word for word in re.findall(r"\bw\d+(?=\b|_)|(?<=_)w\d+", hidden) if word not in infos]
    seen = re.findall(r"w\d+", re.sub(r"<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL))
    assert problems_of(text, html) or set(written) <= set(seen)


@given(st.text(alphabet="ab#->*_`~|:[]()!<>&\\ \n\t1.{}=\"'+^", max_size=80))
def test_any_text_is_shown_as_on_github_or_is_a_problem(text: str) -> None:
    html = page_of(text)
    assert problems_of(text, html) or blocks(html) == blocks(as_github_shows(read_blocks(text), lambda _: None))


@pytest.mark.parametrize(
    ("text", "place", "github", "here"),
    [
        ("Fine.\n\nA [link](a b) here.\n", (3, 3), "A [link](a b) here.", "A link here."),
        ("- a\n- one\n  two [x](y z)\n", (3, 7), "[x](y z)", "x"),
        ("one\n\n{#name}\n\ntwo\n", (3, 1), "", "{#name}"),
        ("| a |\n|---|\n| b [x](y z) |\n", (3, 5), "[x](y z)", "x"),
    ],
)
def test_a_difference_is_placed_and_quoted(text: str, place: tuple[int, int], github: str, here: str) -> None:
    (found,) = problems_of(text)
    assert found.code is Code.R015_READ_OTHERWISE
    assert (found.mark.line, found.mark.column) == place
    assert github in found.message
    assert here in found.message.partition("this site")[2]
    assert found.hint


def test_many_differences_are_compared_in_little_time() -> None:
    text = "\n\n".join(f"{n} [a](b c)" for n in range(1500))
    html = page_of(text)
    start = time.process_time()
    assert problems_of(text, html)
    assert time.process_time() - start < 20
