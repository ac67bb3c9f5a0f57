"""What hedging is for: a replica that is slow once in a while."""

from __future__ import annotations

import asyncio

import pytest
from client import Caller, attempt
from clock import now
from engblog.lab.record import Recorder
from loopback import run
from server import Server

REQUESTS = 100
SLOW = 3.0


async def waits(hedge_after: float | None) -> tuple[list[float], int]:
    """Send 100 requests, of which each twentieth meets a slow replica; copies go to the other one.

    Return how long each took, and how many requests were sent in all.
    """
    quick = await Server(workers=20, service=0.02).start()
    slow = await Server(workers=20, service=SLOW).start()
    sent = 0

    async def ask(number: int) -> float:
        nonlocal sent
        ports = iter([slow.port if number % 20 == 0 else quick.port, quick.port])

        async def send(_: int, patience: float) -> None:
            await attempt(next(ports), patience)

        caller = Caller(0, attempts=2, patience=30, hedge_after=hedge_after, send=send)
        began = now()
        await (caller.hedged() if hedge_after else caller.once())
        sent += caller.sent
        return now() - began

    tasks = []
    for number in range(REQUESTS):
        tasks.append(asyncio.create_task(ask(number)))
        await asyncio.sleep(0.01)
    return await asyncio.gather(*tasks), sent


@pytest.mark.fails_when("nobody sends a copy", assertion="max(took) < SLOW / 2", hedge_after=None)
def test_a_copy_cuts_the_tail(record: Recorder, hedge_after: float | None = 0.5) -> None:
    """A copy after half a second saves every request from waiting for a replica that needs three."""
    took, sent = run(waits(hedge_after))
    record.samples(
        "hedged", took, unit="s", digits=2, note="how long each of 100 requests took, with a copy after 0.5 s"
    )
    record.number("hedged_sent", sent, note="requests sent for 100, with a copy after 0.5 s")
    assert max(took) < SLOW / 2
    assert REQUESTS + 5 <= sent < 1.1 * REQUESTS  # each of the five slow ones got a copy
