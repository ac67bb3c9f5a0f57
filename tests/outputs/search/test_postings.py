"""Postings, made as arrays, are those that counting one by one gives."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from engblog.outputs.search.postings import DESCRIBED, HEADED, INSIDE, occurrence_keys, postings_of
from hypothesis import example, given
from hypothesis import strategies as st

Word = tuple[int, int, int, int, int]  # term, article, passage of the article, mark, weight
PASSAGES = [1, 12, 3, 40]
LENGTHS = [1.0, 0.7, 2.2, 1.3]


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def expected(words: list[Word]) -> dict[int, bytes]:
    """By term: its postings as the index describes them, made the long way."""
    amounts: dict[tuple[int, int], int] = defaultdict(int)
    marks: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for term, article, passage, mark, weight in words:
        amounts[term, article] += weight
        there = marks[term, article]
        there[passage] = max(mark, there.get(passage, DESCRIBED))
    found: dict[int, bytes] = defaultdict(bytes)
    last: dict[int, int] = {}
    for term, article in sorted(amounts):
        weight = amounts[term, article] / 2 / LENGTHS[article]
        level = max(0, min(15, round(2 * math.log2(weight)) + 5))
        step = article - last.get(term, -1) - 1
        last[term] = article
        found[term] += varint(step << 4 | level)
        there = marks[term, article]
        if len(there) > 1:
            there = {passage: mark for passage, mark in there.items() if mark != DESCRIBED}
        kept = sorted(sorted(there, key=lambda passage: (there[passage] != HEADED, passage))[:5])
        before = -1
        for passage in kept:
            more = passage != kept[-1]
            found[term] += varint((passage - before - 1) << 2 | (there[passage] == HEADED) << 1 | more)
            before = passage
    return found


@st.composite
def words(draw: st.DrawFn) -> Word:
    article = draw(st.integers(0, len(PASSAGES) - 1))
    mark = draw(st.sampled_from([DESCRIBED, INSIDE, INSIDE, HEADED]))
    passage = 0 if mark == DESCRIBED else draw(st.integers(0, PASSAGES[article] - 1))
    return draw(st.integers(0, 5)), article, passage, mark, draw(st.integers(1, 4))


@example([])
@example([(0, 3, passage, INSIDE, 2) for passage in range(40)])
@example([(0, 3, passage, HEADED if passage % 3 else INSIDE, 2) for passage in range(40)])
@example([(5, 2, 0, DESCRIBED, 2), (5, 2, 1, INSIDE, 1), (5, 2, 1, HEADED, 4)])
@given(st.lists(words(), max_size=120))
def test_arrays_and_counting_agree(found: list[Word]) -> None:
    firsts = np.cumsum(PASSAGES) - PASSAGES
    columns = np.array(found, np.int64).reshape(-1, 5)
    term, article, passage, mark, weight = columns.T
    occurrences = occurrence_keys(term, firsts[article] + passage, mark, weight, sum(PASSAGES))
    data, begins = postings_of(occurrences, LENGTHS, PASSAGES).encoded(6)
    written = {number: data[begins[number] : begins[number + 1]] for number in range(6)}
    assert {number: blob for number, blob in written.items() if blob} == dict(expected(found))


def test_only_what_is_chosen_is_written() -> None:
    found: list[Word] = [(0, 0, 0, INSIDE, 2), (0, 1, 5, HEADED, 4), (0, 1, 9, INSIDE, 2), (1, 1, 2, INSIDE, 2)]
    firsts = np.cumsum(PASSAGES) - PASSAGES
    term, article, passage, mark, weight = np.array(found, np.int64).T
    postings = postings_of(
        occurrence_keys(term, firsts[article] + passage, mark, weight, sum(PASSAGES)), LENGTHS, PASSAGES
    )
    data, begins = postings.where(postings.headed | (postings.term == 1)).encoded(2)
    assert data[begins[0] : begins[1]] == expected([word for word in found if word[:2] == (0, 1)])[0]
    assert data[begins[1] : begins[2]] == expected([found[3]])[1]
