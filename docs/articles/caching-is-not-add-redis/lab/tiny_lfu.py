"""Two ways to choose what a full cache forgets: LRU, and LRU behind the question that W-TinyLFU asks of newcomers.

The window of 1% and the sketch follow Caffeine 3.2: 4-bit counters, all halved after ten times as many counted accesses
as the cache has entries. Ties go to the entry that is already there. Caffeine also divides the main space into segments
and adapts the window; both are left out, so that what survives a scan survives it because of the question.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class Lru:
    """Forgets the entry that was used longest ago."""

    def __init__(self, capacity: int) -> None:
        """Hold *capacity* entries."""
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, None] = OrderedDict()

    def hit(self, key: Hashable) -> bool:
        """Use *key*; return whether it was there. If not, it is now."""
        # --8<-- [start:lru]
        found = key in self._entries
        self._entries[key] = None
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)  # whatever arrives pushes out something older
        return found
        # --8<-- [end:lru]


class Sketch:
    """Counts how often keys were seen lately: four counters of up to 15 for each key, shared with other keys."""

    def __init__(self, capacity: int) -> None:
        """Make room for a cache of *capacity* entries."""
        self._width = 1 << (4 * capacity - 1).bit_length()
        self._rows = [bytearray(self._width) for _ in range(4)]
        self._sample = 10 * capacity
        self._seen = 0

    def add(self, key: Hashable) -> None:
        """Count one access."""
        places = self._places(key)
        for row, place in zip(self._rows, places, strict=True):
            row[place] = min(15, row[place] + 1)
        self._seen += 1
        if self._seen == self._sample:  # grow old: yesterday's favourites must be able to lose
            self._rows = [bytearray(count >> 1 for count in row) for row in self._rows]
            self._seen //= 2

    def count(self, key: Hashable) -> int:
        """Estimate the accesses of *key*; never less than they were, up to 15 and but for the halving."""
        return min(row[place] for row, place in zip(self._rows, self._places(key), strict=True))

    def _places(self, key: Hashable) -> list[int]:
        return [hash((key, row)) & (self._width - 1) for row in range(4)]


class TinyLfu:
    """An LRU behind a small window: from there, only newcomers that are used more often than a victim get in."""

    asks = True
    """Whether a newcomer is compared with the entry that it would replace."""

    def __init__(self, capacity: int) -> None:
        """Hold *capacity* entries."""
        self._window_size = max(1, capacity // 100)
        self._main_size = capacity - self._window_size
        self._window: OrderedDict[Hashable, None] = OrderedDict()
        self._main: OrderedDict[Hashable, None] = OrderedDict()
        self._sketch = Sketch(capacity)

    def hit(self, key: Hashable) -> bool:
        """Use *key*; return whether it was there. If not, it is in the window now."""
        self._sketch.add(key)
        for space in (self._window, self._main):
            if key in space:
                space.move_to_end(key)
                return True
        self._window[key] = None
        if len(self._window) > self._window_size:
            candidate = self._window.popitem(last=False)[0]
            if self.asks:
                self._admit(candidate)
            else:
                self._replace(candidate)
        return False

    def _admit(self, candidate: Hashable) -> None:
        # --8<-- [start:admit]
        if len(self._main) >= self._main_size:
            victim = next(iter(self._main))  # used longest ago
            if self._sketch.count(candidate) <= self._sketch.count(victim):
                return  # forget the newcomer, not what others keep using
        self._replace(candidate)
        # --8<-- [end:admit]

    def _replace(self, candidate: Hashable) -> None:
        if len(self._main) >= self._main_size:
            self._main.popitem(last=False)
        self._main[candidate] = None


class AdmitsAll(TinyLfu):
    """The same without the question."""

    asks = False
