"""The tests' side of a call: start it in a process, learn whether it has ended, and see where it waits."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

PATIENCE = 120.0
PAST = 33.0  # longer than every limit on one wait that the lab measures to its end
HOUSEKEEPING = 5.0  # a runtime may have a timer of its own for a while, so look again for this long
LOOKS = 10  # a missing limit must be seen so many times in a row, because a thread may be busy for a moment

# numbers of system calls on x86-64, and which of their arguments is a limit in milliseconds (None: they have none)
NUMBERS = {0: ("read", None), 42: ("connect", None), 45: ("recvfrom", None)}
NUMBERS |= {7: ("poll", 3), 232: ("epoll_wait", 4), 281: ("epoll_pwait", 4)}
FOREVER = 0xFFFFFFFF  # -1 in 32 bits


class Call:
    """One call in a process of its own."""

    def __init__(self, command: list[str], name: str, target: str | int, options: dict[str, Any]) -> None:
        """Start the process, which waits until :meth:`go`."""
        self.said: list[list[Any]] = []
        self.started = 0.0
        self.seen: dict[str, int | None] = {}
        self._outlasted: bool | None = None
        self._timer = threading.Timer(PAST, self._look)
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [*command, name, str(target), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.said.append(json.loads(line))
                self._news.notify_all()

    def word(self, name: str, seconds: float = PATIENCE) -> list[Any] | None:
        """Wait until the process has announced *name*; return what it said with it, or None after *seconds*."""
        with self._news:
            self._news.wait_for(lambda: self._find(name) is not None, seconds)
            return self._find(name)

    def _find(self, name: str) -> list[Any] | None:
        return next((words[1:] for words in self.said if words[0] == name), None)

    def _look(self) -> None:
        """Note whether the call has ended by then and, if not, where the process waits."""
        outlasted, until = self._find("end") is None, time.monotonic() + HOUSEKEEPING
        limited: dict[str, int | None] = {}
        unlimited = 0
        while outlasted and self.process.poll() is None and time.monotonic() < until and unlimited < LOOKS:
            seen: dict[str, int | None] = {}
            with contextlib.suppress(OSError):  # not permitted: see the fixture `syscalls`
                seen = self.waits_in()
            if seen and set(seen.values()) == {None}:
                unlimited += 1
                self.seen = seen
            else:
                unlimited = 0
                limited = seen or limited
            time.sleep(0.05)
        with self._news:
            if unlimited < LOOKS and limited:
                self.seen = limited
            self._outlasted = outlasted
            self._news.notify_all()

    def ready(self) -> int:
        """Wait until the process is ready to call; return the process id of the server's end, if it has one."""
        words = self.word("ready")
        assert words is not None, "the process did not start"
        return int(words[0])

    def go(self) -> Call:
        """Have it call."""
        self.ready()
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.started = time.monotonic()
        self._timer.start()
        return self

    def end(self, seconds: float = PATIENCE) -> tuple[str, float]:
        """Wait for the end of the call; return its error, or ``ok``, and the seconds that it took."""
        words = self.word("end", seconds)
        return (words[0], words[1]) if words else ("still waiting", time.monotonic() - self.started)

    def _is_decided(self) -> bool:
        return self._outlasted is not None or self._find("end") is not None

    # --8<-- [start:outlasts]
    def waits_in(self) -> dict[str, int | None]:
        """Return the system calls in which threads wait, each with its limit in milliseconds, or None."""
        found: dict[str, int | None] = {}
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            number, *arguments = (thread / "syscall").read_text().split()
            if number == "running":
                return {}  # look again
            if int(number) in NUMBERS:
                name, place = NUMBERS[int(number)]
                limit = int(arguments[place - 1], 16) & 0xFFFFFFFF if place else FOREVER
                found[name] = found.get(name) if limit == FOREVER else limit
        return found

    def outlasts(self) -> bool:
        """Tell whether the call was still waiting after 33 seconds; :attr:`seen` is where."""
        with self._news:
            self._news.wait_for(self._is_decided, PATIENCE)
            return bool(self._outlasted)

    # --8<-- [end:outlasts]

    def stop(self) -> None:
        """End the process for good and collect it."""
        self._timer.cancel()
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def command_of(name: str, node: str, go: str) -> list[str]:
    """Return the command that makes calls of the client *name*."""
    folder = Path(__file__).parent
    if name.startswith("go_"):
        return [go]
    if name.startswith(("http_", "fetch")):
        return [node, str(folder / "call.mjs")]
    return [sys.executable, str(folder / "call.py")]
