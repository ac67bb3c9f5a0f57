"""Shows the progress of running labs: on a terminal, one line for each run that changes in place; elsewhere, a line for
each event."""

from __future__ import annotations

import shutil
from typing import TextIO

from engblog.lab.running import Outcome

_UP = "\x1b[{}A"
_CLEAR = "\x1b[J"


class Progress:
    """Writes progress to a stream, in place if it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        """Write to *stream*."""
        self._stream = stream
        self._moves = stream.isatty()
        self._shown: list[str] = []

    def say(self, text: str) -> None:
        """Write *text* permanently."""
        self._erase()
        self._write(text + "\n")

    def started(self, outcome: Outcome) -> None:
        """Report the start of a run, unless its line will change in place."""
        if not self._moves:
            self.say(f"running  {outcome.task.label}")

    def running(self, outcomes: list[Outcome]) -> None:
        """Redraw the line of each run."""
        if not self._moves:
            return
        width = shutil.get_terminal_size().columns - 1
        lines = [_line(outcome)[:width] + "\n" for outcome in outcomes]
        if lines != self._shown:
            self._erase()
            self._write("".join(lines))
            self._shown = lines

    def finished(self, outcome: Outcome) -> None:
        """Report the result of a run."""
        self.say(said(outcome))

    def _erase(self) -> None:
        if self._shown:
            self._write(_UP.format(len(self._shown)) + "\r" + _CLEAR)
            self._shown = []

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def said(outcome: Outcome) -> str:
    """The result of a run, on one line."""
    held = sum(outcome.passed.values())
    counts = {"held": held, "failed": len(outcome.passed) - held, "skipped": len(outcome.skipped)}
    how = ", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "held")
    if outcome.timed_out:
        how = f"did not finish within {outcome.task.seconds} s and was stopped at {outcome.current or 'its start'}"
    elif not outcome.ran:
        how = f"could not run (pytest exited with {outcome.status})"
    word = "ok" if outcome.good else "ran" if outcome.task.trial and outcome.ran else "FAILED"
    return f"{word:8} {outcome.task.label}: {how} in {duration(outcome.seconds)}"


def _line(outcome: Outcome) -> str:
    count = f"{outcome.done}/{outcome.items}" if outcome.items else "…"
    return f"running  {outcome.task.label}  {count}  {duration(outcome.seconds)}  {outcome.current}"


def duration(seconds: float) -> str:
    """*seconds* as minutes and seconds: ``2:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
