"""The undisturbed part of a measurement: the lab shares its machine with whatever else runs there."""

from __future__ import annotations

from collections.abc import Iterable

ROUNDS = 40
KEPT = 7


def quietest(rounds: Iterable[float]) -> list[float]:
    """The seven fastest of many short rounds: in the others, somebody else had the CPU or its caches."""
    return sorted(rounds)[:KEPT]


def agree(rounds: Iterable[float]) -> bool:
    """Whether the quietest rounds lie within a tenth of each other."""
    quiet = quietest(rounds)
    return quiet[-1] <= 1.1 * quiet[0]
