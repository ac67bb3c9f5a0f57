"""What a POST knows that a frame does not, and what it does when it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from chat_client import answered, fetch, soon, start_post, stored, until
from chat_network import Network
from chat_processes import Chat
from playwright.sync_api import Page


@pytest.fixture
def forgetful(network: Network) -> Iterator[Network]:
    """The lab's network, which forgets nothing once the test is over."""
    yield network
    network.remember()


@pytest.mark.fails_when("every attempt gets a new key", assertion="sorted(stored(chat_inside))", key_per="attempt")
def test_the_outbox_stores_each_message_once_whatever_dies(
    chat_inside: Chat, open_page: Callable[..., Page], forgetful: Network, key_per: str = "message"
) -> None:
    """Reply lost, server down, tab closed, connection forgotten: each of five messages of the outbox is stored once."""
    webapp = chat_inside.webapp("--swallow-reply-once")
    page = open_page(webapp)

    start_post(page, "reply lost", keyPer=key_per)
    until(lambda: answered(page), "an answer after a lost reply")

    webapp.kill()
    start_post(page, "server down", keyPer=key_per)
    until(lambda: page.evaluate("outbox.attempts") >= 2, "a second attempt")
    webapp.start(without="--swallow-reply-once")
    until(lambda: answered(page), "an answer after a restart")

    webapp.stop()
    start_post(page, "tab closed, stored", keyPer=key_per, timeout=60_000)
    until(lambda: forgetful.unread(webapp.port) > 0, "the request")
    page.close()
    webapp.go_on()
    until(lambda: "tab closed, stored" in stored(chat_inside), "the request of the closed tab")

    page = open_page(webapp, again=True)
    webapp.stop()
    start_post(page, "tab closed, unread", keyPer=key_per, timeout=60_000)
    until(lambda: forgetful.unread(webapp.port) > 0, "the request")
    page.close()
    webapp.kill()
    webapp.start()
    assert "tab closed, unread" not in stored(chat_inside)
    page = open_page(webapp, again=True)
    page.evaluate("(keyPer) => { window.outbox = new Outbox({ keyPer }); return outbox.resume(); }", key_per)

    forgetful.forget(webapp.port)
    start_post(page, "connection forgotten", keyPer=key_per)
    until(lambda: answered(page), "an answer over a new connection")

    expected = ["connection forgotten", "reply lost", "server down", "tab closed, stored", "tab closed, unread"]
    assert sorted(stored(chat_inside)) == expected
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.fails_when("the request carries a key", assertion='== ["hello", "hello"]', key="k1")
@pytest.mark.fails_when("the request is the first on its connection", assertion='== ["hello", "hello"]', fresh=True)
def test_one_fetch_can_arrive_twice(
    chat_inside: Chat, open_page: Callable[..., Page], key: str | None = None, fresh: bool = False
) -> None:
    """Chromium repeats a POST by itself when a connection that it has used before ends without an answer."""
    webapp = chat_inside.webapp("--swallow-reply-once")
    page = open_page(webapp)
    if fresh:  # the connections of the page's own files end with the process
        webapp.kill()
        webapp.start()

    said = fetch(page, "hello", key)
    assert stored(chat_inside) == ["hello", "hello"]
    assert said == 200


@pytest.mark.fails_when("requests have no timeout", assertion="in_time", timeout=0)
def test_a_timeout_turns_silence_into_a_second_attempt(
    chat_inside: Chat, open_page: Callable[..., Page], timeout: int = 300
) -> None:
    """A server that takes a POST and never answers costs one timeout: the second attempt is answered."""
    webapp = chat_inside.webapp("--hang-once")
    page = open_page(webapp)
    start_post(page, "hello", timeout=timeout)

    in_time = soon(lambda: answered(page))
    assert in_time
    assert page.evaluate("outbox.attempts") == 2
    assert stored(chat_inside) == ["hello"]
