"""A time limit for what a page's text makes others do: renderers, extensions, templates.

Two things end it. A timer raises :class:`TooLongError` between two steps of Python, and within a regular expression as
well, because CPython's matcher looks for signals every few thousand steps. Where other C code does not look, a process
beside this one waits: it prints the problem and ends this process, which could do neither. No limit in a thread would
do: the code that hangs does not let other threads run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from types import FrameType

from engblog.model.problems import Code, Mark, Problem

SECONDS = 3.0
"""Time of the processor for one page, so that a busy machine refuses nothing. The longest of our articles takes 0.4."""
_GRACE = 1.5
"""Factor by which the other process waits longer."""
_GUARD = """
import os, select, sys
pid, said, left, limit, began = int(sys.argv[1]), "", None, 0.0, 0.0
stream = sys.stdin.buffer
buffer = b""

def used():
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

while True:
    ready, _, _ = select.select([stream.fileno()], [], [], left)
    if not ready:
        now = used()
        if now is not None and now - began < limit:
            left = min(1.0, limit)
            continue
        sys.stderr.write(said + "\\n")
        sys.stderr.flush()
        os.kill(pid, 9)
        break
    got = os.read(stream.fileno(), 65536)
    if not got:
        break
    buffer += got
    while b"\\0" in buffer:
        each, _, buffer = buffer.partition(b"\\0")
        seconds, _, said = each.decode("utf-8", "replace").partition(" ")
        limit, began = float(seconds), used() or 0.0
        left = (limit if os.path.exists("/proc/self/stat") else 4 * limit) if said else None
"""


class TooLongError(Exception):
    """A page took longer than it may."""


class TimeLimit:
    """Ends what takes more than *seconds* of the processor, one thing at a time.

    Outside the main thread, only the other process watches; without *has_guard*, there is none.
    """

    def __init__(self, seconds: float = SECONDS, *, has_guard: bool = True) -> None:
        self._seconds = seconds
        self._has_guard = has_guard
        self._guard: subprocess.Popen[bytes] | None = None
        self._before: object = None
        self._runs = False
        self._end: Callable[[], object] = lambda: None

    def start(self, path: str) -> None:
        """Watch what is done from now on for the file *path*."""
        self.stop()
        self._runs = True
        self._tell(f"{self._seconds * _GRACE} {too_long(path, self._seconds)}")
        if _has_timer():
            self._before = signal.signal(signal.SIGPROF, _raise)
            # Again and again: code that swallows every exception would swallow the first.
            signal.setitimer(signal.ITIMER_PROF, self._seconds, self._seconds / 20)

    def stop(self) -> None:
        """Watch no longer."""
        if self._runs:
            self._runs = False
            if _has_timer():
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.signal(signal.SIGPROF, self._before)  # type: ignore[arg-type]
            self._tell("0 ")

    def close(self) -> None:
        """Watch no longer, and end the other process."""
        self.stop()
        if self._guard is not None:
            self._guard = None
            self._end()

    @contextlib.contextmanager
    def of(self, path: str) -> Iterator[None]:
        """Watch what is done within, for the file *path*. Raises :class:`TooLongError`."""
        self.start(path)
        try:
            yield
        finally:
            self.stop()

    def _tell(self, words: str) -> None:
        if not self._has_guard:
            return
        if self._guard is None:
            command = [sys.executable, "-I", "-S", "-c", _GUARD, str(os.getpid())]
            # Not in this process group: Ctrl+C is for the build, whose end this process sees.
            self._guard = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0, start_new_session=True
            )
            self._end = weakref.finalize(self, _close, self._guard)
        if self._guard.stdin is not None:
            with contextlib.suppress(OSError):
                self._guard.stdin.write(words.encode("utf-8", "replace") + b"\0")


def too_long(path: str, seconds: float = SECONDS) -> Problem:
    """The problem that the page of the file *path* takes too long."""
    message = f"the page is not done after {seconds:g} seconds"
    return Problem(
        Mark(path), Code.B001_TIME, message, "take parts out until it is, and write them in simpler Markdown"
    )


def _close(guard: subprocess.Popen[bytes]) -> None:
    if guard.stdin is not None:
        with contextlib.suppress(OSError):
            guard.stdin.close()
    guard.wait()


def _has_timer() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _raise(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the form of a handler)
    raise TooLongError
