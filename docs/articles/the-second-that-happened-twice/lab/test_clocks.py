"""One process, three clocks: what a step, a leap second and a suspend do to each."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from . import smear
from .fake_clock import FakeClock
from .watched import Reading, Watched, passed

STEP, SLEEP = -2, 3
MIDNIGHT = 1_483_228_800
"""The first second of 2017 in Unix time."""


def play(clock: FakeClock, process: Watched, slept: int) -> list[Reading]:
    """Read the clocks five times, step the wall clock, read again, suspend the process, and read again."""

    def five() -> list[Reading]:
        readings = []
        for _ in range(5):
            readings.append(process.read())
            time.sleep(0.2)
        return readings

    readings = five()
    clock.set(STEP)
    readings += five()
    clock.set(STEP + slept)  # the kernel adds the time that it has slept to the wall clock
    process.suspend(slept)
    return readings + five()


@pytest.mark.usefixtures("time_namespace")
@pytest.mark.fails_when("its monotonic clocks step too", assertion="backwards ==", monotonic=True)
def test_a_step_moves_only_the_wall_clock(
    new_clock: Callable[[], FakeClock], watch: Callable[..., Watched], monotonic: bool = False
) -> None:
    """A step back by two seconds moves the wall clock, but neither CLOCK_MONOTONIC nor CLOCK_BOOTTIME."""
    clock = new_clock()
    readings = play(clock, watch(clock.environment(monotonic=monotonic)), SLEEP)
    backwards = {name for earlier, later in pairwise(readings) for name in later if later[name] < earlier[name]}
    assert backwards == {"CLOCK_REALTIME"}
    step = passed(readings[4], readings[5])
    assert round(step["CLOCK_REALTIME"] - step["CLOCK_MONOTONIC"]) == STEP
    assert round(step["CLOCK_BOOTTIME"] - step["CLOCK_MONOTONIC"]) == 0


@pytest.mark.usefixtures("time_namespace")
@pytest.mark.fails_when("it does not sleep", assertion="missed == SLEEP", slept=0)
def test_a_suspend_stops_the_monotonic_clock(
    new_clock: Callable[[], FakeClock], watch: Callable[..., Watched], record: Any, slept: int = SLEEP
) -> None:
    """Over a suspend of three seconds, CLOCK_BOOTTIME moves on by three seconds more than CLOCK_MONOTONIC."""
    clock = new_clock()
    readings = play(clock, watch(clock.environment()), slept)
    awake, asleep = passed(readings[0], readings[9]), passed(readings[9], readings[10])
    assert round(awake["CLOCK_BOOTTIME"] - awake["CLOCK_MONOTONIC"]) == 0
    missed = round(asleep["CLOCK_BOOTTIME"] - asleep["CLOCK_MONOTONIC"])
    assert missed == SLEEP
    assert round(asleep["CLOCK_BOOTTIME"] - asleep["CLOCK_REALTIME"]) == 0
    chart = record.chart(
        "clocks",
        title="A step of −2 s, then a suspend of 3 s",
        x="seconds that have passed",
        y="seconds that the clock is off",
        note="one process under libfaketime, moved to a time namespace for the suspend; passed by CLOCK_BOOTTIME",
    )
    for reading in readings:
        elapsed = passed(readings[0], reading)
        for name, line in (("CLOCK_REALTIME", "wall clock"), ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC")):
            off = elapsed[name] - elapsed["CLOCK_BOOTTIME"]
            chart.point(line, round(elapsed["CLOCK_BOOTTIME"], 2), round(off, 2))


@pytest.mark.fails_when("it reads CLOCK_MONOTONIC", assertion="spent < 0", stopwatch="CLOCK_MONOTONIC")
def test_a_second_happens_twice(
    new_clock: Callable[[], FakeClock], watch: Callable[..., Watched], stopwatch: str = "CLOCK_REALTIME"
) -> None:
    """If 23:59:59 comes twice, a stopwatch on the wall clock can measure a negative time."""
    clock = new_clock()
    process = watch(clock.environment())
    for _ in range(20):  # until both readings come in time
        clock.set(MIDNIGHT - 0.5 - time.time())
        first = process.read()
        clock.set(MIDNIGHT - 1 - time.time())
        second = process.read()
        shown = [time.strftime("%F %T", time.gmtime(each["CLOCK_REALTIME"])) for each in (first, second)]
        if shown[0] == shown[1]:
            break
    assert shown == ["2016-12-31 23:59:59"] * 2
    spent = passed(first, second)[stopwatch]
    assert spent < 0


@pytest.mark.fails_when("the clock is set back", assertion="forward", how="stepped")
def test_a_smear_never_goes_back(record: Any, how: str = "smeared") -> None:
    """A clock that smears never goes back, and is never more than about half a second away from one that steps."""
    read = getattr(smear, how)
    moments = [smear.LEAP + second / 10 for second in range(-20, 21)]
    forward = all(read(earlier) < read(later) for earlier, later in pairwise(moments))
    assert forward
    hours = sorted({*range(0, 86_401, 3_600), smear.LEAP - 1, smear.LEAP, 86_401})
    assert all(read(earlier) < read(later) for earlier, later in pairwise(hours))
    apart = {elapsed: smear.smeared(elapsed) - smear.stepped(elapsed) for elapsed in hours}
    assert round(max(abs(off) for off in apart.values()), 3) == 0.5
    slower = (1 - smear.smeared(1)) * 1_000_000
    record.number("smear_rate", slower, unit="ppm", note="how much slower the smeared clock runs; from its definition")
    chart = record.chart(
        "smear",
        title="A smeared clock beside one that is set back",
        x="hours from the leap second",
        y="milliseconds ahead",
        note="from the definition of the 24-hour linear smear",
    )
    for elapsed, off in apart.items():
        chart.point("smeared clock", round((elapsed - smear.LEAP) / 3_600, 3), round(off * 1_000))


def test_python_measures_by_clock_monotonic() -> None:
    """On Linux, Python's time.monotonic reads CLOCK_MONOTONIC."""
    assert time.get_clock_info("monotonic").implementation == "clock_gettime(CLOCK_MONOTONIC)"
