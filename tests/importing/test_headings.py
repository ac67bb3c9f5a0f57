"""Headings of old posts: levels in order, and ids that links find."""

from __future__ import annotations

import re

import pytest
from engblog.importing.headings import new_id, translate_headings
from engblog.importing.old_text import OldText
from engblog.importing.remarks import Remarks
from hypothesis import given
from hypothesis import strategies as st


def brought(text: str, title: str = "T", linked: frozenset[str] = frozenset()) -> str:
    old = OldText(text)
    translate_headings(old, title, Remarks("a.md"), lambda words: words.lower().replace(" ", "-"), "-{}", linked)
    return old.text.strip()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# A\n\n## B\n", "## A\n\n### B"),
        ("### A\n\n##### B\n\n### C\n", "## A\n\n### B\n\n## C"),
        ("# T\n\n## B\n", "## B"),
        ("A\n===\n\nB\n---\n", "## A\n\n### B"),
        ("#### #\n\n## A\n", "## A"),
        ("## C#\n", "## C#"),
        ("> # A\n", "> ## A"),
        ("## A {#b}\n", "## A {: #b }"),
        ("## A {.x}\n", "## A"),
    ],
)
def test_levels_come_in_order(old: str, new: str) -> None:
    assert brought(old) == new


@given(st.lists(st.integers(1, 6), max_size=12))
def test_no_level_is_skipped_whatever_the_old_levels_were(levels: list[int]) -> None:
    found = brought("\n\n".join(f"{'#' * level} w{number}" for number, level in enumerate(levels)))
    new = [len(each) for each in re.findall(r"^#+", found, re.MULTILINE)]
    assert len(new) == len(levels)
    assert all(level <= before + 1 for before, level in zip([1, *new], new, strict=False))
    assert all(level >= 2 for level in new)


def test_only_headings_that_links_lead_to_get_an_id() -> None:
    found = brought("## Same\n\n## Same\n\n## Other\n", linked=frozenset({"same-1"}))
    assert found == "## Same\n\n## Same {: #same-1 }\n\n## Other"


@pytest.mark.parametrize(
    ("old", "new"), [("A_B", "a-b"), ("über uns", "uber-uns"), ("name", "at-name"), ("数据", ""), ("fn-1", "at-fn-1")]
)
def test_an_id_is_one_that_articles_can_have(old: str, new: str) -> None:
    assert new_id(old) == new
