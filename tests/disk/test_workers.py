"""Tests workers: everything is done once, whatever some items do, and nothing of it happens to this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from engblog.disk.workers import LEAST

ITEMS = 3 * LEAST
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from engblog.disk.workers import in_workers
folder = Path(sys.argv[1])
def work(number):
    (folder / f"{number}-{os.getpid()}").touch()
    WORK
try:
    in_workers(range(int(sys.argv[2])), work, count=int(sys.argv[3]))
finally:
    print("end", os.getpid())
"""


def run(folder: Path, work: str, items: int = ITEMS, count: int = 3) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.replace("WORK", textwrap.indent(textwrap.dedent(work), "    ").strip())
    command = [sys.executable, "-c", program, str(folder), str(items), str(count)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def done(folder: Path) -> list[int]:
    return sorted(int(path.name.partition("-")[0]) for path in folder.iterdir())


def processes(folder: Path) -> set[str]:
    return {path.name.partition("-")[2] for path in folder.iterdir()}


def test_each_item_is_done_once_in_as_many_processes_as_asked_for(tmp_path: Path) -> None:
    ended = run(tmp_path, "pass")
    assert done(tmp_path) == list(range(ITEMS))
    assert len(processes(tmp_path)) == 3
    assert (ended.stdout.count("end"), ended.stderr) == (1, "")


@pytest.mark.parametrize(("items", "count"), [(LEAST - 1, 3), (ITEMS, 1)])
def test_what_is_not_worth_a_process_is_left(tmp_path: Path, items: int, count: int) -> None:
    run(tmp_path, "pass", items, count)
    assert done(tmp_path) == []


@pytest.mark.parametrize("work", ["raise ValueError", "print('x'); sys.stderr.write('y')", "time.sleep(0.01)"])
def test_an_item_that_fails_stops_no_other_and_says_nothing(tmp_path: Path, work: str) -> None:
    ended = run(tmp_path, work)
    assert done(tmp_path) == list(range(ITEMS))
    assert (ended.returncode, ended.stdout.count("\n"), ended.stderr) == (0, 1, "")


@pytest.mark.parametrize("work", ["os._exit(3)", "os.kill(os.getpid(), 9)", "sys.exit(4)", "os.abort()"])
def test_an_item_that_ends_its_process_ends_no_other(tmp_path: Path, work: str) -> None:
    ended = run(tmp_path, f"if number == 4: {work}")
    assert (ended.returncode, ended.stdout.count("end")) == (0, 1)
    assert set(range(ITEMS)) - set(done(tmp_path)) == set(range(7, ITEMS, 3))


def test_with_threads_nothing_is_done(tmp_path: Path) -> None:
    """A process with threads must not fork: a lock that another holds would be held for ever."""
    program = PROGRAM.replace("WORK", "pass").replace(
        "try:", "import threading; threading.Thread(target=time.sleep, args=(2,), daemon=True).start()\ntry:"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path), str(ITEMS), "3"], check=True, capture_output=True)
    assert done(tmp_path) == []


def test_ctrl_c_ends_all_of_them(tmp_path: Path) -> None:
    program = PROGRAM.replace("WORK", "time.sleep(60)")
    command = [sys.executable, "-c", program, str(tmp_path), str(ITEMS), "3"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        while len(done(tmp_path)) < 3:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait() != 0
    for child in processes(tmp_path):
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)
