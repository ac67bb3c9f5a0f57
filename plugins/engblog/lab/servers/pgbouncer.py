"""PgBouncer."""

from __future__ import annotations

from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.process import give_to, unprivileged
from engblog.lab.servers.base import Server
from engblog.lab.servers.postgresql import PostgreSQL


class PgBouncer(Server):
    """A PgBouncer in front of a PostgreSQL of the lab: ``start_pgbouncer(server, pool_mode="transaction")``."""

    name = "PgBouncer"

    def __init__(
        self, folder: Path, installation: Installation | None, behind: PostgreSQL, /, **settings: str | int
    ) -> None:
        """Pool the connections to *behind*. *settings* are those of its section ``[pgbouncer]``."""
        super().__init__(folder, installation)
        self.behind = behind
        self.settings = settings
        give_to(folder, self._user)

    @property
    def _user(self) -> str | None:
        return unprivileged("postgres")  # it refuses to run as root

    @property
    def dsn(self) -> str:
        """A libpq connection string for the superuser, through the pool."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def _command(self) -> list[str]:
        users = self.folder / "users.txt"
        users.write_text('"postgres" ""\n', encoding="utf-8")
        fixed: dict[str, str | int] = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "auth_type": "trust",
            "auth_file": str(users),
            "admin_users": "postgres",
        }
        settings = "".join(f"{key} = {value}\n" for key, value in {**fixed, **self.settings}.items())
        file = self.folder / "pgbouncer.ini"
        behind = f"* = host=127.0.0.1 port={self.behind.port}"
        file.write_text(f"[databases]\n{behind}\n\n[pgbouncer]\n{settings}", encoding="utf-8")
        return [self.installation.server, str(file)]

    def _ready(self) -> bool:
        return self._accepts()
