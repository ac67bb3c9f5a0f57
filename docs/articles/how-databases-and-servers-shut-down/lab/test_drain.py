"""What clients lose when one of two servers is stopped under load."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from engblog.lab.process import wait_until
from engblog.lab.record import Recorder
from kubelet import stop
from rollout import HttpServer, StartServer, roll

LANGUAGE = {"server.go": "go", "server.mjs": "node", "naive.go": "go", "naive.mjs": "node"}


@contextmanager
def in_flight(server: HttpServer, *, ms: int) -> Iterator[Callable[[], http.client.HTTPResponse]]:
    """A request that *server* is working on; yields a function that waits for the answer."""
    connection = server.connect()
    connection.request("GET", f"/work?id=long&ms={ms}")
    server.ask("/readyz")  # accepted after the request above, so that one has been accepted too
    try:
        yield connection.getresponse
    finally:
        connection.close()


@contextmanager
def silent(server: HttpServer) -> Iterator[None]:
    """A connection to *server* on which no request is ever sent."""
    with socket.create_connection(("127.0.0.1", server.port)):
        server.ask("/readyz")  # accepted after the silent one, so that one has been accepted too
        yield


@pytest.mark.parametrize("program", ["server.go", "server.mjs"])
def test_a_server_that_drains_loses_no_request(program: str, start_server: StartServer, record: Recorder) -> None:
    """Told to stop under load, the Go server and the Node server answer every request and exit with status 0."""
    old, new = start_server(program, delay=2), start_server(program)

    ending, clients = roll(old, new, lag=0.2)

    assert clients.lost.total() == 0
    assert ending.status == 0
    assert len(old.journalled()) == clients.answered[old.port]
    record.number(f"{LANGUAGE[program]}_answered", clients.answered.total(), note="requests answered by both servers")
    record.number(f"{LANGUAGE[program]}_lost", clients.lost.total(), note="requests lost while one server drained")


@pytest.mark.parametrize("program", ["naive.go", "naive.mjs"])
def test_a_server_without_a_handler_loses_requests(program: str, start_server: StartServer, record: Recorder) -> None:
    """Told to stop under load, the same servers without a handler lose requests."""
    old, new = start_server(program), start_server(program)

    ending, clients = roll(old, new, lag=0.2)

    assert clients.lost.total() > 0
    assert ending.status == -15
    record.number(f"naive_{LANGUAGE[program]}_answered", clients.answered.total(), note="requests answered")
    record.number(f"naive_{LANGUAGE[program]}_lost", clients.lost.total(), note="requests lost, same load, no handler")


def test_closing_a_listener_resets_what_waits_in_its_backlog() -> None:
    """A connection that the kernel completed and the server has not accepted is reset when the listener closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        client.sendall(b"GET /work HTTP/1.1\r\nHost: server\r\n\r\n")  # connected, sent, never accepted

        listener.close()

        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_drain_that_starts_too_early_is_refused_connections(start_server: StartServer, record: Recorder) -> None:
    """A right server that stops listening before the rotation forgets it finishes its work and still costs requests."""
    old, new = start_server("server.go", delay=0), start_server("server.go")

    ending, clients = roll(old, new, lag=0.7)

    assert ending.status == 0
    assert len(old.journalled()) == clients.answered[old.port]  # all that it accepted, it answered
    refused = clients.lost.pop("ConnectionRefusedError")
    assert refused > 0
    assert set(clients.lost) <= {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError"}
    record.number("race_refused", refused, note="connections refused with 0.7 s between SIGTERM and removal")
    record.number("race_closed", clients.lost.total(), note="requests sent on a connection that was being closed")


@pytest.mark.parametrize("program", ["server.go", "server.mjs"])
def test_a_second_sigterm_does_not_cut_the_drain_short(program: str, start_server: StartServer) -> None:
    """A second SIGTERM in the middle of a drain changes nothing: the request in flight is answered."""
    server = start_server(program)
    with in_flight(server, ms=1000) as answer:
        server.process.terminate()
        wait_until(lambda: not server.listens(), seconds=10, what="the drain to begin")
        server.process.terminate()

        assert answer().status == 200
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("program", ["server.go", "server.mjs"])
def test_a_draining_server_says_so_and_still_serves(program: str, start_server: StartServer) -> None:
    """After SIGTERM the server is not ready any more, still answers, and tells every client to close its connection."""
    server = start_server(program, delay=2)
    with in_flight(server, ms=200) as answer:
        server.process.terminate()
        wait_until(lambda: server.ask("/readyz")[0] == 503, seconds=10, what="the drain to begin")

        assert server.ask("/work?id=1") == (200, "1")
        assert answer().getheader("Connection") == "close"
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("program", ["server.go", "server.mjs"])
def test_closing_the_listener_closes_idle_connections_and_spares_busy_ones(
    program: str, start_server: StartServer
) -> None:
    """When a server stops listening, idle keep-alive connections end at once and busy ones after their answer."""
    server = start_server(program)
    idle = server.connect()
    idle.request("GET", "/work?id=1")
    assert idle.getresponse().read() == b"1"
    with in_flight(server, ms=1500) as answer:
        server.process.terminate()

        assert idle.sock.recv(1) == b""  # the end of the stream, while the other request is still at work
        idle.close()
        assert server.process.poll() is None
        assert answer().status == 200
    assert server.process.wait(30) == 0


@pytest.mark.parametrize("program", ["server.go", "server.mjs"])
def test_one_request_that_never_ends_needs_a_bound(program: str, start_server: StartServer) -> None:
    """Without a limit one endless request keeps the server until SIGKILL, and the journal of the others is lost."""
    unbounded, bounded = start_server(program, limit=3600), start_server(program, limit=0.5)
    for server in (unbounded, bounded):
        assert server.ask("/work?id=finished")[0] == 200

    with in_flight(unbounded, ms=3_600_000), in_flight(bounded, ms=3_600_000):
        cut = stop(bounded.process, grace=30)
        killed = stop(unbounded.process, grace=2)

    assert (cut.status, bounded.journalled()) == (1, ["finished"])
    assert killed.killed
    assert "finished" not in unbounded.journalled()


def test_a_connection_without_a_request_holds_up_a_drain(start_server: StartServer, record: Recorder) -> None:
    """A client that connects and says nothing delays Go's Shutdown by seconds, and Node 20's close by longer still."""
    quick, go, node = start_server("server.go"), start_server("server.go"), start_server("server.mjs", limit=3600)
    with silent(go), silent(node):
        node.process.terminate()
        alone = stop(quick.process, grace=30)
        waited = stop(go.process, grace=30)

        assert node.process.poll() is None
    assert (alone.status, waited.status) == (0, 0)
    assert waited.seconds > 4 > alone.seconds
    assert node.process.wait(30) == 0  # the silent client has gone
    record.number("go_silent", waited.seconds, digits=2, unit="s", note="Go's drain with one silent connection")


def test_a_grace_period_shorter_than_the_drain_ends_in_sigkill(start_server: StartServer) -> None:
    """The same request survives a grace period that is longer than it, and dies with one that is shorter."""
    answered = start_server("server.go")
    with in_flight(answered, ms=2000) as answer:
        assert stop(answered.process, grace=30).status == 0
        assert answer().status == 200

    lost = start_server("server.go")
    with in_flight(lost, ms=2000) as answer:
        assert stop(lost.process, grace=0.5).killed
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            answer()
