"""The blip and what follows it: the collapse, and what it needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engblog.lab.record import Recorder
from history import History, check_down, check_up, draw, within
from scenario import BLIP, CAPACITY, END, LOAD

Histories = Callable[[str], History]


@pytest.mark.fails_when("the client never retries", assertion="history.goodput(start, end) < 0.05", plan="no retries")
@pytest.mark.fails_when("users ask for a fifth of the capacity", assertion="(start, end) < 0.05", plan="light load")
def test_four_attempts_keep_the_server_down(history: Histories, record: Recorder, plan: str = "retries") -> None:
    """With four attempts, requests are answered before the blip, and nearly none from six to ten seconds after it."""
    run = history(plan)
    draw(record, run, "four attempts")
    record.number("answered", len(within(run.answered, 10, END)), note="answers that came in time in seconds 10 to 14")
    record.number("asked", len(within(run.asked, 10, END)), note="requests that users asked for in seconds 10 to 14")
    check_up(run, 0.5, BLIP[0])
    check_down(run)


@pytest.mark.fails_when("each request has four attempts", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_without_retries_the_blip_passes(history: Histories, record: Recorder, plan: str = "no retries") -> None:
    """Without retries, some requests fail, but from three seconds after the same blip, all are answered in time."""
    run = history(plan)
    draw(record, run, "no retries")
    record.number("errors", len(run.failed), note="requests that failed in the whole run, no retries")
    check_up(run, 7)
    assert run.failed
    assert not within(run.failed, 7, END)


@pytest.mark.fails_when(
    "users ask for two fifths of the capacity", assertion="history.goodput(start, end) > 0.9", plan="retries"
)
def test_at_a_fifth_of_capacity_the_blip_passes(history: Histories, plan: str = "light load") -> None:
    """With four attempts and a fifth of the capacity in use, the same blip leaves nothing behind."""
    run = history(plan)
    check_up(run)
    assert len(run.received) > len(run.asked)  # the blip was felt
    assert run.amplification() < 1.1


@pytest.mark.fails_when("the client never retries", assertion="wasted > 0.9 * done", plan="no retries")
def test_the_workers_are_busy_for_nobody(history: Histories, record: Recorder, plan: str = "retries") -> None:
    """With four attempts, the workers run at full speed after the blip, nearly always for clients that have left."""
    run = history(plan)
    wasted = len(within(run.wasted, 10, END))
    done = len(within(run.served, 10, END))
    record.number("wasted", wasted, note="requests served in seconds 10 to 14 whose client had gone")
    record.number("done", done, note="requests served in seconds 10 to 14")
    assert wasted > 0.9 * done
    assert done > 0.8 * CAPACITY * (END - 10)
    assert done > len(within(run.asked, 10, END))


@pytest.mark.fails_when("the client never retries", assertion="received > 3", plan="no retries")
def test_the_load_multiplies(history: Histories, record: Recorder, plan: str = "retries") -> None:
    """With four attempts, over three times as many requests reach the server as users ask for: more than it can do."""
    received = history(plan).amplification(5, END)
    record.number("amplification", received, note="requests received for each that users asked for, seconds 5 to 14")
    chart = record.chart(
        "received",
        title="Requests that reach the server",
        x="second of the run",
        y="requests received, each second",
        note=f"Users ask for {LOAD} requests a second; the server can do {CAPACITY}.",
    )
    for name, line in ((plan, "four attempts"), ("budget", "four attempts and a budget"), ("no retries", "no retries")):
        for second, count in enumerate(history(name).per_second(history(name).received)):
            chart.point(line, second, count)
        assert len(history(name).asked) == LOAD * END  # the users' demand is the same
    assert received > 3
    assert LOAD * received > CAPACITY


@pytest.mark.fails_when("the client never retries", assertion="received > 3", plan="no retries")
@pytest.mark.fails_when("the pauses are forty times as long", assertion="received > 3", plan="long backoff")
def test_backoff_does_not_prevent_it(history: Histories, record: Recorder, plan: str = "backoff") -> None:
    """With pauses of up to 0.2, 0.4 and 0.8 seconds at random, the load more than triples and the server stays down."""
    run = history(plan)
    draw(record, run, "four attempts, backoff and jitter")
    received = run.amplification(5, END)
    record.number("amplification_backoff", received, note="the same with backoff and full jitter")
    assert received > 3
    check_down(run)


@pytest.mark.fails_when(
    "the pauses are a fortieth as long", assertion="history.goodput(start, end) > 0.9", plan="backoff"
)
def test_long_pauses_outlast_the_backlog(history: Histories, plan: str = "long backoff") -> None:
    """With pauses of up to 8, 16 and 32 seconds at random, the service recovers from the same blip."""
    run = history(plan)
    check_up(run)
    assert run.amplification(BLIP[0], BLIP[1] + 1) < 1.3  # few retries came before the backlog was gone


@pytest.mark.fails_when("nobody sends copies", assertion="history.goodput(start, end) < 0.05", plan="no retries")
@pytest.mark.fails_when(
    "the copies have a budget", assertion="history.goodput(start, end) < 0.05", plan="hedges with a budget"
)
def test_hedges_keep_the_server_down(history: Histories, plan: str = "hedges") -> None:
    """A client that never retries but sends up to three copies of a slow request keeps the server down, too."""
    run = history(plan)
    check_down(run)
    assert run.amplification() > 3
