"""Runs labs: each in its own pytest, several in parallel, within their time limits, with a log that is kept."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engblog.lab.events import EventReader
from engblog.lab.isolation import NOWHERE, Isolation, environment
from engblog.lab.keeper import RUNNER, TOKEN

_GRACE = 15.0
"""Seconds that a run has to clean up once it is stopped; its keeper does the rest."""
_PAUSE = 0.1
_TAIL = 30


@dataclass(frozen=True, slots=True)
class Task:
    """A planned run of a lab."""

    label: str
    """Name for people: the article's, and the server that the lab runs on if that is not the default."""
    lab: Path
    log: Path
    seconds: int
    """Limit on the wall clock."""
    options: tuple[str, ...] = ()
    """Options for pytest."""
    trial: bool = False
    """True for a run on another version, where a claim may fail."""


@dataclass(slots=True)
class Outcome:
    """A run of a lab: its progress, and finally its result."""

    task: Task
    items: int = 0
    """Items that were collected."""
    done: int = 0
    current: str = ""
    seconds: float = 0.0
    status: int | None = None
    """Exit status of pytest, once it has ended."""
    timed_out: bool = False
    passed: dict[str, bool] = field(default_factory=dict)
    """By test: True if all of its items that ran passed; skipped items do not count."""
    said: dict[str, str] = field(default_factory=dict)
    """By failed test: the message of its first failure."""
    skipped: set[str] = field(default_factory=set)
    """Tests of which an item was skipped."""
    recorded: bool = False
    """True if the run wrote a record."""

    @property
    def ran(self) -> bool:
        """True if the lab's tests ran to their end, whatever the outcome."""
        return self.status in {0, 1, 5} and not self.timed_out  # 5: there were no tests to run

    @property
    def good(self) -> bool:
        """True if there were tests, and all except skipped ones passed."""
        return self.status == 0 and not self.timed_out

    def tail(self) -> str:
        """The end of the log."""
        try:
            lines = self.task.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-_TAIL:])


class Display(Protocol):
    """An observer of the runs."""

    def started(self, outcome: Outcome) -> None:
        """Called when a run has been started."""

    def running(self, outcomes: list[Outcome]) -> None:
        """Called now and then with the current runs."""

    def finished(self, outcome: Outcome) -> None:
        """Called when a run has ended."""


class _Run:
    def __init__(self, task: Task, root: Path, isolation: Isolation) -> None:
        self.outcome = Outcome(task)
        task.log.parent.mkdir(parents=True, exist_ok=True)
        events = task.log.with_suffix(".events")
        events.unlink(missing_ok=True)
        self._reader = EventReader(events)
        pytest = [sys.executable, "-m", "pytest", "-v", "--color=no", "-p", "no:cacheprovider"]
        ours = ["-p", "engblog.lab.pytest_plugin", "--events", str(events), *task.options]
        given = {name: value for name, value in environment(os.environ).items() if name != TOKEN}
        isolation.hand_over(events)
        if isolation.user is not None:
            given |= {"PYTHONDONTWRITEBYTECODE": "1", "HOME": tempfile.gettempdir()}
        with task.log.open("wb") as log:
            self._process = subprocess.Popen(
                isolation.command([*pytest, *ours, str(task.lab)]),
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**given, RUNNER: str(os.getpid())},
                start_new_session=True,
            )
        self._began = time.monotonic()

    def poll(self) -> bool:
        """Bring the outcome up to date; return whether the run has ended."""
        status = self._process.poll()
        self._read_events()
        self.outcome.seconds = time.monotonic() - self._began
        if status is None and self.outcome.seconds > self.outcome.task.seconds:
            self.outcome.timed_out = True
            self.stop()
            status = self._process.poll()
        self.outcome.status = status
        return status is not None

    def stop(self) -> None:
        """End the run, after letting it clean up."""
        for number, seconds in ((signal.SIGINT, _GRACE), (signal.SIGKILL, None)):
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                return

    def _read_events(self) -> None:
        outcome = self.outcome
        for event in self._reader.new():
            if event["event"] == "collected":
                outcome.items = event["items"]
            elif event["event"] == "started":
                outcome.current = event["test"]
            elif event["event"] == "recorded":
                outcome.recorded = True
            elif event["event"] == "finished":
                outcome.done += 1
                test = event["test"]
                if event["outcome"] == "failed":
                    outcome.said.setdefault(test, event["said"])
                if event["outcome"] == "skipped":
                    outcome.skipped.add(test)
                else:
                    outcome.passed[test] = outcome.passed.get(test, True) and event["outcome"] == "passed"


def run_all(
    tasks: Iterable[Task], root: Path, *, jobs: int, display: Display, isolation: Isolation = NOWHERE
) -> list[Outcome]:
    """Run *tasks*, at most *jobs* at once, and return their outcomes in the order of *tasks*.

    An exception or Ctrl-C ends the runs as well.
    """
    waiting, running, outcomes = list(tasks), list[_Run](), list[Outcome]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                run = _Run(waiting.pop(0), root, isolation)
                running.append(run)
                outcomes.append(run.outcome)
                display.started(run.outcome)
            time.sleep(_PAUSE)
            for run in [each for each in running if each.poll()]:
                running.remove(run)
                display.finished(run.outcome)
            display.running([each.outcome for each in running])
    finally:
        for run in running:
            run.stop()
    return outcomes
