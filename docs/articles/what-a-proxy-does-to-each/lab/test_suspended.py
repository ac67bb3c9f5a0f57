"""A client that is suspended, as phones do it: every process of the browser is stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pytest
from playwright.sync_api import BrowserContext
from waiting import until, until_reading

Start = Callable[..., Any]


@contextmanager
def _suspended() -> Iterator[None]:
    """Stop the browser's processes for as long as the block runs."""
    ours = psutil.Process().children(recursive=True)
    browser = [process for process in ours if "chrom" in process.name()]
    assert browser
    try:
        _send(browser, signal.SIGSTOP)
        yield
    finally:
        _send(browser, signal.SIGCONT)


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


@pytest.mark.fails_when("the server remembers no events", assertion='"seen") == ["1", "2", "3"]', remembers=False)
def test_a_suspended_browser_resumes_its_stream_and_not_its_socket(
    start_origin: Start, profile: BrowserContext, remembers: bool = True
) -> None:
    """A browser whose connections die while it is stopped resumes its event stream by itself, but not its WebSocket."""
    origin = start_origin(remembers=remembers)
    page = profile.new_page()
    page.goto(f"http://127.0.0.1:{origin.port}/")
    page.evaluate(
        "plain('/events'); window.frames_ = []; window.codes = []; socketOpens().then(() => {"
        " const [socket] = waiting.sockets; socket.onmessage = ({ data }) => frames_.push(data);"
        " socket.onclose = ({ code }) => codes.push(code); })"
    )
    until_reading(origin, "/events")
    until_reading(origin, "/socket")
    until(page, "Boolean(waiting.sockets[0].onclose)")
    origin.publish("1")
    until(page, "seen.length == 1 && frames_.length == 1")
    with _suspended():
        origin.cut()
        for text in ("2", "3"):
            origin.publish(text)
    until(page, "codes.length == 1")
    assert page.evaluate("codes") == [1006]
    until_reading(origin, "/events")
    origin.write(b"event: ping\ndata:\n\n")
    until(page, "pings.length == 1")
    assert page.evaluate("seen") == ["1", "2", "3"]
    assert page.evaluate("frames_.length") == 1
    assert origin.reading("/socket") == 0
