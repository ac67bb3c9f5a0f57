"""The HTTP half of the lab's chat. It has the shape of Slack's Web API and is not Slack's.

Try it: ``python3 webapp.py --port 8065 --db chat.db``
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import faults
import orders
import store

HERE = Path(__file__).parent
PAGES = {"/": "<!doctype html><title>lab</title><script src=/outbox.js></script><script src=/feed.js></script>"}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection, request after request."""

    protocol_version = "HTTP/1.1"
    options: argparse.Namespace

    def setup(self) -> None:
        """Open the database: SQLite wants a connection for each thread."""
        super().setup()
        self.db: sqlite3.Connection = store.connect(self.options.db)
        self.post: Callable[..., str] = orders.ORDERS[self.options.order](self.db, self.options)

    def finish(self) -> None:
        """Close the database with the connection."""
        self.db.close()
        super().finish()

    def do_GET(self) -> None:
        """Serve the lab's page, its scripts, and ``conversations.history``."""
        address = urlsplit(self.path)
        if address.path == "/api/conversations.history":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            messages, more = store.history(self.db, asked["channel"], oldest=asked.get("oldest", "0"))
            self.answer(200, {"ok": True, "messages": messages, "has_more": more})
        elif address.path in PAGES:
            self.answer(200, PAGES[address.path], "text/html")
        elif address.path in ("/outbox.js", "/feed.js"):
            self.answer(200, (HERE / address.path[1:]).read_text(), "text/javascript")
        else:
            self.answer(404, {"ok": False, "error": "unknown_method"})

    def do_POST(self) -> None:
        """Serve ``chat.postMessage``."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        author = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not author:
            return self.answer(401, {"ok": False, "error": "not_authed"})
        asked = json.loads(body)
        key = None if self.options.ignore_keys else asked.get("client_msg_id")
        faults.before_the_write(self.options)
        try:
            ts = self.post(author, asked["channel"], asked["text"], key)
        except store.KeyReusedError:
            return self.answer(422, {"ok": False, "error": "client_msg_id_reused"})
        message = {"type": "message", "channel": asked["channel"], "ts": ts, "user": author, "text": asked["text"]}
        self.hint(message)
        if faults.swallows_the_reply(self.options):
            self.close_connection = True
            return None
        return self.answer(200, {"ok": True, "channel": asked["channel"], "ts": ts, "message": message})

    def hint(self, message: dict[str, Any]) -> None:
        """Tell the gateway, which tells the sockets. If that fails the message is stored all the same."""
        if self.options.gateway:
            data = json.dumps(message).encode()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.options.gateway}/push", data, timeout=2).close()

    def answer(self, status: int, body: dict[str, Any] | str, kind: str = "application/json") -> None:
        """Send *body* with its length, so that the connection can be used again."""
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the lab reads the database."""


def main() -> None:
    """Serve until somebody ends the process; print the port once it is open."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    options.add_argument("--db", required=True, help="SQLite file of the messages")
    options.add_argument("--gateway", type=int, help="port of gateway.mjs, to push hints to")
    options.add_argument("--ignore-keys", action="store_true", help="store each request, as if it had no client_msg_id")
    options.add_argument("--order", choices=orders.ORDERS, default="together", help="when the key is recorded")
    options.add_argument("--keys-db", help="SQLite file of the keys, for an order other than together")
    options.add_argument("--key-seconds", type=float, default=86_400, help="how long such a key is kept")
    faults.add_options(options)
    Handler.options = options.parse_args()
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer(("127.0.0.1", Handler.options.port), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
