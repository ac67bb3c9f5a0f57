"""The second look: what was rendered may not run, style itself, or load from another host."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from engblog.html.safety import FORBIDDEN_ELEMENTS, unsafe_markup
from engblog.model.problems import Problems
from engblog.source.body import scan
from engblog.source.docs_files import DocsFiles
from engblog.source.parse import Parsed, Source
from engblog.source.references import check_references
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

CONFIGURED = yaml.safe_load((Path(__file__).parents[2] / "mkdocs.yml").read_text())["markdown_extensions"]


def renderer() -> Markdown:
    names = [next(iter(each)) if isinstance(each, dict) else each for each in CONFIGURED]
    settings = {name: value for each in CONFIGURED if isinstance(each, dict) for name, value in each.items()}
    return Markdown(extensions=names, extension_configs=settings)


MD = renderer()


@pytest.mark.parametrize("name", sorted(FORBIDDEN_ELEMENTS | {"math"}))
def test_an_element_that_runs_or_loads_is_seen(name: str) -> None:
    assert unsafe_markup(f"<p>a</p><{name.upper()} x>") == [f"the element <{name}>"]
    assert unsafe_markup(f"<p>&lt;{name}&gt;</p><p class='{name}'>{name}</p>") == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<b onclick="x">', "the attribute onclick of <b>"),
        ("<b/onclick=x>", "the attribute onclick of <b>"),
        ("<b a='>' ONCLICK=x>", "the attribute onclick of <b>"),
        ('<p style="color: red">', "the attribute style of <p>"),
        ('<button formaction="x">', "the attribute formaction of <button>"),
        ('<a href="javascript:x">', "the address 'javascript:x' of <a>"),
        ('<a href=" java\nscript:x">', "the address 'javascript:x' of <a>"),
        ('<a href="&#106;avascript:x">', "the address 'javascript:x' of <a>"),
        ('<a href="javascript&colon;x">', "the address 'javascript:x' of <a>"),
        ('<a href="javascr\tipt:x">', "the address 'javascript:x' of <a>"),
        ("<A HREF = j\u0001avascript:x>", "the address 'javascript:x' of <a>"),
        ('<a href="javascr&Tab;ipt:x">', "the address 'javascript:x' of <a>"),
        ('<a href="d&NewLine;ata:text/html,x">', "the address 'data:text/html,x' of <a>"),
        ('<img src="&sol;&sol;x.example/a.png">', "<img>, which loads '//x.example/a.png'"),
        ('<img src="h\nttps://x.example/a.png">', "<img>, which loads 'https://x.example/a.png'"),
        ('<img alt="it&#39;s" src="&#47;/x.example/a.png">', "<img>, which loads '//x.example/a.png'"),
        ('<a href="data:text/html,x">', "the address 'data:text/html,x' of <a>"),
        ('<img src="https://x.example/a.png">', "<img>, which loads 'https://x.example/a.png'"),
        ('<img src="//x.example/a.png">', "<img>, which loads '//x.example/a.png'"),
        (r'<img src="\\x.example\a.png">', r"<img>, which loads '\\\\x.example\\a.png'"),
        (r'<img src="/\x.example/a.png">', r"<img>, which loads '/\\x.example/a.png'"),
        ('<img srcset="a.png, https://x.example/a.png 2x">', "<img>, which loads 'a.png,https://x.example/a.png2x'"),
        ('<video poster="https://x.example/a.png">', "<video>, which loads 'https://x.example/a.png'"),
        ("<xmp><!--</xmp><b onclick=x>", "the attribute onclick of <b>"),
        ("<noscript><!--</noscript><img src=x onerror=x>-->", "the attribute onerror of <img>"),
        ("<noscript><b onclick=x></noscript>", "the attribute onclick of <b>"),
        ("<template><template><b onclick=x></template></template>", "the attribute onclick of <b>"),
        ("<svg><![CDATA[<!--]]><b onclick=x>", "the attribute onclick of <b>"),
        ("<table><b onclick=x><tr>", "the attribute onclick of <b>"),
        ("<frameset><b onclick=x>", "the attribute onclick of <b>"),
        ("<b title=a onclick=x title=b>", "the attribute onclick of <b>"),
        ("<p title='<!--'><b onclick=x>", "the attribute onclick of <b>"),
        ("<svg><use href='data:text/html,x'>", "the address 'data:text/html,x' of <use>"),
    ],
)
def test_an_attribute_that_runs_styles_or_loads_is_seen(html: str, said: str) -> None:
    assert unsafe_markup(f"<p>Text {html} text</p>") == [said]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/" title="once: upon">x</a>',
        '<p>style="x" onclick="y" <code>&lt;b onclick=x&gt; javascript: src="//x"</code></p>',
        '<img src="a.png" alt="on style = x">',
        '<svg viewBox="0 0 1 1"><path d="M0 0" class="s-ink"/></svg>',
        "<p>a &lt;script&gt; b</p>",
        "<xmp><b onclick=x></xmp><textarea><b onclick=x></textarea><!-- <b onclick=x> -->",
        "<p title='<b onclick=x>' title=x>",
        "",
    ],
)
def test_harmless_markup_is_let_through(html: str) -> None:
    assert unsafe_markup(html) == []


@pytest.mark.parametrize("end", ["<b onclick=x", '<b onclick="x', "<b onclick='x", "<b onclick", '<img src="//x/a'])
def test_a_tag_that_the_page_around_it_would_end_is_seen(end: str) -> None:
    assert len(unsafe_markup(f"<p>Text {end}")) == 1


@pytest.mark.parametrize("html", ["<!-- <script> -->", "<xmp><script></xmp>", "<p title='<script>'>"])
def test_elements_are_looked_for_where_only_other_readers_see_them(html: str) -> None:
    assert unsafe_markup(html) == ["the element <script>"]


PIECES = [
    "<",
    ">",
    "/",
    " ",
    "\n",
    "\n\n",
    '"',
    "'",
    "=",
    "`",
    "```\n",
    "    ",
    "!",
    "[",
    "](",
    "](<",
    ")",
    "{",
    "}",
    "{:",
    "&#106;",
    "&colon;",
    "&Tab;",
    "<b",
    "<img",
    "<a",
    "<svg",
    "<use",
    "<!--",
    "-->",
    "<script",
    "<p markdown='1'",
    "onclick=x",
    "style=x",
    "src=",
    "href=",
    "srcset=",
    "javascript:x",
    "https://x.example/a.png",
    "//x.example/a",
    "[r]: ",
    "[r]",
    "![a][r]",
    "text",
    "- ",
    "> ",
    "| ",
    "*",
    "\\",
    "<div",
    "</div>",
    "\t",
    "!!! note\n    ",
    '=== "T"\n    ',
    "[^1]",
    "[^1]: ",
    "*[a]: ",
    "x\n:   ",
]


class Strict(HTMLParser):
    """Finds what must not be, with no shortcut."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            loads = name in {"src", "srcset", "poster", "background"} and "//" in address
            if tag in FORBIDDEN_ELEMENTS or name.startswith("on") or name == "style" or loads:
                self.found.append(f"{tag} {name}")
            if address.startswith(("javascript:", "vbscript:")):
                self.found.append(f"{tag} {address}")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_text_passes_both_looks_and_runs_styles_or_loads(text: str) -> None:
    problems = Problems()
    check_references(scan(text), Source(Parsed("articles/a/index.md", "a", ())), None, DocsFiles(frozenset()), problems)
    refused = any(problem.code.id in {"R002", "R007"} for problem in problems.found)
    html = MD.reset().convert(text)
    if not refused and not unsafe_markup(html):
        assert Strict(html).found == [], html


@pytest.mark.parametrize("piece", ['<img srcset="', '<p style="', "<a href='&#9;", "<!--", "<b onx=", "< on=", "<x y"])
def test_a_page_of_tags_that_never_end_is_looked_at_in_bounded_time(piece: str) -> None:
    """A parser that starts anew at each of them takes a quarter of an hour for what an article may have."""
    text = piece * (600_000 // len(piece)) + "<i style=x>"
    start = time.process_time()
    unsafe_markup(text)
    assert time.process_time() - start < 5
