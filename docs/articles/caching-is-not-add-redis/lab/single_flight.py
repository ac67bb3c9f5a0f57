"""Many callers, one call: threads of one process that want the same thing share one attempt to get it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class SingleFlight:
    """Runs one ``load`` a key at a time; whoever asks meanwhile gets its result, or its exception."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._lock = threading.Lock()
        self._flights: dict[Hashable, Future[Any]] = {}

    # --8<-- [start:flight]
    def do(self, key: Hashable, load: Callable[[], Any]) -> Any:
        """Return what *load* returns; call it only if nobody is calling it for *key*."""
        with self._lock:
            flight = self._flights.get(key)
            leader = flight is None
            if leader:
                flight = self._flights[key] = Future()
        if leader:
            try:
                flight.set_result(load())
            except BaseException as error:
                flight.set_exception(error)  # all of them fail together
            with self._lock:
                del self._flights[key]
        return flight.result()

    # --8<-- [end:flight]
