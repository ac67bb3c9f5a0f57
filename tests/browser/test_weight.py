"""What a first visit costs, and that nothing moves while it loads."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Request

from browser.places import Place
from browser.visits import Visitor
from tools.pages import PagesServer

PAGES = (("stress", "home"), ("stress", "article: every feature"), ("real", "home"), ("real", "article"))
HOME_LIMIT = 250_000
"""Bytes over the wire for the front page, compressed, fonts and all."""
SHIFT_LIMIT = 0.02
"""Sum of layout shifts; 0.1 is what web.dev calls good."""

_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput)
      window.shifts.push([entry.value, entry.sources.map((each) => each.node?.className ?? each.node?.nodeName)]);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("site", ["stress", "real"])
def test_the_front_page_is_light(site: str, servers: Mapping[str, PagesServer], visitor: Visitor) -> None:
    with visitor.new_window() as page:
        finished: list[Request] = []

        def note(request: Request) -> None:
            finished.append(request)

        page.on("requestfinished", note)
        page.goto(servers[site].url(""), wait_until="networkidle")
        sizes = {request.url: request.sizes() for request in finished}
        total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
        listed = "\n".join(f"{size['responseBodySize']:8} {url}" for url, size in sizes.items())
        assert any(url.endswith(".woff2") for url in sizes), "no font was loaded: is this measured?"
        assert total <= HOME_LIMIT, f"{total:,} bytes\n{listed}"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "place",
    [
        Place("stress", "home"),
        Place("stress", "article: every feature"),
        Place("real", "home"),
        Place("real", "article"),
    ],
    ids=str,
)
def test_nothing_moves_while_the_page_loads_and_is_scrolled(
    place: Place, width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, address = place.on(servers)
    with visitor.new_window(width) as page:
        page.add_init_script(_SHIFTS)
        page.goto(server.url(address), wait_until="networkidle")
        # Pictures further down are fetched as they come near.
        height = page.evaluate("document.scrollingElement.scrollHeight")
        for top in range(0, height, 1500):
            page.evaluate("(top) => scrollTo({ top, behavior: 'instant' })", top)
            page.wait_for_timeout(30)
        shifts = page.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) < SHIFT_LIMIT, shifts
