"""The lab's clock: it runs faster than a real one, and stops while the machine is busy with something else."""

from __future__ import annotations

import asyncio
import selectors
import time
from selectors import SelectorKey

SPEED = 4
MOST = 0.001  # real seconds by which the clock may go on at a time


class Clock(selectors.DefaultSelector):
    """Waits for sockets, and counts the seconds that it has waited; never many at a time.

    The server and its clients share one event loop. If the machine stops it for a while, nobody's second passes, so a
    run looks the same on a busy machine as on a quiet one.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        super().__init__()
        self.now = 0.0
        self._seen = time.monotonic()

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Wait for at most *timeout* of the clock's seconds."""
        events = super().select(MOST if timeout is None else min(timeout / SPEED, MOST))
        seen = time.monotonic()
        self.now += SPEED * min(seen - self._seen, MOST)
        self._seen = seen
        return events


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time-outs and pauses follow a :class:`Clock`."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.clock = Clock()
        super().__init__(self.clock)

    def time(self) -> float:
        """Seconds of the clock."""
        return self.clock.now


def now() -> float:
    """Seconds of the running loop's clock."""
    return asyncio.get_running_loop().time()
