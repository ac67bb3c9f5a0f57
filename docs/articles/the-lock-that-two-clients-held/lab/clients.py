"""The tests' side of a client process: start it, learn how far it is, stop it and let it go on."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from engblog.lab.process import wait_until

PATIENCE = 60.0
DEFAULTS = {"ttl": 60_000, "holds": [], "look_first": False, "same_connection": False, "timed": True, "store": "Store"}


class Client:
    """One client process."""

    def __init__(self, **task: Any) -> None:
        """Start it."""
        self.announced: list[list[Any]] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("client.py")),
                json.dumps(DEFAULTS | {"lock_dsn": task["dsn"]} | task),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.announced.append(json.loads(line))
                self._news.notify_all()

    def wait(self, name: str) -> Any:
        """Wait until the process has announced the step *name*; return what it said there."""
        assert self.reaches(name), f"ended without {name}: {self.announced}"
        return self._said(name)[0]

    def reaches(self, name: str) -> bool:
        """Wait until the process has announced the step *name* or its end; tell whether it was the step."""
        with self._news:
            come = self._news.wait_for(lambda: self._said(name) or self._said("end"), PATIENCE)
            assert come, f"no further than {self.announced}"
            return bool(self._said(name))

    def _said(self, name: str) -> list[Any]:
        return [value for step, value in self.announced if step == name]

    # --8<-- [start:pause]
    def pause(self) -> None:
        """Stop the process as a debugger, a freezer or a busy hypervisor would: it is not told."""
        os.kill(self.process.pid, signal.SIGSTOP)
        wait_until(lambda: self._state() == "T", seconds=PATIENCE, what="the client to stop")

    def resume(self) -> None:
        """Let the process run again."""
        self.go_on()
        os.kill(self.process.pid, signal.SIGCONT)

    # --8<-- [end:pause]

    def _state(self) -> str:
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0]

    def go_on(self) -> None:
        """Let the process take the next step."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """Send SIGKILL: no handler runs, the kernel closes the sockets."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process for good and collect it."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
