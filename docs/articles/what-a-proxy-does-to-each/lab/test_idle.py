"""Idle timers: which one ends what, and how it looks from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from client import Client
from engblog.lab.process import wait_until
from playwright.sync_api import BrowserContext
from proxies import UPGRADE, haproxy, nginx
from waiting import PATIENCE, until, until_reading
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_socket

Start = Callable[..., Any]
Connect = Callable[..., Client]
LAST_CHUNK = b"\r\n0\r\n"


def _both(start_nginx: Start, start_haproxy: Start, port: int, timer: str) -> tuple[Any, Any]:
    """Start nginx and HAProxy with a *timer* for a server that says nothing."""
    behind_nginx = start_nginx(nginx(port, location=f"{UPGRADE} proxy_read_timeout {timer};"))
    return behind_nginx, start_haproxy(haproxy(port, server=timer, tunnel=timer))


def _socket(port: int) -> ClientConnection:
    """Open a WebSocket that sends no pings of its own."""
    return connect_socket(f"ws://127.0.0.1:{port}/socket", proxy=None, ping_interval=None, close_timeout=1)


@pytest.mark.fails_when("the server ends the stream itself", assertion="LAST_CHUNK not in received", ends=True)
def test_a_quiet_stream_is_cut(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, connect: Connect, ends: bool = False
) -> None:
    """nginx and HAProxy end a stream that is quiet for longer than their timer, without its last chunk."""
    origin = start_origin()
    proxies = _both(start_nginx, start_haproxy, origin.port, "1s")
    streams = [connect(proxy.port, "/events", Connection="close") for proxy in proxies]
    if ends:
        until_reading(origin, "/events", len(streams))
        origin.end()
    for stream in streams:
        received = stream.wait_for_end()
        assert b" 200 OK" in received
        assert LAST_CHUNK not in received


@pytest.mark.fails_when("the server ends it itself", assertion="closed.rcvd is None", ends=True)
def test_a_quiet_socket_is_closed_without_a_close_frame(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, ends: bool = False
) -> None:
    """When a WebSocket is quiet for longer than their timer, nginx and HAProxy end it without a close frame."""
    origin = start_origin()
    behind_nginx, behind_haproxy = _both(start_nginx, start_haproxy, origin.port, "1s")
    with _socket(behind_nginx.port) as first, _socket(behind_haproxy.port) as second:
        if ends:
            until_reading(origin, "/socket", 2)
            origin.end()
        for socket in (first, second):
            with pytest.raises(ConnectionClosed) as raised:
                socket.recv(timeout=PATIENCE)
            closed = raised.value
            assert closed.rcvd is None


@pytest.mark.fails_when("the stream gets no comments", assertion="not stream.ended", beat=())
@pytest.mark.fails_when("the WebSocket gets no pings", assertion='"frame" in received', beat=("comment",))
def test_a_beat_keeps_streams_and_sockets_open(
    start_origin: Start,
    start_nginx: Start,
    start_haproxy: Start,
    connect: Connect,
    beat: tuple[str, ...] = ("comment", "ping"),
) -> None:
    """Comments and pings every quarter of a second keep streams and WebSockets open past timers of two seconds."""
    origin = start_origin()
    ports = [proxy.port for proxy in _both(start_nginx, start_haproxy, origin.port, "2s")]
    streams = [connect(port, "/events") for port in ports]
    until_reading(origin, "/events", len(streams))
    with _socket(ports[0]) as first, _socket(ports[1]) as second:
        until_reading(origin, "/socket", 2)
        for _ in range(14):
            time.sleep(0.25)
            if "comment" in beat:
                origin.write(b": beat\n\n")
            if "ping" in beat:
                origin.ping()
        for stream in streams:
            assert stream.events() == 0
            assert not stream.ended
        origin.publish("frame")
        for socket in (first, second):
            try:
                received = str(socket.recv(timeout=PATIENCE))
            except ConnectionClosed:
                received = ""
            assert "frame" in received


@pytest.mark.fails_when("the server answers sooner than the timer", assertion='b" 504 " in answer', hold=0.1)
def test_a_quiet_long_poll_becomes_a_504(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, connect: Connect, hold: float = 60
) -> None:
    """nginx and HAProxy answer a long poll with 504 once it has waited for longer than their timer."""
    origin = start_origin(hold=hold)
    proxies = _both(start_nginx, start_haproxy, origin.port, "1s")
    for poll in [connect(proxy.port, "/poll") for proxy in proxies]:
        answer = poll.wait_for(b"\r\n\r\n")
        assert b" 504 " in answer


@pytest.mark.fails_when("the server waits for longer than the timer", assertion='b" 204 " in answer', hold=60)
def test_an_empty_answer_in_time_is_no_error(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, connect: Connect, hold: float = 0.1
) -> None:
    """A long poll that the server answers with 204 before the timer of nginx or HAProxy stays a 204."""
    origin = start_origin(hold=hold)
    proxies = _both(start_nginx, start_haproxy, origin.port, "2s")
    for poll in [connect(proxy.port, "/poll") for proxy in proxies]:
        answer = poll.wait_for(b"\r\n\r\n")
        assert b" 204 " in answer


@pytest.mark.fails_when("`timeout server` is short instead", assertion="only_the_socket", server="1s", tunnel="60s")
def test_haproxy_has_one_timer_for_sockets_and_another_for_streams(
    start_origin: Start, start_haproxy: Start, connect: Connect, server: str = "60s", tunnel: str = "1s"
) -> None:
    """In HAProxy, timeout tunnel ends a quiet WebSocket and no stream, and timeout client ends no quiet stream."""
    origin = start_origin()
    proxy = start_haproxy(haproxy(origin.port, client="500ms", server=server, tunnel=tunnel))
    stream = connect(proxy.port, "/events")
    until_reading(origin, "/events")
    closed = False
    with _socket(proxy.port) as socket:
        until_reading(origin, "/socket")

        def one_has_ended() -> bool:
            nonlocal closed
            try:
                socket.recv(timeout=0.05)
            except TimeoutError:
                pass
            except ConnectionClosed:
                closed = True
            stream.so_far()
            return closed or stream.ended

        wait_until(one_has_ended, seconds=PATIENCE, what="the end of one of the two")
        only_the_socket = closed and not stream.ended
        assert only_the_socket


def test_the_log_names_the_timer(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, connect: Connect
) -> None:
    """HAProxy logs a timed-out stream with 200 and sD, a poll with 504 and sH; nginx writes that upstream timed out."""
    origin = start_origin()
    behind_nginx, behind_haproxy = _both(start_nginx, start_haproxy, origin.port, "1s")
    both = (behind_nginx, behind_haproxy)
    polls = [connect(proxy.port, "/poll") for proxy in both]
    streams = [connect(proxy.port, "/events") for proxy in both]
    for poll in polls:
        poll.wait_for(b" 504 ")
    for stream in streams:
        stream.wait_for_end()

    access = behind_nginx.folder / "access.log"
    wait_until(lambda: '"GET /events HTTP/1.1" 200' in access.read_text(), seconds=PATIENCE, what="the line of nginx")

    def logged(proxy: Any, *texts: str) -> bool:
        lines = proxy.log.splitlines()
        return any(all(text in line for text in texts) for line in lines)

    for proxy, texts in (
        (behind_haproxy, (" sD-- ", " 200 ", "GET /events")),
        (behind_haproxy, (" sH-- ", " 504 ", "GET /poll")),
        (behind_nginx, ("upstream timed out", "while reading upstream", "GET /events")),
        (behind_nginx, ("upstream timed out", "while reading response header", "GET /poll")),
    ):
        wait_until(lambda proxy=proxy, texts=texts: logged(proxy, *texts), seconds=PATIENCE, what=str(texts))  # type: ignore[misc]


@pytest.mark.fails_when(
    "the beat is an event of type ping", assertion="pings.length == 0", beat=b"event: ping\ndata:\n\n"
)
def test_a_page_does_not_see_comments(
    start_origin: Start, profile: BrowserContext, beat: bytes = b": beat\n\n"
) -> None:
    """Chromium tells a page nothing of the comments in a stream, while an event of type ping reaches it."""
    origin = start_origin()
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{origin.port}/")
    page.evaluate("plain('/events')")
    until_reading(origin, "/events")
    origin.write(beat)
    origin.publish("after the beat")
    until(page, "seen.length == 1")
    assert page.evaluate("pings.length == 0")
    assert page.evaluate("[seen, errors]") == [["after the beat"], []]
    origin.write(b"event: ping\ndata:\n\n")
    until(page, "pings.length == 1")
