"""Signals that proxies take for a polite request, and those that they do not."""

import http.client
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from engblog.lab.process import wait_until

NGINX = """
events {}
http { server { listen 127.0.0.1:{port}; location / { proxy_pass http://127.0.0.1:UPSTREAM; } } }
"""
HAPROXY = """
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 60s
listen web
  bind 127.0.0.1:{port}
  server upstream 127.0.0.1:UPSTREAM
"""
Cut = Callable[[Any, signal.Signals], bool]


class Upstream(ThreadingHTTPServer):
    """A server behind the proxy that answers a request when it is told to."""

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.arrived = threading.Event()
        self.answer = threading.Event()


class Handler(BaseHTTPRequestHandler):
    """One request to :class:`Upstream`."""

    server: Upstream

    def do_GET(self) -> None:
        """Wait, and answer."""
        self.server.arrived.set()
        self.server.answer.wait(60)
        with suppress(ConnectionError):  # the proxy may be gone
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"done")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A running :class:`Upstream`."""
    with Upstream() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.answer.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def cut(upstream: Upstream) -> Cut:
    """``cut(proxy, signal)`` tells whether *proxy*, sent the signal with a request in flight, cuts that request."""

    def judge(proxy: Any, number: signal.Signals) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=60)
        client.request("GET", "/")
        assert upstream.arrived.wait(60)
        proxy.send(number)
        wait_until(lambda: refuses(proxy.port), seconds=60, what="the proxy to stop listening")
        upstream.answer.set()
        try:
            return bool(client.getresponse().read() != b"done")
        except (http.client.HTTPException, ConnectionError):
            return True
        finally:
            client.close()

    return judge


def refuses(port: int) -> bool:
    """Whether nobody listens on *port* any more."""
    probe = http.client.HTTPConnection("127.0.0.1", port)
    try:
        probe.connect()
    except OSError:
        return True
    probe.close()
    return False


@pytest.mark.fails_when("the signal is SIGQUIT", assertion="was_cut", number=signal.SIGQUIT)
def test_nginx_cuts_requests_on_sigterm(
    start_nginx: Any, upstream: Upstream, cut: Cut, number: signal.Signals = signal.SIGTERM
) -> None:
    """SIGTERM makes nginx cut the request in flight and exit with 0 all the same."""
    proxy = start_nginx(NGINX.replace("UPSTREAM", str(upstream.server_port)))
    was_cut = cut(proxy, number)
    assert was_cut
    assert proxy.wait() == 0


@pytest.mark.fails_when("the signal is SIGTERM", assertion="not was_cut", number=signal.SIGTERM)
def test_nginx_finishes_requests_on_sigquit(
    start_nginx: Any, upstream: Upstream, cut: Cut, number: signal.Signals = signal.SIGQUIT
) -> None:
    """SIGQUIT makes nginx close its listener, answer the request in flight and exit with 0."""
    proxy = start_nginx(NGINX.replace("UPSTREAM", str(upstream.server_port)))
    was_cut = cut(proxy, number)
    assert not was_cut
    assert proxy.wait() == 0


@pytest.mark.fails_when("the signal is SIGUSR1", assertion="was_cut", number=signal.SIGUSR1)
def test_haproxy_cuts_requests_on_sigterm(
    start_haproxy: Any, upstream: Upstream, cut: Cut, number: signal.Signals = signal.SIGTERM
) -> None:
    """SIGTERM makes HAProxy cut the request in flight and exit."""
    proxy = start_haproxy(HAPROXY.replace("UPSTREAM", str(upstream.server_port)))
    was_cut = cut(proxy, number)
    assert was_cut
    proxy.wait()


@pytest.mark.fails_when("the signal is SIGTERM", assertion="not was_cut", number=signal.SIGTERM)
def test_haproxy_finishes_requests_on_sigusr1(
    start_haproxy: Any, upstream: Upstream, cut: Cut, number: signal.Signals = signal.SIGUSR1
) -> None:
    """SIGUSR1 makes HAProxy close its listener, answer the request in flight and exit with 0."""
    proxy = start_haproxy(HAPROXY.replace("UPSTREAM", str(upstream.server_port)))
    was_cut = cut(proxy, number)
    assert not was_cut
    assert proxy.wait() == 0
