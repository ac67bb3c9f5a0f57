"""A payment service over HTTP that honours the header Idempotency-Key."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
from idempotency import charge_once


class Payments:
    """The service, running in a thread, with the database as its only memory."""

    def __init__(self, dsn: str) -> None:
        """Listen on 127.0.0.1."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with psycopg.connect(dsn) as db:
                    status, text = charge_once(db, self.headers["Customer"], self.headers["Idempotency-Key"], body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
