"""What the lab's tests share: the network, and a peer on its far side."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # namespaces, dials and liveness are modules of this lab

from engblog.lab.record import Recorder  # noqa: E402
from namespaces import SERVER, Network  # noqa: E402


@pytest.fixture
def network(record: Recorder) -> Iterator[Network]:
    """Two hosts and a router that forwards between them."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    record.version("Linux", os.uname().release.split("-")[0])
    made = Network()
    yield made
    made.remove()


class Peer:
    """The process of ``echo_peer.py`` on the far side."""

    def __init__(self, network: Network) -> None:
        """Start it and wait until it listens."""
        self._network = network
        self._process = network.start(
            network.server, sys.executable, str(LAB / "echo_peer.py"), SERVER, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def connect(self) -> socket.socket:
        """Return a connection on which the peer has answered once."""
        sock = self._network.connect(self.port)
        sock.sendall(b"hello\n")
        assert sock.recv(64) == b"hello\n"
        return sock

    def stop(self) -> None:
        """Stop the process with SIGSTOP. Its kernel goes on."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


@pytest.fixture
def start_peer(network: Network) -> Callable[[], Peer]:
    """``start_peer()`` returns a :class:`Peer` that runs on the server's side of the network."""
    return lambda: Peer(network)
