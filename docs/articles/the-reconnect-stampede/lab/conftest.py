"""What the lab's tests share: the runs of all plans, which happen once."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # plans, swarm, wire and queues are modules of this lab

import limits  # noqa: E402
from engblog.lab.record import Recorder  # noqa: E402
from plans import PLANS, Run  # noqa: E402


@pytest.fixture(scope="session")
def _runs() -> dict[str, Run]:
    """Every plan's run. They are played side by side."""
    limits.raise_files()
    playing, done = {}, {}
    for name in PLANS:
        command = [sys.executable, str(LAB / "plans.py"), name]
        playing[name] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        time.sleep(0.7)  # so that the crowds' first moments don't coincide
    for name, process in playing.items():
        done[name] = Run(**json.loads(process.communicate()[0]))
    return done


@pytest.fixture
def run(_runs: dict[str, Run], record: Recorder) -> Callable[[str], Run]:
    """``run("window")`` returns what happened in the plan with that name."""
    record.version("Python", platform.python_version())
    record.version("Linux", os.uname().release.split("-")[0])
    return _runs.__getitem__
