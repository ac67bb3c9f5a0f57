"""nginx, memcached and dnsmasq, each started for one test in a folder of its own, on 127.0.0.1."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from engblog.lab.process import find_program, free_port
from engblog.lab.servers import Server


class Nginx(Server):
    """An nginx with one ``http`` block. Relative paths in it are below the server's folder."""

    name = "nginx"

    _MAIN = """
    daemon off; worker_processes 1; pid nginx.pid; error_log stderr info; {user}
    events {{ worker_connections 256; }}
    http {{
        access_log off;
        client_body_temp_path body; proxy_temp_path proxied; fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi; scgi_temp_path scgi;
        {http}
    }}
    """

    def __init__(self, folder: Path, http: str) -> None:
        """*http* is what stands in the ``http`` block; ``{port}`` in it becomes the port."""
        super().__init__(folder)
        user = "user root;" if os.geteuid() == 0 else ""
        text = self._MAIN.format(user=user, http=http.replace("{port}", str(self.port)))
        (folder / "nginx.conf").write_text(text, encoding="utf-8")

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        binary = find_program("nginx", "/usr/sbin", package="nginx-light")
        return _version([binary, "-v"])

    def _command(self) -> list[str]:
        binary = find_program("nginx", "/usr/sbin", package="nginx-light")
        return [binary, "-p", str(self.folder), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]

    def _ready(self) -> bool:
        return self._accepts()


class Memcached(Server):
    """A memcached with 64 MiB and no UDP."""

    name = "memcached"
    _stop_signal = signal.SIGKILL  # it has nothing to save, and takes a second to say so

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        return _version([find_program("memcached", package="memcached"), "-V"])

    def _command(self) -> list[str]:
        binary = find_program("memcached", package="memcached")
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [binary, "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", *user]

    def _ready(self) -> bool:
        return self._accepts()


class Dnsmasq(Server):
    """A caching resolver that asks one server, given by its *upstream* port, about every name."""

    name = "dnsmasq"

    def __init__(self, folder: Path, *, upstream: int) -> None:
        """Nothing of the machine's own DNS settings is used."""
        super().__init__(folder)
        self.port = _free_udp_port()
        self._upstream = upstream

    @property
    def version(self) -> str:
        """The version that the installed binary reports."""
        return _version([find_program("dnsmasq", "/usr/sbin", package="dnsmasq-base"), "--version"])

    def _command(self) -> list[str]:
        binary = find_program("dnsmasq", "/usr/sbin", package="dnsmasq-base")
        where = ["--listen-address=127.0.0.1", "--bind-interfaces", f"--port={self.port}", "--conf-file=/dev/null"]
        quiet = ["--keep-in-foreground", "--log-facility=-", "--pid-file=", "--no-hosts", "--no-resolv"]
        user = ["--user=nobody", "--group="] if os.geteuid() == 0 else []
        return [binary, *where, *quiet, *user, f"--server=127.0.0.1#{self._upstream}"]

    def _ready(self) -> bool:
        return self._accepts()


def _version(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found.group() if found else "unknown"


def _free_udp_port() -> int:
    while True:  # dnsmasq listens on both
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
