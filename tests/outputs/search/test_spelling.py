"""Words that British and American English spell differently have one spelling, and all others stay."""

from __future__ import annotations

import pytest
from engblog.outputs.search.spelling import american
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("british", "spelled"),
    [
        ("optimisation", "optimization"),
        ("behavioural", "behavioral"),
        ("licences", "licenses"),
        ("centred", "centered"),
        ("kilometres", "kilometers"),
        ("catalogued", "cataloged"),
        ("analysing", "analyzing"),
        ("grey", "gray"),
    ],
)
def test_a_british_word_is_spelled_as_in_america(british: str, spelled: str) -> None:
    assert american(british) == spelled


@pytest.mark.parametrize(
    "word", ["precise", "revised", "exercising", "advertiser", "improvisation", "noise", "likewise", "hours", "source"]
)
def test_a_word_that_both_spell_alike_stays(word: str) -> None:
    assert american(word) == word


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), max_size=20))
def test_an_american_spelling_stays(word: str) -> None:
    assert american(american(word)) == american(word)
