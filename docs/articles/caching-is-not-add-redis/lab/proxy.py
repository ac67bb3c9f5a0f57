"""nginx with a cache, between readers and the counted origin."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from engblog.lab.process import wait_until

from .counted_origin import CountedOrigin

READERS = 20

PROXY = """
user root;
events {}
http {
    proxy_cache_path cache keys_zone=pages:1m;
    server {
        listen 127.0.0.1:{port};
        location / {
            proxy_pass http://127.0.0.1:{origin};
            proxy_cache pages;
            {settings}
            add_header X-Cache $upstream_cache_status;
        }
        location = /waiting { stub_status; }
    }
}
"""


class Proxy:
    """A caching nginx in front of the origin."""

    def __init__(self, server: Any) -> None:
        """Ask *server*."""
        self.port = server.port

    def get(self, path: str = "/", **headers: str) -> requests.Response:
        """One GET."""
        return requests.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60)

    def many(
        self, path: str, *, arrived: Callable[[], bool], origin: CountedOrigin, blocked: bool = True
    ) -> list[requests.Response]:
        """GETs of *path* by 20 readers at once; the origin answers when all are there and *arrived* says so.

        Where the readers are not *blocked*, because nginx serves them a stale page, it answers when all have theirs.
        """
        origin.gate.clear()
        with ThreadPoolExecutor(READERS) as pool:
            answers = [pool.submit(self.get, path) for _ in range(READERS)]
            if blocked:
                wait_until(lambda: self.clients() > READERS, seconds=60, what="all readers to be connected")
            else:
                wait_until(lambda: all(answer.done() for answer in answers), seconds=60, what="all to be served")
            wait_until(arrived, seconds=60, what="the origin to be asked")
            origin.gate.set()
            return [answer.result() for answer in answers]

    def clients(self) -> int:
        """Connections that nginx has open, its own status request included."""
        return int(self.get("/waiting").text.split()[2])
