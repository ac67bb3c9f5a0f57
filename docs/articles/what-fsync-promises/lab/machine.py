"""A machine with one server on a disk that forgets: its power can fail."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psutil

from disk import Disk, everything, nothing
from journal import Step


class Machine:
    """Runs *server*, which must have stopped, on *disk*."""

    def __init__(self, server: Any, disk: Disk) -> None:
        """Take over the server; :meth:`boot` starts it."""
        self.server = server
        self.disk = disk
        self._plain = server.installation
        self._fixed = server.settings
        self._logged = 0

    def boot(self, *, delay_ms: float = 0, **settings: Any) -> None:
        """Start the server with *settings* on the data that it had at first; each sync takes *delay_ms*."""
        self.kill()
        self.disk.reset()
        environment = {**self._plain.environment, **self.disk.environment(delay_ms=delay_ms)}
        self.server.installation = replace(self._plain, environment=environment)
        self.server.settings = {**self._fixed, **settings}
        self._logged = len(self.server.log)
        self.server.start()

    @property
    def log(self) -> str:
        """What the server has logged since the boot."""
        return str(self.server.log[self._logged :])

    def kill(self) -> float:
        """SIGKILL the server and all its processes; return the time."""
        if not self.server.running:
            return time.monotonic()
        parent = psutil.Process(self.server.pid)
        parent.suspend()  # or PostgreSQL would start new children
        family = [*parent.children(recursive=True), parent]
        now = time.monotonic()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.server.wait()
        psutil.wait_procs(family, timeout=30)
        return now

    def crash(
        self,
        *,
        before: Step | None = None,
        written_back: Callable[[str], bool] = nothing,
        names: Callable[[str], bool] | None = None,
    ) -> float:
        """Let the power fail, now or *before* a step of the past; return the time of the crash. See Disk.crash."""
        now = self.kill()

        def kept(path: str) -> bool:
            # PostgreSQL's lock file stays, so that it finds and removes the shared memory of the server before
            return path == "postmaster.pid" or written_back(path)

        self.disk.crash(before=before, written_back=kept, names=names)
        return before.time if before else now

    def kill_process(self, *, before: Step | None = None) -> float:
        """Let the server be killed, now or *before* a step: the kernel keeps what it was given."""
        return self.crash(before=before, written_back=everything)

    def restart(self) -> None:
        """Start the server on what the disk holds."""
        self.server.start()
