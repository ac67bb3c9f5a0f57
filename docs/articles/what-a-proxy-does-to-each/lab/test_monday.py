"""The configurations that the article recommends."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client import Client, settle
from waiting import PATIENCE, until_reading
from websockets.sync.client import connect as connect_socket

LAB = Path(__file__).parent
Start = Callable[..., Any]
TEN = 10


def _configured(name: str, port: int, without: str) -> str:
    lines = (LAB / name).read_text().replace("127.0.0.1:3000", f"127.0.0.1:{port}").splitlines()
    return "\n".join(line for line in lines if not (without and line.strip().startswith(without))) + "\n"


def _all_three_pass(connect: Callable[..., Client], port: int, origin: Any) -> None:
    poll = connect(port, "/poll?after=0")
    until_reading(origin, "/poll")
    with connect_socket(f"ws://127.0.0.1:{port}/socket", proxy=None) as socket:
        until_reading(origin, "/socket")
        origin.publish("news")
        assert "news" in str(socket.recv(timeout=PATIENCE))
        poll.wait_for(b"news")


@pytest.mark.fails_when(
    "it buffers and compresses", assertion="stream.events() == TEN", without=("proxy_buff", "gzip off")
)
def test_the_recommended_nginx_passes_all_three(
    start_origin: Start, start_nginx: Start, connect: Callable[..., Client], without: tuple[str, ...] = ()
) -> None:
    """With monday.conf, nginx passes ten events at once, a long poll and a WebSocket, although gzip is on elsewhere."""
    origin = start_origin()
    config = _configured("monday.conf", origin.port, "")
    for each in without:
        config = config.replace(each, f"# {each}")
    proxy = start_nginx(config)
    _all_three_pass(connect, proxy.port, origin)
    stream = connect(proxy.port, "/events?after=1", Accept_Encoding="gzip")
    until_reading(origin, "/events")
    for number in range(TEN):
        origin.publish(f"event {number}")
    settle(proxy.port)
    assert stream.events() == TEN


@pytest.mark.fails_when(
    "`option http-no-delay` is missing", assertion="statistics.median(delays) < 0.1", without="option http-no"
)
@pytest.mark.fails_when("`option abortonclose` is missing", assertion="not poll_waits", without="option abort")
def test_the_recommended_haproxy_passes_all_three(
    start_origin: Start, start_haproxy: Start, connect: Callable[..., Client], without: str = ""
) -> None:
    """With monday.cfg, HAProxy passes streams, polls and WebSockets, delays no event, and ends abandoned polls."""
    origin = start_origin()
    proxy = start_haproxy(_configured("monday.cfg", origin.port, without))
    _all_three_pass(connect, proxy.port, origin)
    stream = connect(proxy.port, "/events?after=1")
    stream.wait_for(b"retry")
    delays = []
    for number in range(TEN):
        start = time.monotonic()
        origin.publish(f"event {number}")
        stream.wait_for(f"event {number}\n\n".encode())
        delays.append(time.monotonic() - start)
    assert statistics.median(delays) < 0.1

    leaving = connect(proxy.port, f"/poll?after={len(origin.events)}")
    until_reading(origin, "/poll")
    leaving.close()
    for _ in range(20):
        settle(proxy.port)
        if not origin.reading("/poll"):
            break
    poll_waits = origin.reading("/poll") == 1
    assert not poll_waits
