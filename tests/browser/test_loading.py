"""What a page asks for, sets and says while it loads: nothing of any other host, no cookie, no error."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from browser.places import EVERY, Place
from browser.visits import THEMES, WIDTHS, Visitor
from tools.pages import PagesServer

LOOKS = [(theme, width) for theme in THEMES for width in WIDTHS]


@pytest.mark.parametrize("place", EVERY, ids=str)
def test_a_page_loads_from_its_own_host_alone_without_an_error(
    place: Place, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    """In either theme and at every width, whether it is loaded so or turned into it."""
    server, page = place.on(servers)
    found = {}
    for theme, width in LOOKS:
        visit = visitor.look(server, page, theme, width)
        assert visit.status == (404 if place.name == "404" else 200)
        foreign = [url for url in visit.requests if not url.startswith((f"{server.origin}/", "data:"))]
        outside = [url for url in visit.requests if not urlsplit(url).path.startswith(server.site.mount)]
        wrong = {
            "other hosts": foreign,
            "outside the sub-path": [url for url in outside if url not in foreign],
            "failed": list(visit.failures),
            "said": list(visit.said),
            "stopped by the security policy": list(visit.violations),
            "cookies": list(visit.cookies),
        }
        found[theme, width] = {what: each for what, each in wrong.items() if each}
    assert {look: each for look, each in found.items() if each} == {}


def test_a_page_that_is_loaded_is_seen_to_ask_for_files(stress: PagesServer, visitor: Visitor) -> None:
    """A list of nothing would prove nothing."""
    for theme, width in (("light", 1440), ("dark", 390)):
        visit = visitor.look(stress, "", theme, width)  # type: ignore[arg-type]
        assert any(url.endswith(".css") or ".css?" in url for url in visit.requests)
