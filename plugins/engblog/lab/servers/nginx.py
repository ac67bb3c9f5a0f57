"""nginx."""

from __future__ import annotations

import re

from engblog.lab.servers.configured import ConfiguredServer

_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx(ConfiguredServer):
    """A separate nginx: ``start_nginx("events {} http { server { listen 127.0.0.1:{port}; … } }")``.

    Paths in the configuration are relative to its folder, where nginx also writes its files unless the configuration
    says otherwise. The error log is the server's :attr:`log`.
    """

    name = "nginx"
    _version_option = "-v"

    def _complete(self, config: str) -> str:
        own = [f"{name}_temp_path {name}_temp;" for name in _TEMPORARY if f"{name}_temp_path" not in config]
        if "access_log" not in config:
            own.append("access_log access.log;")
        return re.sub(r"\bhttp\s*\{", lambda found: f"{found.group()} {' '.join(own)}", config, count=1)

    def _command(self) -> list[str]:
        config = self.config_file.read_text(encoding="utf-8")
        ours = {"daemon": "off", "pid": "nginx.pid", "error_log": "stderr notice"}
        said = [f"{key} {value};" for key, value in ours.items() if not re.search(rf"(?m)^[ \t]*+{key}\s", config)]
        place = ["-p", str(self.folder), "-c", str(self.config_file), "-e", "stderr"]
        return [self.installation.server, *place, "-g", " ".join(said)]
