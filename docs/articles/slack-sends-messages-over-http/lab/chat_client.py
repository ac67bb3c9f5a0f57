"""What tests do to the lab's chat besides starting it."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from typing import Any

from chat_processes import Chat, Program
from playwright.sync_api import Page

SECONDS = 30
"""How long a test waits for what must come, on a machine that is busy with other things."""


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for *condition*, asking ten times a second."""
    assert soon(condition, SECONDS), f"waited in vain for {what}"


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether *condition* comes true within *seconds*: for what comes at once, or in a counter-experiment never."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def stored(chat: Chat) -> list[str]:
    """Return the texts of all stored messages, in the order of their ts."""
    if not chat.db.exists():
        return []
    with closing(sqlite3.connect(chat.db, timeout=SECONDS)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'message'").fetchone():
            return []  # the server has only just made the file
        return [text for (text,) in db.execute("SELECT text FROM message ORDER BY ts")]


def post(webapp: Any, text: str, key: str | None = None, *, author: str = "alice") -> tuple[int, dict[str, Any]]:
    """Send one request to *webapp*, or what stands before it, on a connection of its own; return status and body."""
    body = {"channel": "C1", "text": text} | ({"client_msg_id": key} if key else {})
    headers = {"Authorization": f"Bearer {author}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{webapp.port}/api/chat.postMessage", json.dumps(body).encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        with refused:
            text = refused.read().decode()
            return refused.code, json.loads(text) if text.startswith("{") else {}


# --8<-- [start:fetch]
FETCH = """(message) => fetch("/api/chat.postMessage", {
    method: "POST",
    headers: { authorization: "Bearer alice", "content-type": "application/json" },
    body: JSON.stringify(message),
}).then((response) => response.status, (error) => error.name)"""
# --8<-- [end:fetch]


def fetch(page: Page, text: str, key: str | None = None) -> int | str:
    """Send one request from the page; return its status, or the name of the error."""
    said: int | str = page.evaluate(FETCH, {"channel": "C1", "text": text, "client_msg_id": key})
    return said


def open_socket(page: Page, gateway: Program) -> None:
    """Open ``socket`` in the page and wait for the gateway's hello; ``heard`` keeps what happens to it."""
    page.evaluate(
        """(address) => new Promise((resolve) => {
            window.heard = { closed: null, replies: [] };
            window.socket = new WebSocket(address);
            socket.onclose = ({ code }) => { heard.closed = code; };
            socket.onmessage = ({ data }) => {
                const message = JSON.parse(data);
                if (message.type === "hello") resolve();
                if (message.reply_to) heard.replies.push(message.reply_to);
            };
        })""",
        f"ws://127.0.0.1:{gateway.port}",
    )


# --8<-- [start:send]
SEND = """(text) => {
    const said = socket.send(JSON.stringify({ id: 1, type: "message", channel: "C1", text }));
    return String(said);
}"""
# --8<-- [end:send]


def send(page: Page, text: str) -> str:
    """Send a message over the page's socket; return what ``send()`` returned, as text."""
    said: str = page.evaluate(SEND, text)
    return said


def look(page: Page) -> dict[str, Any]:
    """Return what a page can know of its socket."""
    seen: dict[str, Any] = page.evaluate(
        "() => ({ state: socket.readyState, buffered: socket.bufferedAmount, ...heard })"
    )
    return seen


def start_post(page: Page, text: str, **options: Any) -> None:
    """Press Enter in the page: its outbox sends *text* over HTTP and keeps trying."""
    page.evaluate(
        """([text, options]) => {
            window.outbox = new Outbox(options);
            window.answered = null;
            outbox.send("C1", text).then(
                (answer) => { window.answered = answer; },
                (error) => { window.answered = { ok: false, error: String(error) }; },
            );
        }""",
        [text, {"timeout": 1_000, "pause": 100, **options}],
    )


def answered(page: Page) -> bool:
    """Whether the outbox has its answer."""
    return bool(page.evaluate("() => Boolean(window.answered?.ok)"))
