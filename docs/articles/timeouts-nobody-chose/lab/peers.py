"""Peers that behave badly in one way each: silent, unreachable, or very slow."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable


class Peer:
    """A listener on a free port of 127.0.0.1, with a thread for each connection."""

    def __init__(self) -> None:
        """Listen."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self.listener.getsockname()[1]
        self.accepted: list[float] = []
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.accepted.append(time.monotonic())
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.serve(connection)

    # --8<-- [start:silent]
    def serve(self, connection: socket.socket) -> None:
        """Read whatever comes, and never answer."""
        while connection.recv(65536):
            pass

    # --8<-- [end:silent]

    def close(self) -> None:
        """Close the listener and every connection."""
        for each in (self.listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


class Drip(Peer):
    """A web server that sends its headers at once and then *count* bytes, *gap* seconds apart."""

    def __init__(self, count: int, gap: float) -> None:
        """Listen."""
        self.count, self.gap = count, gap
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {self.count}\r\n\r\n".encode())
        for _ in range(self.count):
            time.sleep(self.gap)
            connection.sendall(b".")


class Unreachable:
    """A port whose SYNs Linux drops, because the listener's queue is full and nobody accepts."""

    def __init__(self) -> None:
        """Listen, and fill the queue."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port: int = self.listener.getsockname()[1]
        self._waiting = [self.dial() for _ in range(4)]

    def dial(self) -> socket.socket:
        """Start to connect, and return at once."""
        client = socket.socket()
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.connect(("127.0.0.1", self.port))
        return client

    def drain(self) -> None:
        """Accept what is in the queue, so that the next SYN is answered."""
        self.listener.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._waiting.append(self.listener.accept()[0])

    def close(self) -> None:
        """Close everything."""
        for each in (self.listener, *self._waiting):
            each.close()


def connected(client: socket.socket, seconds: float) -> bool:
    """Wait until *client* is connected, for at most *seconds*."""
    return bool(select.select([], [client], [], seconds)[1])


def timed(call: Callable[[], object]) -> tuple[str, float]:
    """Run *call*; return the name of its error, or ``ok``, and the seconds that it took."""
    start, outcome = time.monotonic(), "ok"
    try:
        call()
    except Exception as error:  # the outcome is what the tests look at
        outcome = type(error).__name__
    return outcome, time.monotonic() - start
