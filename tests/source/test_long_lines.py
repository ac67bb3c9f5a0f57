"""Long lines and tangles of brackets are refused before anything parses them."""

from __future__ import annotations

import time

import pytest
from engblog.source.long_lines import MOST_BYTES, long_line, open_brackets
from hypothesis import given
from hypothesis import strategies as st


@given(
    lines=st.lists(st.sampled_from(["x", "é", "漢", ""]), max_size=3),
    letter=st.sampled_from(["x", "é", "漢", "🚀"]),
    more=st.integers(-2, 2),
)
def test_a_line_is_measured_in_bytes_and_the_place_is_the_first_letter_too_many(
    lines: list[str], letter: str, more: int
) -> None:
    count = MOST_BYTES // len(letter.encode()) + more
    problem = long_line("\n".join([*lines, letter * count]), "a.md")
    assert (problem is not None) == (more > 0)
    if problem:
        assert (problem.mark.line, problem.mark.column) == (len(lines) + 1, MOST_BYTES // len(letter.encode()) + 1)
        assert "20 kB" in problem.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[" * 19_000, 5), ("x\n\n" + "[\n" * 150_000, 7), ("[" * 9000 + "]" * 9000, 5), ("![a" * 6000, 5),
        (("[a " * 3000 + "\n\n") * 3, 5),
    ],
)  # fmt: skip
def test_brackets_that_take_the_square_of_their_number_are_refused(text: str, line: int) -> None:
    problem = open_brackets(text, "a.md", 5)
    assert problem is not None
    assert problem.mark.line == line


@pytest.mark.parametrize(
    "text", ["[[1,2],[3]],\n" * 20_000, "[a](b) " * 40_000, "- [ ] a\n" * 30_000, "]" * 300_000, "[\n\n" * 100_000]
)
def test_data_and_links_are_not(text: str) -> None:
    assert open_brackets(text, "a.md", 1) is None


@given(st.text("[]a\n", max_size=60))
def test_looking_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        open_brackets(piece * count, "a.md", 1)
        return time.process_time() - began

    few, many = min(seconds(200) for _ in range(3)), seconds(1600)
    assert many < 40 * few + 0.05
