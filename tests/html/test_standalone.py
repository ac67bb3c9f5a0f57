"""The text of an article for a reader elsewhere: whole addresses, nothing that runs, well-formed."""

from __future__ import annotations

import time

import pytest
from engblog.html.standalone import readable
from hypothesis import given
from hypothesis import strategies as st
from support.feeds import check_content

ROOT = "https://mini.example/blog/"
ADDRESS = f"{ROOT}articles/2026/11/20/a/"


def shown(body: str) -> str:
    return readable(body, address=ADDRESS, root=ROOT, file_address=lambda name: f"{ADDRESS}{name}")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="../../../../tags/">t</a>', f'<a href="{ROOT}articles/tags/">t</a>'),
        ('<a href="#part">p</a>', f'<a href="{ADDRESS}#part">p</a>'),
        ('<a href="lab/#x">l</a>', f'<a href="{ADDRESS}lab/#x">l</a>'),
        ('<a href="https://else.example/?a=1&amp;b=2">e</a>', '<a href="https://else.example/?a=1&amp;b=2">e</a>'),
        ('<a href="mailto:a@b.example">m</a>', '<a href="mailto:a@b.example">m</a>'),
        ('<a href="java&#9;script:alert(1)">j</a>', "<a>j</a>"),
        ('<a href="data:text/html,x">d</a>', "<a>d</a>"),
        ('<a href="http://[">broken</a>', "<a>broken</a>"),
        ('<a id="top"></a>x', "x"),
        ('<img src="a.png" alt="A" loading="lazy">', f'<img src="{ADDRESS}a.png" alt="A" />'),
        ('<img src="https://else.example/a.png" alt="A & b">', "A &amp; b"),
        ('<img src="//else.example/a.png" alt="A">', "A"),
        ('<img src="data:image/png;base64,AA" alt="A">', "A"),
    ],
)
def test_addresses_are_whole_and_load_from_the_site_alone(body: str, expected: str) -> None:
    assert shown(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<h2 id="x">One<a class="headerlink" href="#x" title="Link">#</a></h2>', "<h2>One</h2>"),
        ('<p onclick="x()" style="color:red" class="k" id="i">p</p>', "<p>p</p>"),
        ("<p>a<script>alert(1)</script>b<style>p{}</style>c</p>", "<p>abc</p>"),
        ("<p>a<iframe src='x'><p>in</p></iframe>b", "<p>ab</p>"),
        ("a<!-- <b>not</b> -->b", "ab"),
        ("<p>one<br>two<hr>", "<p>one<br />two</p><hr />"),
        ("<em>one<strong>two</em>three", "<em>one<strong>two</strong></em><strong>three</strong>"),
        ("one</div></p>two", "one<p></p>two"),
        ("1 < 2 &amp;&amp; 3 > 2 &nbsp;&lt;b&gt; &#8617;", "1 &lt; 2 &amp;&amp; 3 &gt; 2 \u00a0&lt;b&gt; ↩"),
        ("<unknown>kept</unknown>", "kept"),
        ("<xmp><!--</xmp><script>x</script>y", "&lt;!--y"),
        ("<noscript><!--</noscript><img src=x onerror=y>-->z", f'<img src="{ADDRESS}x" />--&gt;z'),
        ("<svg><![CDATA[<b>]]></svg>a<math><b>c", "a<b>c</b>"),
        ("<table><tr><b>x<td>y</table>", "<b>x</b><table><tbody><tr><td>y</td></tr></tbody></table>"),
        ("<p>a<p>b<ul><li>c<li>d", "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>"),
        ('<a href="#a" href="#b">a</a>', f'<a href="{ADDRESS}#a">a</a>'),
        ("<template><p>a</p></template><textarea><p>b</textarea>c", "c"),
        ('<div dir="rtl" class="x">ا</div>', '<div dir="rtl">ا</div>'),
        ('<span lang="fr">oui</span><span class="x">non</span>', '<span lang="fr">oui</span>non'),
        ('<ol start="3"><li>x</li></ol>', '<ol start="3"><li>x</li></ol>'),
        ('<p><kbd class="key-control">Ctrl</kbd><span>+</span><kbd>C</kbd></p>', "<p><kbd>Ctrl</kbd>+<kbd>C</kbd></p>"),
        ("<p>a\x00b\x1bc\ufffed</p>", "<p>ab\ufffdc\ufffdd</p>"),
    ],
)
def test_what_means_nothing_elsewhere_is_gone_and_the_rest_is_well_formed(body: str, expected: str) -> None:
    assert shown(body) == expected


def test_code_is_plain_and_says_its_language_and_file() -> None:
    body = (
        '<div class="language-go highlight"><span class="filename">lab/a.go</span><pre><span></span><code>'
        '<span id="__span-0-1"><span class="kd">func</span> <span class="nx">main</span>() {}\n</span></code></pre>'
        "</div>"
        "<p><code>plain</code></p>"
    )
    assert shown(body) == (
        '<p><em>lab/a.go</em></p>\n<pre><code class="language-go">func main() {}\n</code></pre>'
        "<p><code>plain</code></p>"
    )


def test_tabs_stand_one_below_the_other_under_their_labels() -> None:
    body = (
        '<div class="tabbed-set tabbed-alternate"><input checked type="radio"/><input type="radio"/>'
        '<div class="tabbed-labels"><label for="a">Go &amp; <code>x</code></label><label for="b">Node</label></div>'
        '<div class="tabbed-content"><div class="tabbed-block"><p>1</p>'
        '<div class="tabbed-set"><div class="tabbed-labels"><label>In</label></div>'
        '<div class="tabbed-content"><div class="tabbed-block"><p>2</p></div></div></div></div>'
        '<div class="tabbed-block"><p>3</p></div></div></div><label>out</label>'
    )
    assert shown(body).replace("\n", "") == (
        "<p><strong>Go &amp; <code>x</code></strong></p><p>1</p><p><strong>In</strong></p><p>2</p>"
        "<p><strong>Node</strong></p><p>3</p>out"
    )


def test_remarks_tasks_and_proofs_keep_their_sense() -> None:
    assert shown('<div class="admonition note"><p class="admonition-title">N</p><p>x</p></div>') == (
        "<blockquote><p><strong>N</strong></p><p>x</p></blockquote>"
    )
    assert shown('<details class="note"><summary>S</summary>x</details>') == "<details><summary>S</summary>x</details>"
    assert shown('<li class="task-list-item"><input type="checkbox" disabled checked/> done') == "<li>☑ done</li>"
    assert shown('it<a class="claim" href="lab/#t" title="Verified"></a>.') == (
        f'it\u00a0<a href="{ADDRESS}lab/#t" title="Verified">✓</a>.'
    )


def test_a_diagram_is_a_picture_with_its_words() -> None:
    body = (
        '<figure class="figure diagram"><div class="figure-scroll" data-file="d.svg"><svg width="720" height="400" '
        'viewBox="0 0 720 400"><title id="t">T &amp; "t"</title><desc>D.</desc><g><title>inner</title></g><svg></svg>'
        "</svg></div><figcaption>C</figcaption></figure>"
    )
    picture = f'<img src="{ADDRESS}d.svg" alt="T &amp; &quot;t&quot;. D" width="720" height="400" />'
    assert shown(body) == f"<figure>{picture}<figcaption>C</figcaption></figure>"
    told = readable(body, address=ADDRESS, root=ROOT, file_address=lambda _: None)
    assert told == '<figure><p>T &amp; "t". D.</p><figcaption>C</figcaption></figure>'
    assert shown("<svg><title>alone</title></svg>after<svg/>end") == "<p>alone.</p>afterend"


PIECES = """
<p> </p> </div> <label> </label> <svg> </svg> <title> <desc> </a> <!-- --> <script> </script> < > " ' & &#0; &#x1f; text
<pre> <code> </code> </span> <a@href=x> <a@href='//['@x> <img@src=y> <b@onclick=' <span@dir=rtl> <input@type=checkbox>
<div@class='tabbed-set'> <div@class='tabbed-labels'> <div@class='tabbed-block'> <a@class=claim@href=#x> <p@title=&quot;>
"""


@given(st.lists(st.sampled_from([piece.replace("@", " ") for piece in PIECES.split()])).map("".join) | st.text())
def test_whatever_is_written_the_text_is_safe_and_well_formed(body: str) -> None:
    check_content(shown(body), ROOT)


@pytest.mark.parametrize(
    "piece",
    [
        "<", "<a ", '<a "', "<a '", "<!--", "<p>", "</p>", "<svg>", '<a b="', "&", "<label>", "<b x=1 ", "<title>",
        "<div class='tabbed-set'>", "<i>&#", "'<", '<p title="x', "<script>", "<pre><code></pre>", "<em><p></em>",
    ],
)  # fmt: skip
def test_the_time_grows_with_the_text_whatever_it_is(piece: str) -> None:
    """300,000 characters: a second in time that grows with the square would be minutes."""
    text = piece * (300_000 // len(piece))
    start = time.process_time()
    shown(text)
    assert time.process_time() - start < 5
