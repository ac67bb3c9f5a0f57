"""A service with one worker: requests wait in line, each takes a fixed time, and a budget may come with them."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEADER = "Request-Budget-Ms"


# --8<-- [start:budget]
@dataclass
class Budget:
    """The time that is left for a request, by the clock of whoever holds it."""

    ends: float

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """Start with *seconds*."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left."""
        return self.ends - time.monotonic()

    def header(self) -> dict[str, str]:
        """Pass on what is left: a duration, because the next host has another clock."""
        return {HEADER: str(max(0, int(self.left() * 1000)))}
        # --8<-- [end:budget]


@dataclass
class Job:
    """One request in line."""

    budget: Budget | None
    done: threading.Event
    result: int = 0


class Worker(ThreadingHTTPServer):
    """The service. It keeps the status of each request, in the order of the line."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, takes: float, *, reads_budget: bool) -> None:
        """Listen on a free port of 127.0.0.1; each request takes *takes* seconds."""
        self.takes, self.done = takes, list[int]()
        self.line: queue.Queue[Job] = queue.Queue()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                given = self.headers.get(HEADER) if reads_budget else None
                job = Job(Budget.of(int(given) / 1000) if given else None, threading.Event())
                server.line.put(job)
                job.done.wait()
                with contextlib.suppress(OSError):  # the client may have gone
                    self.send_response(job.result)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            job = self.line.get()
            job.result = self._one(job.budget)
            self.done.append(job.result)
            job.done.set()

    # --8<-- [start:one]
    def _one(self, budget: Budget | None) -> int:
        """Work, unless the caller will have gone before the work is done."""
        if budget and budget.left() < self.takes:
            return 503
        time.sleep(self.takes)  # the work
        return 200
        # --8<-- [end:one]

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()


def ask(port: int, budget: Budget) -> int:
    """Send one request with its *budget* as timeout and as header; return the status, or 0 if none came in time."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=budget.header())
    try:
        with urllib.request.urlopen(request, timeout=max(0.001, budget.left())) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
