"""How runs of labs are told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from engblog.lab.progress import Progress, duration
from engblog.lab.running import Outcome, Task

# What a person sees


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_line_for_each_run_changes_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    progress = Progress(stream)
    task = Task("a", Path(), Path(), 9)
    first = Outcome(task, items=12, done=3, current="test_with_a_name_that_is_long", seconds=65)
    progress.started(first)
    progress.running([first, Outcome(task)])
    assert stream.getvalue() == "running  a  3/12  1:05  test_with_a_nam\nrunning  a  …  0:00  \n"
    stream.truncate(stream.seek(0))
    first.status, first.passed = 0, {"test_it": True}
    progress.finished(first)
    assert stream.getvalue() == "\x1b[2A\r\x1b[Jok       a: 1 held in 1:05\n"
    stream.truncate(stream.seek(0))
    progress.running([])
    assert stream.getvalue() == ""


def test_a_duration_is_minutes_and_seconds() -> None:
    assert [duration(seconds) for seconds in (0, 59.9, 60, 3661)] == ["0:00", "0:59", "1:00", "61:01"]
