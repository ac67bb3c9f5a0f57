"""Thousands of WebSocket clients in one thread."""

from __future__ import annotations

import errno
import heapq
import itertools
import random
import re
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import queues
import wire
from clock import Clock

Policy = Callable[[int], float]
"""Seconds to wait before an attempt with this number, counted from 0 since the connection was lost."""


@dataclass
class Client:
    """One client: its connection, if it has one, and how often it has tried since it lost the last one."""

    attempts: int = 0
    sock: socket.socket | None = None
    ready: bool = False


@dataclass
class Swarm:
    """Clients that connect to `port` and come back by `policy` when they are closed or out of patience."""

    count: int
    port: int | Callable[[], int]
    policy: Policy
    clock: Clock
    patience: float = 60.0
    reset_on_open: bool = False
    """Take the end of the handshake for success, although the server hasn't said that it is ready."""
    attempts: list[float] = field(default_factory=list)
    """When each attempt was made."""
    ready: list[float] = field(default_factory=list)
    """When each client was let in."""
    repeated: list[int] = field(default_factory=list)
    """How many packets its kernel had repeated by then: SYNs, or the request."""
    lost: int = 0

    def __post_init__(self) -> None:
        """Make the clients, which do nothing yet."""
        self.clients = [Client() for _ in range(self.count)]
        self._poll = select.epoll()
        self._by_file: dict[int, Client] = {}
        self._alarms: list[tuple[float, int, Client, int]] = []
        self._number = itertools.count()

    def inside(self) -> int:
        """How many clients are in."""
        return sum(client.ready for client in self.clients)

    def believing(self) -> int:
        """Count the clients that aren't in, but have a connection as far as they know."""
        outside = [client.sock for client in self.clients if client.sock and not client.ready]
        return sum(queues.state(sock) == queues.ESTABLISHED for sock in outside)

    def start(self) -> None:
        """Have each client connect when its policy says so."""
        for client in self.clients:
            self._plan(client, self.policy(0))

    def step(self) -> None:
        """Do what can be done now."""
        while self._alarms and self._alarms[0][0] <= self.clock.now:
            _when, _number, client, attempt = heapq.heappop(self._alarms)
            self._wake(client, attempt)
        for file, events in self._poll.poll(0, 256):
            if client := self._by_file.get(file):
                self._serve(client, events)

    def run(self, seconds: float) -> None:
        """Live for some time."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.tick()
            self.step()
            time.sleep(0.004)

    def end(self) -> None:
        """Close everything, with resets, so that no port stays in TIME_WAIT."""
        for client in self.clients:
            if client.sock:
                client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._drop(client)
        self._poll.close()

    def _plan(self, client: Client, delay: float) -> None:
        heapq.heappush(self._alarms, (self.clock.now + delay, next(self._number), client, client.attempts))

    def _wake(self, client: Client, attempt: int) -> None:
        """Begin an attempt, or end one that has taken too long."""
        if client.attempts != attempt or client.ready:
            return
        if client.sock is None:
            self._connect(client)
        else:
            self._drop(client)
            self._plan(client, self.policy(client.attempts))

    def _connect(self, client: Client) -> None:
        sock = client.sock = socket.socket()
        sock.setblocking(False)
        client.attempts += 1
        self.attempts.append(self.clock.now)
        port = self.port if isinstance(self.port, int) else self.port()
        problem = sock.connect_ex(("127.0.0.1", port))
        assert problem in (0, errno.EINPROGRESS), errno.errorcode[problem]
        self._by_file[sock.fileno()] = client
        self._poll.register(sock, select.EPOLLOUT)
        self._plan(client, self.patience)

    def _serve(self, client: Client, events: int) -> None:
        sock = client.sock
        assert sock is not None
        try:
            if events & select.EPOLLOUT:
                sock.send(wire.REQUEST)
                self._poll.modify(sock, select.EPOLLIN)
                return
            data = sock.recv(4096)
        except OSError:
            data = b""
        if data.startswith(b"HTTP/1.1 101") and self.reset_on_open:
            client.attempts = 0
        if data.endswith(b"ready"):
            client.ready, client.attempts = True, 0
            self.ready.append(self.clock.now)
            self.repeated.append(queues.repeats(sock))
        closed = wire.closing(data)
        if closed or not data:
            self._lose(client, closed[1] if closed else "")

    # --8<-- [start:lose]
    def _lose(self, client: Client, reason: str) -> None:
        """Come back on the date that the server has named, or else by the client's own policy."""
        self.lost += 1
        self._drop(client)
        date = re.search(r"retry-in=([\d.]+)", reason)
        self._plan(client, float(date[1]) if date else self.policy(client.attempts))
        # --8<-- [end:lose]

    def _drop(self, client: Client) -> None:
        client.ready = False
        if client.sock:
            del self._by_file[client.sock.fileno()]
            client.sock.close()
            client.sock = None


# --8<-- [start:policies]
def at_once(attempt: int) -> float:
    """Come back immediately, and later one second after a failure."""
    return 0.0 if attempt == 0 else 1.0


def around_a_second(attempt: int) -> float:
    """Wait one second, then two, four, five, each longer or shorter by up to a half: the defaults of Socket.IO."""
    pause = 2.0**attempt
    return min(pause * random.uniform(0.5, 1.5), 5.0)


def anywhere_in(window: float) -> Policy:
    """Wait for a random part of *window*, each time anew."""
    return lambda _attempt: random.uniform(0, window)
    # --8<-- [end:policies]
