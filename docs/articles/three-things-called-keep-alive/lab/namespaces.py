"""Two hosts and a router between them, each a network namespace of this machine."""

from __future__ import annotations

import ctypes
import itertools
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLIENT = "192.0.2.2"  # both nets are reserved for documentation and lead nowhere (RFC 5737)
SERVER = "198.51.100.2"
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
_number = itertools.count(1)


class Network:
    """A client, a router and a server. The router forwards until it is told to drop."""

    def __init__(self) -> None:
        """Make the three namespaces; needs root."""
        mine = f"lab-{os.getpid()}-{next(_number)}"
        self.client, self.router, self.server = f"{mine}-client", f"{mine}-router", f"{mine}-server"
        self._open: list[socket.socket] = []
        self._running: list[subprocess.Popen[str]] = []
        for name in (self.client, self.router, self.server):
            _run("ip", "netns", "add", name)
        self._join(self.client, CLIENT, "192.0.2.1", "left")
        self._join(self.server, SERVER, "198.51.100.1", "right")
        _run("ip", "-n", self.server, "link", "set", "lo", "up")
        self.sysctl(self.router, "net.ipv4.ip_forward", 1)

    def _join(self, host: str, address: str, gateway: str, port: str) -> None:
        """Lay a cable from *host* to the router's *port*."""
        _run("ip", "-n", host, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", self.router)
        for name, device, own in ((host, "eth0", address), (self.router, port, gateway)):
            _run("ip", "-n", name, "address", "add", f"{own}/24", "dev", device)
            _run("ip", "-n", name, "link", "set", device, "up")
        _run("ip", "-n", host, "route", "add", "default", "via", gateway)

    def remove(self) -> None:
        """End what was started, and take the namespaces away, with every rule and cable."""
        for sock in self._open:
            sock.close()
        for process in self._running:
            process.kill()
            process.communicate()  # also closes its pipes
        for name in (self.client, self.router, self.server):
            _run("ip", "netns", "delete", name)

    def nft(self, rules: str) -> None:
        """Load *rules* into the router."""
        _run("nft", "-f", "-", namespace=self.router, stdin=rules)

    # --8<-- [start:cut]
    def cut(self) -> None:
        """Let the router drop everything, in both directions and without a word."""
        self.nft("""
            table ip silence {
                chain forward {
                    type filter hook forward priority 0; policy drop;
                }
            }
        """)
        # --8<-- [end:cut]

    def mend(self) -> None:
        """Let the router forward everything again."""
        self.nft("flush ruleset")

    def sysctl(self, namespace: str, name: str, value: int | None = None) -> int:
        """Return the setting *name* of a namespace, after setting it to *value* if one is given."""
        path = Path("/proc/sys") / name.replace(".", "/")
        with inside(namespace):
            if value is not None:
                path.write_text(str(value))
            return int(path.read_text())

    def count(self, namespace: str, counter: str) -> int:
        """Read one of the kernel's TCP counters, as ``nstat -az`` shows them, in a namespace."""
        with inside(namespace):
            lines = Path("/proc/thread-self/net/netstat").read_text().splitlines()
        names, values = (line.split() for line in lines if line.startswith("TcpExt:"))
        return int(dict(zip(names, values, strict=True))[counter])

    def listen(self) -> socket.socket:
        """Return a listening socket on the server."""
        with inside(self.server):
            return socket.create_server((SERVER, 0), backlog=64)

    def connect(self, port: int) -> socket.socket:
        """Return a connection from the client to *port* of the server."""
        with inside(self.client):
            self._open.append(socket.create_connection((SERVER, port), timeout=10))
        return self._open[-1]

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Return both ends of a new connection, the client's first."""
        with self.listen() as listener:
            near = self.connect(listener.getsockname()[1])
            self._open.append(listener.accept()[0])
        return near, self._open[-1]

    def output(self, namespace: str, *command: str) -> str:
        """Run a program in a namespace and return what it printed."""
        return _run(*command, namespace=namespace)

    def start(self, namespace: str, *command: str, **options: Any) -> subprocess.Popen[str]:
        """Start a program in a namespace, as a process of its own."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *command], stdin=subprocess.DEVNULL, text=True, **options
        )
        self._running.append(process)
        return process


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Move this thread into a network namespace. A socket made there stays there."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(here)
        os.close(here)
        os.close(there)


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _run(*command: str, namespace: str = "", stdin: str = "") -> str:
    prefix = ("ip", "netns", "exec", namespace) if namespace else ()
    done = subprocess.run([*prefix, *command], input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
