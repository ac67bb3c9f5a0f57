"""Nothing of a lab's run outlives it, not even when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.keeper import RUNNER, TOKEN
from engblog.lab.process import wait_until
from support.labs import INI
from support.sources import write

LAB = """\
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def sleep():
    time.sleep(600)


def test_it(start_redis, start_postgresql, record):
    servers = [start_redis(), start_postgresql()]
    # One that leaves its session and forgets its environment, but works in a server's folder; one with neither.
    stray = subprocess.Popen(["sleep", "600"], cwd=servers[0].folder, env={}, start_new_session=True)
    child = subprocess.Popen(["sh", "-c", "sleep 600 & sleep 600"], start_new_session=True)
    fork = multiprocessing.get_context("fork").Process(target=sleep)
    fork.start()
    pids = [servers[0].pid, servers[1].pid, stray.pid, child.pid, fork.pid]
    for parent in (servers[1].pid, child.pid):
        asked = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True)
        pids += [int(pid) for pid in asked.stdout.split()]
    folders = [str(server.folder) for server in servers]
    partial = ROOT / "made.partial"
    partial.write_text(json.dumps({"pids": pids, "folders": folders, "pytest": os.getpid()}))
    partial.rename(ROOT / "made.json")
    while not (ROOT / "go").exists():
        time.sleep(0.01)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[list[str]], tuple[subprocess.Popen[bytes], dict[str, Any]]]]:
    """Start a run of the lab and wait until it has made all that it makes; kill what a failed test leaves."""
    pids: list[int] = []
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
        write(tmp_path, {"pytest.ini": INI, "lab/test_a.py": LAB})
        environment = {name: value for name, value in os.environ.items() if name not in {TOKEN, RUNNER}}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        started.append(process)
        wait_until((tmp_path / "made.json").exists, seconds=60, what="the lab to run")
        found: dict[str, Any] = json.loads((tmp_path / "made.json").read_text())
        pids.extend([*found["pids"], found["pytest"]])
        assert len(found["pids"]) > 7
        assert all(map(alive, found["pids"]))
        return process, found

    yield start
    for process in started:
        process.kill()
        process.wait()
    for pid in filter(alive, pids):
        os.kill(pid, signal.SIGKILL)


PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def gone(found: dict[str, Any]) -> bool:
    return not any(map(alive, found["pids"])) and not any(Path(folder).exists() for folder in found["folders"])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_run_that_is_killed(made: Any, number: signal.Signals) -> None:
    run, found = made(PYTEST)
    run.send_signal(number)
    run.wait(60)
    wait_until(lambda: gone(found), seconds=60, what="everything that the run had started to end")


def test_nothing_is_left_of_a_run_that_forgets_what_it_started(made: Any, tmp_path: Path) -> None:
    """The run's own end waits for it."""
    run, found = made(PYTEST)
    (tmp_path / "go").touch()
    assert run.wait(60) == 0
    assert gone(found)


def test_a_run_does_not_go_on_without_what_started_it(made: Any) -> None:
    """As `engblog lab run` does it, which may be killed as well."""
    program = (
        "import os, subprocess, sys\n"
        f"os.environ[{RUNNER!r}] = str(os.getpid())\n"
        "subprocess.run(sys.argv[1:], start_new_session=True)\n"
    )
    run, found = made([sys.executable, "-c", program, *PYTEST])
    run.kill()
    run.wait()
    wait_until(lambda: not alive(found["pytest"]), seconds=60, what="the run to end with its runner")
    wait_until(lambda: gone(found), seconds=60, what="everything that the run had started to end")


def test_other_processes_are_left_alone(made: Any, tmp_path: Path) -> None:
    """Not one that has another run's token, nor one that works beside the run's folders."""
    environment = {**os.environ, TOKEN: "of another"}
    other = subprocess.Popen(["sleep", "600"], cwd=tmp_path, env=environment, start_new_session=True)
    try:
        run, found = made(PYTEST)
        run.kill()
        run.wait()
        wait_until(lambda: gone(found), seconds=60, what="everything that the run had started to end")
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
