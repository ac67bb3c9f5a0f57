"""What feeds are made from: an article's text for a reader elsewhere, names that last, and XML without surprises."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from engblog.html.standalone import readable
from engblog.model.publication import Identity, Publication
from engblog.outputs.feeds.ids import article_id, default_authority, is_authority, tag_uri
from engblog.outputs.feeds.select import feeds_of
from engblog.outputs.feeds.write import write_feeds
from engblog.outputs.feeds.xml import Markup, element, escape
from engblog.site.history import all_corrections, updated_articles
from engblog.site.views import build_views
from hypothesis import given
from hypothesis import strategies as st
from support.feeds import check_atom, check_content, check_json, check_rss
from support.sources import article, read_articles

ROOT = "https://mini.example/blog/"
ADDRESS = f"{ROOT}articles/2026/11/20/a/"


def shown(body: str) -> str:
    return readable(body, address=ADDRESS, root=ROOT, file_address=lambda name: f"{ADDRESS}{name}")


# The text of an article


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


# XML


def test_text_is_never_markup() -> None:
    made = element("a", "<b>]]>&amp;", element("c", attributes={"d": '"<\n\t>'}), attributes={"e": "x & y"})
    assert made == '<a e="x &amp; y">&lt;b&gt;]]&gt;&amp;amp;<c d="&quot;&lt;&#10;&#9;&gt;"/></a>'
    assert ElementTree.fromstring(made)[0].get("d") == '"<\n\t>'  # noqa: S314


@given(st.text(st.characters(), max_size=40))
def test_no_text_breaks_xml(text: str) -> None:
    root = ElementTree.fromstring(element("a", text, attributes={"b": text}).encode())  # noqa: S314
    assert (root.text or "") == str(root.get("b")).replace("\r", "\n")
    assert isinstance(escape(text), Markup)


# Names that last


def test_an_authority_is_a_domain_and_a_date() -> None:
    good = ["example.org,2026", "a-b.example.org,2026-01", "localhost,2026-01-31", "a.b@example.org,2026"]
    bad = ["", "example.org", "example.org,", ",2026", "Ex.org,2026", "ex_.org,2026", "ex..org,2026", "ex.org,2026-1"]
    assert [text for text in [*good, *bad] if is_authority(text)] == good


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Real-Engineering.github.io/blog/", "real-engineering.github.io,2026"),
        ("http://127.0.0.1:8000/", "127.0.0.1,2026"),
        ("https://größe.example/", "xn--grsse-kua.example,2026"),
        ("http://[::1]:8000/", "1,2026"),
        ("https://a_b.example/", "a-b.example,2026"),
        ("", "localhost,2026"),
    ],
)
def test_a_site_without_an_authority_takes_its_host(url: str, authority: str) -> None:
    assert default_authority(url) == authority
    assert is_authority(authority)


def test_an_id_is_after_the_first_address(tmp_path: Path) -> None:
    texts = {
        "a": article(),
        "b": article(date="2026-11-19", aliases="[/2019/Größe.html, /b/]"),
        "c": article(date="2026-11-18", aliases="[/2019/c/]", id="/2018/c"),
    }
    site = read_articles(tmp_path, **texts).site
    assert [article_id("x.example,2026", each) for each in site.articles] == [
        "tag:x.example,2026:articles/2026/11/20/a/",
        "tag:x.example,2026:2019/Gr%C3%B6%C3%9Fe.html",
        "tag:x.example,2026:2018/c/",
    ]
    assert tag_uri("x.example,2026", "tags/数/") == "tag:x.example,2026:tags/%E6%95%B0/"


# Corrections


def test_corrections_are_in_one_order_and_have_names_of_their_own(tmp_path: Path) -> None:
    several = "{date: 2026-11-21, text: A1}, {date: 2026-11-25, text: A3}, {date: 2026-11-21, text: A2}"
    site = read_articles(
        tmp_path,
        a=article(corrections=f"[{several}]"),
        b=article(corrections="[{date: 2026-11-25, text: B1}]", date="2026-11-18", updated="2026-11-26"),
    ).site
    found = all_corrections(site.articles)
    assert [each.correction.text for each in found] == ["A3", "B1", "A2", "A1"]
    assert [each.name for each in found] == [
        "correction-2026-11-25-1", "correction-2026-11-25-1", "correction-2026-11-21-2", "correction-2026-11-21-1"
    ]  # fmt: skip
    assert [each.slug for each in updated_articles(site.articles)] == ["b"]


# What feeds there are


def publication(root: Path, **texts: str) -> Publication:
    site = read_articles(root, **texts).site
    bodies = {each.src_uri: "<p>Text.</p>" for each in site.articles}
    name, about = 'A "site" <b> & ]]> more', "About & <more>."
    identity = Identity(name, ROOT, about, copyright="<CC>", authority="x.example,2026")
    return Publication(identity, site, build_views(site, page_size=1), bodies, feed_size=2)


def test_a_list_over_many_pages_has_one_feed_of_its_newest(tmp_path: Path) -> None:
    made = publication(tmp_path, **{f"a{n}": article(date=f"2026-11-{n:02}") for n in range(10, 15)})
    feeds = {feed.page: feed for feed in feeds_of(made)}
    assert sorted(feeds) == ["", "categories/database/", "corrections/", "tags/go/", "tags/mysql/", "tags/redis/"]
    assert [entry.url[-4:] for entry in feeds["tags/redis/"].entries] == ["a14/", "a13/"]
    assert feeds["tags/redis/"].updated.day == 14


def test_an_empty_feed_has_a_date_too(tmp_path: Path) -> None:
    feeds = {feed.page: feed for feed in feeds_of(publication(tmp_path))}
    assert sorted(feeds) == ["", "corrections/"]
    assert {feed.updated.isoformat() for feed in feeds.values()} == {"2026-01-01T00:00:00+00:00"}


def test_a_series_feed_has_its_newest_part_first(tmp_path: Path) -> None:
    made = publication(
        tmp_path,
        one=article(series="{name: S, part: 1}", date="2026-11-01"),
        two=article(series="{name: S, part: 2}", date="2026-11-02"),
    )
    (feed,) = (feed for feed in feeds_of(made) if feed.folder == "Series")
    assert [entry.url.split("/")[-2] for entry in feed.entries] == ["two", "one"]


def test_a_site_with_a_hostile_name_has_valid_feeds(tmp_path: Path) -> None:
    title = '"]]> <script>alert(1)</script> & \\u202e \\U0001F600"'
    text = article(title=title, corrections="[{date: 2026-11-21, text: '<x> ]]>'}]")
    made = publication(tmp_path, a=text)
    checks = {"feed.xml": check_rss, "atom.xml": check_atom, "feed.json": check_json}
    for path, data in write_feeds(made):
        if path != "feeds.opml":
            checks[path.rpartition("/")[2]](data, ROOT, path)
            assert b"<script" not in data or path.endswith(".json")


def test_a_site_without_an_address_has_none(tmp_path: Path) -> None:
    made = publication(tmp_path, a=article())
    assert list(write_feeds(replace(made, identity=replace(made.identity, url="")))) == []
