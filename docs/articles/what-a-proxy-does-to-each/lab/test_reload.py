"""A reload of nginx while clients are waiting."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from client import Client, settle
from engblog.lab.process import wait_until
from proxies import UPGRADE, nginx
from waiting import PATIENCE, until_reading
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_socket

Start = Callable[..., Any]


def _logged(proxy: Any, what: str) -> list[str]:
    return re.findall(rf"(\d+)#\d+: (?:\*\d+ )?{what}", proxy.log)


def _reload(proxy: Any) -> None:
    """Let nginx read its configuration again; return once its first worker has been told to finish."""
    proxy.send(signal.SIGHUP)
    wait_until(lambda: bool(_logged(proxy, "gracefully shutting down")), seconds=PATIENCE, what="the reload")


@pytest.mark.fails_when(
    "`worker_shutdown_timeout` is short", assertion="not stream.ended", main="worker_shutdown_timeout 1s;"
)
def test_a_reload_leaves_the_old_worker_with_its_streams(
    start_origin: Start, start_nginx: Start, connect: Callable[..., Client], main: str = ""
) -> None:
    """After a reload of nginx, an old worker goes on serving its stream and its WebSocket, beside the new one."""
    origin = start_origin()
    proxy = start_nginx(main + nginx(origin.port, location=UPGRADE))
    stream = connect(proxy.port, "/events")
    with connect_socket(f"ws://127.0.0.1:{proxy.port}/socket", proxy=None, close_timeout=1) as socket:
        until_reading(origin, "/events")
        until_reading(origin, "/socket")
        _reload(proxy)
        if main:
            stream.wait_for_end()
        assert not stream.ended
        origin.publish("news")
        stream.wait_for(b"news")
        try:
            assert "news" in str(socket.recv(timeout=PATIENCE))
        except ConnectionClosed:
            pytest.fail("the socket was closed")
    assert not _logged(proxy, "exiting")
    stream.close()
    wait_until(lambda: bool(_logged(proxy, "exiting")), seconds=PATIENCE, what="the end of the old worker")


def test_a_reload_waits_for_one_answer_to_a_poll(
    start_origin: Start, start_nginx: Start, connect: Callable[..., Client]
) -> None:
    """After a reload of nginx, an old worker with a long poll ends once the poll has been answered, and not before."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port))
    poll = connect(proxy.port, "/poll")
    until_reading(origin, "/poll")
    _reload(proxy)
    settle(proxy.port)
    assert not _logged(proxy, "exiting")
    origin.publish("news")
    poll.wait_for(b"news")
    wait_until(lambda: bool(_logged(proxy, "exiting")), seconds=PATIENCE, what="the end of the old worker")
