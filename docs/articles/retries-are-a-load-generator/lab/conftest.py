"""What the lab's tests share: the runs of all plans, which happen once."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the modules server, client and scenario are this lab's

from engblog.lab.record import Recorder  # noqa: E402
from history import History, run_all  # noqa: E402


@pytest.fixture(scope="session")
def _histories() -> dict[str, History]:
    """Run every plan, side by side, once."""
    return run_all()


@pytest.fixture
def history(_histories: dict[str, History], record: Recorder) -> Callable[[str], History]:
    """``history("retries")`` returns the run of the plan with that name."""
    record.version("Python", platform.python_version())
    return _histories.__getitem__
