"""The base of every server: a folder, a port, a process and its log."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Self

from engblog.lab.installations import Installation, default_installation, printed_version
from engblog.lab.process import LabError, free_port, wait_until

_START_SECONDS = 60.0


class Server(ABC):
    """One server process, its data folder and its log file."""

    name: str
    """The product's name as articles write it."""

    _stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    _version_option: ClassVar[str] = "--version"

    def __init__(self, folder: Path, installation: Installation | None = None, /) -> None:
        """Keep data and log below *folder*, which must exist; run the programs of *installation* or Debian's."""
        self.folder = folder
        self.installation = installation or default_installation(self.name, Path.cwd())
        self.name = self.installation.product
        self.port = free_port()
        self.log_file = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.on_start: Callable[[int], None] | None = None
        """Called with the process id each time the server has been started."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _ready(self) -> bool: ...

    @property
    def _user(self) -> str | None:
        return None

    @property
    def version(self) -> str:
        """The version that the installed binary reports, e.g. ``15.18``."""
        return self.installed_version(self.installation)

    @classmethod
    def installed_version(cls, installation: Installation) -> str:
        """The version that the binary of *installation* reports."""
        return printed_version([installation.server, cls._version_option], installation.environment)

    def program(self, name: str) -> str:
        """The path of a program that belongs to the server, such as ``psql``: next to the server's own, otherwise
        Debian's.

        Raises :class:`LabError`, which says what to install.
        """
        return self.installation.program(name)

    @property
    def pid(self) -> int:
        """The process id of the server (PostgreSQL: the postmaster; MariaDB: mariadbd)."""
        if self.process is None:
            raise LabError(f"{self.name} is not running")
        return self.process.pid

    @property
    def running(self) -> bool:
        """True if the process is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        """Everything that the server has logged since the folder was made."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def start(self) -> Self:
        """Start the server and wait until it answers. Raises :class:`LabError` with the end of the log if it does
        not."""
        fixed = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                env={**os.environ, **fixed, **self.installation.environment},
                start_new_session=True,
            )
        if self.on_start:
            self.on_start(self.pid)
        try:
            wait_until(lambda: not self.running or self._ready(), seconds=_START_SECONDS, what=f"{self.name} to answer")
        except LabError as error:
            raise LabError(f"{error}\n{self.log[-2000:]}") from None
        if not self.running:
            raise LabError(f"{self.name} exited while starting:\n{self.log[-2000:]}")
        return self

    def send(self, number: signal.Signals) -> None:
        """Send one signal to the server process itself, not to its children."""
        os.kill(self.pid, number)

    def wait(self, seconds: float = 60.0) -> int:
        """Wait for the process to end and return its exit status (negative: the signal that killed it)."""
        if self.process is None:
            raise LabError(f"{self.name} was never started")
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise LabError(f"{self.name} is still running after {seconds:g} s:\n{self.log[-2000:]}") from None

    def stop(self) -> None:
        """End the server for good, gently at first. This is for cleaning up after a test, not for measuring."""
        if not self.running:
            return
        self.send(self._stop_signal)
        try:
            self.wait(20)
        except LabError:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait(10)

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _says(self, sent: bytes, answer: bytes) -> bool:
        """True if the server's answer to *sent* starts with *answer*."""
        with socket.socket() as probe:
            probe.settimeout(0.5)
            try:
                probe.connect(("127.0.0.1", self.port))
                probe.sendall(sent)
                return probe.recv(64).startswith(answer)
            except OSError:
                return False

    def _run(self, command: list[str], *, user: str | None = None, given: str | None = None) -> None:
        """Run a *command* that prepares the server's data. Raises :class:`LabError` with its output."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            user=user,
            input=given,
            env={**os.environ, **self.installation.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LabError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def long_options(options: dict[str, str | int]) -> list[str]:
    """Options as ``--key=value``, with ``-`` for ``_``."""
    return [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
