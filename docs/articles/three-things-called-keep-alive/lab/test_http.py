"""HTTP keep-alive: one connection for many requests, and the race when the server closes it."""

from __future__ import annotations

import http.client
import re
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import find_program, wait_until
from namespaces import SERVER
from web import start_nginx, version

REQUESTS = 20


@contextmanager
def _client(network: Any, port: int) -> Iterator[http.client.HTTPConnection]:
    """An HTTP client in the client's namespace, which connects again when it has to."""
    client = http.client.HTTPConnection(SERVER, port, timeout=10)
    client._create_connection = lambda *_args, **_options: network.connect(port)  # type: ignore[attr-defined]
    yield client
    client.close()


def _connections(client: http.client.HTTPConnection, header: str) -> int:
    """Return over how many connections nginx saw the requests come in (its variable ``$connection``)."""
    seen = set()
    for _ in range(REQUESTS):
        client.request("GET", "/hello", headers={"Connection": header})
        seen.add(client.getresponse().read())
    return len(seen)


@pytest.mark.fails_when("nginx has `keepalive_timeout 0`", assertion="kept == 1", keep="0")
def test_keep_alive_carries_all_requests_over_one_connection(
    network: Any, record: Any, tmp_path: Path, keep: str = "75s"
) -> None:
    """Twenty requests travel over one connection with HTTP keep-alive, and over twenty with Connection: close."""
    port = start_nginx(network, tmp_path, keep=keep)
    record.version("nginx", version("nginx"))
    with _client(network, port) as client:
        kept = _connections(client, "keep-alive")
        closed = _connections(client, "close")
    assert kept == 1
    assert closed == REQUESTS
    record.number("requests", REQUESTS, note="requests in a row")
    record.number("connections_close", closed, note="connections for them with Connection: close")


@pytest.mark.fails_when(
    "nginx listens with `so_keepalive=on`", assertion='"keepalive" not in timers', options=" so_keepalive=on"
)
def test_http_keep_alive_starts_no_tcp_keep_alive(network: Any, tmp_path: Path, options: str = "") -> None:
    """A connection that nginx keeps for the next request has no keep-alive timer in its kernel."""
    port = start_nginx(network, tmp_path, options=options)
    with _client(network, port) as client:
        _connections(client, "keep-alive")
        # until the last answer is acknowledged, ss shows the timer of its retransmission
        wait_until(lambda: "timer:(on" not in _timers(network, port), seconds=30, what="the last acknowledgement")
        timers = _timers(network, port)
    assert str(port) in timers
    assert "keepalive" not in timers


def _timers(network: Any, port: int) -> str:
    return str(network.output(network.server, "ss", "-tnoH", "state", "established", f"sport = {port}"))


LATE_FIN = f"""
table ip late {{
    chain forward {{
        type filter hook forward priority 0;
        ip saddr {SERVER} tcp flags & fin == fin drop
    }}
}}
"""


@pytest.mark.fails_when(
    "the client retires connections before the server does", assertion='outcome == "reset"', limit=0.5
)
def test_a_request_crosses_the_servers_close_on_the_wire(
    network: Any, record: Any, tmp_path: Path, limit: float | None = None
) -> None:
    """A request sent while the server's FIN is still on the way is reset, and nginx has never read it."""
    port = start_nginx(network, tmp_path, keep="1s")
    # --8<-- [start:race]
    with _client(network, port) as client:
        client.request("GET", "/hello")
        client.getresponse().read()
        answered = time.monotonic()

        network.nft(LATE_FIN)  # a FIN that takes its time
        wait_until(lambda: _closing(network, port), seconds=30, what="the server to close")

        if limit and time.monotonic() - answered > limit:
            client.close()  # the client's own limit: the next request takes a new connection
        looked_open = client.sock is None or not select.select([client.sock], [], [], 0)[0]
        try:
            client.request("POST", "/hello", body=b"1")
            client.getresponse().read()
            outcome = "answered"
        except ConnectionResetError:
            outcome = "reset"
    # --8<-- [end:race]
    lines = (tmp_path / "access.log").read_text().splitlines()
    assert looked_open
    assert outcome == "reset"
    assert [re.findall(r'"(\w+) ', line)[0] for line in lines] == ["GET"]


def _closing(network: Any, port: int) -> bool:
    """Tell whether the server has sent a FIN and waits for its acknowledgement."""
    return str(port) in network.output(network.server, "ss", "-tnH", "state", "fin-wait-1")


NODE = """
const http = require("node:http");
const server = http.createServer((request, response) => response.end("hello"));
if (process.argv[1]) server.keepAliveTimeout = Number(process.argv[1]);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


@pytest.mark.fails_when(
    "the server sets `keepAliveTimeout` to 1,000", assertion='announced == {"timeout=5"}', set_to="1000"
)
def test_node_20_closes_idle_connections_a_second_after_it_says(record: Any, set_to: str = "") -> None:
    """An HTTP server of Node.js 20 announces a timeout of 5 s by default, and closes idle ones a second later."""
    command = [find_program("node", package="nodejs"), "-e", NODE, set_to]
    record.version("Node.js", version("node"))
    announced: set[str | None] = set()
    idle: dict[Any, float] = {}
    lasted = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(5)]
        for client in clients:
            client.request("GET", "/")
            answer = client.getresponse()
            announced.add(answer.headers["Keep-Alive"])
            answer.read()
            idle[client.sock] = time.monotonic()
        while idle and (closed := select.select(list(idle), [], [], 30)[0]):
            for sock in closed:
                assert sock.recv(1) == b""
                lasted.append(time.monotonic() - idle.pop(sock))
        server.kill()
        for client in clients:
            client.close()
    assert announced == {"timeout=5"}
    assert len(lasted) == len(clients)
    assert min(lasted) > 5.5
    record.samples("node", lasted, unit="s", digits=2, note="from an answer until the server closed")
