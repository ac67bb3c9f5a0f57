"""Buffering: how many of the events that were sent a client has, and how long each took."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from client import Client, settle
from origin import Origin
from proxies import UPGRADE, haproxy, nginx
from waiting import PATIENCE, until_reading
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as connect_socket

Start = Callable[..., Any]
Connect = Callable[..., Client]
TEXT = "x" * 80
TEN = 10
ROUNDS = 8
GZIP = "gzip on; gzip_types text/event-stream;"
CHUNKED = "proxy_http_version 1.1;"
UNBUFFERED = {"X-Accel-Buffering": "no"}


def _after_ten(connect: Connect, port: int, origin: Origin, **headers: str) -> Client:
    """Open an event stream, publish ten events, and let the proxy handle them."""
    client = connect(port, "/events", **headers)
    until_reading(origin, "/events")
    for _ in range(TEN):
        origin.publish(TEXT)
    settle(port)
    return client


@pytest.mark.fails_when("nginx speaks HTTP/1.1 to the server", assertion='client.so_far() == b""', location=CHUNKED)
@pytest.mark.fails_when("`proxy_buffering` is off", assertion='client.so_far() == b""', location="proxy_buffering off;")
def test_nginx_withholds_a_stream_that_has_no_chunks(
    start_origin: Start, start_nginx: Start, connect: Connect, record: Any, location: str = ""
) -> None:
    """At the defaults of nginx 1.22, a client that should have ten events has not even the head of the response."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=location))
    client = _after_ten(connect, proxy.port, origin)
    assert client.so_far() == b""
    assert origin.requests("/events")[0].version == "HTTP/1.0"

    sent = TEN
    while not client.events() and sent < 200:
        origin.publish(TEXT)
        settle(proxy.port)
        sent += 1
    record.number("held_until", sent, note="events of about 90 bytes sent when the first ones arrived")
    assert client.events() > TEN


@pytest.mark.fails_when("nginx speaks HTTP/1.0 to the server", assertion="client.events() == TEN", location="")
def test_chunks_pass_nginx_although_it_buffers(
    start_origin: Start, start_nginx: Start, connect: Connect, location: str = CHUNKED
) -> None:
    """With proxy_buffering on and HTTP/1.1 to the server, ten events pass nginx 1.22 at once."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=location))
    client = _after_ten(connect, proxy.port, origin)
    assert client.events() == TEN


@pytest.mark.fails_when("`proxy_buffering` is off", assertion="rest not in held", location="proxy_buffering off;")
def test_the_rest_of_a_chunk_waits_for_the_next_one(
    start_origin: Start, start_nginx: Start, connect: Connect, location: str = ""
) -> None:
    """With proxy_buffering on, nginx 1.22 withholds the second piece of a split chunk until the next chunk comes."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=CHUNKED + location))
    client = connect(proxy.port, "/events")
    client.wait_for(b"retry")
    origin.publish_in_two("first half, second half", between=lambda: settle(proxy.port))
    settle(proxy.port)
    held, rest = client.so_far(), b"second half\n\n"
    assert b"id: 1" in held
    assert rest not in held
    origin.publish(TEXT)
    assert rest in client.wait_for(b"id: 2")


@pytest.mark.fails_when("`proxy_buffering` is off", assertion='client.so_far() == b""', more="proxy_buffering off;")
@pytest.mark.fails_when("the client does not accept gzip", assertion='client.so_far() == b""', accepts="identity")
def test_gzip_withholds_chunks_too(
    start_origin: Start, start_nginx: Start, connect: Connect, more: str = "", accepts: str = "gzip"
) -> None:
    """With gzip for text/event-stream, nginx withholds ten events in chunks from a client that accepts gzip."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=CHUNKED + GZIP + more))
    client = _after_ten(connect, proxy.port, origin, Accept_Encoding=accepts)
    assert client.so_far() == b""


@pytest.mark.fails_when("the header is missing", assertion="client.events_in_gzip() == TEN", headers={})
def test_one_header_of_the_response_opens_nginx(
    start_origin: Start, start_nginx: Start, connect: Connect, headers: dict[str, str] = UNBUFFERED
) -> None:
    """X-Accel-Buffering: no brings ten events through nginx with HTTP/1.0, buffering on and gzip on."""
    origin = start_origin(headers=headers)
    proxy = start_nginx(nginx(origin.port, location=GZIP))
    client = _after_ten(connect, proxy.port, origin, Accept_Encoding="gzip")
    assert client.events_in_gzip() == TEN
    plain = connect(proxy.port, "/events", Accept_Encoding="identity")
    until_reading(origin, "/events", 2)
    settle(proxy.port)
    assert plain.events() == TEN


def test_how_many_events_arrive(start_origin: Start, start_nginx: Start, connect: Connect, record: Any) -> None:
    """Through nginx, chunks arrive as they are sent, a stream without chunks in lumps, a compressed one not at all."""
    chart = record.chart(
        "arrived",
        title="Events sent, and events that the client has",
        x="events sent",
        y="events arrived",
        note="nginx 1.22, proxy_buffering on, events of about 90 bytes; read after every fourth, once three further "
        "requests had passed through the same worker",
    )
    arrived: dict[str, list[int]] = {}
    for name, location in (("HTTP/1.1", CHUNKED), ("HTTP/1.0", ""), ("HTTP/1.1, gzip", CHUNKED + GZIP)):
        origin = start_origin()
        proxy = start_nginx(nginx(origin.port, location=location))
        client = connect(proxy.port, "/events", Accept_Encoding="gzip")
        until_reading(origin, "/events")
        arrived[name] = []
        for sent in range(1, 121):
            origin.publish(TEXT)
            if sent % 4 == 0:
                settle(proxy.port)
                arrived[name].append(client.events_in_gzip() if "gzip" in name else client.events())
                chart.point(name, sent, arrived[name][-1])
    assert arrived["HTTP/1.1"] == list(range(4, 121, 4))
    assert 0 in arrived["HTTP/1.0"]
    assert 1 < len(set(arrived["HTTP/1.0"])) < 6
    assert set(arrived["HTTP/1.1, gzip"]) == {0}


def _stream_delays(connect: Connect, port: int, origin: Origin) -> list[float]:
    """Publish one event after another; return how long each took to arrive, in milliseconds."""
    client = connect(port, "/events")
    client.wait_for(b"retry")
    delays = []
    for number in range(1, ROUNDS + 1):
        start = time.monotonic()
        origin.publish(TEXT)
        client.wait_for_events(number)
        delays.append(1000 * (time.monotonic() - start))
    return delays


def _poll_delays(connect: Connect, port: int, origin: Origin) -> list[float]:
    delays = []
    for _ in range(ROUNDS):
        client = connect(port, f"/poll?after={len(origin.events)}")
        until_reading(origin, "/poll")
        start = time.monotonic()
        origin.publish(TEXT)
        client.wait_for(TEXT.encode())
        delays.append(1000 * (time.monotonic() - start))
    return delays


def _socket_delays(port: int, origin: Origin) -> list[float]:
    delays = []
    with connect_socket(f"ws://127.0.0.1:{port}/socket?after={len(origin.events)}", proxy=None) as socket:
        until_reading(origin, "/socket")
        for _ in range(ROUNDS):
            start = time.monotonic()
            origin.publish(TEXT)
            socket.recv(timeout=PATIENCE)
            delays.append(1000 * (time.monotonic() - start))
    return delays


@pytest.mark.fails_when(
    "HAProxy has `option http-no-delay`", assertion="min(stream) > 100", more="option http-no-delay"
)
def test_haproxy_delays_the_events_of_a_stream(
    start_origin: Start, start_haproxy: Start, connect: Connect, record: Any, more: str = ""
) -> None:
    """HAProxy 2.6 delays each event of a quiet stream by about a fifth of a second, but not a frame or a long poll."""
    origin = start_origin()
    proxy = start_haproxy(haproxy(origin.port, more=more))
    stream = _stream_delays(connect, proxy.port, origin)
    poll = _poll_delays(connect, proxy.port, origin)
    socket = _socket_delays(proxy.port, origin)

    chart = record.chart(
        "delay",
        title="From the server's write to the client's read, through HAProxy",
        x="transport",
        y="milliseconds",
        kind="dots",
        y_scale="log",
        note=f"HAProxy 2.6 on one machine; {ROUNDS} events each, one after another",
    )
    for name, delays in (("events", stream), ("long poll", poll), ("WebSocket", socket)):
        for delay in delays:
            chart.point("defaults", name, delay)
    record.samples("stream_delay", stream, unit="ms", note="one event on a quiet stream through HAProxy 2.6")
    assert min(stream) > 100
    assert statistics.median(poll) < min(stream) / 2
    assert statistics.median(socket) < min(stream) / 2


@pytest.mark.fails_when("the option is missing", assertion="statistics.median(stream) < 100", more="")
def test_an_option_of_haproxy_sends_events_at_once(
    start_origin: Start, start_haproxy: Start, connect: Connect, record: Any, more: str = "option http-no-delay"
) -> None:
    """With option http-no-delay, HAProxy passes the events of a stream on at once."""
    origin = start_origin()
    proxy = start_haproxy(haproxy(origin.port, more=more))
    stream = _stream_delays(connect, proxy.port, origin)
    record.samples("no_delay", stream, unit="ms", note="the same with option http-no-delay")
    assert statistics.median(stream) < 100


def test_a_long_poll_and_a_socket_pass_a_buffering_nginx(
    start_origin: Start, start_nginx: Start, connect: Connect
) -> None:
    """Through an nginx that buffers and compresses, a long poll is answered and a WebSocket's frame arrives."""
    origin = start_origin()
    compressing = "gzip on; gzip_min_length 0; gzip_types application/json;"
    defaults = start_nginx(nginx(origin.port, location=compressing))
    client = connect(defaults.port, "/poll", Accept_Encoding="gzip")
    until_reading(origin, "/poll")
    origin.publish(TEXT)
    assert b"Content-Encoding: gzip" in client.wait_for(b"\r\n0\r\n\r\n")
    assert TEXT.encode() in client.unzipped()

    upgrading = start_nginx(nginx(origin.port, location=UPGRADE + GZIP))
    with connect_socket(f"ws://127.0.0.1:{upgrading.port}/socket?after=1", proxy=None) as socket:
        until_reading(origin, "/socket")
        origin.publish("frame")
        assert "frame" in str(socket.recv(timeout=PATIENCE))


@pytest.mark.fails_when("it has the lines", assertion="refused", location=UPGRADE)
def test_nginx_drops_the_upgrade_unless_told(
    start_origin: Start, start_nginx: Start, start_haproxy: Start, location: str = ""
) -> None:
    """nginx 1.22 drops the Upgrade header of a WebSocket's handshake unless configured; HAProxy 2.6 passes it on."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=location))
    with connect_socket(f"ws://127.0.0.1:{start_haproxy(haproxy(origin.port)).port}/socket", proxy=None):
        pass
    refused = False
    try:
        with connect_socket(f"ws://127.0.0.1:{proxy.port}/socket", proxy=None):
            pass
    except InvalidStatus:
        refused = True
    assert refused
    assert "upgrade" not in origin.requests("/socket")[-1].headers
