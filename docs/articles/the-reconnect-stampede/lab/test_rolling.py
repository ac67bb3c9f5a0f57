"""A rolling restart: where the connections are afterwards."""

from __future__ import annotations

import random
import time

import pytest
from clock import Clock
from engblog.lab.record import Recorder
from server import Server, Settings
from swarm import Swarm, at_once

CLIENTS, SERVERS = 400, 4


def roll(restarts: int) -> tuple[list[int], int, int]:
    """Restart servers one after another, each when the clients of the one before are back.

    Return how many clients each has at the end, how many the last one had before its turn, and the reconnects.
    """
    clock = Clock()
    servers = [Server(Settings(), clock) for _ in range(SERVERS)]
    serving = {server.port for server in servers}
    swarm = Swarm(CLIENTS, lambda: random.choice(sorted(serving)), at_once, clock)

    def settle() -> None:
        wanted = len(swarm.ready) + CLIENTS - swarm.inside()
        while len(swarm.ready) < wanted:
            clock.tick()
            swarm.step()
            for server in servers:
                server.step()
            time.sleep(0.002)

    swarm.start()
    settle()
    before = 0
    for server in servers[:restarts]:
        before = len(server.open)
        serving.discard(server.port)
        server.drain()
        while swarm.inside() > CLIENTS - before:
            swarm.step()
        settle()
        serving.add(server.port)
    clients = [len(server.open) for server in servers]
    swarm.end()
    for server in servers:
        server.end()
    return clients, before, swarm.lost


@pytest.mark.fails_when("the last one isn't restarted", assertion="clients[-1] == 0", restarts=SERVERS - 1)
def test_the_last_one_comes_back_empty(record: Recorder, restarts: int = SERVERS) -> None:
    """In a rolling restart of four servers, the last has over 1.5 times its share before its turn, and none after."""
    clients, before, moves = roll(restarts)
    record.number("rolling_before", before, note="of 400 clients on the last of four servers before its restart")
    record.number("rolling_moves", moves, note="reconnects of 400 clients in a rolling restart of four servers")
    assert clients[-1] == 0
    assert before > 1.5 * CLIENTS / SERVERS
    assert moves > CLIENTS
