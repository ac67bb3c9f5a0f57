"""A service between two others: it works for a while, and then asks the next one."""

from __future__ import annotations

import contextlib
import math
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from worker import HEADER, Budget


def call(port: int, budget: Budget, tries: int) -> int:
    """Ask the service at *port* up to *tries* times within *budget*; return the last status, or 504 for none."""
    status = 504
    for _ in range(tries):
        if budget.left() <= 0:
            break
        request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=budget.header())
        try:
            with urllib.request.urlopen(request, timeout=max(0.001, budget.left())) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 504
    return status


class Relay(ThreadingHTTPServer):
    """The service. Without a next one, it always answers 503."""

    daemon_threads = True

    def __init__(
        self, following: int | None, *, own: float = 0, timeout: float = 5, tries: int = 1, reads_budget: bool = False
    ) -> None:
        """Listen on a free port of 127.0.0.1, work for *own* seconds and then call *following*."""
        self.calls = 0
        self.ended: list[float] = []
        server, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    server.calls += 1
                status = self.pass_on(following) if following else 503
                server.ended.append(time.monotonic())
                with contextlib.suppress(OSError):  # the client may have gone
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            # --8<-- [start:pass]
            def pass_on(self, port: int) -> int:
                given = int(self.headers[HEADER]) / 1000 if reads_budget else math.inf
                budget = Budget.of(given)
                time.sleep(own)  # our own work
                return call(port, Budget.of(min(timeout, budget.left())), tries)
                # --8<-- [end:pass]

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()
