"""The read path: where a get looks, in which order, and how much of it is wasted."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from engblog.lab.record import Recorder

from .rocks import KIB, Store, row


@pytest.mark.fails_when("all versions are merged into one level", assertion="searched == (", merge=True)
def test_the_newest_version_wins_and_the_search_ends_there(
    open_store: Callable[..., Store], merge: bool = False
) -> None:
    """A get searches the memtable, then level 0, then the levels below, and reads nothing beyond the newest version."""
    store = open_store(disable_auto_compactions=True)
    store.put([1, 2, 3], b"oldest")
    store.db.flush()
    store.db.compact_range(None, None)  # down to the last level
    store.put([1, 2, 4], b"newer")
    store.db.flush()  # to level 0, where this file could hold row 3 as well
    store.put([1], b"newest")  # in the memtable
    if merge:
        store.db.compact_range(None, None)

    for number, expected, place, blocks in (
        (1, b"newest", "memtable.hit", 0),
        (2, b"newer", "l0.hit", 1),
        (3, b"oldest", "l2andup.hit", 2),
    ):
        before = store.counters()
        assert store.db.get(row(number)[0]) == expected
        searched = store.since(before, place), store.blocks_since(before)
        assert searched == (1, blocks), place


def overlaps(files: list[dict[str, Any]]) -> int:
    """Count the neighbours among *files*, ordered by their first keys, that share a part of the key space."""
    ordered = sorted(files, key=lambda file: file["start_key"])
    return sum(1 for left, right in pairwise(ordered) if left["end_key"] >= right["start_key"])


@pytest.mark.fails_when("the keys come in order", assertion="overlaps(store.files(level=0)) > 0", ordered=True)
def test_files_of_level_0_overlap_and_those_of_a_deeper_level_do_not(
    open_store: Callable[..., Store], ordered: bool = False
) -> None:
    """Files of level 0 overlap if keys come in random order; in a deeper level no two files overlap."""
    store = open_store(disable_auto_compactions=True, target_file_size_base=64 * KIB)
    numbers = list(range(6_000))
    if not ordered:
        random.Random(1).shuffle(numbers)
    for first in range(0, 6_000, 1_000):
        store.put(numbers[first : first + 1_000])
        store.db.flush()

    assert overlaps(store.files(level=0)) > 0
    store.db.compact_range(None, None)
    assert len(store.files()) > 5
    assert store.files(level=0) == []
    assert overlaps(store.files()) == 0


@pytest.mark.fails_when("every file has a filter", assertion="looked >= RUNS * GETS", bloom_bits=10)
def test_a_key_that_is_nowhere_costs_a_block_in_every_sorted_run(
    open_store: Callable[..., Store], record: Recorder, bloom_bits: float = 0
) -> None:
    """Without filters, a get of an absent key looks into a data block of each of eight files in level 0."""
    RUNS, GETS = 8, 500  # noqa: N806
    store = open_store(disable_auto_compactions=True, bloom_bits=bloom_bits)
    for run in range(RUNS):
        store.put(range(2 * run, 20_000, 2 * RUNS))  # every run spans all keys; none holds an odd one
        store.db.flush()
    before = store.counters()

    for number in range(1_001, 1_001 + 2 * GETS, 2):
        assert store.db.get(row(number)[0]) is None

    looked = store.blocks_since(before)
    record.number(
        "blocks_a_get", looked / GETS, note="data blocks for each get of an absent key, eight runs, no filter"
    )
    assert store.sorted_runs() == RUNS
    assert looked >= RUNS * GETS
