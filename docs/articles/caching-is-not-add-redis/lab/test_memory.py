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
    """A dependent load takes longer at each level down to main memory, and there over 20 times as long as in L1."""
    rounds = {level: chase(size // LINE, order=order)[1] for level, size in LEVELS.items()}
    for level, values in rounds.items():
        record.samples(f"load_{level}", values, unit="ns", note=f"one load, chasing pointers through {level}")
    inorder = chase(LEVELS["memory"] // LINE, order="inorder")[1]
    record.samples("load_inorder", inorder, unit="ns", note="the same bytes of main memory, line after line")
    l1, l2, l3, memory = (statistics.median(values) for values in rounds.values())

    assert memory > 20 * l1
    assert l1 < l2 < l3 < memory


@pytest.mark.fails_when("the same lines lie side by side, on 64 pages", assertion="spread > 3 * packed", stride=64)
def test_the_same_lines_cost_more_when_each_has_a_page_of_its_own(
    chase: Chase, record: Any, stride: int = 4160
) -> None:
    """A load of one of 4,096 lines takes more than 3 times as long when each line has a page of 4 KiB to itself."""
    packed = _record(record, "packed", chase(4096)[1], "4,096 lines side by side")
    spread = _record(record, "spread", chase(4096, stride=stride)[1], "4,096 lines, one on each page of 4 KiB")

    assert spread > 3 * packed


@pytest.mark.fails_when("the pages have 4 KiB there too", assertion="huge < 0.75 * spread", pages="small")
def test_larger_pages_make_the_same_lines_cheaper(chase: Chase, record: Any, pages: str = "huge") -> None:
    """With pages of 2 MiB, loads of lines 4,160 bytes apart take less than three quarters of the time with 4 KiB."""
    spread = statistics.median(chase(4096, stride=4160)[1])
    granted, values = chase(4096, stride=4160, pages=pages)
    if pages == "huge" and not granted:
        pytest.skip("the kernel gives no huge pages: /sys/kernel/mm/transparent_hugepage/enabled")
    huge = _record(record, "huge", values, "4,096 lines, as far apart, on pages of 2 MiB")

    assert huge < 0.75 * spread


def _record(record: Any, name: str, values: list[float], note: str) -> float:
    """Record every round, and return the median."""
    record.samples(f"lines_{name}", values, unit="ns", note=note)
    return statistics.median(values)


def test_a_curve_by_size(chase: Chase, record: Any) -> None:
    """A dependent load takes longer in a random walk through 128 MiB than in one through 8 KiB."""
    chart = record.chart(
        "by_size",
        title="One dependent load, by the size of what is walked through",
        x="KiB",
        y="ns per load",
        x_scale="log",
        y_scale="log",
        note="chase.c, one pointer in each line of 64 bytes, random order; the median of 15 rounds, all recorded",
    )
    medians = []
    for kib in [2**power for power in range(3, 18)]:
        for name, pages in (("4 KiB pages", "small"), ("2 MiB pages", "huge")):
            values = chase(kib * KIB // LINE, pages=pages)[1]
            record.samples(
                f"curve_{kib}_{pages}", values, unit="ns", note=f"one load, walking through {kib} KiB, {name}"
            )
            chart.point(name, kib, statistics.median(values))
            medians.append(statistics.median(values))

    assert medians[-1] > medians[0]
