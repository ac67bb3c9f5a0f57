"""The side of the tests: start processes, learn how far they are, and kill them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jobs import PATIENCE, Places


class Crew:
    """Processes that announce their steps, all forked by one ``worker.py``."""

    def __init__(self, places: Places) -> None:
        """Start the process that forks the others."""
        self._steps: dict[str, list[str]] = {}
        self._pids: dict[str, int] = {}
        self._news = threading.Condition()
        self._forker = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py")), json.dumps(asdict(places))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._forker.stdout
        for line in self._forker.stdout:
            name, pid, step = line.split()
            with self._news:
                self._pids[name] = int(pid)
                self._steps[name].append(step)
                self._news.notify_all()

    def start(self, name: str, role: str, **task: Any) -> None:
        """Have a process run *task* under *name*, which was not used before."""
        assert self._forker.stdin
        self._steps[name] = []
        self._forker.stdin.write(json.dumps({"name": name, "role": role, **task}) + "\n")
        self._forker.stdin.flush()

    def wait(self, name: str, *steps: str, times: int = 1) -> str:
        """Wait until the process has announced one of *steps* so many *times*, or its end; return the last one."""

        def seen() -> str:
            announced = self._steps[name]
            if "failed" in announced:
                raise RuntimeError(f"{name} failed after {announced}")
            wanted = [step for step in announced if step in steps]
            if len(wanted) >= times:
                return wanted[-1]
            return "done" if "done" in announced else ""

        with self._news:
            assert self._news.wait_for(seen, PATIENCE), f"{name} got no further than {self._steps[name]}"
            return seen()

    def kill(self, name: str) -> None:
        """Send SIGKILL: no handler runs, no buffer is flushed, the kernel closes the sockets."""
        with contextlib.suppress(ProcessLookupError):  # it had finished before
            os.kill(self._pids[name], signal.SIGKILL)

    def go_on(self, name: str) -> None:
        """Let a process go on that holds."""
        os.kill(self._pids[name], signal.SIGUSR1)

    def end(self) -> None:
        """End every process that is left."""
        os.killpg(self._forker.pid, signal.SIGKILL)
        self._forker.wait()
        for stream in (self._forker.stdin, self._forker.stdout):
            if stream:
                stream.close()
