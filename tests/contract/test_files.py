"""A finished site has only files that the build knows by their bytes, or in which no browser runs anything."""

from __future__ import annotations

from hashlib import sha256

import pytest
from engblog.contract.files import Own, wrong_files
from engblog.html.page import read_page
from support.pictures import PNG
from support.sources import DRAWING

POLICY = "default-src 'none'"
XHTML = "http://www.w3.org/1999/xhtml"
SHEET = b"<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>"
OWN = Own(
    {
        "sw.js": sha256(b"go()").hexdigest(),
        "old/index.html": sha256(b"old").hexdigest(),
        "rss.xsl": sha256(SHEET).hexdigest(),
    },
    POLICY,
    frozenset({"named.css"}),
)


class Tree:
    """Files in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def read(self, path: str) -> bytes:
        return self._files[path]

    def size(self, path: str) -> int:
        return len(self._files[path])

    def digest(self, path: str) -> str:
        return sha256(self._files[path]).hexdigest()


def found(path: str, data: bytes) -> str:
    tree = Tree({"rss.xsl": SHEET, path: data})
    pages = {each: read_page(tree.read(each).decode()) for each in tree.paths if each.endswith(".html")}
    return " ".join(f"{each.code.id} {each.message}" for each in wrong_files(tree, pages, OWN))


def page(policy: str) -> bytes:
    return f'<html><head><meta http-equiv="content-security-policy" content="{policy}"></head>'.encode()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("sw.js", b"go()"),
        ("old/index.html", b"old"),
        ("named.css", b"a{}"),
        ("a/index.html", page(POLICY)),
        ("a/index.html", b"<p>x"),
        ("sitemap.xml", b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>"),
        ("feed.xml", b'<?xml-stylesheet type="text/xsl" href="rss.xsl"?><rss/>'),
        ("a.png", PNG),
        ("a.svg", DRAWING.encode()),
        ("a.json", b"{}"),
        ("CNAME", b"x"),
        (".well-known/x", b"x"),
        ("sitemap.xml.gz", b"x"),
    ],
)
def test_what_a_site_may_have(path: str, data: bytes) -> None:
    assert found(path, data) == ""


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("sw.js", b"evil()", "P012"),
        ("x.js", b"go()", "P012"),
        ("x.css", b"a{}", "P012"),
        ("x.HTML", b"", "P012"),
        ("x.htm", b"", "P012"),
        ("x.xhtml", b"", "P012"),
        ("x.XML", b"<x/>", "P012"),
        ("x.xsl", SHEET, "P012"),
        ("x.rng", b"<x/>", "P012"),
        ("x.svgz", b"", "P012"),
        ("x.bin", b"x", "P012"),
        ("x.txt", b"\0", "P012"),
        ("x.png", b"<html>", "P012"),
        ("x.svg", DRAWING.replace("<rect", "<a/><rect").encode(), "P012"),
        ("x/index.html", page("script-src 'unsafe-inline'"), "P013"),
        ("old/index.html", page("x"), "P013"),
        ("x.xml", f"<x><s:script xmlns:s='{XHTML}'>go()</s:script></x>".encode(), "P012"),
        ("x.xml", f"<a xmlns='{XHTML}'/>".encode(), "P012"),
        ("x.opml", b"<!DOCTYPE x><x/>", "P012"),
        ("x.xml", b"<?xml-stylesheet href='x.txt' type='text/xsl'?><x/>", "P012"),
        ("x.xml", b'<?xml-stylesheet href="x.txt" alternate="no" href="rss.xsl"?><x/>', "P012"),
        ("x.xml", "<x/>".encode("utf-16"), "P012"),
        ("x.xml", b"<?xml version='1.0' encoding='iso-2022-jp'?><x/>", "P012"),
        ("x.xml", b"<x><y:z/>", "P012"),
    ],
)
def test_what_a_site_must_not_have_whatever_brought_it(path: str, data: bytes, said: str) -> None:
    assert found(path, data).startswith(said)
