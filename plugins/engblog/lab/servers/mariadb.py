"""MariaDB."""

from __future__ import annotations

from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.process import give_to, unprivileged
from engblog.lab.servers.base import Server, long_options


class MariaDB(Server):
    """A separate MariaDB server; user ``root`` without a password, database ``test``."""

    name = "MariaDB"

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: str | int) -> None:
        """Install the system tables below *folder*. *settings* are server options, ``_`` for ``-``."""
        super().__init__(folder, installation)
        self.settings = settings
        self.data = folder / "data"
        give_to(folder, self._account)
        install = [self.program("mariadb-install-db"), "--no-defaults", f"--datadir={self.data}"]
        self._run([*install, "--auth-root-authentication-method=normal", *self._as_user])

    @property
    def _account(self) -> str | None:
        return unprivileged("mysql")

    @property
    def _as_user(self) -> list[str]:
        return [f"--user={self._account}"] if self._account else []

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {
            "datadir": str(self.data),
            "port": self.port,
            "bind_address": "127.0.0.1",
            "socket": str(self.folder / "mariadb.sock"),
            "pid_file": str(self.folder / "mariadb.pid"),
        }
        return [self.installation.server, "--no-defaults", *self._as_user, *long_options({**fixed, **self.settings})]

    def _ready(self) -> bool:
        return "ready for connections" in self.log.rpartition("starting as process")[2] and self._accepts()
