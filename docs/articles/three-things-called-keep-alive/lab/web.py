"""nginx, HAProxy and a WebSocket server on the far side of the network."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from engblog.lab.process import find_program, wait_until
from namespaces import SERVER, Network, inside

LAB = Path(__file__).parent


def start_websocket_peer(network: Network) -> int:
    """Start ``websocket_peer.py`` on the server's own loopback; return its port."""
    peer = network.start(network.server, sys.executable, str(LAB / "websocket_peer.py"), stdout=subprocess.PIPE)
    assert peer.stdout is not None
    return int(peer.stdout.readline())


def start_nginx(network: Network, folder: Path, *, keep: str = "75s", options: str = "", backend: int = 9) -> int:
    """Start nginx with ``nginx.conf`` on the server; return its port."""
    return _start(network, folder, "nginx", "nginx-light", ["-c"], keep=keep, options=options, backend=backend)


def start_haproxy(network: Network, folder: Path, *, backend: int) -> int:
    """Start HAProxy with ``haproxy.cfg`` on the server; return its port."""
    return _start(network, folder, "haproxy", "haproxy", ["-q", "-db", "-f"], backend=backend)


def _start(network: Network, folder: Path, program: str, package: str, flags: list[str], **values: Any) -> int:
    path = find_program(program, "/usr/sbin", package=package)
    (template,) = LAB.glob(f"{program}.c*")
    with inside(network.server), socket.create_server((SERVER, 0)) as probe:
        port: int = probe.getsockname()[1]
    text = template.read_text()
    for name, value in {"folder": folder, "address": SERVER, "port": port, **values}.items():
        text = text.replace(f"{{{name}}}", str(value))
    config = folder / template.name
    config.write_text(text)
    network.start(network.server, path, *flags, str(config), stderr=subprocess.DEVNULL)
    wait_until(lambda: f":{port}" in network.output(network.server, "ss", "-tlnH"), seconds=30, what=program)
    return port


def version(program: str) -> str:
    """Return the version that *program* prints."""
    command = [find_program(program, "/usr/sbin", package=program), "-v"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    assert found
    return found.group()
