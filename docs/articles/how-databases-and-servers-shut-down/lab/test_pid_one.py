"""What SIGTERM does to process 1 of a PID namespace."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pid_one import UNSHARE, first_process, mask
from rollout import HttpServer

Build = Callable[[str], list[str]]
StartAsPidOne = Callable[[list[str]], HttpServer]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[StartAsPidOne]:
    """``run(command)`` returns a server that is process 1 of its own PID namespace if *command* starts with unshare."""
    servers: list[HttpServer] = []

    def start(command: list[str]) -> HttpServer:
        servers.append(HttpServer(command, tmp_path))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


def python_server(folder: Path) -> list[str]:
    """Python's own file server, which installs no handler for SIGTERM."""
    (folder / "readyz").touch()
    return ["sh", "-c", f"exec {sys.executable} -m http.server -b 127.0.0.1 -d {folder} $PORT"]


def as_first(command: list[str], *, first: bool) -> list[str]:
    """*command*, as process 1 of a namespace of its own if *first*."""
    return [*UNSHARE, *command] if first else command


def terminate(server: HttpServer, *, first: bool) -> None:
    """Send SIGTERM to the server's own process, and see that it is process 1 if it was started *first*."""
    (first_process(server.process.pid) if first else server.process).terminate()


def test_outside_a_namespace_sigterm_ends_a_server_without_a_handler(
    build: Build, run: StartAsPidOne, tmp_path: Path
) -> None:
    """Outside a PID namespace, SIGTERM kills a Python, a Node and a Go server that have no handler for it."""
    for command in (python_server(tmp_path), build("naive.mjs"), build("naive.go")):
        server = run(command)
        server.process.terminate()
        assert server.process.wait(30) == -signal.SIGTERM


@pytest.mark.fails_when("it is not process 1", assertion="server.serves", first=False)
def test_pid_one_without_a_handler_ignores_sigterm(run: StartAsPidOne, tmp_path: Path, first: bool = True) -> None:
    """As process 1 a Python server without a handler never sees SIGTERM and keeps serving; SIGKILL ends it."""
    server = run(as_first(python_server(tmp_path), first=first))
    process = first_process(server.process.pid) if first else psutil.Process(server.process.pid)
    assert signal.SIGTERM not in mask(process.pid, "SigCgt") | mask(process.pid, "SigBlk")

    terminate(server, first=first)

    assert server.serves()
    assert signal.SIGTERM not in mask(process.pid, "ShdPnd")
    process.kill()
    process.wait(30)


@pytest.mark.fails_when("it is not process 1", assertion="server.serves", first=False)
def test_node_as_pid_one_catches_sigterm_and_lives_on(build: Build, run: StartAsPidOne, first: bool = True) -> None:
    """As process 1 a Node server without a handler catches SIGTERM, raises it again, and keeps serving."""
    server = run(as_first(build("naive.mjs"), first=first))
    process = first_process(server.process.pid) if first else psutil.Process(server.process.pid)
    assert signal.SIGTERM in mask(process.pid, "SigCgt")

    terminate(server, first=first)

    assert server.serves("/work?id=1")
    assert signal.SIGTERM not in mask(process.pid, "SigCgt")


@pytest.mark.fails_when("it is not process 1", assertion="status == 2", first=False)
def test_go_as_pid_one_dies_with_status_two(build: Build, run: StartAsPidOne, first: bool = True) -> None:
    """As process 1 a Go server without a handler exits with status 2 on SIGTERM."""
    server = run(as_first(build("naive.go"), first=first))

    terminate(server, first=first)

    status = server.process.wait(30)
    assert status == 2


@pytest.mark.fails_when("the entrypoint ends with `exec`", assertion="deaf.serves", entry="exec {}")
def test_a_shell_as_pid_one_keeps_the_signal_to_itself(
    build: Build, run: StartAsPidOne, entry: str = "{}; true"
) -> None:
    """A shell as process 1 does not pass SIGTERM on to its server, which goes on serving; a server started by exec
    drains and exits with 0."""
    command = " ".join(build("server.mjs"))
    deaf = run([*UNSHARE, "sh", "-c", entry.format(command)])
    heard = run([*UNSHARE, "sh", "-c", f"exec {command}"])

    first_process(deaf.process.pid).terminate()
    first_process(heard.process.pid).terminate()

    assert heard.process.wait(30) == 0
    assert deaf.serves()
