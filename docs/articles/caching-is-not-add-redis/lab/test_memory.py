"""The caches that need no code: L1, L2, L3, and the one that translates addresses."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest

from .levels import KIB, LEVELS, LINE

Chase = Callable[..., tuple[int, list[float]]]


@pytest.mark.fails_when(
    "the walk goes in order, so that the hardware can fetch ahead", assertion="memory > 20 * l1", order="inorder"
)
def test_a_load_from_memory_costs_more_than_twenty_from_l1(chase: Chase, record: Any, order: str = "random") -> None:
    """A dependent load costs more at every level, and from main memory more than 20 times what it costs from L1."""
    rounds = {level: chase(size // LINE, order=order)[1] for level, size in LEVELS.items()}
    for level, values in rounds.items():
        record.samples(f"load_{level}", values, unit="ns", note=f"one load, chasing pointers through {level}")
    inorder = chase(LEVELS["memory"] // LINE, order="inorder")[1]
    record.samples("load_inorder", inorder, unit="ns", note="the same bytes of main memory, line after line")
    l1, l2, l3, memory = (min(values) for values in rounds.values())
    record.number("memory_over_l1", statistics.median(rounds["memory"]) / l1, digits=2, note="main memory over L1")

    assert memory > 20 * l1
    assert l1 < l2 < l3 < memory


@pytest.mark.fails_when(
    "the same lines lie side by side, on 64 pages", assertion="min(spread) > 3 * min(packed)", stride=64
)
def test_the_same_lines_cost_more_when_each_has_a_page_of_its_own(
    chase: Chase, record: Any, stride: int = 4160
) -> None:
    """4,096 lines take more than 3 times as long to load when every one lies on a page of its own."""
    packed = chase(4096)[1]
    spread = chase(4096, stride=stride)[1]
    granted, huge = chase(4096, stride=stride, pages="huge")
    record.samples("lines_packed", packed, unit="ns", note="4,096 lines side by side")
    record.samples("lines_spread", spread, unit="ns", note="4,096 lines, one on each page of 4 KiB")
    record.samples("lines_huge", huge, unit="ns", note="the same addresses on pages of 2 MiB")
    record.number("huge_kib", granted, unit="KiB", note="huge pages that the kernel gave")

    assert min(spread) > 3 * min(packed)
    if granted:  # not where the kernel's setting is "never"
        assert min(huge) < min(spread)


def test_a_curve_by_size(chase: Chase, record: Any) -> None:
    """A load from 128 MiB costs more than a load from 8 KiB."""
    chart = record.chart(
        "by_size",
        title="One dependent load, by the size of what is walked through",
        x="KiB",
        y="ns per load",
        x_scale="log",
        y_scale="log",
        note="chase.c, one pointer in each line of 64 bytes, random order; the quietest rounds of twelve",
    )
    medians = []
    for kib in [2**power for power in range(3, 18)]:
        for name, pages in (("4 KiB pages", "small"), ("2 MiB pages", "huge")):
            values = chase(kib * KIB // LINE, pages=pages, rounds=12)[1]
            chart.point(name, kib, statistics.median(values))
            medians.append(statistics.median(values))

    assert medians[-1] > medians[0]
