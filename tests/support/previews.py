"""A running ``mkdocs serve``: the preview as authors use it, a process that watches the sources and rebuilds."""

from __future__ import annotations

import contextlib
import hashlib
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

from engblog.lab.process import free_port, wait_until

from support.hosts import environ
from support.patience import PATIENCE

FIXED = "served until this is fixed"
"""The end of what the log says after a failed rebuild."""
_NONCE = re.compile(rb"nonce-[0-9a-f]{32}")


class Preview:
    """A running preview of the site in *root*. It is stopped at the end of ``with``."""

    def __init__(self, root: Path, temporary: Path, *, port: int = 0, epoch: str | None = None) -> None:
        """Start it at *port*, with its files below *temporary*, a new folder, and with the clock at *epoch*."""
        temporary.mkdir()
        self.root = root
        self.log = temporary.with_name(f"{temporary.name}.log")
        self.port = port or free_port()
        self._temporary = temporary
        command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{self.port}"]
        environment = environ(TMPDIR=str(temporary), PYTHONUNBUFFERED="1", SOURCE_DATE_EPOCH=epoch)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)

    def __enter__(self) -> Preview:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """The log so far."""
        return self.log.read_text()

    def get(self, path: str) -> str:
        """The page at *path*, or nothing if it is not there."""
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            with contextlib.closing(connection):
                connection.request("GET", f"/blog/{path}")
                answer = connection.getresponse()
                return answer.read().decode() if answer.status == 200 else ""
        except ConnectionError:
            assert self.process.poll() is None, self.said()
        return ""

    def wait(self, path: str, text: str) -> str:
        """Wait until the page at *path* has *text*; return the page."""
        wait_until(lambda: text in self.get(path), seconds=PATIENCE, what=f"{text!r} on {path}; the log: {self.said()}")
        return self.get(path)

    def wait_for_log(self, text: str, count: int = 1) -> None:
        """Wait until the process has said *text*, *count* times."""
        wait_until(
            lambda: self.said().count(text) >= count, seconds=PATIENCE, what=f"{text!r} in the log: {self.said()}"
        )

    def ready(self) -> None:
        """Wait until it serves."""
        wait_until(self._serves, seconds=PATIENCE, what=f"the preview; the log: {self.said()}")

    def _serves(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Serving on" in self.said()

    @property
    def rebuilds(self) -> int:
        """The number of rebuilds that have ended, well or not."""
        return self.said().count("Reloading browsers")

    def files(self) -> dict[str, str]:
        """A digest of every file that it serves, by path; a nonce, which is this preview's alone, does not count."""
        (site,) = self._temporary.glob("mkdocs_*")
        return {
            path.relative_to(site).as_posix(): hashlib.sha256(_NONCE.sub(b"nonce-", path.read_bytes())).hexdigest()
            for path in sorted(site.rglob("*"))
            if path.is_file()
        }

    def stop(self) -> int:
        """Press Ctrl+C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)
