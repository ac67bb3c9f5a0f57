"""A web shop with a fixed number of workers, which asks another service for recommendations."""

from __future__ import annotations

import contextlib
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


# --8<-- [start:page]
def page(path: str, peer: int, timeout: float | None) -> bytes:
    """Make a page; only products have recommendations."""
    if path == "/health":
        return b"fine"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{peer}/", timeout=timeout) as answer:
            return b"a product, and " + answer.read()
    except OSError:
        return b"a product"
    # --8<-- [end:page]


class Shop(HTTPServer):
    """The shop. It answers with the threads of a pool."""

    request_queue_size = 128

    def __init__(self, peer: int, workers: int, timeout: float | None) -> None:
        """Listen on a free port of 127.0.0.1."""
        self.pool = ThreadPoolExecutor(workers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = page(self.path, peer, timeout)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the request to a worker."""
        self.pool.submit(self._work, request, client_address)

    def _work(self, request: socket.socket, client_address: Any) -> None:
        with contextlib.suppress(OSError):
            self.finish_request(request, client_address)
        self.shutdown_request(request)

    def get(self, path: str, patience: float) -> bytes | None:
        """Get a page as a visitor does; return None if there is none within *patience* seconds."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server_port}{path}", timeout=patience) as answer:
                return bytes(answer.read())
        except OSError:
            return None

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()
        self.pool.shutdown(wait=False, cancel_futures=True)
