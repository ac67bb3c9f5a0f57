"""What an in-process cache forgets, and which policy a single scan can empty."""

from __future__ import annotations

import itertools
import random
import statistics
from typing import Any

import pytest

from .tiny_lfu import AdmitsAll, Lru, TinyLfu

CAPACITY, KEYS = 1_000, 20_000
BEFORE, SCAN, AFTER = 40_000, 2_000, 5_000
STEP = 250
POLICIES = {"LRU": Lru, "TinyLFU": TinyLfu, "all admitted": AdmitsAll}


def hits_by_step(policy: str) -> list[float]:
    """Hit ratios of readers, a step at a time: a report that reads 2,000 other keys once comes in between.

    Readers draw from 20,000 keys, the second half as often as the first, the third a third as often (Zipf).
    """
    draw = random.Random(7)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, KEYS + 1)))
    readers = draw.choices(range(KEYS), cum_weights=weights, k=BEFORE + AFTER)
    cache = POLICIES[policy](CAPACITY)
    ratios = []
    for start in range(0, len(readers), STEP):
        if start == BEFORE:
            for key in range(KEYS, KEYS + SCAN):
                cache.hit(key)
        ratios.append(sum(cache.hit(key) for key in readers[start : start + STEP]) / STEP)
    return ratios


def around_the_scan(ratios: list[float]) -> tuple[float, float]:
    """Hit ratios of the 10,000 reads before the scan, and of the 250 reads behind it."""
    scan = BEFORE // STEP
    return statistics.mean(ratios[scan - 40 : scan]), ratios[scan]


@pytest.mark.fails_when("every newcomer is admitted", assertion="after > 0.95 * before", policy="all admitted")
def test_a_scan_does_not_empty_a_cache_that_asks_how_often(record: Any, policy: str = "TinyLFU") -> None:
    """After a scan of twice its size, an LRU with the question of TinyLFU hits at over 95% of its former ratio."""
    before, after = around_the_scan(hits_by_step(policy))
    record.number(
        "lfu_before", 100 * before, unit="%", digits=2, note="TinyLFU, hits in the 10,000 reads before the scan"
    )
    record.number("lfu_after", 100 * after, unit="%", digits=2, note="TinyLFU, hits in the 250 reads after the scan")

    assert after > 0.95 * before


@pytest.mark.fails_when("newcomers are compared", assertion="after < 0.75 * before", policy="TinyLFU")
def test_a_scan_empties_an_lru(record: Any, policy: str = "LRU") -> None:
    """After a scan of twice its size, an LRU cache hits at less than three quarters of its former ratio."""
    before, after = around_the_scan(hits_by_step(policy))
    record.number("lru_before", 100 * before, unit="%", digits=2, note="LRU, hits in the 10,000 reads before the scan")
    record.number("lru_after", 100 * after, unit="%", digits=2, note="LRU, hits in the 250 reads after the scan")
    chart = record.chart(
        "scan",
        title="Hit ratio around one scan, cache of 1,000 entries",
        x="thousands of reads",
        y="hits, %",
        note="20,000 keys with Zipf's frequencies, one seed; after 40,000 reads a report reads 2,000 other keys once",
    )
    for name in ("LRU", "TinyLFU"):
        for step, ratio in enumerate(hits_by_step(name), start=1):
            if step * STEP > BEFORE - 3_000:
                chart.point(name, step * STEP / 1_000, 100 * ratio)

    assert after < 0.75 * before
