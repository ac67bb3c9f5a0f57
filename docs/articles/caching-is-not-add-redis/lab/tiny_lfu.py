"""Two ways to choose what a full cache forgets: LRU, and W-TinyLFU as Caffeine arranges it (without its hill climber).

The proportions are those of Caffeine 3.2: a window of 1%, and of the rest four fifths protected; 4-bit counters, all
halved after ten times as many counted accesses as the cache has entries. Ties go to the entry that is already there.
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
    """A small LRU window for newcomers; from there only those that are used more often than the victim get in."""

    def __init__(self, capacity: int) -> None:
        """Hold *capacity* entries."""
        self._window_size = max(1, capacity // 100)
        self._main_size = capacity - self._window_size
        self._protected_size = self._main_size * 8 // 10
        self._window: OrderedDict[Hashable, None] = OrderedDict()
        self._probation: OrderedDict[Hashable, None] = OrderedDict()
        self._protected: OrderedDict[Hashable, None] = OrderedDict()
        self._sketch = Sketch(capacity)

    def hit(self, key: Hashable) -> bool:
        """Use *key*; return whether it was there. If not, it is in the window now."""
        self._sketch.add(key)
        if key in self._window:
            self._window.move_to_end(key)
        elif key in self._protected:
            self._protected.move_to_end(key)
        elif key in self._probation:
            self._promote(key)
        else:
            self._window[key] = None
            if len(self._window) > self._window_size:
                self._admit(self._window.popitem(last=False)[0])
            return False
        return True

    def _promote(self, key: Hashable) -> None:
        """A second use in the main space: protect *key*, and put the oldest protected entry back on probation."""
        del self._probation[key]
        self._protected[key] = None
        if len(self._protected) > self._protected_size:
            self._probation[self._protected.popitem(last=False)[0]] = None

    def _admit(self, candidate: Hashable) -> None:
        # --8<-- [start:admit]
        if len(self._probation) + len(self._protected) >= self._main_size:
            victim = next(iter(self._probation))
            if self._sketch.count(candidate) <= self._sketch.count(victim):
                return  # forget the newcomer, not what others keep using
            del self._probation[victim]
        self._probation[candidate] = None
        # --8<-- [end:admit]
