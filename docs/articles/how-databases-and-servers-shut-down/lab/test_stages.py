"""What a server does with its connections between SIGTERM and its exit."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml
from engblog.lab.process import wait_until
from engblog.lab.record import Recorder
from kubelet import Ending, stop
from rollout import HttpServer, StartServer

BOTH = pytest.mark.parametrize("suffix", ["go", "mjs"])
HOUR = 3_600_000  # in milliseconds: a request that never ends


@contextmanager
def in_flight(server: HttpServer, query: str) -> Iterator[Callable[[], http.client.HTTPResponse]]:
    """A request that *server* is working on; yields a function that waits for the answer."""
    connection = server.connect()
    connection.request("GET", f"/work?id=long&{query}")
    server.ask("/readyz")  # accepted after the request above, so that one has been accepted too
    try:
        yield connection.getresponse
    finally:
        connection.close()


@contextmanager
def silent(server: HttpServer, sent: bytes = b"") -> Iterator[socket.socket]:
    """A connection to *server* on which no request, or only the beginning of one, is ever sent."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(sent)
        server.ask("/readyz")  # accepted after the silent one, so that one has been accepted too
        yield connection


def heard(connection: socket.socket, *, seconds: float) -> str:
    """What comes from the other side within *seconds*: ``reset``, ``something`` (or an orderly end), or ``nothing``."""
    connection.settimeout(seconds)
    try:
        connection.recv(1)
    except TimeoutError:
        return "nothing"
    except ConnectionResetError:
        return "reset"
    return "something"


@pytest.mark.fails_when("the server accepts it first", assertion="reset", accept=True)
def test_closing_a_listener_resets_what_waits_in_its_backlog(accept: bool = False) -> None:
    """A connection with a request on it that the server has not accepted yet is reset when the listener closes."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.create_connection(listener.getsockname()))
        client.sendall(b"GET /work HTTP/1.1\r\nHost: server\r\n\r\n")  # connected, sent, never accepted
        if accept:
            stack.enter_context(listener.accept()[0])

        listener.close()

        assert heard(client, seconds=2) == "reset"


@BOTH
def test_a_second_sigterm_does_not_cut_the_drain_short(suffix: str, start_server: StartServer) -> None:
    """A second SIGTERM in the middle of a drain changes nothing for the Go and the Node server: the request in flight
    is answered."""
    server = start_server(f"server.{suffix}")
    with in_flight(server, "ms=1500") as answer:
        server.process.terminate()
        wait_until(lambda: not server.listens(), seconds=10, what="the drain to begin")
        server.process.terminate()

        assert answer().status == 200
    assert server.process.wait(30) == 0


@BOTH
def test_a_draining_server_says_so_and_still_serves(suffix: str, start_server: StartServer) -> None:
    """After SIGTERM the Go and the Node server say that they are not ready, still answer on new connections, and send
    Connection: close."""
    server = start_server(f"server.{suffix}", delay=5)
    with in_flight(server, "ms=200") as answer:
        server.process.terminate()
        wait_until(lambda: server.ask("/readyz")[0] == 503, seconds=10, what="the drain to begin")

        assert server.ask("/work?id=1") == (200, "1")
        with in_flight(server, "ms=1") as late:
            assert late().getheader("Connection") == "close"
        assert answer().status == 200
    assert server.process.wait(30) == 0


@BOTH
def test_closing_the_listener_closes_idle_connections_and_spares_busy_ones(
    suffix: str, start_server: StartServer
) -> None:
    """When the Go or the Node server stops listening, it ends idle connections at once and busy ones after their
    answer."""
    server = start_server(f"server.{suffix}")
    idle = server.connect()
    idle.request("GET", "/work?id=1")
    assert idle.getresponse().read() == b"1"
    with in_flight(server, "ms=2500") as answer:
        server.process.terminate()

        assert idle.sock.recv(1) == b""  # the end of the stream, while the other request is still at work
        idle.close()
        assert server.process.poll() is None
        assert answer().status == 200
    assert server.process.wait(30) == 0


@pytest.mark.fails_when("the limit is an hour", assertion="cut.status", limit=3600)
@BOTH
def test_one_request_that_never_ends_needs_a_bound(suffix: str, start_server: StartServer, limit: float = 0.5) -> None:
    """A drain without a limit waits for an endless request until SIGKILL, and the journal of answered requests is lost;
    with one, the server cuts it, writes the journal and exits with 1."""
    unbounded, bounded = start_server(f"server.{suffix}", limit=3600), start_server(f"server.{suffix}", limit=limit)
    for server in (unbounded, bounded):
        assert server.ask("/work?id=finished")[0] == 200

    with in_flight(unbounded, f"ms={HOUR}"), in_flight(bounded, f"ms={HOUR}"):
        cut = stop(bounded.process, grace=5)
        killed = stop(unbounded.process, grace=2)

    assert (cut.status, bounded.journalled()) == (1, ["finished"])
    assert killed.killed
    assert "finished" not in unbounded.journalled()


@pytest.mark.fails_when("the server does not wait for the handlers it cut", assertion="undone", undo=0)
def test_a_handler_that_was_cut_runs_on_after_close(start_server: StartServer, undo: float = 10) -> None:
    """Go's Server.Close waits for no handler: one that needs 0.3 s to roll back reaches the journal only if the server
    waits for it."""
    server = start_server("server.go", limit=0.2, undo=undo)
    with in_flight(server, f"ms={HOUR}&undo=300"):
        assert stop(server.process, grace=30).status == 1

    undone = "long-undone" in server.journalled()
    assert undone


@pytest.mark.fails_when("the server ends them itself", assertion="all(seconds > 5", handler="server")
def test_a_connection_without_a_request_holds_up_shutdown(
    start_server: StartServer, record: Recorder, handler: str = "plain"
) -> None:
    """A client that connects and says nothing holds Go's Shutdown up for more than five seconds."""
    quick = start_server(f"{handler}.go", limit=60)
    servers = [start_server(f"{handler}.go", limit=60) for _ in range(5)]

    def held(server: HttpServer) -> Ending:
        with silent(server):
            return stop(server.process, grace=60)

    with ThreadPoolExecutor(len(servers)) as pool:
        waits = list(pool.map(held, servers))

    assert all(seconds > 5 for seconds in (ending.seconds for ending in waits))
    assert {ending.status for ending in waits} == {0}
    assert stop(quick.process, grace=60).seconds < min(ending.seconds for ending in waits)
    record.samples(
        "go_silent", [ending.seconds for ending in waits], unit="s", note="Go's Shutdown with one silent connection"
    )


@pytest.mark.fails_when("`close` is not called", assertion="heard(held", closing=False)
def test_node_never_ends_a_silent_connection_once_it_closes(start_server: StartServer, closing: bool = True) -> None:
    """An open Node 20 server ends a connection without a request after headersTimeout; one that closes never does."""
    server, other = start_server("impatient.mjs"), start_server("impatient.mjs")
    start = time.monotonic()
    with silent(server) as held, silent(other) as timed_out:
        if closing:
            server.process.terminate()
        assert timed_out.recv(12) == b"HTTP/1.1 408"
        took = time.monotonic() - start

        assert heard(held, seconds=3 * took) == "nothing"
        assert server.process.poll() is None
    assert server.process.wait(30) == 0  # the silent client has gone


@pytest.mark.fails_when("the server leaves them to its library", assertion="status == 0", handler="plain")
@BOTH
def test_a_silent_connection_is_closed_and_not_counted(
    suffix: str, start_server: StartServer, handler: str = "server"
) -> None:
    """With nothing but a silent connection and half a request open, the Go and the Node server end their drain before
    its limit and exit with 0."""
    server = start_server(f"{handler}.{suffix}", limit=4)
    with silent(server), silent(server, b"GET /work HTTP/1.1\r\n"):
        ending = stop(server.process, grace=30)

    assert ending.status == 0
    assert ending.seconds < 4


@pytest.mark.fails_when("the shorter period is as long as the other", assertion=").killed", short=30)
def test_a_grace_period_shorter_than_the_drain_ends_in_sigkill(start_server: StartServer, short: float = 0.5) -> None:
    """A request of two seconds is answered when the grace period is longer than that, and cut by SIGKILL when it is
    shorter."""
    answered = start_server("server.go")
    with in_flight(answered, "ms=2000") as answer:
        assert stop(answered.process, grace=30).status == 0
        assert answer().status == 200

    lost = start_server("server.go")
    with in_flight(lost, "ms=2000") as answer:
        assert stop(lost.process, grace=short).killed
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            answer()


@pytest.mark.fails_when("`DRAIN_LIMIT` is 30", assertion="not ending.killed", limit=30)
def test_the_worst_drain_fits_into_the_grace_period(start_server: StartServer, limit: float | None = None) -> None:
    """With the numbers of pod.yaml, at a quarter of its times, a server that has to cut a request writes its journal
    before SIGKILL."""
    scale = 1 / 4  # of its seconds, to keep the run short
    spec = yaml.safe_load(Path(__file__).with_name("pod.yaml").read_text())["spec"]
    wait = {each["name"].removeprefix("DRAIN_").lower(): float(each["value"]) for each in spec["containers"][0]["env"]}
    wait["limit"] = limit or wait["limit"]
    server = start_server("server.go", **{name: seconds * scale for name, seconds in wait.items()})
    assert server.ask("/work?id=finished")[0] == 200

    with in_flight(server, f"ms={HOUR}&undo={HOUR}"), silent(server):
        ending = stop(server.process, grace=spec["terminationGracePeriodSeconds"] * scale)

    assert not ending.killed
    assert (ending.status, server.journalled()) == (1, ["finished"])
