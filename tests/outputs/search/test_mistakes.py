"""A rare form one edit from a frequent word is an error of its author, unless it is a word."""

from __future__ import annotations

import pytest
from engblog.html.sections import Section
from engblog.outputs.search import Document, build_index
from engblog.outputs.search.mistakes import mistakes_of


def meant(rare: str, frequent: str = "exactly", *, times: int = 1, words: tuple[int, ...] = ()) -> str:
    found = mistakes_of({0: [frequent], 1: [rare]}, [30, 1], [100, times], 60, words)
    return found.get(1, (0, ""))[1]


@pytest.mark.parametrize("rare", ["exacly", "exatcly", "exacctly", "exaxtly"])
def test_one_edit_inside_of_a_word_is_an_error(rare: str) -> None:
    assert meant(rare) == "exactly"


@pytest.mark.parametrize("rare", ["xactly", "exactl", "exactlye", "eaxctlly", "Exacly", "exa"])
def test_another_first_or_last_letter_two_edits_and_names_are_none(rare: str) -> None:
    assert meant(rare) == ""


def test_a_word_is_no_error_and_neither_is_what_is_written_often() -> None:
    assert meant("exacly", words=(1,)) == ""
    assert meant("exacly", times=6) == ""


def test_an_article_with_an_error_is_found_by_the_word() -> None:
    texts = ["exactly once, exactly so, exactly"] * 12 + ["exacly once"]
    documents = [Document(f"{place}/", "T", (Section("", "", text),)) for place, text in enumerate(texts)]
    assert build_index(documents) != build_index(documents[:-1])
