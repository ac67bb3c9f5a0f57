"""Authentication: what a page can send along, who keeps it, and how often it is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client import Client, get
from engblog.lab.process import wait_until
from origin import COOKIE
from playwright.sync_api import BrowserContext
from proxies import UPGRADE, nginx
from waiting import PATIENCE, until_reading
from websockets.sync.client import connect as connect_socket

Start = Callable[..., Any]
Connect = Callable[..., Client]
CHECKED = "location = /session { internal; proxy_pass http://127.0.0.1:%d; }"


@pytest.mark.fails_when(
    "the page uses fetch",
    assertion='"authorization" not in asked.headers',
    call="void fetch('/events', { headers: { Authorization: 'Bearer t0ken' } })",
)
def test_an_event_source_sends_cookies_and_no_header_of_the_page(
    start_origin: Start,
    profile: BrowserContext,
    call: str = "waiting.events.push(new EventSource('/events', { headers: { Authorization: 'Bearer t0ken' } }))",
) -> None:
    """Chromium's EventSource ignores headers that the page names, and sends the page's cookies."""
    origin = start_origin()
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{origin.port}/")
    page.evaluate(call)
    until_reading(origin, "/events")
    asked = origin.requests("/events")[0]
    assert asked.headers["cookie"] == COOKIE
    assert "authorization" not in asked.headers


@pytest.mark.fails_when("the token is a cookie", assertion='"t0ken" in logged', place="cookie")
def test_a_token_in_the_address_is_logged(
    start_origin: Start, start_nginx: Start, connect: Connect, place: str = "address"
) -> None:
    """nginx writes a token that is in the address of a stream into its access log."""
    origin = start_origin()
    proxy = start_nginx(nginx(origin.port))
    if place == "address":
        client = connect(proxy.port, "/events?token=t0ken")
    else:
        client = connect(proxy.port, "/events", Cookie="token=t0ken")
    until_reading(origin, "/events")
    client.close()
    log = proxy.folder / "access.log"
    wait_until(lambda: "/events" in log.read_text(), seconds=PATIENCE, what="the line in the log")
    logged = log.read_text()
    assert "t0ken" in logged


@pytest.mark.fails_when("the session is not revoked", assertion="next_poll == 401", revoke=False)
def test_a_revoked_session_keeps_its_stream(
    start_origin: Start, start_nginx: Start, connect: Connect, revoke: bool = True
) -> None:
    """Behind nginx's auth_request, a revoked session still gets events and frames; its next poll is refused."""
    origin = start_origin(hold=0.2)
    proxy = start_nginx(
        nginx(
            origin.port,
            location=UPGRADE + "proxy_buffering off; auth_request /session;",
            server=CHECKED % origin.port,
        )
    )
    stream = connect(proxy.port, "/events", Cookie=COOKIE)
    address = f"ws://127.0.0.1:{proxy.port}/socket"
    with connect_socket(address, proxy=None, additional_headers={"Cookie": COOKIE}) as socket:
        until_reading(origin, "/events")
        until_reading(origin, "/socket")
        assert get(proxy.port, "/poll", Cookie=COOKIE) == 204
        if revoke:
            origin.sessions.clear()
        origin.publish("secret")
        stream.wait_for(b"secret")
        assert "secret" in str(socket.recv(timeout=PATIENCE))
    next_poll = get(proxy.port, "/poll?after=1", Cookie=COOKIE)
    assert next_poll == 401
    assert get(proxy.port, "/events", Cookie=COOKIE) == 401


@pytest.mark.fails_when(
    "the server allows the other origin",
    assertion="not stream",
    headers={"Access-Control-Allow-Origin": "{origin}", "Access-Control-Allow-Credentials": "true"},
)
def test_another_site_may_open_a_socket(
    start_origin: Start, profile: BrowserContext, headers: dict[str, str] | None = None
) -> None:
    """Chromium lets a page of another origin open a WebSocket with its cookies, but no event stream without CORS."""
    elsewhere = start_origin()
    other = f"http://127.0.0.1:{elsewhere.port}"
    allowed = {name: value.format(origin=other) for name, value in (headers or {}).items()}
    origin = start_origin(headers=allowed)
    page = profile.new_page()
    page.goto(f"{other}/")  # the cookie is one of 127.0.0.1, whatever the port
    assert page.evaluate(f"socketOpens('ws://127.0.0.1:{origin.port}/socket')")
    asked = origin.requests("/socket")[0]
    assert asked.headers["cookie"] == COOKIE
    assert asked.headers["origin"] == other
    stream = page.evaluate(f"sourceOpens('http://127.0.0.1:{origin.port}/events')")
    assert not stream
