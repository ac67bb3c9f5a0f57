"""The commands that the article asks a reader to type."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from proxies import nginx

LAB = Path(__file__).parent


@pytest.mark.fails_when(
    "nginx speaks HTTP/1.1 to the server", assertion="proxied == [0, 0]", location="proxy_http_version 1.1;"
)
def test_the_script_shows_what_the_proxy_withholds(start_nginx: Callable[..., Any], location: str = "") -> None:
    """look.sh counts bytes from the server itself, and none through an nginx 1.22 at its defaults."""
    feed = subprocess.Popen([sys.executable, "feed.py"], cwd=LAB, stdout=subprocess.PIPE, text=True)
    try:
        assert feed.stdout
        port = int(feed.stdout.readline())
        proxy = start_nginx(nginx(port, location=location))
        urls = [f"http://127.0.0.1:{each}/events" for each in (port, proxy.port)]
        environment = {**os.environ, "SECONDS_EACH": "1"}
        command = ["bash", "look.sh", *urls]
        done = subprocess.run(command, cwd=LAB, env=environment, capture_output=True, text=True, check=True)
    finally:
        feed.kill()
        feed.wait()
        if feed.stdout:
            feed.stdout.close()
    counts = [int(found) for found in re.findall(r": +(\d+) bytes", done.stdout)]
    direct, proxied = counts[:2], counts[2:]
    assert min(direct) > 0
    assert proxied == [0, 0]
