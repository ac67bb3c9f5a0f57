"""Redis, or Valkey instead."""

from __future__ import annotations

from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.servers.base import Server


class Redis(Server):
    """A separate Redis server, without a configuration file; snapshots go to its folder."""

    name = "Redis"

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: str | int) -> None:
        """Prepare the server. *settings* are configuration directives, ``_`` for ``-``, e.g. ``hz=100`` or ``save="60
        1"``."""
        super().__init__(folder, installation)
        self.settings = settings

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {"port": self.port, "bind": "127.0.0.1", "dir": str(self.folder)}
        chosen = {key.replace("_", "-"): value for key, value in self.settings.items()}
        pairs = {**fixed, **chosen}.items()
        return [self.installation.server, *(part for key, value in pairs for part in (f"--{key}", str(value)))]

    def _ready(self) -> bool:
        return self._says(b"PING\r\n", b"+PONG")  # "-LOADING" while a snapshot is read
