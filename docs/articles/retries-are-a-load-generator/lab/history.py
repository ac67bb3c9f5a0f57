"""All runs of :mod:`scenario`, side by side, and what they say about a stretch of time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from engblog.lab.record import Recorder
from loopback import run
from scenario import BLIP, CAPACITY, END, LOAD, PLANS, Run


@dataclass(frozen=True)
class History:
    """When things happened in one run, in seconds after its start."""

    asked: list[float]
    answered: list[float]
    failed: list[float]
    received: list[float]
    served: list[float]
    wasted: list[float]

    def goodput(self, start: float = 10, end: float = END) -> float:
        """Answers in time per request that the users asked for, between two seconds of the run."""
        return len(within(self.answered, start, end)) / len(within(self.asked, start, end))

    def amplification(self, start: float = 10, end: float = END) -> float:
        """Requests that the server received per request that the users asked for."""
        return len(within(self.received, start, end)) / len(within(self.asked, start, end))

    def per_second(self, events: list[float]) -> list[int]:
        """Count *events* in each second of the run."""
        return [len(within(events, second, second + 1)) for second in range(END)]


def within(events: list[float], start: float, end: float) -> list[float]:
    """Those *events* that happened from *start* on and before *end*."""
    return [event for event in events if start <= event < end]


def check_down(history: History, start: float = 10, end: float = END) -> None:
    """Require that nearly nothing is answered in time between two seconds of the run."""
    assert history.goodput(start, end) < 0.05


def check_up(history: History, start: float = 10, end: float = END) -> None:
    """Require that nearly everything is answered in time between two seconds of the run."""
    assert history.goodput(start, end) > 0.9


def draw(record: Recorder, history: History, line: str) -> None:
    """Add the answers of each second to the chart of goodput that has this line."""
    key, title = ("exit", "Intervening") if " in second " in line else ("goodput", "Before and after a blip")
    chart = record.chart(
        key,
        title=f"{title}: answers in time",
        x="second of the run",
        y="answers in time, each second",
        note=f"Users ask for {LOAD} requests a second. A server that can do {CAPACITY} does nothing "
        f"from second {BLIP[0]} to {BLIP[1]}.",
    )
    for second, count in enumerate(history.per_second(history.answered)):
        chart.point(line, second, count)


def run_all() -> dict[str, History]:
    """Run every plan, all at the same time, each with its own server and clients."""
    return run(_all())


async def _all() -> dict[str, History]:
    runs = await asyncio.gather(*(Run(plan).go() for plan in PLANS.values()))
    return {name: History(**events) for name, events in zip(PLANS, runs, strict=True)}
