"""Servers that are controlled entirely by the text of a configuration."""

from __future__ import annotations

from pathlib import Path

from engblog.lab.installations import Installation
from engblog.lab.process import LabError
from engblog.lab.servers.base import Server


class ConfiguredServer(Server):
    """A server with a complete configuration, in which ``{port}`` becomes a free port."""

    def __init__(self, folder: Path, installation: Installation | None, config: str, /) -> None:
        """Write *config* into *folder*. Raises :class:`LabError` if it does not listen on ``{port}``."""
        super().__init__(folder, installation)
        if "{port}" not in config:
            raise LabError(f"the configuration of {self.name} has no {{port}}: write it where the port belongs")
        self.config_file = folder / f"{self.name.lower()}.conf"
        self.configure(config)

    def configure(self, config: str) -> None:
        """Write another *config* for the next start, or for a server that reads it again on a signal."""
        self.config_file.write_text(self._complete(config.replace("{port}", str(self.port))), encoding="utf-8")

    def _complete(self, config: str) -> str:
        return config

    def _ready(self) -> bool:
        return self._accepts()
