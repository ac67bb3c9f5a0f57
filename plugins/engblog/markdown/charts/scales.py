"""Scales of a chart's axes: from values to places, and the ticks that a reader can count by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 5
"""About how many ticks an axis has."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: its ends, its ticks, and its kind; on a logarithmic one, equal steps are equal ratios."""

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Place of *value* between the ends: 0 at the low end, 1 at the high one."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def linear(values: Sequence[float], *, zero: bool = True) -> Scale:
    """Make a linear scale over *values*, with round ticks; with *zero* it starts (or ends) there, so that lengths can
    be compared."""
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0), max(high, 0)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0, 1)
    rough = (high - low) / _TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in _STEPS if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(_exact(number * step) for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def logarithmic(values: Sequence[float]) -> Scale:
    """Make a logarithmic scale over *values*, which are all above 0: ticks at powers of ten, and between them at 2 and
    5 where there would be fewer than three."""
    low, high = min(values), max(values)
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    if first == last:
        last += 1
    factors = (1, 2, 5) if last - first < 3 else (1,)
    ticks = [_exact(factor * 10.0**power) for power in range(first, last + 1) for factor in factors]
    start = max((tick for tick in ticks if tick <= low * 1.001), default=ticks[0])
    end = min((tick for tick in ticks if tick >= high * 0.999 and tick > start), default=ticks[-1])
    inside = tuple(tick for tick in ticks if start <= tick <= end)
    if last - first > 8:
        inside = inside[::2] if (len(inside) - 1) % 2 == 0 else inside[1::2]
    return Scale(start, end, inside, logarithmic=True)


def tick_label(value: float) -> str:
    """Write the number at a tick: ``0.5``, ``1,500``, ``20k``, ``3M``."""
    size = abs(value)
    for least, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if size >= least:
            return f"{value / (1e3 if unit == 'k' else least):,.6g}{unit}"
    return f"{value:,.6g}" if size >= 1e-4 or not value else f"{value:.0e}"


def _exact(value: float) -> float:
    """*value* without the rounding error of adding up steps: 0.3, not 0.30000000000000004."""
    return float(f"{value:.12g}")
