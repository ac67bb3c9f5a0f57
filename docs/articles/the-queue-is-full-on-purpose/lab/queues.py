"""Queues that differ in whom they turn away and whom they serve next. Times are in milliseconds."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass


@dataclass(slots=True)
class Request:
    """A request, the time at which it arrived, and the work that it needs."""

    arrived: float
    work: float


# --8<-- [start:queues]
class Fifo:
    """First in, first out. Says no when *limit* requests are waiting."""

    def __init__(self, limit: float = math.inf) -> None:
        self.waiting: deque[Request] = deque()
        self.limit = limit

    def offer(self, request: Request) -> bool:
        """Let a request in, or refuse it at once."""
        if len(self.waiting) >= self.limit:
            return False
        self.waiting.append(request)
        return True

    def take(self, _now: float) -> Request | None:
        """The request to serve next."""
        return self.waiting.popleft() if self.waiting else None


class Lifo(Fifo):
    """Last in, first out. When it is full, the oldest request has to go."""

    def offer(self, request: Request) -> bool:
        """Let a request in."""
        if len(self.waiting) >= self.limit:
            self.waiting.popleft()
        self.waiting.append(request)
        return True

    def take(self, _now: float) -> Request | None:
        """The newest request."""
        return self.waiting.pop() if self.waiting else None


class Expiring(Fifo):
    """First in, first out, but drops whoever has waited longer than *patience*."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self.patience = patience

    def take(self, now: float) -> Request | None:
        """The first request that hasn't waited too long."""
        while request := super().take(now):
            if now - request.arrived <= self.patience:
                return request
        return None


# --8<-- [end:queues]


class Codel(Fifo):
    """CoDel as in Linux's ``codel_impl.h``: while the wait stays above *target* for an *interval*, drop one request,
    and the next ones at shrinking distances, interval / √count. Linux never drops while no more than one full packet
    is left; this counts requests instead of bytes."""

    def __init__(self, target: float, interval: float) -> None:
        super().__init__()
        self.target = target
        self.interval = interval
        self.first_above = 0.0
        self.dropping = False
        self.drop_next = 0.0
        self.count = 0
        self.last_count = 0

    def take(self, now: float) -> Request | None:
        """The request that is left after the drops that are due."""
        request, drop = self._next(now)
        if self.dropping:
            if not drop:
                self.dropping = False
            while self.dropping and now >= self.drop_next:
                self.count += 1
                request, drop = self._next(now)
                if drop:
                    self.drop_next += self.interval / math.sqrt(self.count)
                else:
                    self.dropping = False
        elif drop:
            request, drop = self._next(now)
            self.dropping = True
            recent = self.count - self.last_count
            self.count = recent if recent > 1 and now - self.drop_next < 16 * self.interval else 1
            self.last_count = self.count
            self.drop_next = now + self.interval / math.sqrt(self.count)
        return request

    def _next(self, now: float) -> tuple[Request | None, bool]:
        """The next request, and whether the rule would allow to drop it."""
        request = super().take(now)
        if request is None or now - request.arrived < self.target or len(self.waiting) <= 1:
            self.first_above = 0.0
            if request is None:
                self.dropping = False
            return request, False
        if self.first_above == 0.0:
            self.first_above = now + self.interval
            return request, False
        return request, now > self.first_above


# --8<-- [start:slough]
class Slough(Fifo):
    """Folly's variant of CoDel. If the shortest wait of an *interval* was above *target*, it drops, during
    the next one, every request that has waited longer than twice the target."""

    def __init__(self, target: float, interval: float) -> None:
        super().__init__()
        self.target = target
        self.interval = interval
        self.shortest = 0.0
        self.ends = 0.0
        self.overloaded = False

    def take(self, now: float) -> Request | None:
        """The first request that isn't dropped."""
        while request := super().take(now):
            if not self._drops(now - request.arrived, now):
                return request
        return None

    def _drops(self, wait: float, now: float) -> bool:
        if now > self.ends:
            self.ends = now + self.interval
            self.overloaded = self.shortest > self.target
            self.shortest = wait
            return False
        self.shortest = min(self.shortest, wait)
        return self.overloaded and wait > 2 * self.target


# --8<-- [end:slough]
