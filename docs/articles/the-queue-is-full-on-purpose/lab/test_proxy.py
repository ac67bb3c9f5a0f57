"""HAProxy's queue in front of a server that does one request at a time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from backend import Backend

LAB = Path(__file__).parent
GONE = 10


@pytest.fixture
def backend() -> Iterator[Backend]:
    """A server that holds its first request until it's told to go on."""
    made = Backend()
    yield made
    made.close()


@pytest.fixture
def proxy(start_haproxy: Callable[..., Any], backend: Backend, tmp_path: Path) -> Callable[..., Any]:
    """HAProxy with one place at the server."""

    def start(queue: str, *, aborts: bool = False) -> Any:
        text = (LAB / "haproxy.cfg").read_text(encoding="utf-8")
        filled = {"queue": queue, "abort": "" if aborts else "no ", "backend": str(backend.port), "socket": str(_path)}
        for key, value in filled.items():
            text = text.replace(f"{{{key}}}", value)
        return start_haproxy(text)

    _path = tmp_path / "stats"
    start.queued = lambda: queued(_path)  # type: ignore[attr-defined]
    return start


def queued(path: Path) -> int:
    """Requests that wait in HAProxy's queues for the server."""
    with socket.socket(socket.AF_UNIX) as admin:
        admin.connect(str(path))
        admin.sendall(b"show stat\n")
        text = b"".join(iter(lambda: admin.recv(65_536), b"")).decode()
    lines = text.splitlines()
    names = lines[0].lstrip("# ").split(",")
    rows = [dict(zip(names, line.split(","), strict=False)) for line in lines[1:] if line.startswith("orders,")]
    return sum(int(row["qcur"] or 0) for row in rows if row["svname"] in ("one", "BACKEND"))


@pytest.fixture
def ask(keep: ExitStack) -> Callable[[int, str], socket.socket]:
    """Clients that have sent a request."""

    def one(port: int, path: str) -> socket.socket:
        client = keep.enter_context(socket.create_connection(("127.0.0.1", port)))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: lab\r\n\r\n".encode())
        return client

    return one


def status(client: socket.socket, seconds: float) -> str:
    """The status of the answer, or nothing if none came in that time."""
    client.settimeout(seconds)
    try:
        return client.recv(4096)[9:12].decode()
    except TimeoutError:
        return ""


@pytest.mark.fails_when("`option abortonclose` is on", assertion="len(worked) == GONE + 2", aborts=True)
def test_the_server_works_for_clients_that_have_left(
    proxy: Any, backend: Backend, ask: Callable[..., socket.socket], until: Callable[..., bool], aborts: bool = False
) -> None:
    """Without `option abortonclose`, if ten clients wait in the queue of HAProxy 2.6, give up and close, the server
    still gets their ten requests, before the one of a client that is waiting."""
    server = proxy("60s", aborts=aborts)
    ask(server.port, "/stalled")
    assert until(lambda: backend.paths == ["/stalled"])
    leaving = []
    for number in range(GONE):
        leaving.append(ask(server.port, f"/gone/{number}"))
        assert until(lambda: proxy.queued() == len(leaving))
    for client in leaving:
        client.close()
    if aborts:
        assert until(lambda: proxy.queued() == 0)
    waiting = ask(server.port, "/waiting")
    assert until(lambda: proxy.queued() == (1 if aborts else GONE + 1))
    backend.go()
    assert status(waiting, 30) == "200"
    worked = list(backend.paths)
    assert len(worked) == GONE + 2
    assert worked[-1] == "/waiting"
    assert worked[1:-1] == [f"/gone/{number}" for number in range(GONE)]


@pytest.mark.fails_when("`timeout queue` is a minute", assertion='answers == ["503"] * GONE', queue="60s")
def test_a_queue_timeout_refuses_without_work(
    proxy: Any, backend: Backend, ask: Callable[..., socket.socket], until: Callable[..., bool], queue: str = "200ms"
) -> None:
    """With `timeout queue 200ms`, HAProxy answers 503 to ten requests that wait for a stalled server, which never sees
    them."""
    server = proxy(queue)
    first = ask(server.port, "/stalled")
    assert until(lambda: backend.paths == ["/stalled"])
    clients = [ask(server.port, f"/wait/{number}") for number in range(GONE)]
    answers = [status(one, 30 if queue == "200ms" else 0.3) for one in clients]
    assert answers == ["503"] * GONE
    backend.go()
    assert status(first, 30) == "200"
    assert backend.paths == ["/stalled"]
