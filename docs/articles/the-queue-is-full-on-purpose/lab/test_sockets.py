"""TCP's queues: connections that nobody has accepted, and bytes that nobody has read."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import Any

import pytest
from relay import relay

CHUNK = b"x" * 65_536
TOTAL = 64 * 1024 * 1024


@pytest.fixture
def listen(keep: ExitStack) -> Callable[[int], socket.socket]:
    """Sockets that listen on 127.0.0.1 with a backlog of the test's choice, and accept nothing by themselves."""
    return lambda backlog: keep.enter_context(socket.create_server(("127.0.0.1", 0), backlog=backlog))


@pytest.fixture
def connecting(keep: ExitStack) -> Callable[[socket.socket], socket.socket]:
    """Connections that are on their way to a listener."""

    def one(server: socket.socket) -> socket.socket:
        client = keep.enter_context(socket.socket())
        client.setblocking(False)
        client.connect_ex(server.getsockname())
        return client

    return one


def connected(client: socket.socket, seconds: float) -> bool:
    """True if the connection is established within that time."""
    _, ready, _ = select.select([], [client], [], seconds)
    return bool(ready) and client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


def waiting(server: socket.socket) -> tuple[int, int]:
    """Recv-Q and Send-Q of a listening socket, as ss shows them."""
    port = server.getsockname()[1]
    shown = subprocess.run(
        ["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(shown[1]), int(shown[2])


@pytest.mark.fails_when("the server accepts", assertion="not any(connected(one, 0.5) for one in rest)", accepts=True)
def test_a_connection_is_established_before_anyone_accepts_it(
    listen: Callable[[int], socket.socket],
    connecting: Callable[[socket.socket], socket.socket],
    keep: ExitStack,
    accepts: bool = False,
) -> None:
    """With a backlog of 4, five clients connect and send a request to a server that accepts nothing; further ones
    hang without an error, and get in when the server accepts. `ss -ltn` shows 5 and 4."""
    server = listen(4)
    clients = [connecting(server) for _ in range(5)]
    assert all(connected(one, 10) for one in clients)
    assert all(one.send(b"GET / HTTP/1.1\r\n\r\n") > 0 for one in clients)
    if accepts:
        for _ in range(5):
            keep.enter_context(server.accept()[0])
    rest = [connecting(server) for _ in range(3)]
    assert not any(connected(one, 0.5) for one in rest)
    assert waiting(server) == (5, 4)
    for _ in range(5):
        keep.enter_context(server.accept()[0])
    assert all(connected(one, 30) for one in rest)  # the kernel repeats the SYN


def pour(client: socket.socket, seconds: float, total: int = TOTAL) -> int:
    """Send until not a byte is taken, even after a pause of that time, at most *total* bytes; return how many were."""
    client.setblocking(False)
    sent, paused = 0, False
    while sent < total:
        try:
            sent += client.send(CHUNK[: total - sent])
            paused = False
        except BlockingIOError:
            if paused:
                break
            paused = not select.select([], [client], [], seconds)[1]
    return sent


@pytest.mark.fails_when("the server reads", assertion="sent < TOTAL", reads=True)
def test_a_sender_stops_when_the_receiver_does(
    listen: Callable[[int], socket.socket], keep: ExitStack, record: Any, reads: bool = False
) -> None:
    """A server that reads nothing stops its client: the buffers of the two sockets take a part of 64 MiB and then not a
    byte more. When the server reads, the rest arrives."""
    server = listen(8)
    client = keep.enter_context(socket.create_connection(server.getsockname()))
    peer = keep.enter_context(server.accept()[0])
    received = 0

    def drain() -> None:
        nonlocal received
        while part := len(peer.recv(1 << 20)):
            received += part

    reading = threading.Thread(target=drain, daemon=True)
    keep.callback(reading.join, 10)
    keep.callback(client.shutdown, socket.SHUT_WR)
    if reads:
        reading.start()
    sent = pour(client, 20 if reads else 1)
    if not reads:
        reading.start()
    assert sent < TOTAL
    assert sent > 100_000
    assert pour(client, 30, TOTAL - sent) == TOTAL - sent
    client.shutdown(socket.SHUT_WR)
    reading.join(60)
    assert received == TOTAL
    record.number(
        "held_by_kernels", sent / 1e6, unit="MB", digits=2, note="taken from a sender whose peer reads nothing"
    )


@contextlib.asynccontextmanager
async def aborted(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Closes a connection at the end, and throws away what it hasn't sent."""
    try:
        yield
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):  # the other end may have reset it
            await writer.wait_closed()


@pytest.mark.fails_when("the writer waits for drain()", assertion="held > 0.75 * TOTAL", drains=True)
def test_a_write_without_drain_buffers_everything(
    listen: Callable[[int], socket.socket], record: Any, drains: bool = False
) -> None:
    """asyncio's write() takes 64 MiB for a peer that reads nothing, and more than three quarters of it stays in the
    memory of the process; with drain(), at most 128 KiB do."""
    server = listen(8)

    async def write() -> tuple[int, bool]:
        _, writer = await asyncio.open_connection(*server.getsockname())
        async with aborted(writer):
            waited = False
            for _ in range(TOTAL // len(CHUNK)):
                writer.write(CHUNK)
                if drains:
                    try:
                        await asyncio.wait_for(writer.drain(), 1)
                    except TimeoutError:
                        waited = True
                        break
            return writer.transport.get_write_buffer_size(), waited

    held, waited = asyncio.run(write())
    if drains:
        assert waited
        assert held <= 2 * len(CHUNK)
    assert held > 0.75 * TOTAL
    record.number("held_by_writer", held / 2**20, unit="MiB", note="in the transport's buffer, of 64 MiB written")


@pytest.mark.fails_when("the queue in the middle has no limit", assertion="sent < TOTAL", places=0)
def test_a_bounded_relay_stops_the_source(listen: Callable[[int], socket.socket], record: Any, places: int = 4) -> None:
    """Through a relay with a queue of four places, a sink that reads nothing stops the source before it has sent
    64 MiB. If the queue has no limit, the source sends them all."""
    sink = listen(8)
    sent = 0

    async def run() -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async with aborted(writer):
                _, onward = await asyncio.open_connection(*sink.getsockname())
                async with aborted(onward):
                    await relay(reader, onward, places)

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            with socket.create_connection(server.sockets[0].getsockname()) as client:
                taken = await asyncio.to_thread(pour, client, 2 if places else 20)
            serving = asyncio.all_tasks() - {asyncio.current_task()}
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
        return taken

    sent = asyncio.run(run())
    assert sent < TOTAL
    record.number("held_by_chain", sent / 1e6, unit="MB", digits=2, note="taken from the source of a stopped chain")
