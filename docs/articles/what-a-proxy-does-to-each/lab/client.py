"""Clients without a browser: the bytes of a response, as far as they have arrived."""

from __future__ import annotations

import http.client
import select
import socket
import time
import zlib
from collections.abc import Callable

from engblog.lab.process import LabError

PATIENCE = 60.0


class Client:
    """A connection on which one request was sent, and everything that has come back."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        """Send the request."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        named = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines = [f"GET {path} HTTP/1.1", "Host: lab", *named, "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        self._received = b""
        self.ended = False
        """Whether the other side has ended the connection."""

    def so_far(self) -> bytes:
        """Return what has arrived, without waiting for more."""
        while not self.ended and select.select([self._socket], [], [], 0)[0]:
            try:
                data = self._socket.recv(65_536)
            except ConnectionError:
                data = b""
            self._received += data
            self.ended = not data
        return self._received

    def events(self) -> int:
        """Count the events that have arrived."""
        return self.so_far().count(b"\ndata: ")

    def events_in_gzip(self) -> int:
        """Count the events in what has arrived of a compressed, chunked response."""
        return self.unzipped().count(b"\ndata: ")

    def unzipped(self) -> bytes:
        """Return the body of a compressed, chunked response, as far as it has arrived."""
        _head, _, rest = self.so_far().partition(b"\r\n\r\n")
        packed = b""
        while b"\r\n" in rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            packed, rest = packed + rest[:length], rest[length + 2 :]
        return zlib.decompressobj(wbits=31).decompress(packed)

    def wait_for_events(self, count: int) -> None:
        """Wait until *count* events have arrived."""
        self._wait(lambda: self._received.count(b"\ndata: ") >= count, what=f"event {count}")

    def wait_for(self, text: bytes) -> bytes:
        """Wait until *text* has arrived; return everything so far."""
        return self._wait(lambda: text in self._received, what=repr(text))

    def wait_for_end(self) -> bytes:
        """Wait until the other side ends the connection; return everything that it had sent."""
        return self._wait(lambda: self.ended, what="the end of a response")

    def _wait(self, arrived: Callable[[], bool], *, what: str) -> bytes:
        """Return what has been received as soon as *arrived* holds; sleep in between only until data comes."""
        until = time.monotonic() + PATIENCE
        while True:
            self.so_far()
            if arrived():
                return self._received
            if self.ended or not select.select([self._socket], [], [], max(0.0, until - time.monotonic()))[0]:
                raise LabError(f"{what} did not arrive")

    def close(self) -> None:
        """Leave."""
        self._socket.close()


def get(port: int, path: str, **headers: str) -> int:
    """Make an ordinary request; return its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def settle(port: int) -> None:
    """Let a proxy with one thread handle what it has received: three requests that follow have passed through it."""
    for _ in range(3):
        assert get(port, "/here") == 200
