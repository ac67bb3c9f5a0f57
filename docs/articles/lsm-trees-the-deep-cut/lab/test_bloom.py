"""Bloom filters: the formula, what RocksDB's own counters say, and what no filter helps with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

from engblog.lab.record import Recorder

from .rocks import Store, row

KEYS = 20_000
GETS = 20_000


# --8<-- [start:formula]
def false_positives(bits: float, probes: int) -> float:
    """Share of absent keys that pass, with *bits* and *probes* for each key."""
    return (1 - math.exp(-probes / bits)) ** probes


def in_cache_lines(bits: float, probes: int, line: int = 512) -> float:
    """The same if all probes of a key are in one cache line of *line* bits."""
    keys = line / bits  # in a line, on average; lines do not fill evenly
    crowded = false_positives(line / (keys + math.sqrt(keys)), probes)
    roomy = false_positives(line / (keys - math.sqrt(keys)), probes)
    return (crowded + roomy) / 2


# --8<-- [end:formula]
BITS = (2, 4, 6, 8, 10, 12, 14, 16)


def probes(store: Store) -> int:
    """Probes a key, read from the only table file of *store*: the filter follows the data and ends with them."""
    (file,) = store.folder.glob("*.sst")
    told = str(store.db.property_value("rocksdb.aggregated-table-properties"))
    end = sum(int(re.findall(rf"{part} block size=(\d+)", told)[0]) for part in ("data", "filter"))
    kind, layout, count = file.read_bytes()[end - 5 : end - 2]
    assert (kind, layout) == (0xFF, 0)  # FastLocalBloomBitsBuilder::Finish in table/block_based/filter_policy.cc
    return count


def measured(store: Store) -> float:
    """Fill *store* with even keys, ask for odd ones, and return the share that its filter let through."""
    for first in range(0, KEYS, 1_000):
        store.put_batch(range(2 * first, 2 * (first + 1_000), 2))
    store.db.flush()
    before = store.counters()
    for number in range(GETS):
        assert store.db.get(row(2 * number + 1)[0]) is None
    passed = store.since(before, "bloom.filter.full.positive")
    stopped = store.since(before, "bloom.filter.useful")
    assert passed + stopped >= GETS - 1  # the filter was asked for every key but one beyond the last
    return passed / (passed + stopped)


@pytest.mark.fails_when("the filters get half of the bits", assertion="within(share, expected)", given=0.5)
def test_the_filter_lets_through_what_the_formula_says(
    open_store: Callable[..., Store], record: Recorder, given: float = 1.0
) -> None:
    """From 2 to 16 bits a key, the measured share of false positives is the computed one, within chance."""
    title, note = "Absent keys that the filter lets through", f"{GETS:,} absent keys against one file of {KEYS:,} keys"
    chart = record.chart("bloom", title=title, x="bits a key", y="percent", y_scale="log", note=note)
    for bits in BITS:
        store = open_store(bloom_bits=bits * given)
        share = measured(store)
        expected = in_cache_lines(bits, probes(store))
        assert within(share, expected), f"{bits} bits: {share} instead of {expected}"
        chart.point("computed", bits, 100 * expected)
        chart.point("measured", bits, 100 * share)
        if bits in (4, 8, 10, 16):
            record.number(f"fp_{bits}", 100 * share, unit="%", note=f"{note}, {bits} bits a key")
            computed = f"computed for {bits} bits and {probes(store)} probes a key"
            record.number(f"fp_{bits}_computed", 100 * expected, unit="%", note=computed)


def within(share: float, expected: float) -> bool:
    """Allow *share* of GETS draws to miss *expected* by five standard deviations and a tenth."""
    return abs(share - expected) <= 5 * math.sqrt(expected * (1 - expected) / GETS) + expected / 10


@pytest.mark.fails_when("it gets five bits a key", assertion="0.005 < share < 0.015", bits=5)
def test_ten_bits_a_key_let_through_one_absent_key_in_a_hundred(
    open_store: Callable[..., Store], bits: float = 10
) -> None:
    """A filter with 10 bits a key probes six of them at a lookup and lets through about 1% of absent keys."""
    store = open_store(bloom_bits=bits)
    share = measured(store)

    assert 0.005 < share < 0.015
    assert probes(store) == 6


@pytest.mark.fails_when("it is given a filter", assertion="filtered == 0", bloom_bits=10)
def test_rocksdb_has_no_filter_unless_it_is_given_one(open_store: Callable[..., Store], bloom_bits: float = 0) -> None:
    """At its defaults RocksDB builds no filter: it looks into a data block for each of 1,000 absent keys."""
    store = open_store(bloom_bits=bloom_bits)
    store.put(range(0, 2_002, 2))
    store.db.flush()
    before = store.counters()

    for number in range(1_000):
        assert store.db.get(row(2 * number + 1)[0]) is None

    filtered = store.since(before, "bloom.filter.useful")
    assert filtered == 0
    assert store.blocks_since(before) >= 1_000


@pytest.mark.fails_when("the reads are gets", assertion="useful == 0", scan=False)
def test_a_filter_does_not_help_a_range_scan(open_store: Callable[..., Store], scan: bool = True) -> None:
    """A thousand scans that find nothing in their range ask no filter and look into a data block each."""
    store = open_store(bloom_bits=10)
    store.put(range(0, 20_020, 20))
    store.db.flush()
    before = store.counters()

    for number in range(1, 20_000, 20):
        first, last = row(number)[0], row(number + 10)[0]
        if scan:
            found = store.db.iter()
            found.seek(first)
            assert found.key() > last  # the range is empty
            del found
        else:
            assert store.db.get(first) is None

    useful = store.since(before, "bloom.filter.useful")
    assert useful == 0
    assert store.blocks_since(before) >= 1_000
