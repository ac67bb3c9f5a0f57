"""Four places where a message can be when it is lost after ``send()`` has returned."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from chat_client import answered, look, open_socket, send, soon, start_post, stored, until
from chat_network import Network
from chat_processes import Chat
from playwright.sync_api import Page

OPEN, CLOSED = 1, 3
NOTHING_HAPPENED = {"state": OPEN, "buffered": 0, "closed": None, "replies": []}
"""What a page sees of a socket over which it sent and heard nothing back: see ``look``."""


@pytest.fixture
def forgetful(network: Network) -> Iterator[Network]:
    """The lab's network, which forgets nothing once the test is over."""
    yield network
    network.remember()


def _post(page: Page, text: str) -> None:
    """Send *text* by the outbox instead, and wait for its answer."""
    start_post(page, text)
    until(lambda: answered(page), "the outbox")


@pytest.mark.fails_when("the message is a POST of the outbox", assertion="stored(chat_inside) == []", carrier="POST")
def test_a_closed_socket_takes_a_message_and_keeps_it(
    chat_inside: Chat, open_page: Callable[..., Page], carrier: str = "socket"
) -> None:
    """On a socket that the server has closed, Chromium's send() throws nothing, and bufferedAmount keeps the bytes."""
    webapp = chat_inside.webapp()
    gateway = chat_inside.gateway(webapp)
    page = open_page(webapp)
    open_socket(page, gateway)
    gateway.send(signal.SIGUSR1)  # as before a deploy: close(1001) on every socket
    until(lambda: look(page)["state"] == CLOSED, "the close")

    if carrier == "socket":
        # --8<-- [start:closed]
        assert page.evaluate('String(socket.send("lost"))') == "undefined"
        assert page.evaluate("socket.bufferedAmount") == len("lost")
        # --8<-- [end:closed]
    else:
        _post(page, "lost")
    assert stored(chat_inside) == []
    assert chat_inside.frames() == 0


@pytest.mark.fails_when("the server has not closed the socket", assertion='with_callback["error"]', close=False)
def test_ws_drops_it_too_unless_it_has_a_callback(chat: Chat, close: bool = True) -> None:
    """On a closed socket, send() of ws without a callback neither throws nor emits an error; a callback gets one."""
    gateway = chat.gateway(None, "--ack", "discard")
    sender = chat.sender(gateway)
    if close:
        gateway.send(signal.SIGUSR1)
        until(lambda: sender.ask("look")["closed"] is not None, "the close")

    message = {"id": 1, "type": "message", "channel": "C1", "text": "lost"}
    with_callback = sender.ask("send", message)
    assert with_callback["error"]
    before = sender.ask("look")["bufferedAmount"]
    assert sender.ask("sendWithoutCallback", message) == {}
    assert sender.ask("look")["errors"] == 0
    assert sender.ask("look")["bufferedAmount"] > before
    assert chat.frames() == 0


@pytest.mark.fails_when("the page calls `close()` and stays", assertion="arrived < sent", leave="close()")
def test_a_queue_dies_with_its_tab(
    chat_inside: Chat, open_page: Callable[..., Page], network: Network, leave: str = "the tab is closed"
) -> None:
    """Messages in Chromium's queue are lost when the tab is closed; close() lets all of them through."""
    webapp = chat_inside.webapp()
    gateway = chat_inside.gateway(webapp, "--ack", "discard")
    page = open_page(webapp)
    open_socket(page, gateway)
    gateway.stop()
    sent = 100
    page.evaluate(
        """(sent) => {
            const message = JSON.stringify({ type: "message", text: "x".repeat(128 * 1024) });
            for (let i = 0; i < sent; i += 1) socket.send(message);
        }""",
        sent,
    )
    assert look(page)["buffered"] > 0
    if leave == "close()":
        page.evaluate("socket.close()")
    else:
        page.close()
        until(lambda: network.open_to(gateway.port) == 0, "the end of the connection on the tab's side")
    gateway.go_on()
    gateway.wait_for_no_sockets()

    arrived = chat_inside.frames()
    assert 0 < arrived < sent


@pytest.mark.fails_when("the page calls `close()` and stays", assertion="arrived < sent", leave="close()")
@pytest.mark.fails_when("the kernel's buffers have their usual size", assertion="taken < given", small=False)
def test_a_tab_takes_messages_along_at_bufferedamount_0(
    chat_inside: Chat,
    open_page: Callable[..., Page],
    network: Network,
    leave: str = "the tab is closed",
    small: bool = True,
) -> None:
    """When the kernel's buffers are full, messages die with Chromium's tab although its bufferedAmount was 0."""
    page = open_page(chat_inside.webapp())
    sent = 12
    with network.small_buffers() if small else nullcontext():
        gateway = chat_inside.gateway(None, "--ack", "discard")
        open_socket(page, gateway)
        gateway.stop()
        for _ in range(sent):
            send(page, "x" * 8 * 1024)
        given = sent * 8 * 1024
        until(lambda: look(page)["buffered"] == 0, "an empty queue")
        soon(lambda: network.taken(gateway.port) >= given, 3)
        taken = network.taken(gateway.port)
        assert taken < given
        assert look(page) == NOTHING_HAPPENED
        if leave == "close()":
            page.evaluate("socket.close()")
        else:
            page.close()
            until(lambda: network.open_to(gateway.port) == 0, "the end of the connection on the tab's side")
        gateway.go_on()
        gateway.wait_for_no_sockets()

    arrived = chat_inside.frames()
    assert 0 < arrived < sent


@pytest.mark.fails_when("the message is a POST of the outbox", assertion="stored(chat_inside) == []", carrier="POST")
def test_a_forgotten_connection_swallows_a_message(
    chat_inside: Chat, open_page: Callable[..., Page], forgetful: Network, carrier: str = "socket"
) -> None:
    """After three retransmissions into a path that drops them, Chromium's socket is open, its bufferedAmount 0."""
    webapp = chat_inside.webapp()
    gateway = chat_inside.gateway(webapp)
    page = open_page(webapp)
    open_socket(page, gateway)
    forgetful.forget(gateway.port if carrier == "socket" else webapp.port)

    if carrier == "socket":
        assert send(page, "lost") == "undefined"
        until(lambda: forgetful.retransmissions(gateway.port) >= 3, "retransmissions")
        assert forgetful.unacknowledged(gateway.port) == 1
    else:
        _post(page, "lost")
    assert look(page) == NOTHING_HAPPENED
    assert stored(chat_inside) == []


@pytest.mark.fails_when("the message is a POST of the outbox", assertion="stored(chat_inside) == []", carrier="POST")
def test_what_the_kernel_acknowledged_dies_with_the_process(
    chat_inside: Chat, open_page: Callable[..., Page], network: Network, carrier: str = "socket"
) -> None:
    """A message that the receiving kernel acknowledged and no process had read is lost when that process is killed."""
    webapp = chat_inside.webapp()
    gateway = chat_inside.gateway(webapp)
    page = open_page(webapp)
    open_socket(page, gateway)
    receiver = gateway if carrier == "socket" else webapp
    receiver.stop()

    if carrier == "socket":
        assert send(page, "lost") == "undefined"
    else:
        start_post(page, "lost", timeout=2_000)
    until(lambda: network.unread(receiver.port) > 0, "the bytes")
    until(lambda: network.unacknowledged(receiver.port) == 0, "the acknowledgement of TCP")
    assert look(page) == NOTHING_HAPPENED

    receiver.kill()
    if carrier == "socket":
        until(lambda: look(page)["closed"] == 1006, "the end of the connection")
    receiver.start()
    if carrier == "POST":
        until(lambda: answered(page), "the outbox")
    assert stored(chat_inside) == []


@pytest.mark.fails_when("the gateway acknowledges what it has stored", assertion="stored(chat) == []", ack="stored")
def test_an_acknowledgement_before_the_commit_is_worth_nothing(chat: Chat, ack: str = "first") -> None:
    """A gateway that acknowledges first and stores later, killed in between, loses what it acknowledged."""
    webapp = chat.webapp()
    gateway = chat.gateway(webapp, "--ack", ack, "--flush-ms", "3600000")
    sender = chat.sender(gateway)
    sender.ask("send", {"id": 1, "type": "message", "channel": "C1", "text": "lost"})
    until(lambda: sender.ask("look")["replies"] == [1], "the acknowledgement")

    gateway.kill()
    soon(lambda: stored(chat) != [], 3)  # time for a request to the web app, should there be one
    assert stored(chat) == []
