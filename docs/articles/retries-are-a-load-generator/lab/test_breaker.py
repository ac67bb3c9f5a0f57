"""What a circuit breaker costs when only a part has failed."""

from __future__ import annotations

import functools

import pytest
from chain import FOREVER, Layer
from client import FailedError, attempt
from engblog.lab.record import Recorder
from guards import Breaker
from loopback import run
from server import Server

SHARDS = 4


async def healthy_refused(shared: bool, requests: int = 200) -> tuple[int, int]:
    """Send requests to four shards in turn, one of which fails.

    Return how many went to healthy shards, and how many of these a breaker refused.
    """
    common = Breaker(share=0.2, rest=60)
    breakers = [common if shared else Breaker(share=0.2, rest=60) for _ in range(SHARDS)]
    works = await Server(service=0.001).start()
    fails = await Layer().start()
    healthy = refused = 0
    for number in range(requests):
        shard = number % SHARDS
        healthy += shard != 0
        if not breakers[shard].allows():
            refused += shard != 0
            continue
        try:
            await attempt(works.port if shard else fails, FOREVER)
        except FailedError:
            breakers[shard].report(False)
        else:
            breakers[shard].report(True)
    return healthy, refused


@functools.cache
def outcome(shared: bool) -> tuple[int, int]:
    """Count once with a shared breaker, and once with one for each shard."""
    return run(healthy_refused(shared))


@pytest.mark.fails_when("each shard has its own breaker", assertion="refused > 0.9 * healthy", shared=False)
def test_a_shared_breaker_turns_a_quarter_into_everything(record: Recorder, shared: bool = True) -> None:
    """With one breaker for four shards, one that fails makes the client refuse nearly every request to the others."""
    healthy, refused = outcome(shared)
    record.number("healthy", healthy, note="requests to healthy shards")
    record.number("healthy_refused", refused, note="of these, refused by a breaker that all shards share")
    assert refused > 0.9 * healthy


@pytest.mark.fails_when("all shards share a breaker", assertion="refused == 0", shared=True)
def test_a_breaker_for_each_shard_does_not(shared: bool = False) -> None:
    """With a breaker for each shard, no request to a healthy shard is refused."""
    _, refused = outcome(shared)
    assert refused == 0
