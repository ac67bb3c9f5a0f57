"""Two renderings of a text are equal if a reader cannot tell them apart, and otherwise not."""

from __future__ import annotations

import time

import pytest
from engblog.html.shown import Block, shown, words
from hypothesis import given
from hypothesis import strategies as st

SAME = [
    ("<p>a b</p>", "<p>  a\n  b </p>\n"),
    ("<p>a</p>", "<div><p>a</p></div>"),
    ("<p>a</p>", '<p id="x" class="y">a</p>'),
    ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
    ("<p><em><strong>a</strong></em></p>", "<p><strong><em>a</em></strong></p>"),
    ("<p><b>a</b> <i>b</i> <s>c</s></p>", "<p><strong>a</strong> <em>b</em> <del>c</del></p>"),
    ("<p><b>a</b><b>b</b></p>", "<p><b>ab</b></p>"),
    ("<p><b>a b</b></p>", "<p><b>a</b> <b>b</b></p>"),
    ('<h2 id="a">A</h2>', '<h2>A<a class="headerlink" href="#a">¶</a></h2>'),
    ("<pre><code>a\n b\n</code></pre>", '<pre><span class="k">a</span>\n <span>b</span>  \n</pre>'),
    (
        "<pre><code>a\n</code></pre>",
        '<pre><span class="linenos">1</span>a</pre>',
    ),
    ("<pre>\ta</pre>", "<pre>    a</pre>"),
    ('<p><a href="x.md">a</a></p>', '<p><a href="../x/">a</a></p>'),
    ('<p><a href="https://x/é">a</a></p>', '<p><a href="https://x/%C3%A9">a</a></p>'),
    ("<p><img alt=a src=b></p>", '<figure class="figure"><svg></svg><figcaption>c</figcaption></figure>'),
    ("<p>a <script>b</script><style>c</style></p>", "<p>a</p>"),
    ('<p>a<span class="claim">b</span></p>', "<p>a</p>"),
    ('<ol start="1"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    ('<div class="admonition note"><p>a</p></div>', '<div class="box"><p>a</p></div>'),
    ("<details><p>a</p></details>", '<div class="box"><p>a</p></div>'),
]  # fmt: skip
OTHER = [
    ("<p>a b</p>", "<p>a c</p>"),
    ("<p>a b</p>", "<p>ab</p>"),
    ("<p>a</p><p>b</p>", "<p>a b</p>"),
    ("<p>a</p><p>b</p>", "<p>b</p><p>a</p>"),
    ("<p>a</p>", "<h2>a</h2>"),
    ("<h2>a</h2>", "<h3>a</h3>"),
    ("<p>a</p>", "<p><b>a</b></p>"),
    ("<p><b>a</b></p>", "<p><i>a</i></p>"),
    ("<p><code>a</code></p>", "<p>a</p>"),
    ("<p><code>a</code> b</p>", "<p><code>a b</code></p>"),
    ("<p><del>a</del></p>", "<p>~~a~~</p>"),
    ("<p>a<sub>b</sub></p>", "<p>a<sup>b</sup></p>"),
    ('<p><a href="x">a</a></p>', "<p>a</p>"),
    ("<p><a>a</a></p>", '<p><a href="x">a</a></p>'),
    ('<p><a href="https://x/">a</a></p>', '<p><a href="https://y/">a</a></p>'),
    ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
    ("<ol><li>a</li></ol>", '<ol start="2"><li>a</li></ol>'),
    ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<ul><li>a</li></ul><p>b</p>", "<ul><li>a<p>b</p></li></ul>"),
    ("<ul><li>a</li><li></li></ul>", "<ul><li>a</li></ul>"),
    ("<blockquote><p>a</p></blockquote>", "<p>a</p>"),
    ("<table><tr><td>a</td><td></td></tr></table>", "<table><tr><td>a</td></tr></table>"),
    ("<table><tr><td>a</td></tr></table>", "<p>a</p>"),
    ("<pre>a\nb</pre>", "<pre>a b</pre>"),
    ("<pre>a</pre>", "<pre> a</pre>"),
    ("<pre>a</pre>", "<p><code>a</code></p>"),
    ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p><p>b</p>"),
    ("<p>a</p><hr>", "<p>a</p>"),
    ("<p>a<br>b</p>", "<p>a\nb</p>"),
    ("<p>a <img alt=b></p>", "<p>a</p>"),
    ("<p>a <img alt=b></p>", "<p>a <img alt=c></p>"),
    ("<p><img alt=a></p>", "<p><img alt=a><img alt=b></p>"),
    ('<div class="admonition"><p>a</p></div>', "<p>a</p>"),
    ('<ul><li><input type="checkbox"> a</li></ul>', '<ul><li><input type="checkbox" checked> a</li></ul>'),
    ('<p>a<sup id="fnref:b"></sup></p>', '<p>a<sup id="fnref:c"></sup></p>'),
    ('<p>a<sup id="fnref:b"></sup></p>', "<p>a[^b]</p>"),
]


def keys(html: str) -> list[tuple[object, ...]]:
    return [block.key for block in shown(html).blocks]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_reader_sees_no_difference(one: str, other: str) -> None:
    assert keys(one) == keys(other) != []


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_a_reader_sees_a_difference(one: str, other: str) -> None:
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("text <b>x</b>", [((), "text x")]),
        ("<p>a</p>b<p>c</p>", [((), "a"), ((), "b"), ((), "c")]),
        ("<h2>a</h2>", [(("h2",), "a")]),
        ("<ul><li>a<ol start=3><li>b</li><li>c</li></ol></li></ul>",
         [(("list",), "a"), (("list", "3."), "b"), (("list", "4."), "c")]),
        ("<blockquote><ul><li><p>a</p><pre>b</pre></li></ul></blockquote>",
         [(("quotation", "list"), "a"), (("quotation", "list", "code"), "b")]),
        ("<table><tr><th>a</th></tr><tr><td></td></tr></table>", [(("cell",), "a"), (("cell",), "")]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", [(("term",), "a"), (("definition",), "b")]),
        ('<div class="tabbed-set"><div class="tabbed-block"><p>a</p></div></div>', [(("box",), "a")]),
        ("<hr>", [(("rule",), "")]),
        ("<p>a<br>b</p>", [((), "a\nb")]),
        ("<p><img alt='a b'></p>", [((), "a picture")]),
        ("<p>c <img alt='a b'></p>", [((), "c ![a b]")]),
        ("<p>a<sup id='fnref:b'>1</sup></p>", [((), "a[^b]")]),
        ("<ul><li><input type=checkbox checked>a</li></ul>", [(("list",), "[x] a")]),
    ],
)  # fmt: skip
def test_blocks_are_read_with_what_they_are_in(html: str, blocks: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(block.path, words(block.text)) for block in shown(html).blocks] == blocks


def test_titles_are_kept_apart_from_the_text() -> None:
    found = shown(
        '<div class="admonition"><p class="admonition-title">A <b>b</b></p><p>x</p></div>'
        "<details><summary>C</summary><p>x</p></details>"
        '<div class="tabbed-labels"><label>D</label><label>E</label></div>'
        '<div class="highlight"><span class="filename">f.py</span><pre>x</pre></div>'
    )
    assert found.titles == ["A b", "C", "D", "E", "f.py"]
    assert [block.text for block in found.blocks] == ["x"] * 3


@pytest.mark.parametrize(
    "html",
    [
        '<aside data-footnote="a"><p>x</p><pre>y</pre></aside><p>z</p>',
        '<div class="footnote"><hr><ol><li id="fn:a"><p>x<a class="footnote-backref">↩</a></p><pre>y</pre></li></ol>'
        "</div><p>z</p>",
    ],
)
def test_footnotes_are_known_by_label(html: str) -> None:
    found = shown(html)
    assert {label: [(each.path, each.text) for each in text] for label, text in found.footnotes.items()} == {
        "a": [((), "x"), (("code",), "y")]
    }
    assert [block.text for block in found.blocks] == ["z"]


def test_addresses_on_the_web_and_lines_are_read() -> None:
    html = (
        '<p data-line="3">a <a href="https://x/?q=1&amp;r=é">b</a> <a href="mailto:c@d.e">c</a> <a href="#f">d</a></p>'
    )
    (block,) = shown(html).blocks
    assert block.addresses == ("https://x/?q=1&r=%C3%A9", "mailto:c@d.e")
    assert block.line == 3
    lines = (
        '<ul data-line="1"><li data-line="1">a</li><li data-line="2">b<p data-line="4">c</p></li></ul>'
        '<table data-line="6"><tr data-line="8"><td>d</td></tr></table>e'
    )
    assert [block.line for block in shown(lines).blocks] == [1, 2, 4, 8, 8]


def test_a_line_break_of_the_source_is_kept_and_not_compared() -> None:
    one, other = Block((), "a\nb"), Block((), "a b")
    assert one.key == other.key
    assert Block(("code",), "a\nb").key != Block(("code",), "a b").key


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<ul>", "<li>", "<b>", "</b>", "a", " ", "<pre>", "<br>", "<td>", "<img alt=x>"]
        ),
        max_size=20,
    )
)
def test_any_html_can_be_read_and_is_equal_to_itself(parts: list[str]) -> None:
    html = "".join(parts)
    assert keys(html) == keys(html)
    assert [
        letter for block in shown(html).blocks for letter in words(block.text).replace("a picture", "") if letter == "a"
    ] == [part for part in parts if part == "a"]


@pytest.mark.parametrize(
    "piece", ["<p>a", "<b>a", "<ul><li>a", "a ", "<img>", "<blockquote>", "<a href=https://x>", "<br>"]
)
def test_a_hostile_page_takes_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    shown(piece * 20_000)
    assert time.process_time() - start < 10
