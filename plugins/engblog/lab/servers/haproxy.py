"""HAProxy."""

from __future__ import annotations

from engblog.lab.servers.configured import ConfiguredServer


class HAProxy(ConfiguredServer):
    """A separate HAProxy, in one process: ``start_haproxy("defaults … listen web\\n bind 127.0.0.1:{port}\\n…")``."""

    name = "HAProxy"
    _version_option = "-v"

    def _command(self) -> list[str]:
        return [self.installation.server, "-db", "-f", str(self.config_file)]
