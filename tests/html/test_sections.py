"""Sections of plain text from an article's HTML, however it is written."""

from __future__ import annotations

import time

import pytest
from engblog.html.sections import sections_of
from hypothesis import given
from hypothesis import strategies as st


def told(html: str) -> list[tuple[str, str, str]]:
    return [(section.anchor, section.heading, section.text) for section in sections_of(html)]


def test_an_article_is_split_at_headings_with_an_id() -> None:
    html = (
        '<h1 id="t">Title</h1><p>First.</p><h2 id="a">One <code>a&lt;b&gt;</code></h2><p>Text</p><h3>Not one</h3>'
        '<ul><li>x</li><li>y</li></ul><h4 id=\'b\'>Two<a class="headerlink" href="#b">&para;</a></h4>'
        "<table><tr><td>1</td><td>2</td></tr></table><h5 id=c>Deep</h5>"
    )
    assert told(html) == [("", "", "Title First."), ("a", "One a<b>", "Text Not one x y"), ("b", "Two", "1 2 Deep")]


@pytest.mark.parametrize(
    ("html", "sections"),
    [
        ('<h2 data-id="5" id="real">T</h2>x', [("real", "T", "x")]),
        ('<h2 title="id=a" id="real">T</h2>x', [("real", "T", "x")]),
        ('<h2 data-x="a>b" id="c">T</h2>x', [("c", "T", "x")]),
        ("<H2 ID=up>Up</H2>x", [("up", "Up", "x")]),
        ('<h2\nid="n"\n>N</h2>x', [("n", "N", "x")]),
        ('<h2 id="">E</h2>x', [("", "", "E x")]),
        ('<h2 id="o">o<h3 id="i">i</h3></h2>t', [("o", "o", ""), ("i", "i", "t")]),
        ('<!-- <h2 id="no">no</h2> -->t', [("", "", "t")]),
        ('<p title="a > b">hello</p>', [("", "", "hello")]),
        ('<img alt="x > y" src=a>t', [("", "", "t")]),
        ("<p>it's <b title='\"'>bold</b>er</p>", [("", "", "it's bolder")]),
        ("<pre><code>if (a &lt; b &amp;&amp; c &gt; d)</code></pre>", [("", "", "if (a < b && c > d)")]),
        ("&amp;lt;b&amp;gt; &#x1F680; 1 < 2", [("", "", "&lt;b&gt; 🚀 1 < 2")]),
        ("<script type=module>if(a<b){}</script >z<style>p>a{}</style>", [("", "", "z")]),
        ("<svg><title>t</title></svg>z<mathx>kept</mathx>", [("", "", "zkept")]),
        ("a <!-- never closed", [("", "", "a")]),
        ("", []),
    ],
)
def test_odd_markup_gives_the_text_that_is_read(html: str, sections: list[tuple[str, str, str]]) -> None:
    assert told(html) == sections


_PIECES = st.sampled_from(
    [
        *"<>/\"'=&; a1",
        "<h2",
        "</h2>",
        " id=a",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<p ",
        "&lt;",
        "&#0;",
        "<svg",
        "é",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_nothing_makes_it_fail(html: str) -> None:
    assert all(section.text or section.heading for section in sections_of(html))


@pytest.mark.parametrize(
    "piece",
    [
        *("<script", "<script>", "<!--", "<label>", '<a class="headerlink"', '<sup id="fnref', "<svg>"),
        *("<h2 id=a>", "<h2 ", "</h2", "<h2 id=a>x</h3>", "<p ", '<p a="', "<p a='\"", "<span ", "<"),
        *('<a id="__codelineno', "&"),
    ],
)
def test_what_is_opened_often_and_never_closed_costs_little(piece: str) -> None:
    start = time.perf_counter()
    sections_of(piece * 20_000)
    assert time.perf_counter() - start < 2
