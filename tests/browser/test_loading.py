"""What a page asks for, sets and says while it loads: nothing of any other host, no cookie, no error."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from support.patience import PATIENCE

from browser.places import EVERY, Place
from browser.stress import PAGES
from browser.visits import THEMES, WIDTHS, Visitor
from tools.pages import BuiltSite, PagesServer

_CODE = re.compile(r"/assets/(?:js|css)/[^?]*(?:$|\?(?!v=[0-9a-f]{8}$))")
"""A script or a style sheet whose address has no version, or more than one."""
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
            "without a version": [url for url in visit.requests if _CODE.search(url)],
        }
        found[theme, width] = {what: each for what, each in wrong.items() if each}
    assert {look: each for look, each in found.items() if each} == {}


def test_a_page_that_is_loaded_is_seen_to_ask_for_files(stress: PagesServer, visitor: Visitor) -> None:
    """A list of nothing would prove nothing."""
    for theme, width in (("light", 1440), ("dark", 390)):
        visit = visitor.look(stress, "", theme, width)  # type: ignore[arg-type]
        assert any(url.endswith(".css") or ".css?" in url for url in visit.requests)


def test_what_scripts_load_when_it_is_wanted_has_the_version_of_the_page(stress: PagesServer, visitor: Visitor) -> None:
    """By the import map. A script that is loaded at two addresses would be two scripts."""
    with visitor.window() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(stress.url(PAGES["article: every feature"]), wait_until="networkidle")
        before = len(asked)
        page.locator("a.claim").first.click()
        page.get_by_role("dialog", name="Verified by a test").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open]")
        page.keyboard.type("server")
        page.locator("[role=option]").first.wait_for()
        late = {url.partition("?")[0].rpartition("/")[2] for url in asked[before:] if "/assets/" in url}
        assert {"panel.js", "proof.css", "search.js", "box.js", "worker.js", "search.css"} <= late
        code = [url for url in asked if re.search(r"/assets/(?:js|css)/", url)]
        assert [url for url in code if _CODE.search(url)] == []
        assert len({urlsplit(url).query for url in code}) == 1
        assert len({urlsplit(url).path for url in code}) == len(set(code))


def test_a_page_loads_only_the_style_sheets_and_scripts_that_it_uses(stress: PagesServer, visitor: Visitor) -> None:
    def loaded(name: str) -> set[str]:
        visit = visitor.look(stress, PAGES[name], "light", 1440)
        found = [re.search(r"/assets/(?:js|css)/([^?]*)", url) for url in visit.requests]
        return {each[1] for each in found if each}

    tag, features = loaded("tag"), loaded("article: every feature")
    assert {"views/list.css", "site.js", "page/menu.js", "search/opener.js"} <= tag
    assert not [name for name in tag if name.startswith(("views/a", "text", "tabs", "page/c", "article"))]
    assert {"views/article.css", "text.css", "tabs.css", "page/tabs.js", "page/copy.js", "claims.js"} <= features
    others = ("views/h", "views/l", "late/", "claims/", "search/s")
    assert [name for name in features if name.startswith(others)] == ["late/notes.css"]
    assert "views/home.css" in loaded("home")
    assert not {"tabs.css", "page/tabs.js", "page/tasks.js"} & loaded("about")


class _Recorder(PagesServer):
    """A server that remembers which addresses it was asked for."""

    def __init__(self, site: BuiltSite) -> None:
        """Nothing, at first."""
        super().__init__(site)
        self.asked: list[str] = []

    def answer(self, target: str) -> tuple[HTTPStatus, dict[str, str], bytes]:
        """Like the server's own."""
        self.asked.append(target)
        return super().answer(target)


def test_the_next_page_is_fetched_while_the_reader_points_at_its_link(real: PagesServer, visitor: Visitor) -> None:
    with _Recorder(real.site) as server, visitor.new_window() as page:
        page.goto(server.url(""), wait_until="networkidle")
        link = page.locator("main a[href*='articles/']").first
        address = urlsplit(str(link.evaluate("(link) => link.href"))).path
        assert address not in server.asked
        link.hover()
        deadline = time.monotonic() + PATIENCE
        while address not in server.asked:
            assert time.monotonic() < deadline, "it is not fetched"
            page.wait_for_timeout(50)
        assert page.evaluate("window.violations ?? []") == []
        link.click()
        page.wait_for_url(f"**{address}")
        fetched = "performance.getEntriesByType('navigation')[0].deliveryType"
        assert page.evaluate(fetched) == "navigational-prefetch"
        assert server.asked.count(address) == 1
