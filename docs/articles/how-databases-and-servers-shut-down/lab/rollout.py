"""A rolling update in miniature: two servers behind one service, and clients that never retry."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engblog.lab.process import LabError, free_port, wait_until
from kubelet import Ending, stop

_PACE = 0.01  # a client's pause between two requests, in seconds


class HttpServer:
    """One instance of a server under test. ``DRAIN_DELAY``, ``DRAIN_LIMIT`` and ``DRAIN_UNDO`` are in seconds."""

    def __init__(
        self, command: list[str], folder: Path, *, delay: float = 0.0, limit: float = 10.0, undo: float = 1.0
    ) -> None:
        """Start *command* and wait until it answers; its journal and its log go to *folder*."""
        self.port = free_port()
        self.journal = folder / f"{self.port}.journal"
        waits = {"DRAIN_DELAY": delay, "DRAIN_LIMIT": limit, "DRAIN_UNDO": undo}
        environment = {"PORT": self.port, "JOURNAL": self.journal, **waits}
        with (folder / f"{self.port}.log").open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            )
        try:
            wait_until(self._answers, seconds=30, what=f"{command[0]} to answer")
        except LabError:
            self.end()
            raise

    def _answers(self) -> bool:
        try:
            return self.ask("/readyz")[0] == 200
        except OSError:
            return False

    def serves(self, path: str = "/readyz", times: int = 20) -> bool:
        """Whether *times* requests in a row are answered."""
        try:
            return all(self.ask(path)[0] == 200 for _ in range(times))
        except OSError:
            return False

    def listens(self) -> bool:
        """Whether the server still accepts connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def connect(self) -> http.client.HTTPConnection:
        """Return a client that keeps its connection alive between requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, path: str) -> tuple[int, str]:
        """Send one request on a connection of its own; return the status and the body."""
        connection = self.connect()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def journalled(self) -> list[str]:
        """The ids of the requests that reached the disk."""
        return self.journal.read_text().split() if self.journal.exists() else []

    def end(self) -> None:
        """Clean up after a test."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


StartServer = Callable[..., HttpServer]
"""The fixture ``start_server``: ``start_server("server.go", delay=1)``."""


class Service:
    """What clients see: the servers in the rotation, in turn."""

    def __init__(self, *servers: HttpServer) -> None:
        """Put *servers* into the rotation."""
        self._servers = list(servers)
        self._turn = 0
        self._lock = threading.Lock()

    def pick(self) -> HttpServer:
        """Return the server whose turn it is."""
        with self._lock:
            self._turn += 1
            return self._servers[self._turn % len(self._servers)]

    def remove(self, server: HttpServer) -> None:
        """Take *server* out of the rotation."""
        with self._lock:
            self._servers.remove(server)


# --8<-- [start:delete]
def delete(server: HttpServer, service: Service, lag: float) -> Ending:
    """Stop *server*; the service forgets it *lag* seconds later."""
    forget = threading.Timer(lag, service.remove, [server])
    forget.start()
    try:
        return stop(server.process, grace=30)
    finally:
        forget.join()
        # --8<-- [end:delete]


@dataclass(frozen=True)
class Request:
    """A request that a client sent, and what became of it."""

    port: int  # of the server
    sent: float
    done: float
    error: str = ""  # what the client saw; empty: the answer


class Clients:
    """Concurrent clients of a service: each keeps one connection to each server, and none retries."""

    def __init__(self, service: Service, *, count: int = 8, ms: int = 50) -> None:
        """Start *count* clients whose every request takes *ms* milliseconds."""
        self.requests: list[Request] = []  # those that have ended
        self._busy: Counter[int] = Counter()  # requests in flight, by the server's port
        self._lock = threading.Lock()
        self._service = service
        self._ms = ms
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=[name]) for name in range(count)]
        for thread in self._threads:
            thread.start()

    def answered(self, server: HttpServer) -> int:
        """Count the answers of *server*."""
        return sum(1 for request in self.requests if request.port == server.port and not request.error)

    @property
    def lost(self) -> Counter[str]:
        """The requests that were lost, by what the client saw."""
        return Counter(request.error for request in self.requests if request.error)

    def _run(self, name: int) -> None:
        connections: dict[HttpServer, http.client.HTTPConnection] = {}
        number = 0
        while not self._end.is_set():
            server = self._service.pick()
            connection = connections.setdefault(server, server.connect())
            number += 1
            error, sent = "", time.monotonic()
            self._note(server, +1)
            try:
                connection.request("GET", f"/work?id={name}.{number}&ms={self._ms}")
                response = connection.getresponse()
                answer = response.status, response.read().decode()
                if answer != (200, f"{name}.{number}"):
                    error = f"wrong answer: {answer}"
            except (OSError, http.client.HTTPException) as seen:
                error = type(seen).__name__
                connection.close()
            self._note(server, -1)
            self.requests.append(Request(server.port, sent, time.monotonic(), error))
            time.sleep(_PACE)
        for connection in connections.values():
            connection.close()

    def _note(self, server: HttpServer, change: int) -> None:
        with self._lock:
            self._busy[server.port] += change

    def wait_for(self, server: HttpServer, more: int) -> None:
        """Wait until *server* has answered *more* requests than now, and has another one in flight."""
        goal = self.answered(server) + more
        wait_until(lambda: self.answered(server) >= goal, seconds=30, what=f"{more} answers")
        wait_until(lambda: self._busy[server.port] > 1, seconds=30, what="requests in flight")

    def end(self) -> None:
        """Let every client finish its request, then stop."""
        self._end.set()
        for thread in self._threads:
            thread.join()


@dataclass(frozen=True)
class Rollout:
    """What became of a server that was deleted under load."""

    ending: Ending
    clients: Clients

    def sent(self, server: HttpServer) -> tuple[list[Request], list[Request]]:
        """What *server* was sent before it was told to stop, and what it was sent after its end."""
        its = [request for request in self.clients.requests if request.port == server.port]
        before = [request for request in its if request.sent < self.ending.asked]
        return before, [request for request in its if request.sent > self.ending.gone]


def roll(old: HttpServer, new: HttpServer, *, lag: float) -> Rollout:
    """Delete *old* under load while *new* stays."""
    service = Service(old, new)
    clients = Clients(service)
    try:
        clients.wait_for(old, 20)
        ending = delete(old, service, lag=lag)
        clients.wait_for(new, 20)
    finally:
        clients.end()
    return Rollout(ending, clients)
