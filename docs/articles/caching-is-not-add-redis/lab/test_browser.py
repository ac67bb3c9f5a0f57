"""The cache nearest to the reader: what Chromium asks for a second time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from engblog.lab.process import find_program

from .counted_origin import Answer, Asked, CountedOrigin

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DAY = 86_400
ETAG = {"ETag": '"v1"'}


@pytest.fixture(scope="module")
def browser(record: Any) -> Iterator[Browser]:
    """A Chromium without windows."""
    with sync_playwright() as playwright:
        program = find_program("chromium", package="chromium")
        made = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        record.version("Chromium", made.version)
        yield made
        made.close()


Fetch = Callable[[dict[str, str]], int]


@pytest.fixture
def requests_for_two(browser: Browser, origin: CountedOrigin) -> Fetch:
    """``requests_for_two(headers)``: a page fetches a resource with these headers twice; the requests that arrived."""

    def fetch(headers: dict[str, str]) -> int:
        def answer(asked: Asked) -> Answer:
            known = headers.get("ETag")
            if asked.path == "/price" and known and asked.headers.get("if-none-match") == known:
                return Answer(status=304, headers=headers)
            return Answer(b"100", headers=headers if asked.path == "/price" else {})

        origin.answer = answer
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{origin.port}/")
        for _ in range(2):
            assert page.evaluate("fetch('/price').then(answer => answer.text())") == "100"
        context.close()
        return origin.calls("/price")

    return fetch


@pytest.mark.fails_when("it says `no-cache`", assertion="asked == 1", control="no-cache")
def test_a_fresh_copy_is_not_asked_for(requests_for_two: Fetch, control: str = "max-age=60") -> None:
    """With max-age=60, Chromium's second fetch of an address sends no request."""
    asked = requests_for_two({"Cache-Control": control, **ETAG})

    assert asked == 1


@pytest.mark.fails_when("it says `no-store`", assertion="conditional", control="no-store")
def test_no_cache_keeps_a_copy_and_asks(
    requests_for_two: Fetch, origin: CountedOrigin, control: str = "no-cache"
) -> None:
    """Under no-cache Chromium keeps the answer, and its second fetch sends If-None-Match."""
    asked = requests_for_two({"Cache-Control": control, **ETAG})
    conditional = origin.asked[-1].headers.get("if-none-match") == ETAG["ETag"]

    assert asked == 2
    assert conditional


@pytest.mark.fails_when("it says `no-cache`", assertion="asked == 1", extra={"Cache-Control": "no-cache"})
def test_an_answer_that_says_nothing_is_cached_by_guess(
    requests_for_two: Fetch, extra: dict[str, str] | None = None
) -> None:
    """Without Cache-Control, an answer last modified ten days ago is fresh: Chromium's second fetch sends nothing."""
    modified = formatdate(time.time() - 10 * DAY, usegmt=True)
    asked = requests_for_two({"Last-Modified": modified, **(extra or {})})

    assert asked == 1
