"""What a page asks for, sets and says while it loads: nothing of any other host, no cookie, no error."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from browser.places import EVERY, Place
from browser.visits import THEMES, WIDTHS, Theme, Visitor
from tools.pages import PagesServer

LOOKS = [(theme, width) for theme in THEMES for width in WIDTHS]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
@pytest.mark.parametrize("place", EVERY, ids=str)
def test_a_page_loads_from_its_own_host_alone_without_an_error(
    place: Place, theme: Theme, width: int, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server, page = place.on(servers)
    visit = visitor.look(server, page, theme, width)
    assert visit.status == (404 if place.name == "404" else 200)
    foreign = [url for url in visit.requests if not url.startswith((f"{server.origin}/", "data:"))]
    outside = [url for url in visit.requests if not urlsplit(url).path.startswith(server.site.mount)]
    assert {
        "other hosts": foreign,
        "outside the sub-path": [url for url in outside if url not in foreign],
        "failed": list(visit.failures),
        "said": list(visit.said),
        "stopped by the security policy": list(visit.violations),
        "cookies": list(visit.cookies),
    } == {
        "other hosts": [],
        "outside the sub-path": [],
        "failed": [],
        "said": [],
        "stopped by the security policy": [],
        "cookies": [],
    }
