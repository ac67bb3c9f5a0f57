"""The day when the cache is empty: what its origin gets then, which it had been spared."""

from __future__ import annotations

import itertools
import random
import signal
from collections.abc import Callable
from typing import Any

import pytest

from .round_trips import Wire, command

KEYS, STEP, BEFORE, AFTER = 2_000, 500, 16, 8


@pytest.mark.fails_when(
    "the cache keeps an append-only file", assertion="after > 5 * before", settings={"appendonly": "yes"}
)
def test_an_empty_cache_sends_the_origin_more_than_five_times_the_calls(
    start_redis: Callable[..., Any],
    dial: Callable[[int], Wire],
    record: Any,
    settings: dict[str, str] | None = None,
) -> None:
    """After a restart of its cache, an origin gets more than 5 times the calls that it got just before."""
    server = start_redis(save="", **(settings or {}))
    draw = random.Random(3)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, KEYS + 1)))
    readers = iter(draw.choices(range(KEYS), cum_weights=weights, k=STEP * (BEFORE + AFTER)))
    calls = []
    for part in (BEFORE, AFTER):
        wire = dial(server.port)
        calls += [sum(_misses(wire, next(readers)) for _ in range(STEP)) for _ in range(part)]
        if part == BEFORE:
            server.send(signal.SIGKILL)
            server.wait()
            server.start()
    before, after = calls[BEFORE - 1], calls[BEFORE]
    chart = record.chart(
        "cold",
        title="Calls to the origin, around a restart of its cache",
        x="thousands of reads",
        y="calls in 500 reads",
        note="cache-aside in Redis without persistence; readers draw from 2,000 keys with Zipf's frequencies, one seed",
    )
    for step, count in enumerate(calls, start=1):
        chart.point("calls", step * STEP / 1_000, count)
    record.number("cold_before", before, note="calls to the origin in the 500 reads before the restart")
    record.number("cold_after", after, note="calls to the origin in the 500 reads behind it")

    assert after > 5 * before


def _misses(wire: Wire, key: int) -> bool:
    """Read *key* through the cache; return whether the origin had to be asked."""
    missed = wire.ask(command("GET", key), b"\r\n") == b"$-1\r\n"
    if missed:
        wire.ask(command("SET", key, "page"), b"+OK\r\n")
    return missed
