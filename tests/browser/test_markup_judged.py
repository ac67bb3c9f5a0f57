"""A browser judges what the second look lets through: nothing runs, loads, leads away, or takes the page's controls.

The pages are served without their policy, because the markup has to be harmless by itself.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest
from engblog.html.safety import unsafe_markup, without_seals
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error, Page, Route
from support.hosts import build_here
from support.markup import BLOCKS, MILD
from support.rendered import canonical_of, renderer
from support.themed import themed

from browser.visits import Visitor
from tools.pages import BuiltSite, PagesServer

PAGE = "artikel/2026/11/19/zweiter/"
SEAL = "5ea1" * 8
CODE = '<div class="highlight"><pre><code>x</code></pre></div>'
_MOMENT = 5_000
"""Milliseconds after which a control is dead."""
_POLICY = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>")
_BODY = re.compile(r"(<article class=\"prose\"[^>]*>).*?(\s*</article>)", re.DOTALL)
_ALIVE = """
() => {
  const dead = [];
  for (const name of [".brand", "[data-search-open]", "[data-theme-toggle]", ".menu > summary", ".kicker a"]) {
    const control = document.querySelector(name);
    if (!(control instanceof Element)) { dead.push(`${name} is not found`); continue; }
    const box = control.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!control.contains(hit)) dead.push(`${name} is covered by ${hit?.outerHTML.slice(0, 80)}`);
  }
  return dead;
}
"""


class Judge:
    """A page of a built site in a browser, with any body."""

    def __init__(self, page: Page, server: PagesServer) -> None:
        self._page, self._server = page, server
        self._shell = server.answer(server.site.mount + PAGE)[2].decode()
        self._body = ""
        self._seen: list[str] = []
        page.add_init_script("window.ran = () => { window.hasRun = true; }")
        page.route(server.url(PAGE), self._serve)
        page.on("request", self._note)
        page.on("dialog", lambda dialog: (self._seen.append("a dialog opened"), dialog.dismiss()))

    def _serve(self, route: Route) -> None:
        shell = _POLICY.sub("", self._shell)
        body = _BODY.sub(lambda found: f"{found[1]}{self._body}{CODE}{found[2]}", shell)
        route.fulfill(body=body, content_type="text/html")

    def _note(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self._server.origin, "data:")):
            self._seen.append(f"it asked for {url}")

    def verdict(self, body: str) -> list[str]:
        """What is wrong with the page of *body*."""
        page, self._body, self._seen = self._page, body, []
        address, found = self._server.url(PAGE), list[str]()
        for _ in range(5):
            with contextlib.suppress(Error):  # the page before may still be on its way to another
                page.goto(address)
                break
        try:
            found += page.evaluate(_ALIVE)
            page.locator("[data-theme-toggle]").click(timeout=_MOMENT)
            page.locator("main .copy").last.click(timeout=_MOMENT)
            page.keyboard.press("/")
            page.locator("dialog[open]").wait_for(timeout=_MOMENT)
            if page.evaluate("window.hasRun === true"):
                found.append("a script ran")
        except Error as error:  # of a control that is not there, or that nothing answers
            found.append(f"a control is dead: {str(error).splitlines()[0]}")
        if page.url != address:
            found.append(f"it went to {page.url}")
        return found + self._seen


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, visitor: Visitor) -> Iterator[Judge]:
    search = "---\ntitle: Suche\ntemplate: views/search.html\n---\nText.\n"
    root = themed(tmp_path_factory.mktemp("themed"), {"texte/search.md": search})
    site = BuiltSite(build_here(root), "https://mini.example/heft/")
    with PagesServer(site) as server, visitor.window(height=900, service_workers="block") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield Judge(page, server)


@pytest.mark.parametrize(
    ("body", "sin"),
    [
        ("<p>Text</p>", ""),
        ("<img src=gone.png onerror=ran()>", "a script ran"),
        ("<img src=https://evil.example/x.png>", "it asked for https://evil.example/"),
        ("<meta http-equiv=refresh content='0;url=../dritter/'>", "it went to|a control is dead"),
        ("</article></main></body><body inert>", "is covered|is dead"),
        ("<img src=gone.png alt=a name=querySelector>", "is dead|is not found"),
        ("<div style='position:fixed;inset:-100vh -100vw;max-inline-size:none;z-index:9'></div>", "is covered|is dead"),
        ("</article></div></div></main><a class=stretched href=#x>x</a>", "is covered|is dead"),
    ],
)
def test_the_judge_sees_each_sin(judge: Judge, body: str, sin: str) -> None:
    """Without this, a verdict of nothing would prove nothing."""
    found = judge.verdict(body)
    assert re.search(sin, "; ".join(found)) if sin else found == [], found


@pytest.mark.parametrize(
    "body",
    [
        "<a class=stretched href=#x>x</a>",
        "<p class=skip>x</p>",
        "<p class=menu__panel>x</p>",
        "<div style='position:fixed;inset:0;z-index:99'></div>",
        "<div style='position:absolute;inset:0 0 auto;height:100vh;z-index:99'></div>",
        "<div style='position:sticky;top:0;height:100vh;z-index:99'></div>",
    ],
)
def test_nothing_in_a_text_covers_what_is_outside_of_it_even_if_all_looks_were_blind(judge: Judge, body: str) -> None:
    assert [each for each in judge.verdict(body) if "is covered" in each] == []


COUNTED = {"judged": 0}


@settings(max_examples=max(60, settings().max_examples // 2), deadline=None, suppress_health_check=list(HealthCheck))
@example("Text {: .stretched }\n")
@example("A [link](#a){: .skip }\n")
@example("!!! skip\n    x\n")
@example("<xmp><!--</xmp><img src=x onerror=ran()>\n")
@example("</main></body><body inert>\n")
@example("<div markdown>\n\n*a*{: #the-second-write .tip lang=de }\n\n</div>\n")
@given(st.one_of(BLOCKS, MILD))
def test_what_the_second_look_lets_through_does_nothing_in_a_browser(judge: Judge, text: str) -> None:
    html = renderer(SEAL).convert(canonical_of(text))
    if not unsafe_markup(html, SEAL):
        COUNTED["judged"] += 1
        assert judge.verdict(without_seals(html, SEAL)) == [], html


def test_enough_of_them_were_judged() -> None:
    assert COUNTED["judged"] >= 5
