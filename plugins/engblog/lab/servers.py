"""PostgreSQL, MariaDB and Redis, each a real server in a throw-away folder, listening on 127.0.0.1 alone.

Every class has the same shape: construct, :meth:`start`, use ``port``, :meth:`send` or :meth:`stop`, read
:attr:`log`. A stopped server can be started again on the same data: that is what crash-recovery tests do.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from engblog.lab.process import LabError, find_program, free_port, give_to, unprivileged, wait_until

_START_SECONDS = 60.0


class Server(ABC):
    """One server process, its data folder and its log file."""

    name: ClassVar[str]
    """The product's name as articles write it."""

    _stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        """Keep data and log below *folder*, which must exist."""
        self.folder = folder
        self.port = free_port()
        self.log_file = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _ready(self) -> bool: ...

    @property
    @abstractmethod
    def version(self) -> str:
        """The version the installed binary reports, e.g. ``15.18``."""

    @property
    def _user(self) -> str | None:
        return None

    @property
    def pid(self) -> int:
        """The process id of the server (PostgreSQL: the postmaster; MariaDB: mariadbd)."""
        if self.process is None:
            raise LabError(f"{self.name} is not running")
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        """All that the server has logged since the folder was made."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def start(self) -> Self:
        """Start the server and wait until it answers. Raises :class:`LabError` with the log's end if it does not."""
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
                env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                start_new_session=True,
            )
        try:
            wait_until(lambda: not self.running or self._ready(), seconds=_START_SECONDS, what=f"{self.name} to answer")
        except LabError as error:
            raise LabError(f"{error}\n{self.log[-2000:]}") from None
        if not self.running:
            raise LabError(f"{self.name} ended while starting:\n{self.log[-2000:]}")
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
            raise LabError(f"{self.name} still runs after {seconds:g} s:\n{self.log[-2000:]}") from None

    def stop(self) -> None:
        """End the server for good, gently first: the clean-up of a test, not a thing to measure."""
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


class PostgreSQL(Server):
    """A PostgreSQL cluster of its own; superuser ``postgres``, database ``postgres``, trust authentication."""

    name = "PostgreSQL"
    _stop_signal = signal.SIGINT  # "fast": SIGTERM would wait for the clients of a failed test

    def __init__(self, folder: Path, **settings: str | int) -> None:
        """Run ``initdb`` below *folder* (about a second). *settings* are server parameters, e.g. ``fsync="off"``."""
        super().__init__(folder)
        self.settings = settings
        self.data = folder / "data"
        give_to(folder, self._user)
        initdb = [_postgres_program("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        done = subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync"],
            capture_output=True,
            text=True,
            user=self._user,
            cwd=folder,
            check=False,
        )
        if done.returncode != 0:
            raise LabError(f"initdb failed:\n{done.stdout}{done.stderr}")

    @property
    def _user(self) -> str | None:
        return unprivileged("postgres")

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        return _version_of([_postgres_program("postgres"), "--version"])

    @property
    def dsn(self) -> str:
        """A libpq connection string for the superuser."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def _command(self) -> list[str]:
        fixed = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        options = [part for key, value in {**fixed, **self.settings}.items() for part in ("-c", f"{key}={value}")]
        return [_postgres_program("postgres"), "-D", str(self.data), *options]

    def _ready(self) -> bool:
        ask = [_postgres_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(ask, check=False).returncode == 0


class MariaDB(Server):
    """A MariaDB server of its own; user ``root`` without a password, database ``test``."""

    name = "MariaDB"

    def __init__(self, folder: Path, **settings: str | int) -> None:
        """Install the system tables below *folder*. *settings* are server options, ``_`` for ``-``."""
        super().__init__(folder)
        self.settings = settings
        self.data = folder / "data"
        give_to(folder, self._account)
        install = [find_program("mariadb-install-db", package="mariadb-server"), "--no-defaults"]
        where = [f"--datadir={self.data}", "--auth-root-authentication-method=normal"]
        done = subprocess.run(
            [*install, *where, *self._as_user], capture_output=True, text=True, cwd=folder, check=False
        )
        if done.returncode != 0:
            raise LabError(f"mariadb-install-db failed:\n{done.stdout}{done.stderr}")

    @property
    def _account(self) -> str | None:
        return unprivileged("mysql")

    @property
    def _as_user(self) -> list[str]:
        return [f"--user={self._account}"] if self._account else []

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        return _version_of([_mariadb_program(), "--version"])

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {
            "datadir": str(self.data),
            "port": self.port,
            "bind-address": "127.0.0.1",
            "socket": str(self.folder / "mariadb.sock"),
            "pid-file": str(self.folder / "mariadb.pid"),
        }
        chosen = {key.replace("_", "-"): value for key, value in self.settings.items()}
        return [_mariadb_program(), "--no-defaults", *self._as_user, *_long_options({**fixed, **chosen})]

    def _ready(self) -> bool:
        return "ready for connections" in self.log.rpartition("starting as process")[2] and self._accepts()


class Redis(Server):
    """A Redis server of its own, without a configuration file; snapshots go to its folder."""

    name = "Redis"

    def __init__(self, folder: Path, **settings: str | int) -> None:
        """*settings* are configuration directives, ``_`` for ``-``, e.g. ``hz=100`` or ``save="60 1"``."""
        super().__init__(folder)
        self.settings = settings

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        return _version_of([_redis_program(), "--version"])

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {"port": self.port, "bind": "127.0.0.1", "dir": str(self.folder)}
        chosen = {key.replace("_", "-"): value for key, value in self.settings.items()}
        pairs = {**fixed, **chosen}.items()
        return [_redis_program(), *(part for key, value in pairs for part in (f"--{key}", str(value)))]

    def _ready(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return False
            probe.sendall(b"PING\r\n")
            try:
                return probe.recv(64).startswith(b"+PONG")  # "-LOADING" while a snapshot is read
            except OSError:
                return False


def _postgres_program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return find_program(name, *map(str, versions), package="postgresql")


def _mariadb_program() -> str:
    return find_program("mariadbd", "/usr/sbin", package="mariadb-server")


def _redis_program() -> str:
    return find_program("redis-server", package="redis-server")


def _long_options(options: dict[str, str | int]) -> list[str]:
    return [f"--{key}={value}" for key, value in options.items()]


def _version_of(command: list[str]) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    if found is None:
        raise LabError(f"no version in what {command[0]} printed: {printed!r}")
    return found.group()
