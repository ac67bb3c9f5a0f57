"""The runs that the tests compare: each a crowd of clients and a server, played by `python plans.py NAME`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import limits
from clock import Clock
from server import Server, Settings
from swarm import Policy, Swarm, anywhere_in, around_a_second, at_once

# --8<-- [start:scale]
CLIENTS = 2000
COST = 0.01  # seconds of work for each client: 100 clients a second
PATIENCE = 5.0  # seconds that an attempt may take
WINDOW = 30.0  # seconds; half as much again as 2,000 / 100
# --8<-- [end:scale]


@dataclass(frozen=True)
class Plan:
    """A run: who the clients are, what they lost, and how long we watch."""

    policy: Policy
    patience: float = PATIENCE
    backlog: int = 4096
    drain: str = ""
    """Have the clients on an old server first, and drain it in this way."""
    look: bool = False
    watch: float = 36.0


PLANS = {
    "short queue": Plan(at_once, patience=60, backlog=100),
    "long queue": Plan(at_once, patience=60),
    "at once": Plan(at_once),
    "at once, short queue": Plan(at_once, backlog=100),
    "look first": Plan(at_once, look=True),
    "around a second": Plan(around_a_second),
    "window": Plan(anywhere_in(WINDOW)),
    "drain at once": Plan(at_once, drain="at once"),
    "drain spread": Plan(at_once, drain="spread"),
    "drain date": Plan(at_once, drain="date"),
}


@dataclass
class Run:
    """What happened. Times are seconds after the moment when the clients lost their server."""

    attempts: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    inside: int = 0
    handshakes: int = 0
    drops: int = 0
    repeated: int = 0
    """Clients that got in only after their kernel had repeated a packet."""
    believing: int = 0
    """Clients outside that have a connection as far as they know, at the end."""


def play(plan: Plan) -> Run:
    """Play a plan."""
    limits.raise_files()
    clock = Clock()
    new = Server(Settings(cost=COST, backlog=plan.backlog, look=plan.look), clock)
    servers = [new]
    swarm = Swarm(CLIENTS, new.port, plan.policy, clock, plan.patience)

    def live(end: Callable[[], bool]) -> None:
        while not end():
            clock.tick()
            swarm.step()
            for server in servers:
                server.step()
            time.sleep(0.004)

    if plan.drain:
        old = Server(Settings(drain=plan.drain, window=WINDOW), clock)
        servers.append(old)
        swarm.port, swarm.patience, swarm.policy = old.port, 600, anywhere_in(5)
        swarm.start()
        live(lambda: swarm.inside() == CLIENTS)
        swarm.port, swarm.patience, swarm.policy = new.port, plan.patience, plan.policy
        for times in (swarm.attempts, swarm.ready, swarm.repeated):
            times.clear()
        old.drain()
    else:
        swarm.start()
    began = clock.now
    live(lambda: clock.now > began + plan.watch)
    counts, inside, believing = new.counts(), swarm.inside(), swarm.believing()
    swarm.end()
    for server in servers:
        server.end()
    return Run(
        attempts=[round(when - began, 3) for when in swarm.attempts],
        ready=[round(when - began, 3) for when in swarm.ready],
        inside=inside,
        handshakes=counts["handshakes"],
        drops=counts["drops"],
        repeated=sum(times > 0 for times in swarm.repeated),
        believing=believing,
    )


if __name__ == "__main__":
    print(json.dumps(vars(play(PLANS[sys.argv[1]]))))
