"""The same minutes of overload, and the same stall, for queues that differ in nothing but their rule."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from typing import Any

import pytest
from queues import Codel, Expiring, Fifo, Lifo, Slough
from simulator import Outcome, poisson, simulate

OVERLOAD = 1.5
MINUTES = 120_000.0
RULES: dict[str, Callable[[], Fifo]] = {
    "FIFO, no limit": Fifo,
    "FIFO, 500 places": functools.partial(Fifo, 500),
    "FIFO, 50 places": functools.partial(Fifo, 50),
    "FIFO, drops after 1 s": functools.partial(Expiring, 1_000),
    "FIFO, drops after 0.9 s": functools.partial(Expiring, 900),
    "LIFO, 50 places": functools.partial(Lifo, 50),
    "CoDel, 5 ms in 100 ms": functools.partial(Codel, 5, 100),
    "CoDel, 50 ms in 1 s": functools.partial(Codel, 50, 1_000),
    "Folly, 50 ms in 1 s": functools.partial(Slough, 50, 1_000),
}


@functools.cache
def overloaded(rule: str) -> Outcome:
    """Two minutes in which requests come one and a half times as fast as the worker can do them."""
    return simulate(RULES[rule](), poisson(OVERLOAD, MINUTES, 1), MINUTES)


@functools.cache
def stalled(rule: str) -> Outcome:
    """Three minutes at 90% load, in which the worker stops for ten seconds at second 20."""
    return simulate(
        RULES[rule](), poisson(0.9, 180_000, 1), 180_000, lambda now: 30_000 if 20_000 <= now < 30_000 else now
    )


def outage(outcome: Outcome) -> int:
    """Seconds from the stall on in which fewer than half as many answers came in time as before it."""
    seconds = outcome.by_second(180)
    usual = statistics.mean(seconds[:20])
    return sum(answers < usual / 2 for answers in seconds[20:])


@pytest.mark.fails_when("the queue has 50 places", assertion="down > 8 * stall", rule="FIFO, 50 places")
def test_a_stall_of_ten_seconds_is_an_outage_of_a_minute_and_more(record: Any, rule: str = "FIFO, no limit") -> None:
    """At 90% load and behind an unbounded FIFO queue, a stall of 10 seconds costs more than 80 seconds of answers. No
    request is refused, and in the minute after the stall, the worker does at least 95% of what it can do."""
    outcome, stall = stalled(rule), 10
    down = outage(outcome)
    assert down > 8 * stall
    assert outcome.refused == 0
    assert sum(30_000 <= arrived + took < 90_000 for arrived, took in outcome.in_time + outcome.late) > 0.95 * 6_000
    record.number("outage_fifo", down, unit="s", note="seconds with under half the usual answers, FIFO without limit")
    chart = record.chart(
        "stall",
        title="Answers in time after a stall",
        x="seconds",
        y="answers in time, a second",
        note="simulated, 90% load, means of five seconds; the worker stands still from second 20 to 30",
    )
    for each in ("FIFO, no limit", "FIFO, 500 places", "FIFO, 50 places"):
        seconds = stalled(each).by_second(180)
        for begin in range(0, 150, 5):
            chart.point(each, begin + 2.5, sum(seconds[begin : begin + 5]) / 5)


@pytest.mark.fails_when("the queue has no limit", assertion="down <= 12", rule="FIFO, no limit")
def test_a_short_queue_recovers_with_the_worker(record: Any, rule: str = "FIFO, 50 places") -> None:
    """At 90% load and with 50 places, answers come in time again at most two seconds after a stall of ten."""
    down = outage(stalled(rule))
    assert down <= 12
    record.number("outage_short", down, unit="s", note="seconds with under half the usual answers, FIFO, 50 places")
    record.number("outage_long", outage(stalled("FIFO, 500 places")), unit="s", note="the same, FIFO, 500 places")


@pytest.mark.fails_when("the queue has 50 places", assertion="outcome.wasted > 0.95", rule="FIFO, 50 places")
def test_an_unbounded_queue_works_for_nobody(record: Any, rule: str = "FIFO, no limit") -> None:
    """In two minutes at 150% load, an unbounded FIFO queue refuses nothing, the worker never idles, and more than 95%
    of its answers are late; the last one that is in time comes within the first ten seconds, and fewer than one
    request in twenty is answered in time."""
    outcome = overloaded(rule)
    assert outcome.wasted > 0.95
    assert outcome.share < 0.05
    assert outcome.refused == 0
    answers = len(outcome.late) + len(outcome.in_time)
    assert answers > 0.97 * MINUTES / 10
    assert max(arrived + took for arrived, took in outcome.in_time) < 10_000
    record.number("wasted_fifo", outcome.wasted * 100, unit="%", note="answers that came late, FIFO, no limit")
    record.number("waiting_fifo", outcome.left, digits=6, note="requests that waited at the end, FIFO, no limit")


@pytest.mark.fails_when("the queue has 50 places", assertion="bounded.in_time == free.in_time", rule="FIFO, 50 places")
def test_a_bound_that_is_too_long_is_none(record: Any, rule: str = "FIFO, 500 places") -> None:
    """In two minutes at 150% load, a FIFO queue of 500 places, which is five seconds of work, answers exactly the same
    requests in time as one without a limit, although it refuses more than 1,000."""
    bounded, free = overloaded(rule), overloaded("FIFO, no limit")
    assert bounded.in_time == free.in_time
    assert bounded.refused > 1_000
    record.number("refused_long", bounded.refused, digits=6, note="requests refused by the FIFO of 500 places")


@pytest.mark.fails_when("the queue has 500 places", assertion="outcome.share > 0.64", rule="FIFO, 500 places")
def test_a_short_queue_answers_what_the_worker_can_do(record: Any, rule: str = "FIFO, 50 places") -> None:
    """At 150% load, a queue of 50 places answers at least 64% of the requests in time, of the two thirds that the
    worker could do."""
    outcome = overloaded(rule)
    assert outcome.share > 0.64
    assert outcome.share < 0.70
    chart = record.chart(
        "rules",
        title="Answered in time",
        x="rule of the queue",
        y="share of the requests (%)",
        kind="bars",
        note="simulated, 150% load for two minutes, clients give up after a second",
    )
    for number, each in enumerate(RULES):
        found = overloaded(each)
        chart.point("answered in time", each, round(found.share * 100, 1))
        record.number(f"share_{number}", found.share * 100, unit="%", note=f"answered in time: {each}")
        record.number(f"median_{number}", found.median(), unit="ms", note=f"median time of answers in time: {each}")
        record.number(f"wasted_{number}", round(found.wasted * 100, 1), unit="%", note=f"late answers: {each}")


@pytest.mark.fails_when("the limit leaves time for the work", assertion="late > 0.25", rule="FIFO, drops after 0.9 s")
def test_a_deadline_checked_at_the_last_moment_is_missed(rule: str = "FIFO, drops after 1 s") -> None:
    """At 150% load, if a FIFO queue drops only requests that have waited longer than the clients' one second, more than
    a quarter of the answers are still late, because most requests are served just before it is over. If it drops them
    after 0.9 seconds, fewer than one answer in a hundred is late."""
    late = overloaded(rule).wasted
    assert late > 0.25
    waited = [took for _, took in overloaded(rule).in_time]
    assert statistics.median(waited) > 950
    assert overloaded("FIFO, drops after 0.9 s").wasted < 0.01


@pytest.mark.fails_when("the queue is first in, first out", assertion="newest < oldest / 10", rule="FIFO, 50 places")
def test_lifo_answers_as_many_and_much_sooner(rule: str = "LIFO, 50 places") -> None:
    """At 150% load and with 50 places, LIFO answers as many requests in time as FIFO, within one in a hundred, and its
    median is less than a tenth of FIFO's."""
    first, last = overloaded("FIFO, 50 places"), overloaded(rule)
    newest, oldest = last.median(), first.median()
    assert newest < oldest / 10
    assert abs(first.share - last.share) < 0.01


@pytest.mark.fails_when("it is first in, first out", assertion="overtaken > 1_000", rule="FIFO, 50 places")
def test_lifo_answers_out_of_order(record: Any, rule: str = "LIFO, 50 places") -> None:
    """In two minutes at 150% load, LIFO gives more than a thousand answers after the answer to a later request."""
    outcome = overloaded(rule)
    order = sorted((arrived + took, arrived) for arrived, took in outcome.in_time)
    newest, overtaken = 0.0, 0
    for _, arrived in order:
        overtaken += arrived < newest
        newest = max(newest, arrived)
    assert overtaken > 1_000
    record.number("overtaken", overtaken, digits=6, note="answers after that of a later request, LIFO, 50 places")


@pytest.mark.fails_when("its constants are a router's", assertion="share < 0.05", rule="CoDel, 5 ms in 100 ms")
def test_codel_at_the_pace_of_a_service_does_not_catch_up(rule: str = "CoDel, 50 ms in 1 s") -> None:
    """With a target of 50 ms and an interval of 1 s, CoDel answers under 5% in time in two minutes at 150% load,
    as few as a queue without a limit, within one in a hundred."""
    share = overloaded(rule).share
    assert share < 0.05
    assert abs(share - overloaded("FIFO, no limit").share) < 0.01


@pytest.mark.fails_when("the worker needs 10 ms a request", assertion="share < 0.2", work=10)
def test_codel_at_a_routers_pace_loses_to_a_faster_service(record: Any, work: float = 0.1) -> None:
    """With a target of 5 ms and an interval of 100 ms, CoDel answers under a fifth in time in the first 20 seconds at
    150% load, if the worker does 10,000 requests a second and not 100."""
    outcome = simulate(Codel(5, 100), poisson(OVERLOAD, 20_000, 1, work=work), 20_000)
    share = outcome.share
    assert share < 0.2
    record.number("fast_codel", share * 100, unit="%", digits=2, note="answered in time, CoDel, 10,000 a second")


@pytest.mark.fails_when("it drops one by one, like CoDel", assertion="share > 0.64", rule="CoDel, 50 ms in 1 s")
def test_follys_rule_keeps_up_with_the_same_constants(rule: str = "Folly, 50 ms in 1 s") -> None:
    """At 150% load, with a target of 50 ms and an interval of 1 s, Folly's variant of CoDel answers at least 64% of the
    requests in time."""
    share = overloaded(rule).share
    assert share > 0.64


@pytest.mark.fails_when("the constants are ten times as large", assertion="dropped > 0.04", scale=10)
def test_a_routers_target_drops_requests_of_a_healthy_service(record: Any, scale: int = 1) -> None:
    """At 90% load, CoDel with a target of 5 ms and an interval of 100 ms drops more than 4% of requests that need 10 ms
    each, although every one of them would have been answered in time."""
    free = simulate(Fifo(), poisson(0.9, MINUTES, 1), MINUTES)
    outcome = simulate(Codel(5 * scale, 100 * scale), poisson(0.9, MINUTES, 1), MINUTES)
    answered = len(outcome.in_time) + len(outcome.late) + outcome.left
    dropped = 1 - answered / outcome.arrived
    assert free.late == []
    assert dropped > 0.04
    record.number("healthy_dropped", dropped * 100, unit="%", digits=2, note="dropped by CoDel, 5 ms, at 90% load")
