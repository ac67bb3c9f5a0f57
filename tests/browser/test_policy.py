"""The Content-Security-Policy that stands in the pages: strict in every file, and a browser finds nothing to stop.

GitHub Pages sets no headers and neither does the server of these tests, so that what is seen is the pages' own doing.
That every page, at every width and in both themes, gives a browser nothing to stop is asserted in test_loading.py.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from browser.documents import Document, read_documents
from browser.stress import FEATURES, PAGES, ROOT
from browser.visits import Visitor
from tools.pages import BuiltSite, PagesServer

SITES = ("stress", "stress under a path", "real")
STRICT = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
"""All but ``script-src``, which has the hashes, and ``worker-src``; both name the theme's folder."""


def policies(document: Document) -> list[str]:
    """Every policy that stands in a page."""
    return [
        meta.attributes["content"]
        for meta in document.all("meta")
        if meta.attributes.get("http-equiv", "").lower() == "content-security-policy"
    ]


def directives(policy: str) -> dict[str, str]:
    """Directives and their sources."""
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: sources for name, _, sources in parts}


def hashes(document: Document) -> list[str]:
    """The expressions that allow the page's inline scripts, computed anew."""
    scripts = zip(document.all("script"), document.texts.get("script", []), strict=True)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for element, text in scripts
        if "src" not in element.attributes and element.attributes.get("type", "module") != "application/ld+json"
    ]


def is_still(document: Document) -> bool:
    """Whether a page only leads elsewhere, without a script."""
    return not document.all("script") and bool(document.all("meta", **{"http-equiv": "refresh"}))


def at_least_as_strict(found: list[dict[str, str]]) -> bool:
    """Whether a page may do no more than others, and run no script."""
    policy = found[0] if len(found) == 1 else {}
    inner = {name: sources for name, sources in policy.items() if sources != "'none'"}
    return policy.get("default-src") == "'none'" == policy.get("base-uri") and inner.items() <= STRICT.items()


@pytest.mark.parametrize("name", SITES)
def test_every_page_has_the_strict_policy_and_the_hashes_of_its_own_scripts(
    name: str, built: Mapping[str, BuiltSite]
) -> None:
    wrong = {}
    for page, document in read_documents(built[name]).items():
        found = [directives(policy) for policy in policies(document)]
        path = urlsplit(built[name].url).path
        here = [f"http://{host}:*{lead}" for host in ("localhost", "127.0.0.1") for lead in dict.fromkeys((path, "/"))]
        places = " ".join(f"{root}{place}" for root in (built[name].url, *here) for place in ("assets/js/", "sw.js"))
        allowed = " ".join([places, *sorted(hashes(document))])
        if found != [STRICT | {"script-src": allowed, "worker-src": places}] and not (
            is_still(document) and at_least_as_strict(found)
        ):
            wrong[page] = found
    assert wrong == {}


@pytest.mark.parametrize("name", SITES)
def test_the_policy_stands_before_all_that_it_governs(name: str, built: Mapping[str, BuiltSite]) -> None:
    """A policy in the page does not govern what comes before it."""
    wrong = {}
    for page, document in read_documents(built[name]).items():
        before = []
        for element in document.elements:
            if element.attributes.get("http-equiv", "").lower() == "content-security-policy":
                break
            before.append((element.tag, "charset" in element.attributes))
        if before != [("html", False), ("head", False), ("meta", True)]:
            wrong[page] = before
    assert wrong == {}


def test_the_inline_script_is_no_file_of_the_site_as_well(built: Mapping[str, BuiltSite]) -> None:
    site = built["stress"]
    assert (ROOT / "overrides/inline/theme.js").is_file()
    assert not (site.folder / "inline").exists()
    assert not list(site.folder.rglob("theme.js"))


def test_a_page_in_which_the_reader_does_things_gives_a_browser_nothing_to_stop(
    stress: PagesServer, visitor: Visitor
) -> None:
    with visitor.window() as page:
        watch(page)
        page.goto(stress.url(PAGES["article: every feature"]))
        page.get_by_role("button", name="Dark theme").click()
        page.get_by_role("button", name="Copy").first.click()
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open]")
        page.keyboard.type("drained server")
        page.locator("[role=option]").first.wait_for()
        assert stopped(page) == []
        page.keyboard.press("Enter")
        page.wait_for_url("**/?h=*")
        page.wait_for_selector(".marked-bar")
        assert stopped(page) == []


# What an attacker could bring in, had the escaping failed: each must be stopped, and seen to be.
_INJECTED = {
    "a script": ("script-src-elem", "<script>document.title = 'ran'</script>"),
    "a handler": ("script-src-attr", "<img src=x onerror=\"document.title = 'ran'\">"),
    "a script of another host": ("script-src-elem", "<script src=https://evil.example/x.js></script>"),
    "a script in data": ("script-src-elem", "<script src=\"data:text/javascript,document.title='ran'\"></script>"),
    "a style": ("style-src-elem", "<style>:root { --ran: 1 }</style>"),
    "a style attribute": ("style-src-attr", "<p style='--ran: 1'>x</p>"),
    "a style sheet of another host": ("style-src-elem", "<link rel=stylesheet href=https://evil.example/x.css>"),
    "a picture of another host": ("img-src", "<img src=https://evil.example/x.png alt=''>"),
    "a frame": ("frame-src", "<iframe src=https://evil.example/></iframe>"),
    "a plug-in": ("object-src", "<object data=https://evil.example/x></object>"),
    "a base": ("base-uri", "<base href=https://evil.example/>"),
}


@pytest.mark.parametrize("name", _INJECTED)
def test_what_is_brought_into_a_page_is_stopped_and_counted(name: str, stress: PagesServer, visitor: Visitor) -> None:
    """Without this, a count of nothing would prove nothing."""
    directive, markup = _INJECTED[name]
    with visitor.window() as page:
        watch(page)
        reached: list[str] = []

        def serve(route: Route) -> None:
            reached.append(route.request.url)
            route.fulfill(body="")

        page.route("https://evil.example/**", serve)

        def infect(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("</main>", f"{markup}</main>"))

        address = stress.url(PAGES["about"])
        page.route(address, infect)
        page.goto(address)
        page.wait_for_load_state()
        page.wait_for_function("window.stopped")  # a plug-in is looked for after the page has loaded
        assert {each.partition(":")[0] for each in stopped(page)} == {directive}  # some are tried twice
        assert page.title() != "ran"
        assert reached == []


def test_a_script_is_stopped_that_differs_from_the_hashed_one_by_a_space(stress: PagesServer, visitor: Visitor) -> None:
    with visitor.window() as page:
        watch(page)

        def change(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("<script>", "<script> ", 1))

        address = stress.url("")
        page.route(address, change)
        page.goto(address)
        assert [each.partition(":")[0] for each in stopped(page)] == ["script-src-elem"]
        assert "js" not in (page.locator("html").get_attribute("class") or "").split()


def test_no_script_is_asked_for_before_the_first_drawing(stress: PagesServer, visitor: Visitor) -> None:
    """The theme is chosen by the script in the page, so that nothing that blocks is fetched but style sheets."""
    with visitor.open(stress, f"articles/2026/11/23/{FEATURES}/") as page:
        blocking = page.evaluate(
            "performance.getEntriesByType('resource').filter((each) => each.renderBlockingStatus === 'blocking')"
            ".map((each) => each.initiatorType)"
        )
        assert set(blocking) == {"link"}
        assert page.evaluate("document.documentElement.classList.contains('js')")


def watch(page: Page) -> None:
    """Count what the policy stops, from before the first element on."""
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => "
        "(window.stopped ??= []).push(`${event.effectiveDirective}: ${event.blockedURI}`));"
    )


def stopped(page: Page) -> list[str]:
    """What was stopped so far. Reports come as tasks of their own: two frames later they are there."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[str] = page.evaluate("window.stopped ?? []")
    return found
