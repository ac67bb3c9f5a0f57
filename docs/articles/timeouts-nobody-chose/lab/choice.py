"""Choosing a limit from measured durations: percentiles, and the estimate that Prometheus makes from buckets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]


# --8<-- [start:percentile]
def percentile(durations: Sequence[float], share: float) -> float:
    """Return the smallest duration that at least *share* of them don't exceed."""
    ordered = sorted(durations)
    return ordered[math.ceil(share * len(ordered)) - 1]


def cut(durations: Sequence[float], limit: float) -> float:
    """Return the share of calls that a timeout of *limit* would have ended."""
    return sum(each > limit for each in durations) / len(durations)
    # --8<-- [end:percentile]


def histogram_quantile(durations: Sequence[float], share: float, bounds: Sequence[float]) -> float:
    """Estimate a quantile as Prometheus does: linear between the bounds of the bucket that it falls into."""
    rank = share * len(durations)
    for low, high in pairwise([0, *bounds]):
        below, inside = sum(each <= low for each in durations), sum(low < each <= high for each in durations)
        if below + inside >= rank:
            return low + (high - low) * (rank - below) / inside
    return bounds[-1]
