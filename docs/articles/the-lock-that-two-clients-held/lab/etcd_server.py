"""One etcd server on a free port of 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from engblog.lab.process import find_program, free_port, wait_until


class Etcd:
    """A cluster of one."""

    def __init__(self, folder: Path, on_start: Callable[[int], None]) -> None:
        """Keep the data below *folder*; call *on_start* with the process id after each start."""
        self.folder, self.on_start = folder, on_start
        self.port, self.peer_port = free_port(), free_port()
        self.program = find_program("etcd", package="etcd-server")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def version(self) -> str:
        """The version that the program reports."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        return said.split()[2]

    def start(self) -> None:
        """Start it, on the data that is there, and wait until it is healthy."""
        client, peer = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.peer_port}"
        options = {
            "--data-dir": str(self.folder / "data"),
            "--listen-client-urls": client,
            "--advertise-client-urls": client,
            "--listen-peer-urls": peer,
            "--initial-advertise-peer-urls": peer,
            "--initial-cluster": f"default={peer}",
        }
        with (self.folder / "etcd.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, *(part for option in options.items() for part in option)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.on_start(self.process.pid)
        wait_until(self._healthy, seconds=60, what="etcd to be healthy")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return b'"true"' in answer.read()
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill it with SIGKILL and wait for its end."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def forget(self) -> None:
        """Remove the data of a server that does not run."""
        shutil.rmtree(self.folder / "data")
