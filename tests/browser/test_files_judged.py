"""A browser judges the files that the list lets through: opened, none of them runs, loads or leads anywhere.

They are served as GitHub Pages does, and no policy holds them back.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from engblog.html.drawing import drawing_faults
from engblog.source.diagram import DiagramError, inline, read_diagram
from engblog.source.file_kinds import file_faults
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Error, Page
from support.drawings import ATTRIBUTES, ENDINGS, FAR, HEADS, RUN, RUNNING, SCRIPTS, SVG, XHTML, drawings

from browser.visits import Visitor
from tools.pages import BuiltSite, PagesServer

ROOT = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:h="{XHTML}" viewBox="0 0 720 400">'
FEW = settings(max_examples=max(1, settings().max_examples * 3 // 5), suppress_health_check=list(HealthCheck))
_AT_REST = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))"


class Judge:
    """A window in which a file is opened, and everything that it does is noted."""

    def __init__(self, context: BrowserContext, server: PagesServer) -> None:
        self._context, self._server = context, server
        self._seen: list[str] = []
        self._page = self._opened()

    def _opened(self) -> Page:
        page = self._context.new_page()
        page.on("request", lambda request: self._seen.append(request.url))
        page.on("dialog", lambda dialog: (self._seen.append("a dialog"), dialog.dismiss()))
        return page

    def verdict(self, name: str, data: bytes) -> list[str]:
        """What the file *name* with the bytes *data* did besides being shown; what it asked for, and where it led."""
        (self._server.site.folder / name).write_bytes(data)
        address, page = self._server.url(name), self._page
        self._seen.clear()
        with contextlib.suppress(Error):  # a download, or what a file that is no document does to the window
            page.goto("about:blank")
            page.goto(address, wait_until="load")
            page.mouse.click(300, 300)
            page.evaluate(_AT_REST)
        found = [each for each in self._seen if each != address and not each.endswith("/favicon.ico")]
        if page.url not in {address, "about:blank", ":"}:
            found.append(f"it led to {page.url}")
        if found:  # it may still be on its way to somewhere else
            page.close()
            self._page = self._opened()
        return found


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, visitor: Visitor) -> Iterator[Judge]:
    site = BuiltSite(tmp_path_factory.mktemp("judged"), "https://mini.example/")
    profile = contextlib.closing(visitor.context("light", 1440, service_workers="block"))
    with PagesServer(site) as server, profile as context:
        context.route("https://evil.example/**", lambda route: route.abort())
        context.set_default_timeout(10_000)
        yield Judge(context, server)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.svg", f"{ROOT}<script>{RUN}</script></svg>"),
        ("a.svg", f'{ROOT}<script href="data:text/javascript,{RUN}"/></svg>'),
        ("a.svg", f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "{RUN}">]>{ROOT}</svg>'),
        (
            "a.svg",
            f'{ROOT}<a><animate attributeName="href" values="#;javascript:{RUN}"/>'
            '<rect width="720" height="400"/></a></svg>',
        ),
        ("a.svg", f'{ROOT}<a href="{FAR}"><rect width="720" height="400"/></a></svg>'),
        ("a.svg", f'{ROOT}<image href="{FAR}" width="9" height="9"/></svg>'),
        ("a.svg", f"{ROOT}<style>@import '{FAR}';</style></svg>"),
        ("a.svg", f"<?xml-stylesheet href='{FAR}'?>{ROOT}</svg>"),
        ("a.svg", f"{ROOT}<h:img src='x' onerror=\"{RUN}\"/></svg>"),
        ("a.xml", f"<x:script xmlns:x='{XHTML}'>{RUN}</x:script>"),
        ("a.html", f"<xmp><!--</xmp><script>{RUN}</script>"),
    ],
)
def test_the_judge_sees_what_a_bad_file_does(judge: Judge, name: str, text: str) -> None:
    """Without this, a verdict of nothing would prove nothing."""
    assert judge.verdict(name, text.encode())
    assert [*file_faults(name, text.encode)], "and the list refuses it"


def test_each_known_trick_is_refused_or_does_nothing(judge: Judge) -> None:
    paint = [f"<rect width='720' height='400' {each}/>" for each in ATTRIBUTES]
    tricks = [f"{ROOT}{each}</svg>" for each in (*SCRIPTS, *paint)]
    tricks += [f"{ROOT.replace('>', f' {each}>')}<rect width='720' height='400'/></svg>" for each in ATTRIBUTES]
    tricks += [f"{each}{ROOT}</svg>" for each in HEADS]
    passed = [text.encode() for text in tricks if not drawing_faults(text.encode())]
    assert {data: judge.verdict("a.svg", data) for data in passed} == {data: [] for data in passed}


@FEW
@given(drawings())
@example(f'{ROOT}<rect fill="red" width="99" height="9"/></svg>'.encode())
def test_no_drawing_that_is_published_does_anything(judge: Judge, data: bytes) -> None:
    if not drawing_faults(data):
        event("judged")
        assert judge.verdict("a.svg", data) == []


@FEW
@given(drawings())
def test_no_drawing_that_is_set_into_a_page_does_anything(judge: Judge, data: bytes) -> None:
    with contextlib.suppress(DiagramError, UnicodeDecodeError):
        markup = inline(read_diagram(data.decode()), "fig-a")
        event("judged")
        assert not re.search(r"<(?:script|style|a|image|animate|set|foreignObject)\b", markup)
        assert judge.verdict("page.html", f"<!doctype html><title>A</title><main>{markup}".encode()) == []


@FEW
@given(st.sampled_from(ENDINGS), st.sampled_from(RUNNING))
def test_no_other_file_that_is_published_does_anything(judge: Judge, ending: str, text: str) -> None:
    name = f"b.{ending}"
    if not [*file_faults(name, text.encode)]:
        event("judged")
        assert judge.verdict(name, text.encode()) == []


def test_the_drawings_of_the_articles_are_shown(judge: Judge) -> None:
    drawn = sorted((Path(__file__).parents[2] / "docs").rglob("*.svg"))
    assert {path.name: judge.verdict("a.svg", path.read_bytes()) for path in drawn[:5]} == {
        p.name: [] for p in drawn[:5]
    }
