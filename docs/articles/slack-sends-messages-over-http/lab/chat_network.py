"""A network of the lab's own: a loopback that nothing else uses, and that can forget a connection."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engblog.lab.process import wait_until

_OURS = Path("/proc/self/ns/net").readlink()


class Network:
    """A network namespace. Programs are started in it with :attr:`inside` before their command."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        theirs = Path(f"/proc/{self._holder.pid}/ns/net")
        wait_until(lambda: theirs.readlink() != _OURS, seconds=30, what="a network namespace")
        self.inside = ["nsenter", f"--net={theirs}"]
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *command: str) -> str:
        """Run a command in the namespace; return what it prints."""
        return subprocess.run([*self.inside, *command], check=True, capture_output=True, text=True).stdout

    def forget(self, port: int) -> None:
        """Drop every packet of the connections that lead to *port* now, and tell neither end; new ones pass.

        So does a NAT or a firewall that has forgotten a connection.
        """
        shown = self.run("ss", "--tcp", "--numeric", "--no-header", "state", "established", f"( dport = :{port} )")
        clients = ", ".join(re.findall(r"127\.0\.0\.1:(\d+) +127\.0\.0\.1:", shown))
        # --8<-- [start:forget]
        rules = f"tcp sport {{ {clients} }} drop; tcp dport {{ {clients} }} drop;"
        chain = f"chain input {{ type filter hook input priority 0; {rules} }}"
        self.run("nft", f"table inet lab {{ {chain}; }}")
        # --8<-- [end:forget]

    def remember(self) -> None:
        """Let all packets pass again."""
        self.run("nft", "flush", "ruleset")

    def unacknowledged(self, port: int) -> int:
        """Count the segments to *port* that were sent and not acknowledged, over all connections."""
        return self._sum(r"unacked:(\d+)", port)

    def retransmissions(self, port: int) -> int:
        """Count how often segments to *port* that are still unacknowledged were sent again."""
        return self._sum(r"backoff:(\d+)", port)

    def _sum(self, what: str, port: int) -> int:
        shown = self.run("ss", "--tcp", "--info", "--no-header", "state", "established", f"( dport = :{port} )")
        return sum(int(count) for count in re.findall(what, shown))

    def taken(self, port: int) -> int:
        """Count the bytes to *port* that the kernels on both sides hold: not acknowledged yet, or not read yet."""
        shown = self.run("ss", "--tcp", "--no-header", "state", "established", f"( dport = :{port} )")
        return sum(int(line.split()[1]) for line in shown.splitlines()) + self.unread(port)

    def open_to(self, port: int) -> int:
        """Count the connections to *port* that their client has not closed."""
        shown = self.run("ss", "--tcp", "--no-header", "state", "established", f"( dport = :{port} )")
        return len(shown.splitlines())

    def unread(self, port: int) -> int:
        """Count the bytes that the kernel took in on *port* and acknowledged, and that no process has read."""
        shown = self.run("ss", "--tcp", "--no-header", "state", "established", f"( sport = :{port} )")
        return sum(int(line.split()[0]) for line in shown.splitlines())

    @contextmanager
    def small_buffers(self) -> Iterator[None]:
        """Keep the buffers of sockets that are opened in the block small, until it ends: a few kilobytes each."""
        names = ("net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem")
        usual = {name: " ".join(self.run("sysctl", "-n", name).split()) for name in names}
        try:
            for name in names:
                self.run("sysctl", "-w", f"{name}=4096 16384 16384")
            yield
        finally:
            for name, values in usual.items():
                self.run("sysctl", "-w", f"{name}={values}")

    def close(self) -> None:
        """End the namespace, once its last process is gone."""
        self._holder.kill()
        self._holder.wait()
