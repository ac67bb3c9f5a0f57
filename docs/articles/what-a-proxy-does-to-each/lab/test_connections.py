"""Connections: how many a browser opens to a host, and what shares them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import wait_until
from origin import Origin
from playwright.sync_api import BrowserContext, Page
from proxies import UPGRADE, haproxy, nginx
from tls import make_certificate
from waiting import PATIENCE, until_reading

Start = Callable[..., Any]
PATHS = {"EventSource": "/events", "poll": "/poll", "WebSocket": "/socket"}
NUMBERED = f"""
    {UPGRADE}
    proxy_buffering off;
    proxy_set_header X-Connection $connection;
    proxy_set_header X-Http $server_protocol;
"""
LIMIT = 8


def _occupy(page: Page, origin: Origin, kind: str, count: int) -> None:
    """Let the page wait for events *count* times."""
    before = origin.reading(PATHS[kind])
    page.evaluate(f"occupy('{kind}', {count})")
    until_reading(origin, PATHS[kind], before + count)


def _a_request_gets_through(page: Page, origin: Origin, *, within: int = 4) -> bool:
    """Ask for /here; return whether this reaches the server before some WebSockets, asked for later, have opened."""
    page.evaluate("void fetch('/here', { cache: 'no-store' })")
    for _ in range(within):
        assert page.evaluate("socketOpens()")
    return len(origin.requests("/here")) > 0


def _two_tabs(profile: BrowserContext, address: str) -> tuple[Page, Page]:
    first, second = profile.new_page(), profile.new_page()
    for page in (first, second):
        page.goto(address)
    return first, second


@pytest.mark.fails_when("five streams are open", assertion="not _a_request_gets_through", count=5)
def test_six_streams_block_the_next_request(start_origin: Start, profile: BrowserContext, count: int = 6) -> None:
    """With six event streams open over HTTP/1.1, Chromium sends no request from another tab until one is closed."""
    origin = start_origin()
    first, second = _two_tabs(profile, f"http://127.0.0.1:{origin.port}/")
    _occupy(first, origin, "EventSource", count)
    assert not _a_request_gets_through(second, origin)
    first.evaluate("waiting.events[0].close()")
    wait_until(lambda: len(origin.requests("/here")) == 1, seconds=PATIENCE, what="the request")


@pytest.mark.fails_when("five polls are open", assertion="not _a_request_gets_through", count=5)
def test_six_long_polls_do_the_same(start_origin: Start, profile: BrowserContext, count: int = 6) -> None:
    """Six long polls over HTTP/1.1 block Chromium's next request, until an event answers them."""
    origin = start_origin()
    first, second = _two_tabs(profile, f"http://127.0.0.1:{origin.port}/")
    _occupy(first, origin, "poll", count)
    assert not _a_request_gets_through(second, origin)
    origin.publish("news")
    wait_until(lambda: len(origin.requests("/here")) == 1, seconds=PATIENCE, what="the request")


@pytest.mark.fails_when(
    "six of them are event streams", assertion="_a_request_gets_through", kind="EventSource", count=6
)
def test_sockets_are_counted_apart(
    start_origin: Start, profile: BrowserContext, kind: str = "WebSocket", count: int = 20
) -> None:
    """With twenty WebSockets open, Chromium still sends an ordinary request."""
    origin = start_origin()
    first, second = _two_tabs(profile, f"http://127.0.0.1:{origin.port}/")
    _occupy(first, origin, kind, count)
    assert _a_request_gets_through(second, origin, within=8)


def _nginx_tls(start_nginx: Start, origin: Origin, folder: Path, protocol: str, streams: int = 128) -> int:
    both = make_certificate(folder)
    server = f"ssl_certificate {both}; ssl_certificate_key {both};"
    if protocol:
        server += f" http2_max_concurrent_streams {streams};"
    config = nginx(origin.port, location=NUMBERED, server=server, listen=f"ssl {protocol}")
    return int(start_nginx(config).port)


@pytest.mark.fails_when("nginx offers no HTTP/2", assertion="len(streams) == 20", protocol="")
def test_http_2_carries_twenty_streams_on_one_connection(
    start_origin: Start, start_nginx: Start, profile: BrowserContext, tmp_path: Path, protocol: str = "http2"
) -> None:
    """Over HTTP/2, Chromium opens twenty event streams and one request more on one connection to nginx."""
    origin = start_origin()
    port = _nginx_tls(start_nginx, origin, tmp_path, protocol)
    first, second = _two_tabs(profile, f"https://127.0.0.1:{port}/")
    first.evaluate("occupy('EventSource', 20)")
    wait_until(lambda: origin.reading("/events") >= 6, seconds=PATIENCE, what="six streams")
    for _ in range(40):
        assert second.evaluate("socketOpens()")
        if origin.reading("/events") == 20:
            break
    streams = origin.requests("/events")
    assert len(streams) == 20
    assert _a_request_gets_through(second, origin)
    asked = [*streams, *origin.requests("/here")]
    assert len({each.headers["x-connection"] for each in asked}) == 1


@pytest.mark.fails_when("nginx allows 128 of them", assertion="not _a_request_gets_through", limit=128)
def test_http_2_has_a_limit_as_well(
    start_origin: Start, start_nginx: Start, profile: BrowserContext, tmp_path: Path, limit: int = LIMIT
) -> None:
    """With as many event streams open as nginx allows on a connection, Chromium's next request waits."""
    origin = start_origin()
    port = _nginx_tls(start_nginx, origin, tmp_path, "http2", limit)
    first, second = _two_tabs(profile, f"https://127.0.0.1:{port}/")
    _occupy(first, origin, "EventSource", LIMIT)
    assert not _a_request_gets_through(second, origin)
    first.evaluate("waiting.events[0].close()")
    wait_until(lambda: len(origin.requests("/here")) == 1, seconds=PATIENCE, what="the request")


def test_nginx_takes_a_socket_on_a_second_connection(
    start_origin: Start, start_nginx: Start, profile: BrowserContext, tmp_path: Path
) -> None:
    """Behind nginx 1.22 with HTTP/2, Chromium opens a WebSocket on a connection of HTTP/1.1 beside the other one."""
    origin = start_origin()
    page = profile.new_page()
    page.goto(f"https://127.0.0.1:{_nginx_tls(start_nginx, origin, tmp_path, 'http2')}/")
    assert page.evaluate("socketOpens()")
    socket, document = origin.requests("/socket")[0], origin.requests("/")[0]
    assert socket.headers["x-connection"] != document.headers["x-connection"]
    assert (socket.headers["x-http"], document.headers["x-http"]) == ("HTTP/1.1", "HTTP/2.0")


@pytest.mark.fails_when(
    "HAProxy hides that it can",
    assertion='socket.headers["x-http"] == "2"',
    over="h2-workaround-bogus-websocket-clients",
)
def test_haproxy_takes_a_socket_as_a_stream_of_http_2(
    start_origin: Start, start_haproxy: Start, profile: BrowserContext, tmp_path: Path, over: str = ""
) -> None:
    """Behind HAProxy 2.6, Chromium opens a WebSocket as one more stream of the page's HTTP/2 connection."""
    origin = start_origin()
    told = "http-request set-header X-Http %[fc_http_major]\n    http-request set-header X-Connection %[src_port]"
    bind = f"ssl crt {make_certificate(tmp_path)} alpn h2,http/1.1"
    proxy = start_haproxy(haproxy(origin.port, bind=bind, more=told, over=over))
    page = profile.new_page()
    page.goto(f"https://127.0.0.1:{proxy.port}/")
    assert page.evaluate("socketOpens()")
    socket, document = origin.requests("/socket")[0], origin.requests("/")[0]
    assert socket.headers["x-http"] == "2"
    assert socket.headers["x-connection"] == document.headers["x-connection"]
