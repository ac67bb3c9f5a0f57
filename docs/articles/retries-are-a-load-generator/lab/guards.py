"""What may forbid an attempt: a budget for retries, and a circuit breaker."""

from __future__ import annotations

from collections import deque

from clock import now


# --8<-- [start:budget]
class Budget:
    """Lets a client send one retry for every ten requests, and save up ten retries at most."""

    def __init__(self, price: int = 10, most: int = 10) -> None:
        """Begin with enough for that many retries."""
        self.price, self.most = price, price * most
        self.tokens = self.most

    def deposit(self) -> None:
        """Credit one token for a request that somebody asked for."""
        self.tokens = min(self.most, self.tokens + 1)

    def withdraw(self) -> bool:
        """Pay for a retry, if there are enough tokens."""
        if self.tokens < self.price:
            return False
        self.tokens -= self.price
        return True


# --8<-- [end:budget]


class Breaker:
    """Opens when at least half of the last ten attempts failed; then lets one probe through each second."""

    def __init__(self, share: float = 0.5, size: int = 10, rest: float = 1.0) -> None:
        """Begin closed."""
        self.share, self.rest = share, rest
        self.last: deque[bool] = deque(maxlen=size)
        self.opened: float | None = None

    # --8<-- [start:breaker]
    def allows(self) -> bool:
        """Say whether an attempt may go out now."""
        if self.opened is None:
            return True
        if now() - self.opened < self.rest:
            return False
        self.opened = now()  # this attempt is the probe
        return True

    def report(self, answered: bool) -> None:
        """Take note of how an attempt ended."""
        self.last.append(answered)
        failures = self.last.count(False)
        if answered and self.opened is not None:
            self.opened = None
            self.last.clear()
        elif self.opened is None and len(self.last) == self.last.maxlen and failures >= self.share * len(self.last):
            self.opened = now()

    # --8<-- [end:breaker]
