"""Monotonic clocks have two limits: they stop with the machine, and they mean nothing outside of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .watched import Watched

DAY = 86_400
pytestmark = pytest.mark.usefixtures("time_namespace")


@pytest.mark.fails_when("the namespace has no offset", assertion="round((later - earlier) / DAY) == 1", offset="0")
def test_a_time_namespace_shifts_the_uptime_and_not_the_date(offset: str = "86400") -> None:
    """In a time namespace with an offset of a day, the uptime is a day longer and the time of day is the same."""
    script = Path(__file__).with_name("try-namespace.sh").read_text(encoding="ascii").replace("86400", offset)
    said = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=True).stdout.split()
    earlier, now, later, then = map(float, said)
    assert round((later - earlier) / DAY) == 1
    assert 0 <= then - now < DAY / 24


@pytest.mark.fails_when("it measures by CLOCK_BOOTTIME", assertion="left > 0", clock="CLOCK_BOOTTIME")
def test_a_lease_by_the_monotonic_clock_sleeps_with_its_holder(
    watch: Callable[..., Watched], clock: str = "CLOCK_MONOTONIC"
) -> None:
    """A holder that measures its lease of ten minutes by CLOCK_MONOTONIC still has it after a suspend of an hour."""
    holder = watch()
    expires = holder.read()[clock] + 600
    left = expires - holder.suspend(3600)[clock]
    assert left > 0


@pytest.mark.fails_when("both clocks have counted from the same boot", assertion="left < 0", offset="0")
def test_a_monotonic_deadline_means_nothing_elsewhere(watch: Callable[..., Watched], offset: str = "3600") -> None:
    """A deadline ten minutes ahead on one process's monotonic clock has passed on that of another time namespace."""
    deadline = watch().read()["CLOCK_MONOTONIC"] + 600
    other = watch(prefix=["unshare", "--fork", "--time", "--monotonic", offset])
    left = deadline - other.read()["CLOCK_MONOTONIC"]
    assert left < 0
