"""PostgreSQL."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.process import give_to, unprivileged
from engblog.lab.servers.base import Server


class PostgreSQL(Server):
    """A separate PostgreSQL cluster; superuser ``postgres``, database ``postgres``, trust authentication."""

    name = "PostgreSQL"
    _stop_signal = signal.SIGINT  # "fast": SIGTERM would wait for the clients of a failed test

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: str | int) -> None:
        """Run ``initdb`` below *folder* (about a second). *settings* are server parameters, e.g. ``fsync="off"``."""
        super().__init__(folder, installation)
        self.settings = settings
        self.data = folder / "data"
        give_to(folder, self._user)
        initdb = [self.program("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        self._run([*initdb, "--locale=C.UTF-8", "--no-sync"], user=self._user)

    @property
    def _user(self) -> str | None:
        return unprivileged("postgres")

    @property
    def dsn(self) -> str:
        """A libpq connection string for the superuser."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def _command(self) -> list[str]:
        fixed = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        options = [part for key, value in {**fixed, **self.settings}.items() for part in ("-c", f"{key}={value}")]
        return [self.installation.server, "-D", str(self.data), *options]

    def _ready(self) -> bool:
        ask = [self.program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(ask, check=False).returncode == 0
