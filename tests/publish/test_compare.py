"""Where two files part, in words that a terminal may show."""

from __future__ import annotations

import pytest
from engblog.publish.compare import first_difference, terminal_safe
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        (b"a\nbc\nd\n", b"a\nbX\nd\n", "line 2, column 2: “bc” here, “bX” there"),
        (b"a\n", b"a\nb\n", "line 2, column 1: nothing here, “b” there"),
        (b"a\nb\n", b"", "line 1, column 1: “a” here, nothing there"),
        (b"a\nb", b"a\n\nb", "line 2, column 1: “b” here, “” there"),
        (b"\x89PNG\0a", b"\x89PNG\0b", "byte 6 (6 bytes here, 6 there)"),
        (b"text", b"te\xff", "byte 3 (4 bytes here, 3 there)"),
        ("größer".encode(), "größ r".encode(), "line 1, column 5: “größer” here, “größ r” there"),
    ],
)
def test_the_first_place_is_named_and_shown(here: bytes, there: bytes, said: str) -> None:
    assert first_difference(here, there) == said


def test_of_a_long_line_the_surroundings_are_shown() -> None:
    one, other = b"x" * 5000 + b"a" + b"y" * 5000, b"x" * 5000 + b"b" + b"y" * 5000
    said = first_difference(one, other)
    assert said.startswith("line 1, column 5001: “xxx")
    assert len(said) < 250


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    said = first_difference(b"a\n", "a\x1b]0;x\x07\r\u202e\u2028b\n".encode())
    assert said == r"line 1, column 2: “a” here, “a\x1b]0;x\x07\r\u202e\u2028b” there"
    assert terminal_safe("a\udcff") == r"a\udcff"


@given(st.binary(), st.binary())
def test_any_two_files_are_told_apart(here: bytes, there: bytes) -> None:
    if here != there:
        assert terminal_safe(first_difference(here, there)) == first_difference(here, there)


@given(st.text(), st.text())
def test_any_two_texts_are_told_apart_at_the_right_place(here: str, there: str) -> None:
    if here == there or "\0" in here + there:
        return
    at = next((at for at, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    line, column = here.count("\n", 0, at) + 1, at - here.rfind("\n", 0, at)
    assert first_difference(here.encode(), there.encode()).startswith(f"line {line}, column {column}: ")
