"""Retries that nobody wrote: curl's, nginx's, and both together."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LAB = Path(__file__).parent

NGINX = """
events {}
http {
  access_log off;
  # --8<-- [start:nginx]
  upstream app {
    server 127.0.0.1:8081 max_fails=0;
    server 127.0.0.1:8082 max_fails=0;
    server 127.0.0.1:8083 max_fails=0;
  }
  server {
    listen 127.0.0.1:{port};
    location / {
      proxy_pass http://app;
    }
  }
  # --8<-- [end:nginx]
}
"""


class Flaky:
    """The process of ``flaky.py``."""

    def __init__(self, *mode: str) -> None:
        """Start it, and read its port."""
        self._process = subprocess.Popen(
            [sys.executable, str(LAB / "flaky.py"), "0", *mode], stdout=subprocess.PIPE, text=True
        )
        self._requests: int | None = None
        assert self._process.stdout is not None
        self.port = self._process.stdout.readline().split()[1]

    def stop(self) -> int:
        """End it; return how many requests it has printed."""
        if self._requests is None:
            self._process.kill()
            self._requests = self._process.communicate()[0].count("a request")
        return self._requests


Group = tuple[int, list[Flaky]]


@pytest.fixture
def start_flaky() -> Iterator[Callable[..., Flaky]]:
    """``start_flaky()`` returns a running :class:`Flaky`, which ends with the test."""
    started: list[Flaky] = []

    def start(*mode: str) -> Flaky:
        started.append(Flaky(*mode))
        return started[-1]

    yield start
    for flaky in started:
        flaky.stop()


@pytest.fixture
def start_group(start_nginx: Callable[..., Any], start_flaky: Callable[..., Flaky]) -> Callable[[str], Group]:
    """``start_group(extra)`` starts nginx with *extra* in its location, in front of three servers that hang up."""

    def start(extra: str) -> Group:
        servers = [start_flaky("hang-up") for _ in range(3)]
        config = NGINX.replace("http://app;", f"http://app; {extra}")
        for port, server in zip(("8081", "8082", "8083"), servers, strict=True):
            config = config.replace(f":{port} ", f":{server.port} ")
        return start_nginx(config).port, servers

    return start


def curl(port: object, retries: int) -> None:
    """Request ``/`` with curl, which may send that many retries."""
    subprocess.run(["curl", "-s", "--retry", str(retries), f"http://127.0.0.1:{port}/"], check=False, timeout=60)


@pytest.mark.fails_when("`--retry` is 0", assertion="requests == 3", retries=0)
def test_curl_asks_three_times(start_flaky: Callable[..., Flaky], record: Any, retries: int = 2) -> None:
    """With `--retry 2`, a server that answers 503 receives three requests from curl."""
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    record.version("curl", re.findall(r"curl (\S+)", version)[0])
    flaky = start_flaky()
    assert (LAB / "try.sh").read_text().count("curl -s --retry 2 ") == 1  # what this test runs is what readers type
    curl(flaky.port, retries)
    requests = flaky.stop()
    assert requests == 3


@pytest.mark.fails_when("nginx may try once", assertion="counts == [1, 1, 1]", extra="proxy_next_upstream_tries 1;")
def test_nginx_asks_each_server(start_group: Callable[[str], Group], extra: str = "") -> None:
    """By default, nginx sends a GET to each of three servers, because each closes its connection unanswered."""
    port, servers = start_group(extra)
    curl(port, 0)
    counts = [server.stop() for server in servers]
    assert counts == [1, 1, 1]


@pytest.mark.fails_when("curl does not retry", assertion="sum(counts) == 9", retries=0)
def test_curl_and_nginx_multiply(start_group: Callable[[str], Group], retries: int = 2) -> None:
    """One curl with two retries, through an nginx with three servers that all fail, becomes nine requests."""
    port, servers = start_group("")
    curl(port, retries)
    counts = [server.stop() for server in servers]
    assert sum(counts) == 9
