"""What a pong proves: who answers a ping in a browser, and how often servers ask."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import websockets
from browser import PINGS, chromium_version, visit
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve


@pytest.mark.fails_when("the page does not hang", assertion="not seen.answered", hang=False)
def test_a_hung_page_answers_every_ping(network: Any, record: Any, hang: bool = True) -> None:
    """Chromium answers every ping for a page whose script no longer returns, while the page answers no message."""
    seen = visit(network, hang=hang)
    record.version("Chromium", chromium_version())
    record.number("pongs", seen.pongs, note="pongs from a page in an endless loop")
    assert seen.pongs == PINGS
    assert not seen.answered


def test_the_browser_offers_no_ping(network: Any, record: Any) -> None:
    """In Chromium a WebSocket has a send method and neither ping nor pong."""
    record.version("Chromium", chromium_version())
    assert visit(network, hang=False).methods == ["function", "undefined", "undefined"]


def test_a_page_with_a_heartbeat_closes_when_the_server_is_silent(network: Any, record: Any) -> None:
    """The page's own heartbeat closes the socket with code 4000 once its messages stay unanswered."""
    record.version("Chromium", chromium_version())
    seen = visit(network, hang=False)
    assert seen.beats == 2
    assert seen.close_code == 4000


def test_websockets_asks_every_twenty_seconds(record: Any) -> None:
    """The Python package websockets pings every 20 s and waits 20 s for the pong, on both sides, by default."""
    record.version("websockets", websockets.__version__)
    for side in (connect, serve):
        defaults = inspect.signature(side).parameters
        assert (defaults["ping_interval"].default, defaults["ping_timeout"].default) == (20, 20)
