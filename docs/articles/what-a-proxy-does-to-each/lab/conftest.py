"""What the lab's tests share: the origin, and a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import find_program
from playwright.sync_api import Browser, BrowserContext, sync_playwright

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the modules origin, client and proxies are this lab's

from client import Client  # noqa: E402
from origin import Origin  # noqa: E402

_QUIET = (
    "--no-sandbox",  # the lab runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def start_origin() -> Iterator[Callable[..., Origin]]:
    """``start_origin(hold=1)`` returns a running :class:`Origin`, which ends with the test."""
    started: list[Origin] = []

    def start(**settings: Any) -> Origin:
        started.append(Origin(**settings))
        return started[-1]

    yield start
    for origin in started:
        origin.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """``connect(port, path)`` returns a :class:`Client` that has asked for *path*, and leaves with the test."""
    made: list[Client] = []

    def connect(port: int, path: str, **headers: str) -> Client:
        made.append(Client(port, path, **headers))
        return made[-1]

    yield connect
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window of its own."""
    with sync_playwright() as playwright:
        program = find_program("chromium", package="chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture
def profile(chromium: Browser, record: Any) -> Iterator[BrowserContext]:
    """A fresh profile of the browser, with no cookies and no open connections."""
    record.version("Chromium", chromium.version)
    context = chromium.new_context(ignore_https_errors=True)
    yield context
    context.close()
