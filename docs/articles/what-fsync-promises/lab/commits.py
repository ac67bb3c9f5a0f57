"""Clients that commit rows, and remember when each commit was acknowledged."""

from __future__ import annotations

import time
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from journal import Step


@dataclass(frozen=True, slots=True)
class Ack:
    """The server's word, at *time*, that row *number* is committed."""

    time: float
    number: int


def commit_for(seconds: float, insert: Callable[[int], object], *, first: int = 0) -> list[Ack]:
    """Insert numbered rows, one commit each and a few hundred a second, for *seconds*."""
    acks: list[Ack] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = first + len(acks)
        insert(number)
        acks.append(Ack(time.monotonic(), number))
        time.sleep(0.003)
    return acks


# --8<-- [start:worst]
def worst_instant(acks: Sequence[Ack], steps: Sequence[Step]) -> tuple[Step | None, list[Ack]]:
    """The worst moment for a crash: just before the step that came after most acknowledgements without one.

    None stands for the end. With it come the rows that had been acknowledged by then.
    """
    moments = [*steps, None]
    times = [ack.time for ack in acks]
    acked_by = [0, *(bisect(times, step.time) for step in steps), len(acks)]
    risk = [after - before for before, after in pairwise(acked_by)]
    worst = moments[risk.index(max(risk))]
    return worst, [ack for ack in acks if worst is None or ack.time <= worst.time]
    # --8<-- [end:worst]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a crash took of the acknowledged rows."""

    rows: int
    """Acknowledged, and gone."""
    milliseconds: float
    """Age of the oldest lost row when the crash came."""
    hole: bool
    """True if a row survived that had been committed after a lost one."""


def loss(acked: Sequence[Ack], found: set[int], crashed: float) -> Loss:
    """Compare the rows that were *found* after recovery with those that had been acknowledged."""
    gone = [ack for ack in acked if ack.number not in found]
    if not gone:
        return Loss(0, 0.0, hole=False)
    return Loss(len(gone), 1000 * (crashed - gone[0].time), hole=any(number > gone[0].number for number in found))
