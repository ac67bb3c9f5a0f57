"""What takes too long is ended and named, whatever it does."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engblog.disk.time_limit import TimeLimit, TooLongError, too_long


def busy() -> None:
    while True:
        pass


def in_a_pattern() -> None:
    re.fullmatch(r"(a+)+b", "a" * 60)


def swallows() -> None:
    for _ in range(3):
        try:
            busy()
        except Exception:  # noqa: S112  (what some extensions do)
            continue
    busy()


@pytest.mark.parametrize("what", [busy, in_a_pattern, swallows])
def test_what_takes_too_long_is_ended(what: object) -> None:
    limit = TimeLimit(0.2)
    with pytest.raises(TooLongError), limit.of("a.md"):
        what()  # type: ignore[operator]
    limit.close()


def test_what_is_in_time_goes_on_and_the_next_has_the_whole_time_again() -> None:
    limit = TimeLimit(0.4)
    for _ in range(6):
        with limit.of("a.md"):
            began = time.process_time()
            while time.process_time() < began + 0.1:
                pass
    began = time.process_time()
    while time.process_time() < began + 1:  # nothing is watched any more
        pass
    limit.close()


def test_waiting_is_not_counted() -> None:
    limit = TimeLimit(0.1)
    with limit.of("a.md"):
        time.sleep(0.8)
    limit.close()


def test_what_python_cannot_end_is_ended_from_outside_and_named() -> None:
    spin = (
        "from engblog.disk.time_limit import TimeLimit\n"
        "import signal, threading\n"
        "limit = TimeLimit(0.3)\n"
        "limit.start('docs/a.md')\n"
        "signal.setitimer(signal.ITIMER_PROF, 0)\n"  # as if C code never looked for the signal
        "while True:\n    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", spin], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -9
    assert done.stderr.startswith("docs/a.md:1:1 B001 the page is not done after 0.3 seconds")
    assert "Traceback" not in done.stderr


def test_the_process_that_watches_ends_with_this_one() -> None:
    script = (
        "from engblog.disk.time_limit import TimeLimit\nimport os\nlimit = TimeLimit()\nlimit.start('a')\n"
        "print(limit._guard.pid, flush=True)\nos._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    guard = Path("/proc") / done.stdout.strip()
    until = time.monotonic() + 30
    while guard.exists() and "Z" not in (guard / "stat").read_text().rpartition(")")[2]:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_problem_names_the_file() -> None:
    assert str(too_long("docs/a.md", 3)).startswith("docs/a.md:1:1 B001 the page is not done after 3 seconds")
