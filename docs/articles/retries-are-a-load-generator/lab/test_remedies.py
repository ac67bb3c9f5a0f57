"""What ends the collapse, or keeps it from beginning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engblog.lab.record import Recorder
from history import History, check_down, check_up, draw, within
from scenario import ACTION, CAPACITY, END

Histories = Callable[[str], History]


@pytest.mark.fails_when("there is no budget", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_a_budget_ends_it(history: Histories, record: Recorder, plan: str = "budget") -> None:
    """With a budget of one retry for ten requests, the service recovers from the blip, with the same four attempts."""
    run = history(plan)
    draw(record, run, "four attempts and a budget")
    check_up(run)


@pytest.mark.fails_when("there is no budget", assertion="sent <= 1.1 * asked + 10", plan="retries")
def test_a_budget_bounds_the_load(history: Histories, record: Recorder, plan: str = "budget") -> None:
    """A budget keeps the load within a tenth above what users ask for, plus the ten retries saved at the start."""
    run = history(plan)
    sent, asked = len(run.received), len(run.asked)
    record.number("budget_sent", sent, note="requests that the server received in the whole run, with a budget")
    record.number("budget_asked", asked, note="requests that users asked for in the whole run")
    assert sent <= 1.1 * asked + 10


@pytest.mark.fails_when("there is no breaker", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_a_breaker_ends_it(history: Histories, plan: str = "breaker") -> None:
    """With a circuit breaker, the service recovers from the blip, with the same four attempts."""
    check_up(history(plan))


@pytest.mark.fails_when("the copies have no budget", assertion="history.goodput(start, end) > 0.9", plan="hedges")
def test_hedges_with_a_budget_recover(history: Histories, plan: str = "hedges with a budget") -> None:
    """With a budget for the copies, the service recovers from the blip although its clients hedge."""
    check_up(history(plan))


@pytest.mark.fails_when("the queue has no bound", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_a_short_queue_ends_it(history: Histories, plan: str = "short queue") -> None:
    """A server that holds at most 15 requests and refuses the others at once recovers from the blip by itself."""
    check_up(history(plan))


@pytest.mark.fails_when("nothing is dropped", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_dropping_doomed_requests_ends_it(history: Histories, plan: str = "doomed dropped") -> None:
    """A server that drops requests with too little time left recovers from the blip by itself."""
    check_up(history(plan))


def in_time(history: History) -> float:
    """Requests answered in time, as a share of what the server can do."""
    return len(within(history.answered, 6, END)) / (CAPACITY * (END - 6))


@pytest.mark.fails_when(
    "it drops what it can't finish in time", assertion="in_time(run) < 0.05", plan="overload, doomed dropped"
)
def test_dropping_only_expired_requests_wastes_the_workers(
    history: Histories, record: Recorder, plan: str = "overload, expired dropped"
) -> None:
    """Under twice the load it can carry, a server that drops only expired requests answers nearly nothing in time."""
    run = history(plan)
    record.number("in_time_expired", 100 * in_time(run), unit="%", note="answers in time, of what the server can do")
    assert in_time(run) < 0.05


@pytest.mark.fails_when(
    "it drops only what has expired", assertion="in_time(run) > 0.9", plan="overload, expired dropped"
)
def test_dropping_doomed_requests_keeps_the_capacity(
    history: Histories, record: Recorder, plan: str = "overload, doomed dropped"
) -> None:
    """Under twice the load it can carry, a server that drops doomed requests uses nearly all its capacity well."""
    run = history(plan)
    record.number("in_time_doomed", 100 * in_time(run), unit="%", note="answers in time, of what the server can do")
    assert in_time(run) > 0.9


@pytest.mark.fails_when(
    "the queue is dropped as well", assertion="(start, end) < 0.05", plan="retries off, queue dropped"
)
def test_turning_retries_off_is_slow(history: Histories, record: Recorder, plan: str = "retries off") -> None:
    """Up to four seconds after the retries were turned off, the server works through its backlog and answers nobody."""
    run = history(plan)
    draw(record, run, f"retries turned off in second {ACTION}")
    check_down(run, ACTION + 1, ACTION + 4)
    assert run.amplification(ACTION + 1, ACTION + 4) < 1.1  # nothing is retried anymore
    assert len(within(run.wasted, ACTION + 1, ACTION + 4)) > 0.8 * CAPACITY * 3


@pytest.mark.fails_when("the queue stays", assertion="history.goodput(start, end) > 0.9", plan="retries off")
@pytest.mark.fails_when("nobody intervenes", assertion="history.goodput(start, end) > 0.9", plan="retries")
def test_retries_off_and_an_empty_queue_end_it(
    history: Histories, record: Recorder, plan: str = "retries off, queue dropped"
) -> None:
    """With the retries off and the backlog dropped, requests are answered in time again within a second."""
    run = history(plan)
    draw(record, run, f"retries turned off and backlog dropped in second {ACTION}")
    check_up(run, ACTION + 1, ACTION + 4)


@pytest.mark.fails_when(
    "the retries are off", assertion="history.goodput(start, end) < 0.05", plan="retries off, queue dropped"
)
def test_an_empty_queue_fills_again(history: Histories, plan: str = "queue dropped, five attempts") -> None:
    """If the backlog is dropped while clients keep five attempts, some get an answer, and the server is down again."""
    run = history(plan)
    assert within(run.answered, ACTION, ACTION + 2)
    check_down(run, ACTION + 2)
