"""Judges a run: an anomaly is what no serial order of the committed transactions could have shown."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from benches import SERIALIZABLE, Bench
from runner import Run, Step, play, steps_of


# --8<-- [start:oracle]
def is_anomalous(bench: Bench, table: str, run: Run, prepare: Iterable[str] = ()) -> bool:
    """True if the transactions that committed, run one after another, never show what *run* showed."""
    alone = (serially(bench, table, order, prepare) for order in permutations(run.committed))
    return shown(run, table) not in (shown(each, table) for each in alone)


# --8<-- [end:oracle]


def serially(bench: Bench, table: str, order: tuple[str, ...], prepare: Iterable[str] = ()) -> Run:
    """Run the sessions of *order* one after another, and no others; what a bench has run before, it remembers."""
    key = (table, order, tuple(prepare))
    if key not in bench.serial:
        bench.serial[key] = play(bench, in_turn(table, order), SERIALIZABLE, prepare=prepare)
    return bench.serial[key]


def in_turn(table: str, order: tuple[str, ...]) -> str:
    """The schedule with the sessions of *order* one after another, and no others."""
    return "\n".join(_line(step) for session in order for step in steps_of(table) if step.session == session)


def _line(step: Step) -> str:
    return f"{step.session} {step.name + ': ' if step.name else ''}{step.sql}"


def shown(run: Run, table: str) -> tuple[object, ...]:
    """What the committed sessions read, and what the table holds in the end."""
    names = [step.name for step in steps_of(table) if step.name and step.session in run.committed]
    return {name: run.values.get(name) for name in names}, run.final


def verdict(bench: Bench, table: str, run: Run) -> str:
    """A cell of the matrix: the anomaly happened, or what kept it from happening."""
    if is_anomalous(bench, table, run):
        return "happens"
    if run.errors:
        return "error " + ", ".join(sorted(set(run.errors.values())))
    return "waits" if run.waited else "no"
