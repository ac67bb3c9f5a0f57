"""What a first visit costs, and that nothing moves while it loads."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Mapping

import pytest
from playwright.sync_api import Request

from browser.places import Place
from browser.stress import ROOT
from browser.visits import Visitor
from tools.pages import PagesServer

BUDGETS = tomllib.loads((ROOT / "benchmarks/budgets.toml").read_text(encoding="utf-8"))
_DRAWING = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_MINUTES = re.compile(rb"<span>(\d+) min")
_PICTURE = re.compile(r"\.(?:avif|gif|ico|jpe?g|png|svg|webp)(?:\?|$)")
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


def weights(server: PagesServer, address: str, visitor: Visitor) -> dict[str, int]:
    """Bytes of the bodies that a first visit to *address* fetches, compressed, without pictures, by path."""
    with visitor.new_window() as page:
        finished: list[Request] = []

        def note(request: Request) -> None:
            finished.append(request)

        page.on("requestfinished", note)
        page.goto(server.url(address), wait_until="networkidle")
        sizes = {
            request.url.removeprefix(server.origin): request.sizes()["responseBodySize"]
            for request in finished
            if not _PICTURE.search(request.url)
        }
    drawn = server.site.file(address).read_bytes()
    sizes["(drawings)"] = len(gzip.compress(_DRAWING.sub(b"", drawn), 9)) - len(gzip.compress(drawn, 9))
    return sizes


def address_of(kind: str, server: PagesServer) -> str:
    """A page of the kind that a budget names: of articles, one whose text has twenty minutes; of lists, the longest."""
    if kind == "home":
        return ""
    pages = server.site.kinds["category" if kind == "list" else kind]
    sized = sorted(pages, key=lambda page: server.site.file(page).stat().st_size)
    if kind != "article":
        return sized[-1] if kind == "list" else sized[len(sized) // 2]
    return next(page for page in sized if _MINUTES.search(server.site.file(page).read_bytes())[1] == b"20")  # type: ignore[index]


@pytest.mark.parametrize("kind", BUDGETS)
def test_a_first_visit_stays_within_its_budget(kind: str, real: PagesServer, visitor: Visitor) -> None:
    sizes = weights(real, address_of(kind, real), visitor)
    listed = "\n".join(f"{size:8} {path}" for path, size in sorted(sizes.items(), key=lambda each: -each[1]))
    scripts = sum(size for path, size in sizes.items() if path.partition("?")[0].endswith((".js", ".mjs")))
    assert any(path.endswith(".woff2") for path in sizes), "no font was loaded: is this measured?"
    assert scripts, "no script was loaded: is this measured?"
    assert sum(sizes.values()) <= BUDGETS[kind]["everything"], listed
    assert scripts <= BUDGETS[kind]["javascript"], listed


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
