"""The two queues of a listening socket."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import queues
from engblog.lab.process import wait_until
from engblog.lab.record import Recorder


@contextlib.contextmanager
def listening(backlog: int, defer: bool = False) -> Iterator[socket.socket]:
    """A listening socket from which nobody accepts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if defer:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)
        listener.listen(backlog)
        yield listener


@contextlib.contextmanager
def connecting(listener: socket.socket, count: int) -> Iterator[list[socket.socket]]:
    """Clients that have asked for a connection, one after the other."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in range(count)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield clients


def established(clients: list[socket.socket]) -> int:
    """How many of the clients have a connection, as far as they know."""
    return sum(queues.state(client) == queues.ESTABLISHED for client in clients)


@pytest.mark.fails_when("the queue has no room", assertion="established([late]) == 1", room=False)
def test_a_connection_needs_no_accept(room: bool = True) -> None:
    """A client has its connection and has sent its request before the server has called accept."""
    with listening(8 if room else 0) as listener, connecting(listener, 2) as (_first, late):
        assert established([late]) == 1
        assert late.send(b"GET / HTTP/1.1\r\n\r\n") == 18


@pytest.mark.fails_when("the backlog is 64", assertion="established(clients) == 9", backlog=64)
def test_the_accept_queue_holds_one_more_than_the_backlog(record: Recorder, backlog: int = 8) -> None:
    """With a backlog of 8, nine of 40 clients get a connection, and the kernel drops the SYNs of the other 31."""
    record.version("Linux", os.uname().release.split("-")[0])
    with listening(backlog) as listener, connecting(listener, 40) as clients:
        assert established(clients) == 9
        assert queues.accept_queue(listener) == (9, 8)
        assert all(queues.state(client) == queues.SYN_SENT for client in clients[9:])
        assert queues.drops(listener) >= 31


@pytest.mark.fails_when("the queue has room", assertion="waited > 0.9", backlog=64)
def test_a_dropped_client_waits_for_a_timer(record: Recorder, backlog: int = 8) -> None:
    """A client whose SYN was dropped gets no error and waits for about a second, although the queue is free again."""
    with listening(backlog) as listener, connecting(listener, 10) as clients:
        began = time.monotonic()
        for _ in range(9):
            listener.accept()[0].close()
        select.select([], [clients[-1]], [], 120)
        waited = time.monotonic() - began
        record.number("waited", waited, unit="s", digits=2, note="until a connection, after the queue was free again")
        assert clients[-1].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        assert established(clients[-1:]) == 1
        assert waited > 0.9


@pytest.mark.fails_when("the program asks for less", assertion="limit == somaxconn", asked=64)
def test_somaxconn_is_the_ceiling(record: Recorder, asked: int = 1_000_000) -> None:
    """However much a program asks for, the queue's limit is `net.core.somaxconn`."""
    somaxconn = int(Path("/proc/sys/net/core/somaxconn").read_text())
    record.number("somaxconn", somaxconn, note="net.core.somaxconn on the lab's machine")
    with listening(asked) as listener:
        _waiting, limit = queues.accept_queue(listener)
        assert limit == somaxconn


@pytest.mark.fails_when("the kernel has waited for nothing", assertion="half_open >= 8", defer=False)
def test_half_open_connections_wait_elsewhere(record: Recorder, defer: bool = True) -> None:
    """Connections that aren't complete wait in the SYN queue, which holds about as many as the accept queue."""
    with listening(8, defer) as listener, connecting(listener, 40) as clients:
        wait_until(lambda: established(clients) >= 9, seconds=20, what="connections")
        port = f":{listener.getsockname()[1]:04X} "
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        half_open = sum(row[1].endswith(port.strip()) and row[3] == "03" for row in rows)
        record.number("half_open", half_open, note="of 40 connections half open at once, backlog 8")
        assert half_open >= 8
        assert half_open <= 10
