"""A WebSocket server that lets in a fixed number of clients a second, and can drain in three ways.

As a program, it is started with its settings as JSON. It prints its port, and what it has counted when its input ends.
"""

from __future__ import annotations

import json
import random
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

import limits
import queues
import wire
from clock import STRIDE, Clock


@dataclass
class Settings:
    """What a test can choose."""

    cost: float = 0.0
    """Seconds of work for each client that comes in, one after the other."""
    backlog: int = 4096
    drain: str = "at once"
    window: float = 30.0
    """Seconds over which a drain spreads the clients."""
    refuse: bool = False
    """Accept the handshake and close at once with 1013."""
    look: bool = False
    """Look whether a client is still there before working for it."""
    files: int = 0
    """The limit of open files, if it isn't the highest."""


class Server:
    """One thread, which takes one connection at a time from the kernel's queue."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Listen."""
        self.settings, self.clock = settings, clock
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.listener.listen(settings.backlog)
        self.port: int = self.listener.getsockname()[1]
        self.poll = select.epoll()
        self.poll.register(self.listener, select.EPOLLIN)
        self.clients: dict[int, socket.socket] = {}
        self.open: set[int] = set()
        self.leaving: list[tuple[float, int]] = []
        self.handshakes = self.out_of_files = 0
        self.free = 0.0
        """When the work for the latest client is done."""

    def step(self) -> None:
        """Do what can be done now."""
        while self.free <= self.clock.now and (events := self.poll.poll(0, 16)):
            for file, what in events:
                if self.free > self.clock.now:
                    break
                if file == self.listener.fileno():
                    if not self.accept():
                        return
                else:
                    self.serve(file, what)
        while self.leaving and self.leaving[-1][0] <= self.clock.now:
            self.send_away(self.leaving.pop()[1])

    def accept(self) -> bool:
        """Take one connection from the kernel's queue. Without a free file it stays there."""
        try:
            connection, _address = self.listener.accept()
        except OSError:
            self.out_of_files += 1
            return False
        self.clients[connection.fileno()] = connection
        self.poll.register(connection, select.EPOLLIN | select.EPOLLRDHUP)
        return True

    # --8<-- [start:look]
    def serve(self, file: int, what: int) -> None:
        """Read from a client, or forget it at once if it has closed its side of the connection."""
        if what & select.EPOLLRDHUP and self.settings.look:
            self.forget(file)
        else:
            self.read(file)
            # --8<-- [end:look]

    def read(self, file: int) -> None:
        """Let the client in that has sent its request, or forget one that has left."""
        client = self.clients[file]
        try:
            data = client.recv(4096)
            if data and file not in self.open:
                self.let_in(client, data)
        except OSError:
            data = b""
        if not data:
            self.forget(file)

    # --8<-- [start:work]
    def let_in(self, client: socket.socket, request: bytes) -> None:
        """Do the work for one client. Until it is done, the server does nothing else."""
        self.free = max(self.free, self.clock.now - STRIDE) + self.settings.cost
        self.handshakes += 1
        client.send(wire.accept(request))
        # --8<-- [end:work]
        if self.settings.refuse:
            client.send(wire.close(wire.TRY_LATER))
        else:
            client.send(wire.text("ready"))
            self.open.add(client.fileno())

    # --8<-- [start:drain]
    def drain(self) -> None:
        """Send everyone away: at once, spread over the window, or at once with a date for coming back."""
        for file in list(self.open):
            share = random.uniform(0, self.settings.window)
            if self.settings.drain == "spread":
                self.leaving.append((self.clock.now + share, file))
            elif self.settings.drain == "date":
                self.send_away(file, f"retry-in={share:.3f}")
            else:
                self.send_away(file)
        self.leaving.sort(reverse=True)

    def send_away(self, file: int, reason: str = "") -> None:
        """Close one client's connection with 1012, Service Restart."""
        if file in self.open:
            self.clients[file].send(wire.close(wire.RESTART, reason))
            self.forget(file)
            # --8<-- [end:drain]

    def forget(self, file: int) -> None:
        """Close a connection."""
        self.open.discard(file)
        self.poll.unregister(file)
        self.clients.pop(file).close()

    def counts(self) -> dict[str, Any]:
        """What happened."""
        return {"handshakes": self.handshakes, "drops": queues.drops(self.listener), "files": self.out_of_files}

    def end(self) -> None:
        """Close everything."""
        for file in list(self.clients):
            self.forget(file)
        self.listener.close()
        self.poll.close()


def main(settings: Settings) -> None:
    """Serve until the input ends; drain on SIGTERM."""
    limits.raise_files()
    if settings.files:
        limits.limit_files(settings.files)
    clock = Clock()
    server = Server(settings, clock)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: server.drain())
    print(server.port, flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        clock.tick()
        server.step()
        time.sleep(0.004)
    print(json.dumps(server.counts()), flush=True)


if __name__ == "__main__":
    main(Settings(**json.loads(sys.argv[1])))
