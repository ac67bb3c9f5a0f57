"""A browser, and the lab's programs, in a network of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.process import find_program
from playwright.sync_api import BrowserContext, Page, sync_playwright

LAB = Path(__file__).parent
sys.path.insert(0, str(LAB))  # the modules whose names begin with chat_ are this lab's

from chat_network import Network  # noqa: E402
from chat_processes import Chat, Program, opened  # noqa: E402

_ARGUMENTS = (
    "--no-sandbox",  # the lab runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """A loopback of the lab's own."""
    network = Network()
    yield network
    network.close()


@pytest.fixture(scope="session")
def window(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A window of a Chromium inside that network. Tests share it, and its tab as long as none closes it."""
    wrapper = tmp_path_factory.mktemp("browser") / "chromium"
    chromium = find_program("chromium", package="chromium")
    wrapper.write_text(f'#!/bin/sh\nexec {" ".join(network.inside)} {chromium} "$@"\n')
    wrapper.chmod(0o755)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(wrapper), args=list(_ARGUMENTS))
        yield browser.new_context()
        browser.close()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    """The lab's programs, on the machine's loopback."""
    with opened(tmp_path) as chat:
        yield chat


@pytest.fixture
def chat_inside(tmp_path: Path, network: Network) -> Iterator[Chat]:
    """The lab's programs, in the browser's network."""
    with opened(tmp_path, network.inside) as chat:
        yield chat


@pytest.fixture
def open_page(window: BrowserContext, record: Any) -> Callable[..., Page]:
    """``open_page(webapp)`` shows the lab's page with an empty localStorage; ``again=True`` keeps what is there."""
    assert window.browser
    record.version("Chromium", window.browser.version)

    def open_page(webapp: Program, *, again: bool = False) -> Page:
        page = window.pages[0] if window.pages else window.new_page()
        page.goto(f"http://127.0.0.1:{webapp.port}/")
        if not again:
            page.evaluate("localStorage.clear()")
        return page

    return open_page
