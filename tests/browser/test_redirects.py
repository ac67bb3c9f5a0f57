"""Old addresses lead on without a script, wherever the site lives, and what stands on their pages is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

import pytest

from browser.documents import parse
from browser.stress import OLD_OF_FEATURES, OLD_OF_HOSTILE, OLD_OF_LONG, PAGES, REDIRECTS, ROOT
from browser.stress_text import HOSTILE_TITLE
from browser.visits import Visitor
from tools.pages import PagesServer

FEATURES, HOSTILE, LONG = (PAGES[f"article: {name}"] for name in ("every feature", "hostile", "too long"))
LEADS = {
    OLD_OF_FEATURES: FEATURES,
    f"{OLD_OF_FEATURES}lab/": f"{FEATURES}lab/",
    "/2019/hostile.html": HOSTILE,
    OLD_OF_HOSTILE: HOSTILE,
    OLD_OF_LONG: LONG,
    "/tags/gnu-linux/": PAGES["tag"],
    "/旧数据/": PAGES["category, CJK"],
    "/tags/angle-brackets/": PAGES["tag, hostile"],
    "/sections.html": f"{FEATURES}#two-languages",
    "/chain/": HOSTILE,
    "/chain/middle/": HOSTILE,
}


def test_every_redirect_is_looked_at(stress: PagesServer) -> None:
    assert set(REDIRECTS) < set(LEADS)
    assert {f"/{page}" for page in stress.site.redirects} == set(LEADS)


@pytest.mark.parametrize("scripts", [False, True])
@pytest.mark.parametrize("site", ["stress", "stress under a path"])
def test_an_old_address_leads_on(
    site: str, scripts: bool, servers: Mapping[str, PagesServer], visitor: Visitor
) -> None:
    server = servers[site]
    arrived = {}
    with visitor.window(java_script_enabled=scripts) as window:
        requests: list[str] = []
        window.on("request", lambda request: requests.append(request.url))
        for old, new in LEADS.items():
            window.goto(server.url(old.removeprefix("/")), wait_until="commit")
            window.wait_for_url(server.url(new))
            window.wait_for_load_state()
            arrived[old] = unquote(window.url.removeprefix(server.origin + server.site.mount))
            assert window.get_by_role("heading", level=1).is_visible()
    assert arrived == LEADS
    assert {urlsplit(request).netloc for request in requests} == {urlsplit(server.origin).netloc}


def test_a_folder_without_its_slash_leads_on_too(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window(java_script_enabled=False) as window:
        window.goto(stress.url(OLD_OF_HOSTILE.strip("/")), wait_until="commit")
        window.wait_for_url(stress.url(HOSTILE))


def test_going_back_leads_past_the_old_address(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.open(stress, "about/") as window:
        window.goto(stress.url(OLD_OF_HOSTILE.removeprefix("/")), wait_until="commit")
        window.wait_for_url(stress.url(HOSTILE))
        window.wait_for_load_state()
        window.go_back()
        window.wait_for_url(stress.url("about/"))


def test_the_fragment_that_a_reader_came_with_is_dropped(stress: PagesServer, visitor: Visitor) -> None:
    """As CONTRIBUTING says: a redirect to a section names it itself."""
    with visitor.window() as window:
        window.goto(stress.url(f"{OLD_OF_FEATURES.removeprefix('/')}#two-languages"), wait_until="commit")
        window.wait_for_url(re.compile(re.escape(stress.url(FEATURES))))
        assert window.url == stress.url(FEATURES)


@pytest.mark.parametrize("old", [OLD_OF_HOSTILE, OLD_OF_LONG, "/旧数据/", "/tags/angle-brackets/"])
@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark")])
def test_the_page_itself_reads_well(old: str, width: int, theme: str, stress: PagesServer, visitor: Visitor) -> None:
    """Seen by readers whose browser does not follow; here the refresh is taken out to look at it."""
    html = stress.site.file(old.removeprefix("/")).read_text(encoding="utf-8")
    still = re.sub(r'<meta http-equiv="refresh"[^>]*>\n', "", html)
    assert still != html
    with visitor.window("dark" if theme == "dark" else "light", width, bypass_csp=True) as window:
        asked: list[str] = []
        window.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        window.set_content(still)
        assert window.get_by_role("link").first.is_visible()
        assert window.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") <= 0
        assert asked == []
        assert window.locator("b, i, u, script, img").count() == 0


def test_the_page_says_what_it_is(stress: PagesServer) -> None:
    for old in LEADS:
        document = parse(stress.site.file(old.removeprefix("/")).read_text(encoding="utf-8"))
        assert document.meta("robots") == "noindex"
        (canonical,) = document.all("link", rel="canonical")
        assert canonical.attributes["href"] == stress.site.url + quote(LEADS[old].partition("#")[0])
        assert document.all("script") == []
        assert [html.attributes["lang"] for html in document.all("html")] == ["en"]


def test_a_hostile_title_is_text(stress: PagesServer, visitor: Visitor) -> None:
    html = stress.site.file(OLD_OF_HOSTILE.removeprefix("/")).read_text(encoding="utf-8")
    assert HOSTILE_TITLE in parse(html).texts["title"][0]
    with visitor.window() as window:
        window.set_content(re.sub(r'<meta http-equiv="refresh"[^>]*>', "", html))
        assert window.get_by_role("link").inner_text() == HOSTILE_TITLE


def test_the_guides_for_operators_lead_to_the_repository(real: PagesServer) -> None:
    there = "https://github.com/real-engineering/blog/blob/main/"
    for page in ("deploying/", "problems/"):
        assert page in real.site.redirects
        document = parse(real.site.file(page).read_text(encoding="utf-8"))
        (link,) = document.all("a")
        assert link.attributes["href"].startswith(there)
        assert (ROOT / link.attributes["href"].removeprefix(there)).is_file()
        (refresh,) = document.all("meta", **{"http-equiv": "refresh"})
        assert refresh.attributes["content"] == f"0; url={link.attributes['href']}"
