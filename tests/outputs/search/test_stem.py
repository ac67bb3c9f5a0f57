"""English words of one family have one stem."""

from __future__ import annotations

import pytest
from engblog.outputs.search.stem import stem
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expired", "expires"),
        ("expiry", "expire"),
        ("losing", "lost"),
        ("deletion", "deleted"),
        ("connections", "connection"),
        ("frozen", "freezes"),
        ("optimisation", "optimized"),
        ("behaviours", "behavioral"),
        ("licence", "licenses"),
        ("centred", "centering"),
        ("kilometres", "kilometer"),
        ("catalogued", "catalogs"),
        ("analysing", "analyzed"),
        ("cancelled", "canceling"),
        ("grey", "gray"),
    ],
)
def test_words_of_one_family_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("general", "generic"),
        ("policy", "police"),
        ("news", "new"),
        ("caching", "catching"),
        ("important", "import"),
        ("container", "contain"),
        ("follower", "following"),
        ("https", "http"),
        ("hour", "hor"),
        ("acre", "acer"),
        ("persisted", "perized"),
    ],
)
def test_words_of_two_families_do_not_meet(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=40))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)
