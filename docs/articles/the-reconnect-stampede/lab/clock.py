"""The clock of the lab's crowds and servers."""

from __future__ import annotations

import time

STRIDE = 0.02


class Clock:
    """A clock that goes with the real one, but stands still while a busy machine lets the lab wait.

    So a patience of five seconds means the same on an idle machine and on a crowded one. The kernel's own timers don't
    follow it.
    """

    def __init__(self) -> None:
        """Start at zero."""
        self.now = 0.0
        self._last = time.monotonic()

    def tick(self) -> None:
        """Go on, by at most one stride."""
        real = time.monotonic()
        self.now += min(real - self._last, STRIDE)
        self._last = real
