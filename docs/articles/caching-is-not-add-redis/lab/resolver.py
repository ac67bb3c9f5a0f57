"""dnsmasq as a caching resolver, started for one test."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from contextlib import suppress

from engblog.lab.process import LabError, find_program, free_port, wait_until


class Resolver:
    """A dnsmasq on 127.0.0.1 that asks one server about every name, and knows nothing of the machine's own DNS."""

    def __init__(self, upstream: int) -> None:
        """Start it with the port of the server to ask, and wait until it listens."""
        self.port = _free_port()
        self._program = find_program("dnsmasq", "/usr/sbin", package="dnsmasq-base")
        where = ["--listen-address=127.0.0.1", "--bind-interfaces", f"--port={self.port}", "--conf-file=/dev/null"]
        quiet = ["--keep-in-foreground", "--log-facility=-", "--pid-file=", "--no-hosts", "--no-resolv"]
        user = ["--user=nobody", "--group="] if os.geteuid() == 0 else []
        command = [self._program, *where, *quiet, *user, f"--server=127.0.0.1#{upstream}"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self._listens, seconds=60, what="dnsmasq to listen")
        except LabError:
            self.stop()
            raise

    @property
    def version(self) -> str:
        """The version that the binary reports."""
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"\d+(\.\d+)+", said)
        return found.group() if found else said

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _free_port() -> int:
    """A port that is free for TCP and for UDP."""
    while True:
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
