"""One run: a server at two fifths of its capacity, a blip of two seconds, and what follows.

``python scenario.py NAME`` prints the run as one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from client import Caller
from clock import now
from guards import Breaker, Budget
from loopback import run
from server import Server

# --8<-- [start:times]
CAPACITY = 25  # requests a second: 5 workers, 0.2 s for each request
LOAD = 10  # requests a second that users ask for
BLIP = 2, 4  # seconds after the start between which the server does nothing
ACTION = 9  # when somebody intervenes, if anybody does
END = 14
# --8<-- [end:times]


@dataclass(frozen=True)
class Plan:
    """What is special about a run."""

    client: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    load: float = LOAD
    retries_off: bool = False
    queue_dropped: bool = False


def _with(**client: Any) -> Plan:
    return Plan(client=client)


PLANS: dict[str, Plan] = {
    "no retries": _with(attempts=1),
    "retries": Plan(),
    "light load": Plan(load=5),
    "backoff": _with(backoff=0.2),
    "long backoff": _with(backoff=8.0),
    "budget": _with(budget=True),
    "breaker": _with(breaker=True),
    "hedges": _with(attempts=4, hedge_after=0.25),
    "hedges with a budget": _with(attempts=4, hedge_after=0.25, budget=True),
    "doomed dropped": Plan(server={"drop": "doomed"}),
    "overload, expired dropped": Plan({"attempts": 1}, {"drop": "expired"}, load=2 * CAPACITY),
    "overload, doomed dropped": Plan({"attempts": 1}, {"drop": "doomed"}, load=2 * CAPACITY),
    "short queue": Plan(server={"limit": 15}),
    "retries off": Plan(retries_off=True),
    "retries off, queue dropped": Plan(retries_off=True, queue_dropped=True),
    "queue dropped, five attempts": Plan({"attempts": 5}, queue_dropped=True),
}


class Run:
    """The events of one run, each with the second in which it happened."""

    def __init__(self, plan: Plan) -> None:
        """Build the client and the server that the *plan* describes."""
        self.plan = plan
        self.server = Server(**plan.server)
        self.asked: list[float] = []
        self.answered: list[float] = []
        self.failed: list[float] = []

    async def go(self) -> dict[str, Any]:
        """Run it from beginning to end."""
        await self.server.start()
        settings = dict(self.plan.client)
        for name, guard in (("budget", Budget), ("breaker", Breaker)):
            if settings.get(name):
                settings[name] = guard()
        self.caller = Caller(self.server.port, **settings)
        self.began = now()
        requests = asyncio.create_task(self._ask())
        await self._until(BLIP[0])
        await self.server.blip(BLIP[1] - BLIP[0])
        await self._until(ACTION)
        if self.plan.retries_off:
            self.caller.attempts = 1
        if self.plan.queue_dropped:
            self.server.forget_queue()
        await requests
        return {
            "asked": self.asked,
            "answered": self.answered,
            "failed": self.failed,
            "received": [came - self.began for came in self.server.received],
            "served": [ended - self.began for ended in self.server.served],
            "wasted": [ended - self.began for ended in self.server.wasted],
        }

    async def _until(self, second: float) -> None:
        await asyncio.sleep(self.began + second - now())

    async def _ask(self) -> None:
        """Ask at fixed times, whether or not earlier requests were answered."""
        tasks = set()
        for number in range(int(END * self.plan.load)):
            await self._until(number / self.plan.load)
            task = asyncio.create_task(self._one())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await self._until(END)
        for task in tasks:
            task.cancel()

    async def _one(self) -> None:
        call: Callable[[], Awaitable[bool]] = self.caller.hedged if self.caller.hedge_after else self.caller.call
        self.asked.append(now() - self.began)
        ended = self.answered if await call() else self.failed
        ended.append(now() - self.began)


if __name__ == "__main__":
    print(json.dumps(run(Run(PLANS[sys.argv[1]]).go())))
