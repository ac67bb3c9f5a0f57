"""How the files of the index are written."""

from __future__ import annotations

from zlib import crc32

import pytest
from engblog.outputs.search.files import checked, front_coded, in_javascript, separator, to_json, with_length
from hypothesis import given
from hypothesis import strategies as st


def test_text_is_ordered_as_javascript_orders_it() -> None:
    words = ["\uffee", "\U0001f600", "a", "B", "é"]
    assert sorted(words, key=in_javascript) == ["B", "a", "é", "\U0001f600", "\uffee"]


@pytest.mark.parametrize(
    ("before", "first", "parted"),
    [("abc", "abx", "abx"), ("abc", "bcd", "b"), ("", "abc", "a"), ("ab", "abc", "abc"), ("a", "abcd", "ab")],
)
def test_shards_are_parted_by_the_shortest_text(before: str, first: str, parted: str) -> None:
    assert separator(before, first) == parted


@given(st.text(max_size=6), st.text(min_size=1, max_size=6))
def test_what_parts_is_behind_the_one_and_a_beginning_of_the_other(one: str, other: str) -> None:
    one, other = sorted((one, other), key=in_javascript)
    if one != other:
        parted = separator(one, other)
        assert other.startswith(parted)
        assert in_javascript(one) < in_javascript(parted) <= in_javascript(other)


def decoded(text: str, noted: int = 0) -> list[str]:
    words: list[str] = []
    for line in text.split("\n"):
        words.append((words[-1] if words else "")[: ord(line[0]) - 48] + line[1 + noted :])
    return words


def test_a_word_is_written_without_what_it_shares_with_the_one_before() -> None:
    assert front_coded(["server", "serves", "set"]) == "0server\n5s\n2t"
    assert front_coded(["server", "serves"], ["a", "b"]) == "0aserver\n5bs"
    assert front_coded([]) == ""
    assert front_coded(["x" * 70 + "a", "x" * 70 + "b"]).split("\n")[1] == "l" + "x" * 10 + "b", "60 at most"
    assert front_coded(["\U0001f600a", "\U0001f600b"]).split("\n")[1] == "0\U0001f600b", "a letter of two units is one"


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), min_size=1, max_size=8)))
def test_front_coded_words_can_be_read_back(words: list[str]) -> None:
    words = sorted(words, key=in_javascript)
    if words:
        assert decoded(front_coded(words)) == words
        assert decoded(front_coded(words, ["7"] * len(words)), noted=1) == words


def test_data_have_their_length_or_a_checksum_before_them() -> None:
    assert with_length("größe") == b"\x07" + "größe".encode()
    assert checked(b"data") == crc32(b"data").to_bytes(4, "little") + b"data"
    assert checked(bytearray(b"x"))[4:] == b"x"


def test_json_is_as_short_as_can_be() -> None:
    assert to_json({"a": [1, "ü"]}) == '{"a":[1,"ü"]}'.encode()
