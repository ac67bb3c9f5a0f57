"""Two nodes, two clocks, and the write that vanishes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import pytest
from engblog.lab.process import wait_until

from .fake_clock import FakeClock
from .hlc import TooFarAheadError
from .nodes import Node, sync

YEAR = 365 * 86_400


class Pair:
    """Nodes A and B, whose servers each have a clock; A's is right."""

    def __init__(self, servers: dict[str, tuple[Any, FakeClock]]) -> None:
        """Use the *servers* with their clocks."""
        self.servers = servers
        self.made: list[Node] = []

    def start(self, clock: str, behind: float = 0, **settings: Any) -> tuple[Node, Node]:
        """Start afresh, with B's clock *behind* by that many seconds."""
        self.set("a", 0)
        self.set("b", -behind)
        self.made = [Node(name, server.dsn, clock, **settings) for name, (server, _) in self.servers.items()]
        return self.made[0], self.made[1]

    def set(self, name: str, seconds: float) -> None:
        """Set a node's clock."""
        self.servers[name][1].set(seconds)


@pytest.fixture(scope="module")
def servers(new_clock: Callable[[], FakeClock], start_postgresql: Callable[..., Any]) -> dict[str, Any]:
    """Two PostgreSQL servers and their clocks."""
    clocks = {name: new_clock() for name in "ab"}
    return {name: (clock.start(start_postgresql, fsync="off"), clock) for name, clock in clocks.items()}


@pytest.fixture
def pair(servers: dict[str, Any]) -> Any:
    """Two nodes, whose connections end with the test."""
    made = Pair(servers)
    yield made
    for node in made.made:
        node.db.close()


def correct(a: Node, b: Node) -> tuple[bool, bool]:
    """Write an address on A; when B has it, correct it there; let the nodes exchange their rows."""
    # --8<-- [start:correct]
    first = a.write("address", "Old Street")
    sync(a, b)
    assert b.read("address") == "Old Street"
    second = b.write("address", "New Street")
    sync(a, b)
    # --8<-- [end:correct]
    return first, second


@pytest.mark.fails_when("B's clock is right", assertion="kept ==", behind=0)
@pytest.mark.fails_when("the nodes have hybrid clocks", assertion="kept ==", clock="hybrid")
def test_the_later_write_vanishes(pair: Pair, record: Any, clock: str = "wall", behind: float = 60) -> None:
    """A correction on the node whose clock is a minute behind is confirmed, and then lost on both nodes."""
    a, b = pair.start(clock, behind)
    confirmed = correct(a, b)
    kept = [a.read("address"), b.read("address")]
    assert confirmed == (True, True)
    assert kept == ["Old Street", "Old Street"]
    record.number("behind", behind, unit="s", note="by which node B's clock is behind that of node A")


@pytest.mark.fails_when("the stamps are the wall clock's", assertion="kept ==", clock="wall")
def test_a_hybrid_clock_keeps_the_later_write(pair: Pair, clock: str = "hybrid") -> None:
    """With hybrid clocks, the correction survives on both nodes, although B's clock is a minute behind."""
    a, b = pair.start(clock, behind=60)
    a.write("address", "Old Street")
    written = a.stamp_of("address")
    b.pull(a)
    b.write("address", "New Street")
    stamp = b.stamp_of("address")
    sync(a, b)
    kept = [a.read("address"), b.read("address")]
    assert kept == ["New Street", "New Street"]
    assert stamp[0] == written[0]
    assert stamp[1] > written[1]


@pytest.mark.fails_when("B has seen A's write", assertion="kept ==", seen=True)
def test_a_hybrid_clock_cannot_order_strangers(pair: Pair, seen: bool = False) -> None:
    """If B has not heard of A's write, hybrid clocks let the older write of A win over the later write of B."""
    a, b = pair.start("hybrid", behind=60)
    a.write("address", "Old Street")
    if seen:
        b.pull(a)
    b.write("address", "New Street")
    sync(a, b)
    kept = [a.read("address"), b.read("address")]
    assert kept == ["Old Street", "Old Street"]


def write_from_the_future(pair: Pair, clock: str, ahead: float = YEAR, **settings: Any) -> tuple[Node, Node]:
    """Let A's clock be ahead for one write, which B gets; then put it right."""
    a, b = pair.start(clock, **settings)
    pair.set("a", ahead)
    a.write("address", "Future Road")
    pair.set("a", 0)
    return a, b


@pytest.mark.fails_when("the nodes have hybrid clocks", assertion="kept ==", clock="hybrid")
def test_a_write_from_the_future_beats_later_ones(pair: Pair, clock: str = "wall") -> None:
    """After one write under a clock that was a year ahead, a later write on the other node is lost."""
    a, b = write_from_the_future(pair, clock)
    sync(a, b)
    b.write("address", "New Street")
    sync(a, b)
    kept = [a.read("address"), b.read("address")]
    assert kept == ["Future Road", "Future Road"]


@pytest.mark.fails_when("there is a limit", assertion="ahead > 0.9 * YEAR", limit=60_000)
def test_a_hybrid_clock_follows_one_into_the_future(pair: Pair, limit: float = math.inf) -> None:
    """Without a limit, one stamp from a clock that is a year ahead takes the other node's hybrid clock along."""
    a, b = write_from_the_future(pair, "hybrid", limit=limit)
    try:
        b.pull(a)
    except TooFarAheadError:
        assert b.read("address") is None
    b.write("name", "Alice")
    ahead = b.stamp_of("name")[0] / 1000 - time.time()
    assert ahead > 0.9 * YEAR


@pytest.mark.fails_when("the stamps are the wall clock's", assertion="stamps == sorted(stamps)", clock="wall")
def test_hybrid_stamps_grow_while_the_clock_is_set_back(pair: Pair, clock: str = "hybrid") -> None:
    """A node's hybrid stamps grow while its wall clock is set back by a minute, and then follow the clock again."""
    a, _ = pair.start(clock)
    stamps = [a.clock.stamp()]
    pair.set("a", -60)
    stamps += [a.clock.stamp() for _ in range(3)]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == len(stamps)
    assert len({moment for moment, _ in stamps}) == 1
    pair.set("a", 1)
    wait_until(lambda: a.clock.stamp()[0] > stamps[0][0], seconds=30, what="the wall clock to pass the stamps")
    before, (moment, _), after = a.clock.wall(), a.clock.stamp(), a.clock.wall()
    assert before <= moment <= after
