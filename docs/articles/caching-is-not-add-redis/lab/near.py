"""A copy in front of the cache: each process keeps what it has read for a moment."""

from __future__ import annotations

import time
from typing import Any


class NearCache:
    """Answers from its own dictionary for *seconds* after a read; nobody tells it about changes."""

    def __init__(self, client: Any, *, seconds: float) -> None:
        """Read through *client*."""
        self._client = client
        self._seconds = seconds
        self._copies: dict[str, tuple[float, Any]] = {}

    # --8<-- [start:near]
    def get(self, key: str) -> Any:
        """The copy, if it is young enough, else a GET."""
        deadline, copy = self._copies.get(key, (0.0, None))
        if time.monotonic() >= deadline:
            copy = self._client.get(key)
            self._copies[key] = (time.monotonic() + self._seconds, copy)
        return copy

    # --8<-- [end:near]
