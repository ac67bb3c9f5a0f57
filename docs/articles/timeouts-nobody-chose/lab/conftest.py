"""What the lab's tests share: bad peers, stopped servers, and calls that wait for them while the other tests run."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import find_program, free_port

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the other files are modules of this lab

from calls import Call, command_of  # noqa: E402
from peers import Drip, Peer, Unreachable  # noqa: E402


# the file whose queries wait for 33 seconds comes first, and the one that looks at the longest calls comes last
ORDER = {"test_databases.py": -1, "test_defaults.py": 1}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run this lab's files in the order that waits least."""
    places = [place for place, item in enumerate(items) if item.path.parent == LAB]
    ours = sorted((items[place] for place in places), key=lambda item: ORDER.get(item.path.name, 0))
    for place, item in zip(places, ours, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def syscalls() -> None:
    """Skip the test where Linux doesn't show in which system call a child process waits, or the numbers differ."""
    if platform.machine() != "x86_64":
        pytest.skip(f"the lab knows the system calls of x86-64 only, and this is {platform.machine()}")
    with subprocess.Popen(["sleep", "60"]) as child:
        try:
            Path(f"/proc/{child.pid}/syscall").read_text()
        except OSError as error:
            pytest.skip(f"/proc/PID/syscall of a child process can't be read: {error}")
        finally:
            child.kill()


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """``build("call.go")`` returns the program; Go is compiled without a network."""
    folder = tmp_path_factory.mktemp("go")
    cache = Path(tempfile.gettempdir()) / f"lab-go-build-{os.getuid()}"
    offline = {"GO111MODULE": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOCACHE": str(cache)}

    def one(name: str) -> str:
        binary = folder / Path(name).stem
        if not binary.exists():
            go = [find_program("go", package="golang-go"), "build", "-o", str(binary), str(LAB / name)]
            subprocess.run(go, check=True, env={**os.environ, **offline})
        return str(binary)

    return one


@pytest.fixture
def silent() -> Iterator[Peer]:
    """A peer that accepts and never answers."""
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def drip() -> Iterator[Callable[..., Drip]]:
    """Start web servers whose answers drip."""
    made: list[Drip] = []

    def start(count: int, gap: float) -> Drip:
        made.append(Drip(count, gap))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture
def unreachable() -> Iterator[Unreachable]:
    """A port on which nobody can connect."""
    peer = Unreachable()
    yield peer
    peer.close()


@pytest.fixture
def start_call(build: Callable[[str], str]) -> Iterator[Callable[..., Call]]:
    """Start calls that end with the test."""
    made: list[Call] = []
    node = find_program("node", package="nodejs")

    def start(name: str, target: str | int, **options: Any) -> Call:
        go = build("call.go") if name.startswith("go_") else ""
        made.append(Call(command_of(name, node, go), name, target, options))
        return made[-1]

    yield start
    for call in made:
        call.stop()


@pytest.fixture(scope="module")
def versions(record: Any) -> None:
    """Record the versions of the clients."""
    for product in ("psycopg", "PyMySQL", "redis", "requests"):
        record.version({"redis": "redis-py"}.get(product, product), version(product))
    record.version("Python", sys.version.split()[0])
    for product, command in (("Go", ["go", "version"]), ("Node.js", ["node", "--version"])):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        record.version(product, next(word.strip("vgo") for word in said.split() if word.strip("vgo")[:1].isdigit()))


# calls that need no server, by the peer that they wait for: with the defaults, and with limits
UNREACHED = [(name, {}) for name in ("psycopg_connect", "pymysql_connect", "go_get", "fetch")]
UNREACHED += [(name, options) for name in ("urllib_get", "requests_get") for options in ({}, {"timeout": 600})]
UNREACHED += [("http_get", options) for options in ({}, {"abort": 600_000})]
UNANSWERED = [(name, {}) for name in ("redis_get", "fetch_limits")]
UNANSWERED += [(name, options) for name in ("urllib_get", "requests_get") for options in ({}, {"timeout": 600})]
UNANSWERED += [("http_get", options) for options in ({}, {"abort": 600_000}, {"destroy": True})]
UNANSWERED += [("go_get", options) for options in ({}, {"Total": 600_000})]
UNANSWERED += [("pymysql_connect", options) for options in ({}, {"read_timeout": 600})]

# calls with short limits, which a thread starts one after the other while the first tests run
LATER_UNREACHED = [(name, {"timeout": 0.3}) for name in ("urllib_get", "requests_get")]
LATER_UNREACHED += [("pymysql_connect", {"connect_timeout": 0.5}), ("go_get", {"Dial": 300})]
LATER_UNREACHED += [(name, {"abort": 300}) for name in ("http_get", "fetch")]
LATER_UNANSWERED = [(name, {"timeout": 0.3}) for name in ("urllib_get", "requests_get")]
LATER_UNANSWERED += [("go_get", {"Total": 300}), ("pymysql_connect", {"read_timeout": 0.3})]
LATER_UNANSWERED += [("fetch_limits", {"headersTimeout": 1000, "bodyTimeout": 1000})]


class Script:
    """The article's commands, run in a thread. *call* is how Python opens the silent server's address."""

    def __init__(self, call: str) -> None:
        """Start."""
        self.port, self._call = free_port(), call
        self._done: subprocess.CompletedProcess[str] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        script = (LAB / "try.sh").read_text(encoding="utf-8")
        script = script.replace('urlopen("http://127.0.0.1:4000/")', self._call.format("http://127.0.0.1:4000/"))
        script = script.replace("4000", str(self.port)).replace("sleep 2", "sleep 8")  # other calls start meanwhile
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        self._done = subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            env=env,
            timeout=300,
        )

    def done(self) -> subprocess.CompletedProcess[str]:
        """Wait for the end."""
        self._thread.join()
        assert self._done, "the commands did not end"
        return self._done


COMMANDS = {"plain": 'urlopen("{}")', "timeout": 'urlopen("{}", timeout=60)'}


@pytest.fixture(scope="session")
def scripts(syscalls: None) -> dict[str, Script]:
    """Start the article's commands, as they are printed and with a timeout."""
    return {name: Script(call) for name, call in COMMANDS.items()}


@dataclass(frozen=True)
class Waiting:
    """The calls that began with the run, by their client and its options."""

    silent: Peer
    unreached: dict[str, Call]
    unanswered: dict[str, Call]
    starter: threading.Thread


def target(name: str, port: int) -> str | int:
    """Return what the client *name* wants to know of a server at *port*."""
    return f"host=127.0.0.1 port={port} user=postgres" if name.startswith("psycopg") else port


def named(name: str, options: dict[str, Any]) -> str:
    """Return the name of the client *name* with *options*."""
    return f"{name} {options}"


@pytest.fixture(scope="session")
def waiting(build: Callable[[str], str]) -> Iterator[Waiting]:
    """Start the clients against a silent peer and a port that drops SYNs."""
    node, go = find_program("node", package="nodejs"), build("call.go")
    unreachable, silent, redis_peer = Unreachable(), Peer(), Peer()

    def start(name: str, options: dict[str, Any], port: int) -> Call:
        return Call(command_of(name, node, go), name, target(name, port), options)

    unreached = {named(name, options): start(name, options, unreachable.port) for name, options in UNREACHED}
    unanswered = {
        named(name, options): start(name, options, (redis_peer if name == "redis_get" else silent).port)
        for name, options in UNANSWERED
    }
    for call in (*unreached.values(), *unanswered.values()):
        call.ready()
    for call in (*unreached.values(), *unanswered.values()):
        call.go()

    def start_later() -> None:
        for name, options in LATER_UNREACHED:
            unreached[named(name, options)] = start(name, options, unreachable.port).go()
        for name, options in LATER_UNANSWERED:
            unanswered[named(name, options)] = start(name, options, silent.port).go()

    starter = threading.Thread(target=start_later)
    starter.start()
    yield Waiting(redis_peer, unreached, unanswered, starter)
    starter.join()
    for call in (*unreached.values(), *unanswered.values()):
        call.stop()
    for peer in (unreachable, silent, redis_peer):
        peer.close()


@pytest.fixture(scope="session", autouse=True)
def _early(request: pytest.FixtureRequest) -> None:
    """Start what takes longest before the first test, if any test of this run looks at it."""
    for name in ("waiting", "scripts"):
        if any(name in getattr(item, "fixturenames", ()) for item in request.session.items):
            with contextlib.suppress(pytest.skip.Exception):  # raised again in the tests that need it
                request.getfixturevalue(name)


@pytest.fixture
def unreached(waiting: Waiting, unreachable: Unreachable, start_call: Callable[..., Call]) -> Callable[..., Call]:
    """Return a client's call to an unreachable port: the one that began with the run, or else a new one."""

    def find(name: str, **given: Any) -> Call:
        options = {key: value for key, value in given.items() if value is not None}
        waiting.starter.join()
        if named(name, options) in waiting.unreached:
            return waiting.unreached[named(name, options)]
        return start_call(name, target(name, unreachable.port), **options).go()

    return find


@pytest.fixture
def unanswered(waiting: Waiting, silent: Peer, start_call: Callable[..., Call]) -> Callable[..., Call]:
    """Return a client's call to a silent peer: the one that began with the run, or else a new one."""

    def find(name: str, **given: Any) -> Call:
        options = {key: value for key, value in given.items() if value is not None}
        waiting.starter.join()
        if named(name, options) in waiting.unanswered:
            return waiting.unanswered[named(name, options)]
        return start_call(name, target(name, silent.port), **options).go()

    return find
