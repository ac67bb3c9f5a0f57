"""Files that browsers open as documents bring along what they need, and are fit to be published or named."""

from __future__ import annotations

import pytest
from engblog.source.documents import document_faults, files_of_document

NO_INDEX = '<meta name="robots" content="noindex">'
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
FILES = frozenset({"articles/a/b.png", "articles/a/demo.css", "articles/a/lib/x.js"})


def faults(name: str, text: str) -> list[str]:
    found = document_faults(f"articles/a/{name}", text.encode(), FILES, "articles/a")
    return [f"{each.line}:{each.column} {each.message}" for each in found]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("demo.html", "<link rel=stylesheet href=demo.css><img src='b.png'>", ["demo.css", "b.png"]),
        ("demo.html", "<a href='c.html#x'>", ["c.html"]),
        ("demo.html", "<script src=lib/x.js></script><a href='https://e.example/'><a href='/x'>", ["lib/x.js"]),
        ("demo.css", "@import 'more.css'; a { background: url(b.png) }", ["more.css", "b.png"]),
        ("demo.js", "import x from './lib/x.js'; fetch(\"./rows.json\"); say('hello');", ["lib/x.js", "rows.json"]),
        ("drawing.svg", DRAWN.format('<image xlink:href="b.png"/>'), ["b.png"]),
    ],
)  # fmt: skip
def test_a_document_refers_to_further_files(name: str, text: str, expected: list[str]) -> None:
    found = files_of_document(f"articles/a/{name}", text.encode())
    assert [path.removeprefix("articles/a/") for path in found] == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("demo.html", f"{NO_INDEX}<link rel=stylesheet href=demo.css><img src=b.png><a href='../../x/'>x</a>"),
        ("demo.html", '<meta http-equiv="refresh" content="0; url=b.png">'),
        ("page.htm", "<p style='color: red'>It is not a page of the site."),
        ("drawing.svg", DRAWN.format('<style>a{}</style><image xlink:href="b.png"/>')),
        ("demo.css", "a { background: url(b.png), url(data:image/png;base64,x) }"),
        ("demo.js", "import './lib/x.js'"),
        ("data.xml", "<rows/>"),
    ],
)
def test_a_document_that_keeps_the_promises_of_pages_is_fit(name: str, text: str) -> None:
    assert faults(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("demo.html", "<p>x", "1:1 search engines would list this file"),
        ("demo.html", f"{NO_INDEX}\n<script>go()</script>", "2:1 a script in the page: “go()”"),
        ("demo.html", f"{NO_INDEX}\n<p style='x'>", "2:1 a style attribute: “x”"),
        ("demo.html", f"{NO_INDEX}\n <img src='https://e.example/x.png'>", "2:2 <img src> asks another host"),
        ("demo.html", f"{NO_INDEX}<img src=gone.png>", "1:39 <img src> refers to “gone.png”, which does not exist"),
        ("page.htm", "<p onclick='go()'>", "1:1 a script in an attribute"),
        ("drawing.svg", DRAWN.format("<script>go()</script>"), "1:84 a script in the page: “go()”"),
        ("drawing.svg", DRAWN.format('<image xlink:href="//e.example/x"/>'), "1:84 <image xlink:href> asks another"),
        ("data.xml", "<x xmlns:h='http://www.w3.org/1999/xhtml'>\n<h:script>go()</h:script></x>", "2:1 a script"),
        ("demo.css", "a {\n background: url(gone.png) }", "2:18 the file refers to “gone.png”"),
        ("demo.css", "@import 'https://e.example/x.css'", "1:10 the file asks another host"),
        ("demo.js", "\nfetch('https://e.example/x')", "2:8 the file asks another host"),
    ],
)  # fmt: skip
def test_what_a_build_would_refuse_is_named_with_its_place(name: str, text: str, said: str) -> None:
    (found,) = faults(name, text)
    assert found.startswith(said)
