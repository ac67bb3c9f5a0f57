"""Receiving: a frame is a hint, the history is what is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chat_client import fetch, until
from chat_processes import Chat
from engblog.lab.process import free_port
from playwright.sync_api import Page

MAKE = "([address, options]) => { window.feed = new Feed('C1', address, options); }"


def _shown(page: Page) -> list[str]:
    texts: list[str] = page.evaluate("feed.shown.map(({ text }) => text)")
    return texts


@pytest.mark.fails_when("it does not ask for the history", assertion='"four"]', catch_up=False)
@pytest.mark.fails_when("frames move the cursor", assertion='"four"]', cursor_from="frames")
def test_the_history_fills_the_hole_after_a_reconnect(
    chat_inside: Chat, open_page: Callable[..., Page], catch_up: bool = True, cursor_from: str = "history"
) -> None:
    """Messages that were posted while the gateway was down are shown after a reconnect, in order."""
    gateway = chat_inside.gateway()
    webapp = chat_inside.webapp("--gateway", str(gateway.port))
    page = open_page(webapp)
    page.evaluate(MAKE, [f"ws://127.0.0.1:{gateway.port}", {"cursorFrom": cursor_from}])
    page.evaluate("feed.connect().then(() => feed.catchUp())")
    fetch(page, "one")
    until(lambda: _shown(page) == ["one"], "a frame")

    gateway.kill()
    fetch(page, "two")
    fetch(page, "three")
    gateway.start()
    page.evaluate("feed.connect()")
    fetch(page, "four")
    until(lambda: "four" in _shown(page), "a frame on the new socket")
    if catch_up:
        page.evaluate("feed.catchUp()")
    assert _shown(page) == ["one", "two", "three", "four"]


@pytest.mark.fails_when("it asks before it connects", assertion='["between"]', order=("catchUp", "connect"))
@pytest.mark.fails_when("nothing compares the ts", assertion='["between"]', dedupe=False)
def test_connect_first_and_ask_then(
    chat_inside: Chat,
    open_page: Callable[..., Page],
    order: tuple[str, str] = ("connect", "catchUp"),
    dedupe: bool = True,
) -> None:
    """A message posted between connecting and asking for the history is shown, and shown once."""
    gateway = chat_inside.gateway()
    webapp = chat_inside.webapp("--gateway", str(gateway.port))
    page = open_page(webapp)
    page.evaluate(MAKE, [f"ws://127.0.0.1:{gateway.port}", {"dedupe": dedupe}])

    page.evaluate(f"feed.{order[0]}()")
    fetch(page, "between")
    if order[0] == "connect":
        until(lambda: _shown(page) == ["between"], "the frame")
    page.evaluate(f"feed.{order[1]}()")
    assert _shown(page) == ["between"]


@pytest.mark.fails_when("the gateway is there", assertion="_shown(page) == []", hint=True)
def test_a_lost_hint_costs_time_and_no_message(
    chat_inside: Chat, open_page: Callable[..., Page], hint: bool = False
) -> None:
    """With no gateway the web app stores and answers; the feed shows the message once it asks the history."""
    gateway = chat_inside.gateway()
    webapp = chat_inside.webapp("--gateway", str(gateway.port if hint else free_port()))
    page = open_page(webapp)
    page.evaluate(MAKE, [f"ws://127.0.0.1:{gateway.port}", {}])
    page.evaluate("feed.connect()")

    assert fetch(page, "hello") == 200
    if hint:
        until(lambda: _shown(page) != [], "the frame")
    assert _shown(page) == []
    page.evaluate("feed.catchUp()")
    assert _shown(page) == ["hello"]
