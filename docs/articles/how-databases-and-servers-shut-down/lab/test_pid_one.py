"""What SIGTERM does to process 1 of a PID namespace."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

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


def test_outside_a_namespace_sigterm_ends_a_server_without_a_handler(
    build: Build, run: StartAsPidOne, tmp_path: Path
) -> None:
    """Without a handler, SIGTERM kills a Python, a Node and a Go server: the default action."""
    for command in (python_server(tmp_path), build("naive.mjs"), build("naive.go")):
        server = run(command)
        server.process.terminate()
        assert server.process.wait(30) == -signal.SIGTERM


def test_pid_one_without_a_handler_ignores_sigterm(run: StartAsPidOne, tmp_path: Path) -> None:
    """As process 1 the Python server drops SIGTERM without a trace and keeps serving; SIGKILL ends it."""
    server = run([*UNSHARE, *python_server(tmp_path)])
    first = first_process(server.process.pid)
    assert signal.SIGTERM not in mask(first.pid, "SigCgt") | mask(first.pid, "SigBlk")

    first.terminate()

    assert signal.SIGTERM not in mask(first.pid, "ShdPnd")
    assert all(server.ask("/readyz")[0] == 200 for _ in range(20))
    first.kill()
    first.wait(30)


def test_node_as_pid_one_catches_sigterm_and_lives_on(build: Build, run: StartAsPidOne) -> None:
    """Node without a handler of yours catches SIGTERM, raises it again, and as process 1 survives that."""
    server = run([*UNSHARE, *build("naive.mjs")])
    first = first_process(server.process.pid)
    assert signal.SIGTERM in mask(first.pid, "SigCgt")

    first.terminate()

    assert all(server.ask("/work?id=1")[0] == 200 for _ in range(20))
    assert signal.SIGTERM not in mask(first.pid, "SigCgt")


def test_go_as_pid_one_dies_with_status_two(build: Build, run: StartAsPidOne) -> None:
    """Go without a handler of yours dies even as process 1: its runtime gives up on the signal and exits with 2."""
    server = run([*UNSHARE, *build("naive.go")])

    first_process(server.process.pid).terminate()

    assert server.process.wait(30) == 2


def test_a_shell_as_pid_one_keeps_the_signal_to_itself(build: Build, run: StartAsPidOne) -> None:
    """A shell entrypoint does not pass SIGTERM on: the right server behind it hears nothing until exec is used."""
    command = " ".join(build("server.mjs"))
    deaf = run([*UNSHARE, "sh", "-c", f"{command}; true"])
    heard = run([*UNSHARE, "sh", "-c", f"exec {command}"])

    first_process(deaf.process.pid).terminate()
    first_process(heard.process.pid).terminate()

    assert heard.process.wait(30) == 0
    assert deaf.ask("/readyz")[0] == 200
