"""Memcached."""

from __future__ import annotations

import os
from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.servers.base import Server, long_options


class Memcached(Server):
    """A separate Memcached server, over TCP only."""

    name = "Memcached"

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: str | int) -> None:
        """Prepare the server. *settings* are long options, ``_`` for ``-``, e.g. ``memory_limit=64`` or
        ``extended="no_lru_crawler"``."""
        super().__init__(folder, installation)
        self.settings = settings

    def _command(self) -> list[str]:
        fixed: dict[str, str | int] = {"listen": "127.0.0.1", "port": self.port, "udp_port": 0}
        if os.geteuid() == 0:
            fixed["user"] = "root"  # it refuses to run as root unless it is told to
        return [self.installation.server, *long_options({**fixed, **self.settings})]

    def _ready(self) -> bool:
        return self._says(b"version\r\n", b"VERSION")
