"""What ``send()`` says, and what it does not know."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from chat_client import look, open_socket, send, soon, stored, until
from chat_network import Network
from chat_processes import Chat, Program
from playwright.sync_api import Page

OPEN = 1


@pytest.mark.fails_when("the page waits for `open` first", assertion="refused", wait=True)
def test_send_throws_while_the_socket_is_connecting(
    chat_inside: Chat, open_page: Callable[..., Page], wait: bool = False
) -> None:
    """In Chromium, send() before the socket is open throws an InvalidStateError."""
    webapp = chat_inside.webapp()
    gateway = chat_inside.gateway(webapp)
    page = open_page(webapp)

    refused = page.evaluate(
        """async ([address, wait]) => {
            const socket = new WebSocket(address);
            if (wait) await new Promise((resolve) => { socket.onopen = resolve; });
            try { socket.send("{}"); } catch (error) { return error.name; }
            return null;
        }""",
        [f"ws://127.0.0.1:{gateway.port}", wait],
    )
    assert refused == "InvalidStateError"


@pytest.mark.fails_when(
    "the gateway acknowledges what it has stored", assertion="pages[0] == pages[1]", second="stored"
)
def test_a_server_that_throws_everything_away_looks_like_one_that_stores_it(
    chat_inside: Chat, open_page: Callable[..., Page], second: str = "discard"
) -> None:
    """Without an acknowledgement by the application, a page sees the same whether its message is stored or not."""
    webapp = chat_inside.webapp()
    pages = []
    for ack in ("never", second):
        gateway = chat_inside.gateway(webapp, "--ack", ack)
        page = open_page(webapp)
        open_socket(page, gateway)
        before = chat_inside.frames()
        said = send(page, f"to a gateway with --ack {ack}")
        until(lambda before=before: chat_inside.frames() > before, "the frame")
        if ack != "discard":
            until(lambda ack=ack: any(ack in text for text in stored(chat_inside)), "the row")
        soon(lambda page=page: look(page)["replies"] != [], 3)  # time for a reply, should there be one
        pages.append((said, look(page)))

    assert pages[0] == pages[1]
    assert pages[0] == ("undefined", {"state": OPEN, "buffered": 0, "closed": None, "replies": []})
    assert stored(chat_inside) == ["to a gateway with --ack never"]


FILL = """async (largest) => {
    const message = JSON.stringify({ type: "message", text: "x".repeat(256 * 1024) });
    const curve = [];
    for (let sent = 0; sent < largest;) {
        socket.send(message);
        sent += message.length;
        for (let before = -1; before !== socket.bufferedAmount;) { // until it stands still
            before = socket.bufferedAmount;
            await new Promise((resolve) => setTimeout(resolve, 15));
        }
        curve.push([sent, socket.bufferedAmount]);
    }
    return curve;
}"""


def _curve(page: Page, gateway: Program, largest: float) -> list[tuple[int, int]]:
    """Fill a new socket whose gateway is stopped; return how much was sent and was then buffered, step by step."""
    open_socket(page, gateway)
    gateway.stop()
    curve: list[tuple[int, int]] = page.evaluate(FILL, largest)
    assert look(page)["state"] == OPEN
    page.reload()  # the socket ends with the document
    gateway.go_on()
    return curve


@pytest.mark.fails_when("the kernel's socket buffers are small", assertion="min(unread) > 1_000_000", small=True)
def test_bufferedamount_is_zero_while_nobody_has_read_a_byte(
    chat_inside: Chat, open_page: Callable[..., Page], network: Network, record: Any, small: bool = False
) -> None:
    """With the gateway stopped, Chromium's bufferedAmount stays 0 for over a megabyte that nobody has read."""
    page = open_page(chat_inside.webapp())
    with network.small_buffers() if small else nullcontext():
        gateway = chat_inside.gateway(None, "--ack", "discard")
        runs = [_curve(page, gateway, 2e6 if small else 6e6) for _ in range(1 if small else 5)]

    unread = [max((sent for sent, buffered in curve if buffered == 0), default=0) for curve in runs]
    assert min(unread) > 1_000_000

    note = "sent in messages of 256 KiB while bufferedAmount was 0 and the gateway stopped"
    record.samples("unread", [sent / 1e6 for sent in unread], unit="MB", note=note)
    chart = record.chart(
        "buffered",
        title="What bufferedAmount says while the server reads nothing",
        x="given to send(), MB",
        y="MB",
        note="messages of 256 KiB to a gateway that is stopped (SIGSTOP), Chromium, loopback, one run",
    )
    for sent, buffered in runs[0]:
        chart.point("given to send(), read by nobody", sent / 1e6, sent / 1e6)
        chart.point("bufferedAmount", sent / 1e6, buffered / 1e6)


@pytest.mark.fails_when("ws is told not to (`autoPong: false`)", assertion="pong", options=("--no-auto-pong",))
@pytest.mark.fails_when("the gateway's process is stopped", assertion="pong", stop=True)
def test_a_pong_says_nothing_about_messages(
    chat: Chat, record: Any, stop: bool = False, options: tuple[str, ...] = ()
) -> None:
    """ws answers a ping by itself: the pong comes from a gateway whose application throws every message away."""
    gateway = chat.gateway(None, "--ack", "discard", *options)
    sender = chat.sender(gateway)
    record.version("Node.js", sender.node)
    record.version("ws", sender.ws)
    if stop:
        gateway.stop()
    sender.ask("send", {"id": 1, "type": "message", "channel": "C1", "text": "lost"})
    sender.ask("ping")

    pong = soon(lambda: sender.ask("look")["pongs"] == 1)
    assert pong
    assert chat.frames() == 1
    assert sender.ask("look")["replies"] == []


@pytest.mark.fails_when("success is the reply, not the callback", assertion="success", success_is="reply")
@pytest.mark.fails_when("the gateway runs until it has stored the message", assertion="stored(chat) == []", stop=False)
def test_the_callback_of_ws_calls_a_lost_message_sent(
    chat: Chat, success_is: str = "callback", stop: bool = True
) -> None:
    """With the gateway stopped, the callback of ws reports no error for a message that dies with the gateway."""
    webapp = chat.webapp()
    gateway = chat.gateway(webapp)
    sender = chat.sender(gateway)
    if stop:
        gateway.stop()

    said = sender.ask("send", {"id": 1, "type": "message", "channel": "C1", "text": "lost"})
    if not stop:
        until(lambda: stored(chat) != [], "the row")
    gateway.kill()
    until(lambda: sender.ask("look")["closed"] is not None, "the end of the connection")
    success = said["error"] is None if success_is == "callback" else sender.ask("look")["replies"] == [1]
    assert success
    assert stored(chat) == []
