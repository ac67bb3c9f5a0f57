"""One worker behind a queue, in a time of its own. With the same seed, every run gives the same result."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from queues import Fifo, Request

WORK = 10.0
"""Mean work of a request in milliseconds, so the worker can do 100 a second."""

TIMEOUT = 1_000.0
"""Clients give up after this time. The server isn't told."""


@dataclass
class Outcome:
    """What became of the requests."""

    arrived: int = 0
    refused: int = 0
    in_time: list[tuple[float, float]] = field(default_factory=list)
    """When it arrived and how long it took, for each answer that came before the client gave up."""
    late: list[tuple[float, float]] = field(default_factory=list)
    """The same for each answer that nobody was waiting for any more."""
    longest: int = 0
    """The greatest length of the queue."""
    left: int = 0
    """Requests that still waited at the end."""

    @property
    def share(self) -> float:
        """Answers in time, per request."""
        return len(self.in_time) / self.arrived

    @property
    def wasted(self) -> float:
        """Answers that came too late, per answer."""
        return len(self.late) / max(1, len(self.late) + len(self.in_time))

    def median(self) -> float:
        """The median of the times that answers in time took."""
        return statistics.median(took for _, took in self.in_time)

    def by_second(self, seconds: int) -> list[int]:
        """Answers in time that were given in each second."""
        counts = [0] * seconds
        for arrived, took in self.in_time:
            second = int((arrived + took) / 1_000)
            if second < seconds:
                counts[second] += 1
        return counts


def poisson(load: float, until: float, seed: int, *, work: float = WORK, fixed: bool = False) -> Iterator[Request]:
    """Requests at random times, on average *load* times as many as the worker can do."""
    chance = random.Random(seed)
    now = chance.expovariate(load / work)
    while now < until:
        yield Request(now, work if fixed else chance.expovariate(1 / work))
        now += chance.expovariate(load / work)


def simulate(
    queue: Fifo, requests: Iterator[Request], until: float, stall: Callable[[float], float] = lambda now: now
) -> Outcome:
    """Serve *requests* until the time *until*. *stall* says when a worker that wants to begin at a time can begin."""
    outcome = Outcome()
    free = 0.0
    coming = next(requests, None)
    while True:
        now = stall(free)
        while coming and coming.arrived <= now:
            outcome.arrived += 1
            outcome.refused += not queue.offer(coming)
            outcome.longest = max(outcome.longest, len(queue.waiting))
            coming = next(requests, None)
        if now > until:
            break
        request = queue.take(now)
        if request is None:
            if coming is None:
                break
            free = max(now, coming.arrived)
            continue
        free = now + request.work
        took = free - request.arrived
        (outcome.in_time if took <= TIMEOUT else outcome.late).append((request.arrived, took))
    outcome.left = len(queue.waiting)
    return outcome


def waits(load: float, count: int, seed: int, *, fixed: bool = False, workers: int = 1) -> list[tuple[float, float]]:
    """How long each of *count* requests waits for the first free of *workers*, and the work that it needs, both in
    units of the mean work."""
    chance = random.Random(seed)
    free = [0.0] * workers
    now, found = 0.0, []
    for _ in range(count):
        now += chance.expovariate(load * workers)
        first = min(range(workers), key=free.__getitem__) if workers > 1 else 0
        begin = max(now, free[first])
        work = 1.0 if fixed else chance.expovariate(1.0)
        found.append((begin - now, work))
        free[first] = begin + work
    return found
