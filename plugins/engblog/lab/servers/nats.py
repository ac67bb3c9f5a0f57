"""NATS with JetStream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engblog.lab.installations import Installation
from engblog.lab.servers.base import Server


class NATS(Server):
    """A separate NATS server with JetStream, whose streams are kept in its folder."""

    name = "NATS"

    def __init__(self, folder: Path, installation: Installation | None = None, /, **settings: Any) -> None:
        """Prepare the server. *settings* are keys of its configuration, e.g. ``max_payload=65536``.

        ``jetstream={"sync_interval": "always"}`` adds to JetStream's keys, and ``jetstream=False`` switches it off.
        """
        super().__init__(folder, installation)
        self.settings = settings

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"nats://127.0.0.1:{self.port}"

    def _command(self) -> list[str]:
        settings = dict(self.settings)
        jetstream = settings.pop("jetstream", {})
        if jetstream is not False:
            settings["jetstream"] = {"store_dir": str(self.folder / "jetstream"), **jetstream}
        settings = {"host": "127.0.0.1", "port": self.port, **settings}
        file = self.folder / "nats.conf"
        # JSON values are also valid in a NATS configuration.
        lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
        file.write_text("".join(lines), encoding="utf-8")
        return [self.installation.server, "--config", str(file)]

    def _ready(self) -> bool:
        return "Server is ready" in self.log.rpartition("Starting nats-server")[2] and self._accepts()
