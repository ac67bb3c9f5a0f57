"""The contract of a built site: each promise is broken once, in a site that keeps them all."""

from __future__ import annotations

import gzip
import json
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest
from engblog.contract.check import CHECK_OF, check_preview, check_site, refusing
from engblog.contract.feeds import SiteFeed
from engblog.contract.files import Own
from engblog.contract.previewed import Previewed
from engblog.contract.waivers import Check
from engblog.html.sections import sections_of
from engblog.model.article import Article
from engblog.model.explanations import AS_BUILT, EXPLANATIONS
from engblog.model.kinds import HOME, TAG
from engblog.model.problems import Code, Problem
from engblog.model.publication import Identity, Publication
from engblog.model.site import Redirect, View
from engblog.outputs.search import build_index, documents_of
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
    own: Own | None = None

    def problems(self, *, cards: bool = False) -> tuple[Problem, ...]:
        sources = {f"{A}index.html": "docs/articles/a/index.md"}
        return check_site(
            self.tree, self.publication, feeds=FEEDS, sources=sources, cards=cards, scripts={"x.js"}, own=self.own
        )

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


def test_a_page_that_only_a_draft_links_to_is_an_orphan_in_a_build(whole: Whole) -> None:
    draft, lonely = "articles/2026/11/18/d/index.html", "lonely/index.html"
    whole.tree.edit("index.html", "<main>", f'<main><a href="{draft}">d</a>')
    whole.tree.files[draft] = page("D", '<meta name="robots" content="noindex">', '<a href="/blog/lonely/">x</a>')
    whole.tree.files[lonely] = page("Lonely")
    assert Code.P008_ORPHAN not in whole.codes()
    previewed = Previewed(ROOT, folders=("articles/2026/11/18/d/",), texts={draft: ""})
    built, unpublished = check_preview(whole.tree, whole.publication, previewed, feeds=FEEDS)
    assert [each.mark.path for each in built if each.code is Code.P008_ORPHAN] == [f"site/{lonely}"]
    assert unpublished == ()


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


def test_a_whole_site_has_no_problem(whole: Whole) -> None:
    assert whole.problems(cards=True) == ()


Break = Callable[[Whole], object]
A_PAGE = f"{A}index.html"
IN_A = "</main>"


def drop(path: str) -> Break:
    return lambda whole: whole.tree.files.pop(path)


def put(path: str, data: bytes | str) -> Break:
    return lambda whole: whole.tree.files.update({path: data if isinstance(data, bytes) else data.encode()})


def edit(path: str, old: str, new: str) -> Break:
    return lambda whole: whole.tree.edit(path, old, new)


def into_a(markup: str) -> Break:
    """Set *markup* on line 6 of an article's page, before which come 7 characters."""
    return edit(A_PAGE, IN_A, f"</main>{markup}")


def without_shard(whole: Whole) -> None:
    del whole.tree.files[next(path for path in whole.tree.paths if re.search(r"parts/\w+\.bin$", path))]


def changed_text(whole: Whole) -> None:
    path = next(path for path in whole.tree.paths if re.search(r"parts/\w+\.json$", path))
    whole.tree.files[path] = b"[]"


def known(damage: Break) -> Break:
    """Break a site that knows its own files."""

    def break_it(whole: Whole) -> None:
        whole.own = Own({path: whole.tree.digest(path) for path in whole.tree.paths}, "default-src 'none'")
        damage(whole)

    return break_it


# How each promise is broken, the place that is named, and words of what is said.
BROKEN: dict[str, tuple[Break, str]] = {
    "an article's page is gone": (drop(A_PAGE), f"{A_PAGE}:1:1 P001 “The <b> & more” has no page"),
    "an article's page is empty": (put(A_PAGE, ""), f"{A_PAGE}:1:1 P001 the page of “The <b> & more” is titled “”"),
    "an article's page is cut off": (edit(A_PAGE, 'id="why"', ""), f"{A_PAGE}:1:1 P001 the text of “The <b> & more”"),
    "an article hides": (
        into_a('<meta name="robots" content="noindex">'),
        f"{A_PAGE}:1:1 P001 the page of “The <b> & more” is hidden from search engines",
    ),
    "an article's page is another's": (
        lambda whole: whole.tree.files.update({A_PAGE: whole.tree.read(f"{B}index.html")}),
        f"{A_PAGE}:1:1 P001 the page of “The <b> & more” is titled “When the server stops · Mini”",
    ),
    "a list's page is gone": (drop("archive/index.html"), "archive/index.html:1:1 P001 the list “Archive” has no page"),
    "a list leaves an article out": (
        edit("archive/index.html", f'<a href="../{A}">', "<a>"),
        "archive/index.html:1:1 P002 “The <b> & more” is not in this list",
    ),
    "home leaves an article out": (
        edit("index.html", f'<a href="{A}">', "<a>"),
        "index.html:1:1 P002 “The <b> & more” is on none of the pages of the home page's list",
    ),
    "a feed is gone": (drop("rss.xml"), "rss.xml:1:1 P003 the feed is missing"),
    "a feed is broken": (put("rss.xml", "<rss>"), "rss.xml:1:1 P003 the feed cannot be read"),
    "a JSON feed is broken": (put("feed.json", "[]"), "feed.json:1:1 P003 the feed cannot be read"),
    "a feed leaves an article out": (
        put("rss.xml", "<rss/>"),
        "rss.xml:1:1 P003 “The <b> & more” is not in the feed (and 1 more)",
    ),
    "a feed has more": (
        edit("rss.xml", "</channel>", f"<item><link>{ROOT}about/</link></item></channel>"),
        f"rss.xml:1:1 P003 an item leads to {ROOT}about/, which is not an article",
    ),
    "a feed has an article twice": (
        edit("rss.xml", f"{ROOT}{A}", f"{ROOT}{B}"),
        "rss.xml:1:1 P003 “When the server stops” is in the feed 2 times",
    ),
    "a feed has another day": (
        edit("rss.xml", "Fri, 20 Nov", "Thu, 26 Nov"),
        "rss.xml:1:1 P003 “The <b> & more” is dated 2026-11-26T00:00:00+00:00 in the feed",
    ),
    "a feed by updates has another day": (
        edit("updated.xml", "Sun, 22 Nov", "Fri, 20 Nov"),
        "updated.xml:1:1 P003 “The <b> & more” is dated 2026-11-20",
    ),
    "a JSON feed has another hour": (
        edit("feed.json", "T14:30:00Z", "T14:30:01Z"),
        "feed.json:1:1 P003 “When the server stops” was updated 2026-11-19T14:30:01",
    ),
    "the sitemap is gone": (drop("sitemap.xml"), "sitemap.xml:1:1 P004 there is no sitemap"),
    "the sitemap is broken": (put("sitemap.xml", "<"), "sitemap.xml:1:1 P004 the sitemap cannot be read"),
    "the sitemap leaves a page out": (
        edit("sitemap.xml", f"<loc>{ROOT}archive/</loc>", f"<loc>{ROOT}</loc>"),
        "sitemap.xml:1:1 P004 /archive/ is not listed",
    ),
    "the sitemap has a page twice": (
        edit("sitemap.xml", f"<loc>{ROOT}archive/</loc>", f"<loc>{ROOT}</loc>"),
        "sitemap.xml:1:1 P004 / is listed 2 times",
    ),
    "the sitemap lists a redirect": (
        edit("sitemap.xml", "</urlset>", f"<url><loc>{ROOT}old/</loc></url></urlset>"),
        f"sitemap.xml:1:1 P004 {ROOT}old/ is not for search engines",
    ),
    "the sitemap lists what is no page": (
        edit("sitemap.xml", "</urlset>", f"<url><loc>{ROOT}x.css</loc></url></urlset>"),
        f"sitemap.xml:1:1 P004 {ROOT}x.css is not a page of the site",
    ),
    "the sitemap has the build's day": (
        edit("sitemap.xml", "2026-11-19", "2026-12-01"),
        "sitemap.xml:1:1 P004 “When the server stops” was modified 2026-12-01; the article says 2026-11-19T",
    ),
    "the packed sitemap is an old one": (
        put("sitemap.xml.gz", gzip.compress(b"<urlset/>")),
        "sitemap.xml.gz:1:1 P004 sitemap.xml.gz does not match",
    ),
    "the search index is gone": (drop("search/base.json"), "search/base.json:1:1 P005 there is no search index"),
    "the search index is broken": (put("search/base.json", "{}"), "search/base.json:1:1 P005 the search index cannot"),
    "a shard is gone": (without_shard, "search/base.json:1:1 P005 it names search/parts/"),
    "a text is another": (changed_text, ".json:1:1 P005 it differs from the file that the build wrote"),
    "the search lacks an article": (
        edit("search/base.json", f'"{A}"', '"articles/2026/11/20/z/"'),
        f"search/base.json:1:1 P005 “The <b> & more” ({A}) is not in the search index",
    ),
    "a link leads to nothing": (
        into_a("\n<p>\n<a href='../gone/?q=1#x'>"),
        f"{A_PAGE}:8:1 P006 <a href> leads to “../gone/?q=1#x”, but the site has no /articles/2026/11/20/gone/",
    ),
    "a link lacks its slash": (
        into_a('<a href="../../../../../archive">'),
        "P006 <a href> leads to “../../../../../archive”",
    ),
    "a link leads out of the site": (into_a('<a href="/archive/">'), "P006 <a href> leads to “/archive/”"),
    "a link climbs out of the site": (into_a(f'<a href="{"../" * 6}archive/">'), "P006 <a href> leads to"),
    "a whole address leads to nothing": (into_a(f'<a href="{ROOT}gone/">'), f"P006 <a href> leads to “{ROOT}gone/”"),
    "a picture is gone": (into_a('<img src="gone.png" alt>'), f"{A_PAGE}:6:8 P006 <img src> leads to “gone.png”"),
    "a picture of a set is gone": (into_a('<img srcset="gone.png 1x, /blog/x.svg 2x">'), "P006 <img srcset> leads to"),
    "a style sheet is gone": (drop("x.css"), "index.html:3:57 P006 <link stylesheet> leads to “x.css?v=1”"),
    "a style sheet's picture is gone": (drop("x.svg"), "x.css:1:60 P006 url() leads to “x.svg”"),
    "the twin of a page is gone": (into_a('<link rel="alternate" href="index.md">'), "P006 <link alternate> leads to"),
    "a page is canonical elsewhere": (
        edit(A_PAGE, f'href="{ROOT}{A}"', f'href="{ROOT}{B}"'),
        f"{A_PAGE}:3:1 P006 the page gives its address as “{ROOT}{B}”",
    ),
    "a page is canonical on another host": (
        edit(A_PAGE, f'href="{ROOT}{A}"', 'href="https://other.example/"'),
        f"{A_PAGE}:3:1 P006 the page gives its address as “https://other.example/”",
    ),
    "a redirect leads to nothing": (
        edit("old/index.html", f"url=../{A}", "url=../articles/gone/"),
        "old/index.html:3:1 P006 <meta refresh> leads to “../articles/gone/”",
    ),
    "structured data name what is not there": (
        into_a(f'<script type="application/ld+json">{{"@id": "{ROOT}#site", "image": ["{ROOT}gone.png"]}}</script>'),
        f"{A_PAGE}:6:8 P006 its structured data names “{ROOT}gone.png”",
    ),
    "structured data are broken": (
        into_a('<script type="application/ld+json">{</script>'),
        f"{A_PAGE}:6:8 P006 its structured data is not JSON",
    ),
    "an anchor of the page is gone": (
        into_a('<a href="#gone">'),
        f"{A_PAGE}:6:8 P007 <a href> leads to “#gone”, but this",
    ),
    "an anchor of another page is gone": (
        edit(f"{B}index.html", 'id="why"', 'id="how"'),
        f"archive/index.html:5:42 P007 <a href> leads to “../{B}#why”, but /{B} has no such anchor (and 3 more files)",
    ),
    "an anchor of a drawing is gone": (edit("x.svg", 'id="p"', ""), "x.svg:1:"),
    "a page is an orphan": (
        put("lost/index.html", page("Lost")),
        "lost/index.html:1:1 P008 this page cannot be reached",
    ),
    "a picture is another host's": (
        into_a('<img src="//far.example/x.png">'),
        f"{A_PAGE}:6:8 P009 <img src> asks far.example for “//far.example/x.png”",
    ),
    "a script is another host's": (
        into_a('<script src="https://far.example/x.js"></script>'),
        "P009 <script src> asks far",
    ),
    "a font is fetched early": (
        into_a('<link rel="preconnect" href="https://far.example">'),
        "P009 <link preconnect> asks",
    ),
    "a form is sent away": (into_a('<iframe src="http://far.example/">'), "P009 <iframe src> asks far.example"),
    "a style in the page loads": (
        into_a('<style>@import "//far.example/x.css"</style>'),
        "P009 <style> asks far.example",
    ),
    "a style sheet loads": (put("x.css", "a{}\nb{c:url(//far.example/x)}"), "x.css:2:9 P009 url() asks far.example"),
    "a script imports": (put("x.js", "import 'https://far.example/x.js'"), "x.js:1:9 P009 the script asks far.example"),
    "a drawing loads": (
        put("x.svg", '<svg><image href="https://far.example/x"/></svg>'),
        "x.svg:1:6 P009 <image href> asks",
    ),
    "a redirect leads away": (
        edit("old/index.html", f"url=../{A}", "url=https://far.example/"),
        "old/index.html:3:1 P009 <meta refresh> asks far.example",
    ),
    "a script stands in the page": (
        into_a("<script>go()</script>"),
        f"{A_PAGE}:6:8 P010 a script in the page: “go()”",
    ),
    "a style stands in the page": (into_a("<style>a{}</style>"), "P010 a style sheet in the page: “a{}”"),
    "a style attribute": (into_a('<p style="color: red">'), "P010 a style attribute: “color: red”"),
    "a handler": (into_a('<p onclick="go()">'), "P010 a script in an attribute: “onclick=go()”"),
    "a script in an address": (
        into_a('<a href=" java\nscript:go()">'),
        "P010 a script in an address: “javascript:go()”",
    ),
    "a script of somebody's": (into_a('<script src="/blog/x.txt"></script>'), "P021 <script src> runs “/blog/x.txt”"),
    "a script of somebody's is fetched before": (
        into_a('<link rel=modulepreload href="/blog/x.txt">'),
        "P021 <link modulepreload> runs “/blog/x.txt”",
    ),
    "text that hides from readers with scripts": (
        into_a("<noscript>a</noscript>"),
        "P022 the page has the element <nos",
    ),
    "an old element in which nothing is read": (into_a("<xmp><!--</xmp>"), "P022 the page has the element <xmp>"),
    "a page that takes no clicks": (edit(A_PAGE, "<main>", "<main inert>"), "P022 the page has the attribute inert of"),
    "a picture hides behind a sign": (into_a("<img alt=a<b src=//far.example/x>"), "P009 <img src> asks far.example"),
    "a picture hides behind a quote": (into_a('<img alt=a"b src=//far.example/x>'), "P009 <img src> asks far.example"),
    "a picture hides behind a slash": (into_a("<img/alt/src=//far.example/x>"), "P009 <img src> asks far.example"),
    "a picture hides behind a short comment": (
        into_a('<!--><img src="//far.example/x"><!-- -->'),
        "P009 <img src> asks far.example",
    ),
    "a picture hides behind another end": (
        into_a('<!-- --!><img src="//far.example/x"><!-- -->'),
        "P009 <img src> asks far.example",
    ),
    "a picture by its other name": (into_a('<image src="//far.example/x">'), "P009 <img src> asks far.example"),
    "a host in references": (into_a('<img src="&#x2f;&sol;far.example/x">'), "P009 <img src> asks far.example"),
    "a host in capitals": (into_a('<IMG SRC="HTTPS://FAR.example/x">'), "P009 <img src> asks FAR.example"),
    "a host with percents": (into_a('<img src="https://f%61r.example/x">'), "P009 <img src> asks f%61r.example"),
    "a host behind a name": (into_a('<img src="https://mini.example@far.example/x">'), "P009 <img src> asks mini.ex"),
    "a host with the other slash": (into_a('<img src="/\\far.example/x">'), "P009 <img src> asks far.example"),
    "a picture behind raw text": (
        into_a("<xmp><!--</xmp><img src=//far.example/x>"),
        f"{A_PAGE}:6:23 P009 <img src> asks far.example",
    ),
    "a script behind raw text": (
        into_a("<xmp><!--</xmp><script>go()</script>"),
        f"{A_PAGE}:6:23 P010 a script in the page",
    ),
    "a handler where scripts run": (
        into_a("<noscript><!--</noscript><p onclick=go()>-->"),
        f"{A_PAGE}:6:33 P010 a script in an attribute: “onclick=go()”",
    ),
    "a picture where no scripts run": (
        into_a("<noscript><img src=//far.example/x></noscript>"),
        f"{A_PAGE}:6:18 P009 <img src> asks far.example",
    ),
    "a picture in a template": (into_a("<template><img src=//far.example/x></template>"), "6:18 P009 <img src> asks"),
    "a picture behind a drawing's text": (
        into_a("<svg><style><!--</style><![CDATA[--><p>]]></svg>--><img src=//far.example/x>"),
        f"{A_PAGE}:6:59 P009 <img src> asks far.example",
    ),
    "a policy where browsers do not look for one": (
        into_a("<meta http-equiv=content-security-policy content=\"script-src 'unsafe-inline'\"><script>go()</script>"),
        "P010 a script in the page: “go()”",
    ),
    "nobody can read the page": (into_a("<b><p>" * 1000), f"{A_PAGE}:1:1 P010 more elements are left open"),
    "an entity of a drawing has a script": (
        put("x.svg", '<!DOCTYPE svg [<!ENTITY e "<script>go()</script>">]><svg id="p">&e;</svg>'),
        "P010 a script in the page: “go()”",
    ),
    "a drawing has a handler by default": (
        put("x.svg", '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "go()">]><svg id="p"/>'),
        "x.svg:1:52 P010 a script in an attribute: “onload=go()”",
    ),
    "a drawing is written in another encoding": (
        put("x.svg", '<svg id="p"><script>go()</script></svg>'.encode("utf-16")),
        "P010 a script in the page: “go()”",
    ),
    "a drawing asks for a style sheet": (
        put("x.svg", '<?xml-stylesheet href="https://far.example/x.css"?><svg id="p"/>'),
        "x.svg:1:1 P009 <link stylesheet> asks far.example",
    ),
    "a drawing breaks off behind a script": (
        put("x.svg", '<svg id="p"><!-- é --><script>go()</script>&none;'),
        "x.svg:1:23 P010 a script in the page: “go()”",
    ),
    "a link tells of who follows it": (
        into_a('<a href="#why" ping="https://far.example/">'),
        "P009 <a ping> asks far.example",
    ),
    "an object": (into_a('<object data="//far.example/x">'), "P009 <object data> asks far.example"),
    "a drawing uses another's": (
        into_a('<svg><use href="//far.example/x#y"/></svg>'),
        "P009 <use href> asks far.example",
    ),
    "a document in an attribute": (into_a('<iframe srcdoc="<p>x">'), "P010 a document in an attribute: “<p>x”"),
    "all links are led away": (
        into_a('<base href="https://far.example/">'),
        "P010 a <base> that redirects every address",
    ),
    "a sheet imports without a blank": (put("x.css", '@import"//far.example/x"'), "P009 url() asks far.example"),
    "a sheet has a set of pictures": (
        put("x.css", 'a{b:image-set(url(x.svg) 1x, "//far.example/x" type("image/png") 2x)}'),
        "P009 url() asks far.example",
    ),
    "a sheet hides behind a string": (
        put("x.css", 'a{content:"/*"} b{c:url(//far.example/x)} d{content:"*/"}'),
        "P009 url() asks far.example",
    ),
    "a sheet spells url otherwise": (put("x.css", "a{b:\\75 r\\6c(//far.example/x)}"), "P009 url() asks far.example"),
    "two pages lead to each other alone": (
        lambda whole: whole.tree.files.update(
            {
                "p/index.html": page("P", body='<a href="../q/">q</a>'),
                "q/index.html": page("Q", body='<a href="../p/">'),
            }
        ),
        "p/index.html:1:1 P008 this page cannot be reached",
    ),
    "an anchor stands where none is": (
        into_a("<!-- <p id=x> --><p title='<p id=x>'><script type=a><p id=x></script>&lt;p id=x&gt;<a href=#x>"),
        "P007 <a href> leads to “#x”",
    ),
    "a drawing has a script": (
        put("x.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path id="p"/><script>go()</script></svg>'),
        "x.svg:1:55 P010 a script in the page: “go()”",
    ),
    "a drawing has a handler": (put("x.svg", '<svg id="p" onload="go()"/>'), "x.svg:1:1 P010 a script in an attribute"),
    "a document of another kind has a script": (
        put("x.xhtml", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>go()</x:script>"),
        "x.xhtml:1:1 P010 a script in the page: “go()”",
    ),
    "an article has no card": (
        edit(A_PAGE, "og:image", "og:other"),
        f"{A_PAGE}:1:1 P011 “The <b> & more” has no card: the page has no og:image",
    ),
    "a card is gone": (drop("cards/a.png"), f"{A_PAGE}:3:79 P011 the card of “The <b> & more” does not exist"),
    "a card is small": (put("cards/a.png", card(600, 315)), "P011 the card cards/a.png is 600×315"),
    "a card is no picture": (put("cards/a.png", b"<svg/>"), "P011 the card cards/a.png is not a PNG"),
    "a card is cut off": (put("cards/a.png", card()[:-20]), "P011 the card cards/a.png is truncated"),
    "a card is another's": (
        edit(A_PAGE, "cards/a.png", "cards/b.png"),
        "P011 “When the server stops” shows the card of “The <b> & more”",
    ),
    "a file is of an unknown kind": (known(put("x.bin", "x")), "x.bin:1:1 P012 “x.bin” is of a kind that"),
    "a drawing would run": (
        known(put("x.svg", '<svg xmlns="http://www.w3.org/2000/svg">\n <script/></svg>')),
        "x.svg:2:2 P012 the drawing cannot be published: it has an element <script>",
    ),
    "a page has a policy of its own": (
        known(put("lost.html", "<html><head><meta http-equiv=content-security-policy content=x>")),
        "lost.html:1:1 P013 the page sets another policy",
    ),
    "a card is the site's": (
        edit("index.html", "<link", f'<meta property="og:image" content="{ROOT}cards/a.png"><link'),
        f"{A_PAGE}:3:79 P011 “The <b> & more” shows the card of “the site”",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_promise_is_named_with_its_place_and_a_remedy(whole: Whole, case: str) -> None:
    damage, said = BROKEN[case]
    damage(whole)
    problems = whole.problems()
    assert any(f"site/{said}" in str(problem) or said in str(problem) for problem in problems), problems
    assert all(problem.hint for problem in problems)
    assert all("\n" not in problem.message for problem in problems)


def test_every_code_of_the_contract_is_produced_and_can_be_waived(whole: Whole) -> None:
    files = dict(whole.tree.files)
    produced: set[Code] = set()
    for damage, _ in BROKEN.values():
        whole.tree.files = dict(files)
        damage(whole)
        produced |= whole.codes()
    assert produced == set(CHECK_OF) == {code for code in Code if code.id.startswith("P")}


OF_BUILT_SITES = sorted(CHECK_OF, key=lambda code: code.id)


@pytest.mark.parametrize("code", OF_BUILT_SITES, ids=lambda code: code.id)
def test_the_examples_of_each_code_are_what_they_say(whole: Whole, code: Code) -> None:
    whole.own = Own({path: whole.tree.digest(path) for path in whole.tree.paths}, "default-src 'none'")
    before = dict(whole.tree.files)
    explanation = EXPLANATIONS[code]
    for example, expected in ((explanation.bad, True), (explanation.good, False)):
        whole.tree.files.clear()
        whole.tree.files.update(before)
        for place, content in example.items():
            if place == "page":
                into_a(str(content))(whole)
            elif content is None:
                drop(place.removeprefix("site/"))(whole)
            elif content != AS_BUILT:
                put(place.removeprefix("site/"), content)(whole)
        assert (code in {each.code for each in whole.problems(cards=True)}) is expected


def test_one_mistake_on_every_page_is_said_once_with_how_many(whole: Whole) -> None:
    for path in (A_PAGE, f"{B}index.html", "index.html"):
        whole.tree.files[path] += b'<a href="/blog/gone/">'
    (problem,) = whole.problems()
    assert problem.code is Code.P006_LINK
    assert problem.message.endswith("(and 2 more files)")


def test_the_source_of_a_page_is_named(whole: Whole) -> None:
    into_a('<a href="#gone">')(whole)
    (problem,) = whole.problems()
    assert problem.hint.endswith("; made from docs/articles/a/index.md")


def test_all_problems_are_named_at_once(whole: Whole) -> None:
    for case in ("a feed is gone", "a link leads to nothing", "a page is an orphan", "a handler"):
        BROKEN[case][0](whole)
    found = {Code.P003_FEED, Code.P006_LINK, Code.P008_ORPHAN, Code.P010_INLINE}
    assert whole.codes() >= found


def test_what_is_waived_no_longer_refuses(whole: Whole) -> None:
    BROKEN["a page is an orphan"][0](whole)
    BROKEN["a handler"][0](whole)
    refused, waived = refusing(whole.problems(), frozenset({Check.ORPHANS, Check.COUNTS}))
    assert {each.code for each in refused} == {Code.P010_INLINE}
    assert {each.code for each in waived} == {Code.P008_ORPHAN, Code.P004_SITEMAP}


def test_cards_may_be_left_out_by_all_unless_they_are_needed(whole: Whole) -> None:
    for path in (A_PAGE, f"{B}index.html"):
        whole.tree.edit(path, "og:image", "og:other")
    assert whole.problems() == ()
    assert {problem.code for problem in whole.problems(cards=True)} == {Code.P011_CARD}


def test_a_site_that_does_not_know_its_address_has_no_sitemap(whole: Whole) -> None:
    del whole.tree.files["sitemap.xml"]
    whole.publication = replace(whole.publication, identity=Identity("Mini", ""))
    assert Code.P004_SITEMAP not in whole.codes()


def test_a_feed_may_be_cut_to_its_length(whole: Whole) -> None:
    whole.tree.files["rss.xml"] = whole.tree.read("rss.xml").split(b"<item>")[0] + (
        f"<item><link>{ROOT}{A}</link><pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubDate></item></channel></rss>".encode()
    )
    feeds = (replace(FEEDS[0], length=1),)
    assert check_site(whole.tree, whole.publication, feeds=feeds) == ()
    assert check_site(whole.tree, whole.publication, feeds=FEEDS[:1]) != ()


def test_a_feed_that_is_cut_has_the_newest(whole: Whole) -> None:
    whole.tree.files["rss.xml"] = whole.tree.read("rss.xml").split(b"<item>")[0] + (
        f"<item><link>{ROOT}{B}</link><pubDate>Thu, 19 Nov 2026 14:30:00 GMT</pubDate></item></channel></rss>".encode()
    )
    (problem,) = check_site(whole.tree, whole.publication, feeds=[replace(FEEDS[0], length=1)])
    assert "“The <b> & more” is not in the feed" in problem.message


def test_of_articles_of_one_moment_a_feed_that_is_cut_may_have_either(whole: Whole) -> None:
    site = whole.publication.site
    newer, older = site.articles
    alike = replace(older, published=newer.published)
    whole.publication = replace(whole.publication, site=replace(site, articles=(newer, alike)))
    whole.tree.files["rss.xml"] = whole.tree.read("rss.xml").split(b"<item>")[0] + (
        f"<item><link>{ROOT}{B}</link><pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubDate></item></channel></rss>".encode()
    )
    problems = check_site(whole.tree, whole.publication, feeds=[replace(FEEDS[0], length=1)])
    assert [problem for problem in problems if problem.code is Code.P003_FEED] == []


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize(
    ("policy", "markup", "good"),
    [
        (f"script-src 'self' {hashed('go()')}", "<script>go()</script>", True),
        (f"default-src {hashed('go()')}", "<script>go()</script>", True),
        (f"script-src {hashed('go()')}", "<script>go( )</script>", False),
        (f"script-src {hashed('a' + chr(10) + 'b')}", "<script>a\r\nb</script>", True),
        (f"style-src {hashed('a{}')}", "<style>a{}</style>", True),
        (f"script-src {hashed('a{}')}; style-src 'self'", "<style>a{}</style>", False),
        (f"style-src {hashed('a:b')}", '<p style="a:b">', False),
        ("script-src 'unsafe-inline'", "<script>go()</script>", True),
        (f"script-src 'unsafe-inline' {hashed('x')}", "<script>go()</script>", False),
        ("script-src 'self'", '<script type="application/json">{"a": "<b onclick=x>"}</script>', True),
        ("script-src 'self'", '<script type="importmap">{}</script>', False),
        ("script-src 'self'", '<script src="/blog/x.js"></script>', True),
    ],
)
def test_a_policy_knows_the_code_of_its_page_by_hash(whole: Whole, policy: str, markup: str, good: bool) -> None:
    whole.tree.edit(A_PAGE, "<main>", f'<meta http-equiv="Content-Security-Policy" content="{policy}"><main>{markup}')
    assert whole.codes() == (set() if good else {Code.P010_INLINE})


def test_a_heading_in_a_comment_is_not_looked_for_on_the_page(whole: Whole) -> None:
    bodies = {name: f'<!-- <h2 id="was">Was</h2> -->{body}' for name, body in whole.publication.bodies.items()}
    assert replace(whole, publication=replace(whole.publication, bodies=bodies)).problems() == ()
    gone = {name: f'<h2 id="was">Was</h2>{body}' for name, body in whole.publication.bodies.items()}
    assert replace(whole, publication=replace(whole.publication, bodies=gone)).codes() == {Code.P001_NO_PAGE}


def test_a_file_among_the_themes_scripts_is_one_of_the_themes(whole: Whole) -> None:
    whole.tree.files |= {"assets/js/site.js": b"", "assets/js/evil.txt": b""}
    found = check_site(whole.tree, whole.publication, feeds=FEEDS, scripts={"assets/js/site.js"})
    assert [each.mark.path for each in found if each.code is Code.P021_SCRIPT] == ["site/assets/js/evil.txt"]
    assert Code.P021_SCRIPT not in {each.code for each in check_site(whole.tree, whole.publication, feeds=FEEDS)}


def test_only_an_old_address_that_leads_to_the_repository_leads_to_another_host(whole: Whole) -> None:
    there = "https://host.example/o/r/blob/main/ä.md"
    refresh = '<meta http-equiv="refresh" content="0; url=https://host.example/o/r/blob/main/%C3%A4.md#x">'
    for name in ("old/index.html", "older/index.html"):
        whole.tree.files[name] = page("Moved", refresh)
    whole.publication = replace(whole.publication, redirects=(Redirect("old/", there, "x"),))
    (problem,) = whole.problems()
    assert (problem.code, problem.mark.path) == (Code.P009_OTHER_HOST, "site/older/index.html")
    whole.tree.edit("old/index.html", "main", "other")
    assert {each.mark.path for each in whole.problems()} == {"site/old/index.html", "site/older/index.html"}
