"""An HTTP origin that counts what reaches it, and can be made to wait: what stands behind the lab's proxies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engblog.lab.process import wait_until


@dataclass(frozen=True, slots=True)
class Answer:
    """What the origin says."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached the origin. Names of *headers* are in lower case."""

    path: str
    headers: Mapping[str, str]


class CountedOrigin:
    """Answers with what :attr:`answer` returns for a request, while :attr:`gate` is open, and keeps every request."""

    def __init__(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Answer] = lambda _: Answer(b"hello")
        self.gate = threading.Event()
        self.gate.set()
        origin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()})
                origin.asked.append(asked)
                origin.gate.wait(60)
                answer = origin.answer(asked)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A client that goes away is part of the lab."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def calls(self, path: str) -> int:
        """How many requests for *path* have arrived."""
        return sum(each.path == path for each in self.asked)

    def await_calls(self, path: str, number: int) -> None:
        """Return once *number* requests for *path* have arrived."""
        wait_until(lambda: self.calls(path) >= number, seconds=60, what=f"{number} requests for {path}")

    def close(self) -> None:
        """Stop listening."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
