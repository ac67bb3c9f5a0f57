"""Waiting time against utilisation, simulated. Times are in units of the mean work of a request."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
from queues import Fifo, Request
from simulator import WORK, poisson, simulate, waits

LOADS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
COUNT = 150_000


@functools.cache
def response(load: float, *, fixed: bool = False, workers: int = 1) -> tuple[float, float]:
    """The mean and the 99th percentile of the response time."""
    found = waits(load, COUNT, 3, fixed=fixed, workers=workers)
    mean = sum(wait for wait, _ in found) / COUNT + 1  # the mean work is 1
    return mean, sorted(wait + work for wait, work in found)[COUNT * 99 // 100]


@pytest.mark.fails_when("every request needs the same work", assertion="abs(mean / expected - 1) < 0.15", fixed=True)
def test_the_headroom_is_the_divisor(record: Any, fixed: bool = False) -> None:
    """With random arrivals and random work, the mean response time is the mean work divided by the idle share of the
    worker, within 15%: 2 at half load, 5 at 80%, 10 at 90%, 20 at 95%. From 80% to 90% it doubles, within 10%. At 80%,
    one request in a hundred takes 23 times the mean work or longer, within 15%."""
    chart = record.chart(
        "curves",
        title="Response time by utilisation",
        x="utilisation of the workers (%)",
        y="mean response time, in units of the mean work",
        note=f"simulated, {COUNT:,} requests a point",
    )
    for load in LOADS:
        mean, _ = response(load, fixed=fixed)
        expected = 1 / (1 - load)
        assert abs(mean / expected - 1) < 0.15
        chart.point("one worker, random work", load * 100, round(mean, 2))
        chart.point("one worker, equal work", load * 100, round(response(load, fixed=True)[0], 2))
        chart.point("four workers, one queue", load * 100, round(response(load, workers=4)[0], 2))
    assert 1.8 < response(0.9)[0] / response(0.8)[0] < 2.2
    assert abs(response(0.8)[1] / (5 * math.log(100)) - 1) < 0.15
    for load in (0.5, 0.8, 0.9, 0.95):
        record.number(f"mean_{load * 100:.0f}", response(load)[0], note=f"mean response time at {load:.0%} load")
    record.number("p99_80", response(0.8)[1], digits=2, note="p99 of the response time at 80% load")


@pytest.mark.fails_when("the work is random", assertion="0.45 < ratio < 0.55", fixed=False)
def test_equal_work_waits_half_as_long(fixed: bool = True) -> None:
    """If every request needs the same work, the mean wait at 80% and 90% load is half of what it is with exponentially
    distributed work, within 10%."""
    for load in (0.8, 0.9):
        ratio = (response(load, fixed=fixed)[0] - 1) / (response(load)[0] - 1)
        assert 0.45 < ratio < 0.55


@pytest.mark.fails_when("each worker has its own queue", assertion="shared - 1 < (alone - 1) / 3", workers=1)
def test_workers_that_share_a_queue_wait_less(record: Any, workers: int = 4) -> None:
    """At 80% and 90% load, requests to four workers with one queue wait less than a third as long as requests to a
    single worker with the same load, which is what each of four workers is to requests that are dealt at random."""
    for load in (0.8, 0.9):
        shared, alone = response(load, workers=workers)[0], response(load)[0]
        assert shared - 1 < (alone - 1) / 3
    record.number("shared_90", response(0.9, workers=4)[0], note="mean response time, four workers, one queue, 90%")


@pytest.mark.fails_when("the same load is even", assertion="slow > 0.1", burst=0.6)
def test_a_minute_at_60_percent_hides_a_burst(record: Any, burst: float = 1.5) -> None:
    """At 60% load on average, of which 15 seconds in each minute are at 150% and the rest at 30%, more than a tenth
    of the requests take over a second; at an even 60%, none does."""
    rest = 0.3 if burst > 1 else 0.6
    until = 600_000.0

    def requests() -> Any:
        for start in range(0, 600, 60):
            for seconds, load, begin in ((15, burst, start), (45, rest, start + 15)):
                for one in poisson(load, seconds * 1_000, begin + 1):
                    yield Request(begin * 1_000 + one.arrived, one.work)

    outcome = simulate(Fifo(), requests(), until)
    even = simulate(Fifo(), poisson(0.6, until, 1), until)
    slow = len(outcome.late) / outcome.arrived
    assert len(even.late) == 0
    assert slow > 0.1
    assert 0.57 < outcome.arrived * WORK / until < 0.63
    record.number("burst_slow", slow * 100, unit="%", digits=2, note="requests over a second, 60% load in bursts")


@pytest.mark.fails_when("the queue has no limit", assertion="longest <= bound", limit=10**9)
def test_a_bound_on_the_length_is_a_bound_on_the_wait(limit: int = 50) -> None:
    """With equal work and a queue of 50 places, no request that was accepted takes longer than the 50 in the queue,
    itself among them, and the one at work: 0.51 s, at one and a half times the load that the worker can do."""
    outcome = simulate(Fifo(limit), poisson(1.5, 60_000, 1, fixed=True), 60_000)
    longest = max(took for _, took in outcome.in_time + outcome.late)
    bound = 50 * WORK + WORK
    assert longest <= bound
    assert longest > 490
