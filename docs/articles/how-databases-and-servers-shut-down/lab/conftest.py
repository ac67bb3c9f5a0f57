"""What the lab's tests share: the servers under test, built once."""

import functools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # kubelet, rollout and pid_one are modules of this lab

from engblog.lab.process import find_program  # noqa: E402
from engblog.lab.record import Recorder  # noqa: E402
from rollout import HttpServer, StartServer  # noqa: E402


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """``build("server.go")`` returns the command that runs that server; Go is compiled without a network."""
    binaries = tmp_path_factory.mktemp("go")
    cache = Path(tempfile.gettempdir()) / f"lab-go-build-{os.getuid()}"
    offline = {"GO111MODULE": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOCACHE": str(cache)}

    def command(name: str) -> list[str]:
        if name.endswith(".mjs"):
            return [find_program("node", package="nodejs"), str(LAB / name)]
        binary = binaries / Path(name).stem
        if not binary.exists():
            go = [find_program("go", package="golang-go"), "build", "-o", str(binary), str(LAB / name)]
            subprocess.run(go, check=True, env={**os.environ, **offline})
        return [str(binary)]

    return command


@pytest.fixture
def start_server(build: Callable[[str], list[str]], tmp_path: Path, record: Recorder) -> Iterator[StartServer]:
    """``start_server("server.go", delay=1)`` returns a running :class:`HttpServer`."""
    servers: list[HttpServer] = []
    record.version("Go", _version("go", "version"))
    record.version("Node.js", _version("node", "--version"))

    def start(name: str, **settings: float) -> HttpServer:
        command = build(name)
        server = HttpServer(command, tmp_path, **settings)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.end()


@functools.cache
def _version(*command: str) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else printed
