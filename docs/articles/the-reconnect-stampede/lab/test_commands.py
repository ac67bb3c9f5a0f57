"""The commands that the article asks a reader to type, and the limits that programs ask for by default."""

from __future__ import annotations

import asyncio
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import find_program
from engblog.lab.record import Recorder
from test_queues import connecting, listening

LAB = Path(__file__).parent


def limit(port: int) -> int:
    """The limit of the accept queue at *port*, as ss shows it."""
    shown = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return int(shown.split()[2])


def look(port: int) -> tuple[str, int, int]:
    """Type the article's commands; return what they show, the drops at the listener, and those of the host."""
    environment = {"PORT": str(port), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    command = ["bash", str(LAB / "look.sh")]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    here, host = re.search(r"d(\d+)\)", shown), re.search(r"TcpExtListenDrops +(\d+)", shown)
    assert here
    assert host
    return shown, int(here[1]), int(host[1])


@pytest.mark.fails_when("the queue has room", assertion="dropped >= 31", backlog=64)
def test_the_commands_show_a_full_queue(backlog: int = 8) -> None:
    """ss shows nine connections in a queue of eight and 31 or more drops at this listener, which nstat counts too."""
    with listening(backlog) as listener:
        port = listener.getsockname()[1]
        _shown, none, before = look(port)
        with connecting(listener, 40):
            shown, dropped, after = look(port)
    assert none == 0
    assert dropped >= 31
    assert after - before >= 31
    assert re.search(r"LISTEN +9 +8 ", shown)
    assert "net.core.somaxconn" in shown


@pytest.mark.fails_when("a backlog is given", assertion="asyncio.run(main()) == 100", options={"backlog": 1000})
def test_asyncio_asks_for_a_hundred(options: dict[str, int] | None = None) -> None:
    """A server of Python's asyncio has an accept queue of 100 unless it asks for another."""

    async def main() -> int:
        server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0, **(options or {}))
        async with server:
            return limit(server.sockets[0].getsockname()[1])

    assert asyncio.run(main()) == 100


@pytest.mark.fails_when("a backlog is given", assertion="found == 511", options=["1000"])
def test_node_asks_for_511(record: Recorder, options: list[str] | None = None) -> None:
    """An HTTP server of Node.js has an accept queue of 511 unless it asks for another."""
    node = find_program("node", package="nodejs")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    record.version("Node.js", version.removeprefix("v"))
    with subprocess.Popen([node, LAB / "listen.mjs", *(options or [])], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = limit(int(process.stdout.readline()))
        process.kill()
    assert found == 511


@pytest.mark.fails_when("a backlog is given", assertion="limit(server.port) == 511", option="backlog=1000")
def test_nginx_asks_for_511(start_nginx: Any, option: str = "") -> None:
    """nginx has an accept queue of 511 unless its `listen` says otherwise."""
    server = start_nginx(f"events {{}} http {{ server {{ listen 127.0.0.1:{{port}} {option}; return 200; }} }}")
    assert limit(server.port) == 511
