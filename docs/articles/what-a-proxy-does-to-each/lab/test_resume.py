"""Resumption: what a browser does after a cut, and after an answer that is not 200."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client import Client, settle
from engblog.lab.process import wait_until
from playwright.sync_api import BrowserContext
from proxies import haproxy, nginx
from waiting import PATIENCE, until, until_reading

Start = Callable[..., Any]
Connect = Callable[..., Client]
CONNECTING, CLOSED = 0, 2
FORGETFUL = """
    const Whole = EventSource;
    EventSource = class extends Whole { constructor(address) { super(address.split("?")[0]); } };
    0
"""


@pytest.mark.fails_when("the server ignores the header", assertion='== ["one", "two"]', remembers=False)
def test_a_stream_resumes_after_the_last_whole_event(
    start_origin: Start, profile: BrowserContext, remembers: bool = True
) -> None:
    """Chromium drops half an event at a cut and reconnects with the number of the last whole one; nothing is lost."""
    origin = start_origin(remembers=remembers)
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{origin.port}/")
    page.evaluate("plain('/events')")
    until_reading(origin, "/events")
    origin.publish("one")
    until(page, "seen.length == 1")

    origin.write(b"id: 2\ndata: tw")
    origin.events.append("two")  # it was sent, but the cut comes before its end
    origin.cut()
    until_reading(origin, "/events")
    assert [asked.headers.get("last-event-id") for asked in origin.requests("/events")] == [None, "1"]
    origin.write(b"event: ping\ndata:\n\n")
    until(page, "pings.length == 1")
    assert page.evaluate("seen") == ["one", "two"]


def _in_front(kind: str, port: int, start_nginx: Start, start_haproxy: Start) -> int:
    """Start a proxy in front of the origin at *port*; return the port that the page shall use."""
    if kind == "nginx":
        return int(start_nginx(nginx(port, location="proxy_buffering off;")).port)
    return int(start_haproxy(haproxy(port)).port) if kind == "HAProxy" else port


@pytest.mark.fails_when("there is no proxy", assertion='"source.readyState") == CLOSED', behind=("nothing",))
def test_an_error_of_the_proxy_ends_an_event_source(
    start_origin: Start,
    start_nginx: Start,
    start_haproxy: Start,
    profile: BrowserContext,
    behind: tuple[str, ...] = ("nginx", "HAProxy"),
) -> None:
    """When a reconnect meets the error page of nginx or HAProxy, Chromium's EventSource is closed and stays closed."""
    for kind in behind:
        origin = start_origin()
        port = _in_front(kind, origin.port, start_nginx, start_haproxy)
        page = profile.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.evaluate("plain('/events')")
        until_reading(origin, "/events")
        origin.stop_listening()
        until(page, "errors.length >= 2")
        assert page.evaluate("source.readyState") == CLOSED
        status = page.evaluate("fetch('/here').then(({ status }) => status)")
        assert status == {"nginx": 502, "HAProxy": 503}[kind]
        origin.listen()
        for _ in range(5):
            page.evaluate("fetch('/here').then(() => new Promise((resolve) => setTimeout(resolve, 10)))")
        assert len(origin.requests("/events")) == 1


@pytest.mark.fails_when("nginx is in between", assertion='"source.readyState") == CONNECTING', behind="nginx")
def test_a_refused_connection_is_retried(
    start_origin: Start,
    start_nginx: Start,
    start_haproxy: Start,
    profile: BrowserContext,
    behind: str = "nothing",
) -> None:
    """Without a proxy, Chromium goes on reconnecting while the server is down, and resumes when it is back."""
    origin = start_origin()
    port = _in_front(behind, origin.port, start_nginx, start_haproxy)
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.evaluate("plain('/events')")
    until_reading(origin, "/events")
    origin.publish("one")
    until(page, "seen.length == 1")
    origin.stop_listening()
    until(page, "errors.length >= 2")
    assert page.evaluate("source.readyState") == CONNECTING
    origin.publish("two")
    origin.listen()
    until(page, "seen.length == 2")
    assert origin.requests("/events")[-1].headers["last-event-id"] == "1"


@pytest.mark.fails_when("it starts again without a cursor", assertion='== ["one", "two"]', forgets=True)
def test_the_page_starts_a_new_source_with_its_cursor(
    start_origin: Start, start_nginx: Start, profile: BrowserContext, forgets: bool = False
) -> None:
    """After an outage behind nginx, a page that opens a new EventSource with its cursor shows every event once."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location="proxy_buffering off;"))
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{proxy.port}/")
    if forgets:
        page.evaluate(FORGETFUL)
    page.evaluate("follow('/events', (text) => seen.push(text), 50)")
    until_reading(origin, "/events")
    origin.publish("one")
    until(page, "seen.length == 1")
    origin.stop_listening()
    origin.publish("two")
    wait_until(lambda: " 502 " in (proxy.folder / "access.log").read_text(), seconds=PATIENCE, what="a 502")
    origin.listen()
    until(page, "seen.includes('two')")
    assert page.evaluate("seen") == ["one", "two"]


@pytest.mark.fails_when("the client names no cursor", assertion='["two"]', cursor="")
def test_a_lost_answer_to_a_poll_is_asked_for_again(
    start_origin: Start, connect: Connect, cursor: str = "?after=1"
) -> None:
    """A long poll that asks with the cursor of one whose answer was lost gets the same events again."""
    origin = start_origin()
    origin.publish("one")
    lost = connect(origin.port, f"/poll{cursor}")
    until_reading(origin, "/poll", 1 if cursor else 0)
    lost.close()
    origin.publish("two")
    answer = connect(origin.port, f"/poll{cursor}").wait_for(b"}")
    assert b'"events": ["two"]' in answer


@pytest.mark.fails_when("the server forgets what it sent", assertion='== ["one", "two"]', remembers=False)
def test_a_polling_page_survives_errors(
    start_origin: Start, start_nginx: Start, profile: BrowserContext, remembers: bool = True
) -> None:
    """A page that polls behind nginx shows every event once, through an empty answer and an outage with 502."""
    origin = start_origin(hold=0.3, remembers=remembers)
    proxy = start_nginx(nginx(origin.port))
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{proxy.port}/")
    page.evaluate("void poll('/poll', (text) => seen.push(text), 50)")
    wait_until(lambda: len(origin.requests("/poll")) > 1, seconds=PATIENCE, what="a second poll, after a 204")
    until_reading(origin, "/poll")
    origin.publish("one")
    until(page, "seen.length == 1")
    origin.stop_listening()
    origin.publish("two")
    wait_until(lambda: " 502 " in (proxy.folder / "access.log").read_text(), seconds=PATIENCE, what="a 502")
    origin.listen()
    before = len(origin.requests("/poll"))
    wait_until(lambda: len(origin.requests("/poll")) > before + 1, seconds=PATIENCE, what="two more polls")
    assert page.evaluate("seen") == ["one", "two"]


@pytest.mark.fails_when("it has `option abortonclose`", assertion="poll_waits", more="option abortonclose")
def test_haproxy_polls_on_for_a_client_that_has_left(
    start_origin: Start, start_haproxy: Start, connect: Connect, more: str = ""
) -> None:
    """When the client of a long poll leaves, HAProxy 2.6 lets the request to the server wait on."""
    origin = start_origin()
    proxy = start_haproxy(haproxy(origin.port, more=more))
    client = connect(proxy.port, "/poll")
    until_reading(origin, "/poll")
    client.close()
    for _ in range(20):
        settle(proxy.port)
    poll_waits = origin.reading("/poll") == 1
    assert poll_waits


@pytest.mark.fails_when(
    "`proxy_ignore_client_abort` is on", assertion="not waits", location="proxy_ignore_client_abort on;"
)
def test_nginx_tells_the_server_that_a_client_has_left(
    start_origin: Start, start_nginx: Start, connect: Connect, location: str = ""
) -> None:
    """When the client of a long poll or of a stream leaves, nginx ends its request to the server."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port, location=location))
    for path in ("/poll", "/events"):
        client = connect(proxy.port, path)
        until_reading(origin, path)
        client.close()
        for _ in range(20):
            settle(proxy.port)
            if not origin.reading(path):
                break
        waits = origin.reading(path) > 0
        assert not waits
