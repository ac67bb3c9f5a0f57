"""A hybrid logical clock, after Kulkarni, Demirbas and others (2014)."""

from __future__ import annotations

import math
from collections.abc import Callable

Stamp = tuple[int, int]


class TooFarAheadError(Exception):
    """Somebody's clock is so far ahead that we do not want to follow it."""


# --8<-- [start:hlc]
class HybridClock:
    """Stamps that only grow: the highest milliseconds seen so far, and a counter."""

    def __init__(self, wall: Callable[[], int], limit: float = math.inf) -> None:
        self.wall, self.limit = wall, limit
        self.time, self.counter = 0, 0

    def stamp(self) -> Stamp:
        """Stamp an event of this node, or a message that it sends."""
        now = self.wall()
        if now > self.time:
            self.time, self.counter = now, 0
        else:  # the wall clock has not moved, went back, or is behind a stamp
            self.counter += 1
        return self.time, self.counter

    def receive(self, time: int, counter: int) -> None:
        """Move past the stamp of a message or of a row that this node gets."""
        now = self.wall()
        if time - now > self.limit:
            raise TooFarAheadError
        newest = max(now, self.time, time)
        seen = ((self.time, self.counter), (time, counter))
        counters = [c for t, c in seen if t == newest]
        self.time, self.counter = newest, max(counters, default=-1) + 1


# --8<-- [end:hlc]
class WallClock:
    """A clock with the same interface that learns nothing: every stamp is the time of the wall clock."""

    def __init__(self, wall: Callable[[], int], **_settings: float) -> None:
        """Ask *wall* for milliseconds; a clock that follows nobody needs no limit."""
        self.wall = wall

    def stamp(self) -> Stamp:
        """Stamp an event."""
        return self.wall(), 0

    def receive(self, time: int, counter: int) -> None:
        """Learn nothing."""
