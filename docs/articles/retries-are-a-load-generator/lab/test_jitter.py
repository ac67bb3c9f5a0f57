"""What jitter is for: clients that failed at the same moment."""

from __future__ import annotations

import asyncio
import functools

import pytest
from client import Caller
from clock import now
from engblog.lab.record import Recorder
from loopback import run
from server import Server

CLIENTS = 60
BACKOFF = 5.0
ROOM = 15


async def crowd(jitter: bool) -> tuple[int, list[float]]:
    """Send one request from each of 60 clients at once, to a server that takes 15 at a time and refuses the others.

    Each client has a second attempt. Return how many clients were answered, and when the second attempts arrived.
    """
    server = await Server(workers=ROOM, service=0.5, limit=ROOM).start()
    began = now()
    callers = [Caller(server.port, attempts=2, patience=30, backoff=BACKOFF, jitter=jitter) for _ in range(CLIENTS)]
    answers = await asyncio.gather(*(caller.call() for caller in callers))
    return sum(answers), [came - began for came in server.received[CLIENTS:]]


@functools.cache
def outcome(jitter: bool) -> tuple[int, list[float]]:
    """Let the crowd in, once with jitter and once without."""
    return run(crowd(jitter))


def most_at_once(arrivals: list[float], width: float = 0.5) -> int:
    """The most arrivals in any half of a second."""
    return max(sum(start <= other < start + width for other in arrivals) for start in arrivals)


@pytest.mark.fails_when("nothing is random", assertion="answered > 0.75 * CLIENTS", jitter=False)
def test_jitter_spreads_the_second_attempts(record: Recorder, jitter: bool = True) -> None:
    """With full jitter, most of sixty clients that call at the same moment have an answer after two attempts."""
    answered, arrivals = outcome(jitter)
    record.number("jitter_answered", answered, note="of 60 clients, answered after two attempts, full jitter")
    draw(record, "full jitter", arrivals)
    assert answered > 0.75 * CLIENTS


@pytest.mark.fails_when("the pauses are random", assertion="together > 0.9 * len(arrivals)", jitter=True)
def test_backoff_alone_brings_them_back_together(record: Recorder, jitter: bool = False) -> None:
    """Without jitter, second attempts of clients refused together arrive within half a second, and many fail again."""
    answered, arrivals = outcome(jitter)
    together = most_at_once(arrivals)
    record.number("no_jitter_answered", answered, note="of 60 clients, answered after two attempts, no jitter")
    record.number("no_jitter_together", together, note="second attempts within half a second, no jitter")
    record.number("no_jitter_retried", len(arrivals), note="second attempts, no jitter")
    draw(record, "no jitter", arrivals)
    assert together > 0.9 * len(arrivals)
    assert answered < 0.75 * CLIENTS


def draw(record: Recorder, line: str, arrivals: list[float]) -> None:
    """Add the second attempts to the chart, in steps of half a second."""
    chart = record.chart(
        "crowd",
        title="Second attempts of clients that were refused together",
        x="seconds after the first attempt",
        y="second attempts in half a second",
        note=f"{CLIENTS} clients, a server that takes {ROOM} requests at a time, backoff of {BACKOFF:.0f} seconds.",
    )
    for step in range(17):
        start = step * 0.5
        chart.point(line, start, sum(start <= came < start + 0.5 for came in arrivals))
