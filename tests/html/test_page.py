"""What a page has and asks for, read as a browser reads it."""

from __future__ import annotations

import gzip
import json
import struct
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from engblog.contract.check import check_site
from engblog.contract.inventories import SiteFeed
from engblog.html.css import css_loads, script_loads
from engblog.html.page import Use, read_page
from engblog.html.sections import sections_of
from engblog.model.article import Article
from engblog.model.kinds import HOME, TAG
from engblog.model.problems import Code, Problem
from engblog.model.publication import Identity, Publication
from engblog.model.site import View
from engblog.outputs.search import build_index, documents_of
from hypothesis import given
from hypothesis import strategies as st
from support.sources import article, read_articles

ROOT = "https://mini.example/blog/"

A, B = "articles/2026/11/20/a/", "articles/2026/11/19/b/"

FEEDS = (
    SiteFeed("rss.xml", "rss"),
    SiteFeed("updated.xml", "rss", by_update=True),
    SiteFeed("feed.json", "json"),
)

BODY = '<h2 id="why">Why</h2><p>Text.</p>'


@dataclass
class Files:
    """A tree in memory."""

    files: dict[str, bytes]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        return self.files[path]

    def size(self, path: str) -> int:
        return len(self.files[path])

    def digest(self, path: str) -> str:
        return sha256(self.files[path]).hexdigest()

    def edit(self, path: str, old: str, new: str) -> None:
        before = self.files[path].decode()
        assert old in before
        self.files[path] = before.replace(old, new, 1).encode()


def card(width: int = 1200, height: int = 630) -> bytes:
    """The smallest picture of a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def page(title: str, head: str = "", body: str = "") -> bytes:
    return f"<!doctype html>\n<title>{title} · Mini</title>\n{head}\n<main>\n{body}\n</main>\n".encode()


@dataclass
class Whole:
    """A site that keeps every promise, and its model."""

    tree: Files
    publication: Publication

    def problems(self, *, cards: bool = False) -> tuple[Problem, ...]:
        sources = {f"{A}index.html": "docs/articles/a/index.md"}
        return check_site(self.tree, self.publication, feeds=FEEDS, sources=sources, cards=cards)

    def codes(self) -> set[Code]:
        return {problem.code for problem in self.problems()}


@pytest.fixture
def whole(tmp_path: Path) -> Whole:
    catalogue = read_articles(
        tmp_path, a=article(title="The <b> & more", updated="2026-11-22"), b=article(date="2026-11-19T09:30:00-05:00")
    )
    assert catalogue.problems == ()
    site = catalogue.site
    by_slug = {each.slug: each for each in site.articles}
    views = (
        View(HOME, "", "", site.articles, 2),
        View(TAG, "archive/", "Archive", site.articles, 2),
    )
    bodies = {each.src_uri: BODY for each in site.articles}
    publication = Publication(Identity("Mini", ROOT), site, views, bodies)
    rows = f'<a href="{{0}}{A}">a</a><a href="{{0}}{B}#why">b</a><a href="{{0}}archive/">all</a>'
    files = {
        "index.html": page("Mini", f'<link rel="canonical" href="{ROOT}"><link rel=stylesheet href="x.css?v=1">')
        + rows.format("").encode(),
        "archive/index.html": page("Archive", body=rows.format("../")),
        "404.html": page("Gone", '<meta name="robots" content="noindex">', '<a href="/blog/">h</a><a href="#top">'),
        "old/index.html": page(
            "Moved",
            f'<meta http-equiv="refresh" content="0; url=../{A}"><link rel="canonical" href="{ROOT}{A}">',
        ),
        "x.css": b"/* url(//far.example/in-a-comment) */ a { background: url('x.svg') }",
        "x.js": b"import { a } from './y.js'; // https://example.org/",
        "x.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><title>T</title><path id="p"/><use href="#p"/></svg>',
        "rss.xml": rss(by_slug, False),
        "updated.xml": rss(by_slug, True),
        "feed.json": feed(by_slug),
        "sitemap.xml": sitemap({"": "2026-11-22", "archive/": "2026-11-22", A: "2026-11-22", B: "2026-11-19"}),
    }  # fmt: skip
    files["sitemap.xml.gz"] = gzip.compress(files["sitemap.xml"])
    for slug, url in (("a", A), ("b", B)):
        title = by_slug[slug].title.replace("&", "&amp;").replace("<", "&lt;")
        head = f'<link rel="canonical" href="{ROOT}{url}"><meta property="og:image" content="{ROOT}cards/{slug}.png">'
        files[f"{url}index.html"] = page(title, head, BODY + rows.format("../" * 5))
        files[f"cards/{slug}.png"] = card()
    texts = {each.src_uri: sections_of(BODY) for each in site.articles}
    files |= build_index(documents_of(site.articles, site.taxonomy, texts, "en"))
    return Whole(Files(files), publication)


def rss(by_slug: Mapping[str, Article], by_update: bool) -> bytes:
    dates = {
        "a": f"{'Sun, 22' if by_update else 'Fri, 20'} Nov 2026 00:00:00 +0000",
        "b": "Thu, 19 Nov 2026 14:30:00 -0000",
    }
    items = "".join(
        f"<item><link>{ROOT}{each.url}</link><pubDate>{dates[slug]}</pubDate></item>" for slug, each in by_slug.items()
    )
    return f"<rss><channel><link>{ROOT}</link>{items}</channel></rss>".encode()


def feed(by_slug: Mapping[str, Article]) -> bytes:
    dates = {
        "a": ("2026-11-20T00:00:00+00:00", "2026-11-22T00:00:00Z"),
        "b": ("2026-11-19T09:30:00-05:00", "2026-11-19T14:30:00Z"),
    }
    items = [
        {"url": ROOT + each.url, "date_published": dates[slug][0], "date_modified": dates[slug][1]}
        for slug, each in by_slug.items()
    ]
    return json.dumps({"items": items}).encode()


def sitemap(days: Mapping[str, str]) -> bytes:
    entries = "".join(f"<url><loc>{ROOT}{url}</loc><lastmod>{day}</lastmod></url>" for url, day in days.items())
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    document = read_page(
        """<!doctype html><TITLE>A &amp;
        b</TITLE><!-- <a href="in-a-comment"> --><A HREF=bare ID='x"y'>
        <a title="a > b" href="x?a=1&amp;b=2"><a href='one'href="two"><a href>
        <script>document.write('<a href="in-a-script">')</script ><textarea><a href="in-a-field"></textarea>
        <span id="s"></span><a name=n></a><p id="a&amp;b"><svg><use xlink:href="#x"/></svg>
        <img srcset="a.png 1x,b.png, data.png 2x" src=c.png><source srcset="data:image/png;base64,AA">"""
    )
    assert document.title == "A & b"
    links = [each.address for each in document.references if each.use is Use.LINK]
    assert links == ["bare", "x?a=1&b=2", "one", ""]
    assert document.ids == {'x"y', "s", "n", "a&b"}
    loads = [each.address for each in document.references if each.use is Use.LOAD]
    assert loads == ["#x", "a.png", "b.png", "data.png", "c.png"]


@given(st.text(alphabet="<>/\"'=-! \nascriptyle:hrefidu&;", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    document = read_page(text)
    assert all(0 <= each.offset < len(text) for each in document.references)


HOSTILE = {
    "unclosed values": '<a href="',
    "unclosed values of both kinds": "<a href=\"'",
    "quotes in turn": "<a b='\"<a b=\"'",
    "tags without end": "<a ",
    "attributes": "<a" + " b" * 10,
    "comments": "<!--",
    "scripts": "<script>",
    "styles": "<style>url(",
    "titles": "<title",
    "spans": '<span class="',
    "ids": '<span id="a',
    "signs in values": "<a b=<a b=",
    "equals alone": "<a =",
    "css strings": "<style>'\\",
    "css escapes": "\\6",
    "css sets": "image-set(",
    "spaces": "<a b" + " " * 50,
    "equals": "<a b= = = =",
    "imports": "<style>@import ",
    "css comments": "/*",
    "urls": "url( ",
    "entities": "<a href='&amp&amp&#",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_megabyte_of_bad_markup_is_read_in_bounded_time(case: str) -> None:
    unit = HOSTILE[case]
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    for whole in (text, f"<style>{text}", f"<script>{text}", f'<a title="{text}', f"<a title='{text}' href=x>"):
        read_page(whole)
    list(css_loads(text))
    list(script_loads(text))
    assert time.process_time() - start < 10


def test_a_page_of_spans_is_read_fast() -> None:
    line = '<span id="__span-0-{}"><span class="n">a</span> <span class="o">=</span> <span class="mi">1</span>\n</span>'
    text = "".join(line.format(number) for number in range(20_000))
    start = time.process_time()
    assert len(read_page(text).ids) == 20_000
    assert time.process_time() - start < 2
