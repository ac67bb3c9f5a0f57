"""MySQL."""

from __future__ import annotations

import os
from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.servers.base import Server, long_options

_ACCOUNTS = "DELETE FROM user WHERE user <> 'root' OR host NOT IN ('localhost', '127.0.0.1', '::1');\n"


class MySQL(Server):
    """A separate MySQL server; user ``root`` without a password, database ``test``.

    It is MySQL 5.6.24 of 2015, the only MySQL that a package registry offers as a binary for Debian 12. A claim about
    today's MySQL needs another source.
    """

    name = "MySQL"

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: str | int) -> None:
        """Install the system tables below *folder* (two seconds). *settings* are server options, ``_`` for ``-``."""
        super().__init__(folder, installation)
        self.settings = settings
        self.data = folder / "data"
        for name in ("mysql", "test"):
            (self.data / name).mkdir(parents=True)
        (folder / "tmp").mkdir()
        tables = [self._share / name for name in ("mysql_system_tables.sql", "mysql_system_tables_data.sql")]
        script = "".join(["USE mysql;\n", *(table.read_text(encoding="utf-8") for table in tables), _ACCOUNTS])
        self._run([*self._server(), "--bootstrap", "--log-warnings=0"], given=script)

    @property
    def _share(self) -> Path:
        return Path(self.installation.server).parent / "share"

    def _server(self) -> list[str]:
        fixed: dict[str, str | int] = {
            "basedir": str(self._share.parent),
            "lc_messages_dir": str(self._share),
            "character_sets_dir": str(self._share / "charsets"),
            "datadir": str(self.data),
            "tmpdir": str(self.folder / "tmp"),
        }
        user = ["--user=root"] if os.geteuid() == 0 else []
        return [self.installation.server, "--no-defaults", *user, *long_options(fixed)]

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {
            "port": self.port,
            "bind_address": "127.0.0.1",
            "socket": str(self.folder / "mysql.sock"),
            "pid_file": str(self.folder / "mysql.pid"),
            "explicit_defaults_for_timestamp": "ON",
        }
        return [*self._server(), *long_options({**fixed, **self.settings})]

    def _ready(self) -> bool:
        return "ready for connections" in self.log.rpartition("starting as process")[2] and self._accepts()
