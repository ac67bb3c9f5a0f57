"""The second look: what was rendered has only what authors may write and what the renderer makes."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from engblog.html.allowed import ELEMENTS
from engblog.html.names import ELEMENTS as KNOWN
from engblog.html.names import OLD_ELEMENTS
from engblog.html.safety import unsafe_markup, without_seals
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


REFUSED = sorted((KNOWN | OLD_ELEMENTS) - ELEMENTS.keys() - {"image", "input", "label"})
"""Elements that browsers know and authors may not write, without those of the renderer's boxes to tick and tabs, and
without another name of ``<img>``."""
SEAL = "0123456789abcdef"


def said(html: str, seal: str = "") -> list[str]:
    """What the second look says of *html*, after ``is not allowed in articles`` is cut off."""
    return [
        f"{each.code.id} {each.message.removesuffix(' is not allowed in articles')}"
        for each in unsafe_markup(html, seal)
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_an_element_that_authors_may_not_write_is_seen_wherever_it_is(name: str) -> None:
    """A browser makes nothing of some of them in the middle of a page; those change nothing either."""
    for html in (f"<p>a</p><{name.upper()} x>", f"<table><tr><td><{name}></{name}></table>"):
        assert said(html) or name in {"body", "frame", "frameset", "head", "html"}
    assert said(f"<p>&lt;{name}&gt;</p><p title='{name}'>{name}</p>") == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<b onclick="x"></b>', "R007 the attribute onclick of <b>"),
        ("<b/onclick=x></b>", "R007 the attribute onclick of <b>"),
        ("<b title='>' ONCLICK=x></b>", "R007 the attribute onclick of <b>"),
        ("<b title=a onclick=x title=b></b>", "R007 the attribute onclick of <b>"),
        ("<p title='<!--'><b onclick=x></b>", "R007 the attribute onclick of <b>"),
        ("<table><b onclick=x></b><tr></table>", "R007 the attribute onclick of <b>"),
        ("<p onnothingyet=x>", "R007 the attribute onnothingyet of <p>"),
        ('<p style="color: red">', "R007 the attribute style of <p>"),
        ("<p inert>", "R007 the attribute inert of <p>"),
        ("<p hidden>", "R007 the attribute hidden of <p>"),
        ("<p popover>", "R007 the attribute popover of <p>"),
        ("<p contenteditable>", "R007 the attribute contenteditable of <p>"),
        ("<p slot=a>", "R007 the attribute slot of <p>"),
        ("<p is=a-b>", "R007 the attribute is of <p>"),
        ("<a accesskey=s href=a>a</a>", "R007 the attribute accesskey of <a>"),
        ("<a autofocus href=a>a</a>", "R007 the attribute autofocus of <a>"),
        ("<p tabindex=1>", "R007 the attribute tabindex of <p>"),
        ("<p role=alert>", "R007 the attribute role of <p>"),
        ("<p aria-label=Verified>", "R007 the attribute aria-label of <p>"),
        ("<p data-search-open>", "R007 the attribute data-search-open of <p>"),
        ("<p itemprop=a>", "R007 the attribute itemprop of <p>"),
        ("<img src=a.png alt=a name=querySelector>", "R007 the attribute name of <img>"),
        ("<a href=a target=_top>a</a>", "R007 the attribute target of <a>"),
        ("<a href=a ping=b>a</a>", "R007 the attribute ping of <a>"),
        ("<details name=a><summary>a</summary></details>", "R007 the attribute name of <details>"),
        ("<input type=text>", "R007 the attribute type of <input>"),
        ("<input type=checkbox name=a>", "R007 the attribute name of <input>"),
        ("<label for=a>a</label>", "R007 the attribute for of <label>"),
        ("<p class=stretched>", "R024 the class “stretched” of <p> is not for authors"),
        ("<p class='tip skip'>", "R024 the class “skip” of <p> is not for authors"),
        ("<div class=masthead></div>", "R024 the class “masthead” of <div> is not for authors"),
        ("<kbd class=k>a</kbd>", "R024 the class “k” of <kbd> is not for authors"),
        ("<p id=page--content>", "R025 the id “page--content” of <p> is not the name of a place"),
        ("<p id=querySelector>", "R025 the id “querySelector” of <p> is not the name of a place"),
        ("<p id=cookie>", "R025 the id “cookie” of <p> is a name that the page or browsers use"),
        ("<p id=claim-test-a>", "R025 the id “claim-test-a” of <p> is a name that the page or browsers use"),
        ("<h2 id=page--content>a</h2>", "R025 the id “page--content” of <h2> is not the name of a place"),
        ("<i class=claim>a</i>", "R026 the class “claim” of <i> is a mark of proof, which nobody writes by hand"),
        ("<b class=measured>9</b>", "R026 the class “measured” of <b> is a mark of proof, which nobody writes by hand"),
        ('<a href="javascript:x">a</a>', "R007 the address “javascript:x” of <a> is not a link"),
        ('<a href=" java\nscript:x">a</a>', "R007 the address “javascript:x” of <a> is not a link"),
        ('<a href="&#106;avascript&colon;x">a</a>', "R007 the address “javascript:x” of <a> is not a link"),
        ("<A HREF = j\u0001avascript:x>a</A>", "R007 the address “javascript:x” of <a> is not a link"),
        ('<a href="d&NewLine;ata:text/html,x">a</a>', "R007 the address “data:text/html,x” of <a> is not a link"),
        ('<a href="blob:x">a</a>', "R007 the address “blob:x” of <a> is not a link"),
        ('<blockquote cite="vbscript:x">a</blockquote>', "R007 the address “vbscript:x” of <blockquote> is not a link"),
        ('<img src="&sol;&sol;x.example/a.png">', "R002 “//x.example/a.png” is on another host"),
        ('<img src="h\nttps:x.example/a.png">', "R002 “https:x.example/a.png” is on another host"),
        (r'<img src="/\x.example/a.png">', r"R002 “/\x.example/a.png” is on another host"),
        ('<img srcset="a.png, https://x.example/a.png 2x">', "R002 “https://x.example/a.png2x” is on another host"),
        ('<video poster="https://x.example/a.png"></video>', "R002 “https://x.example/a.png” is on another host"),
        ('<img src="data:image/svg+xml,x">', "R002 “data:image/svg+xml,x” is not a file of the site"),
    ],
)  # fmt: skip
def test_an_attribute_that_authors_may_not_write_is_seen(html: str, expected: str) -> None:
    assert said(f"<p>Text</p>{html}") == [expected]


ESCAPE = "R027 HTML here ends an element of the page around it, or leaves one open behind it"


@pytest.mark.parametrize(
    "html",
    [
        "</article>", "</div>", "</main></body><body inert>", "<body inert>", "<html lang=x>", "</div><div>",
        "</main><main><div><div><article>", "<b>", "<a href=a>a", "<p>a<i><b></i>", "<!--", "<!-- --", "<b onclick=x",
        '<b onclick="x', "<b onclick='x", "<b onclick", '<img src="//x/a', "</article></div></div></main><!--",
        "</article>\ue0ff</div>\ue0ff</div>\ue0ff</main><!--", "<template>", "<select>", "<textarea>", "<plaintext>",
        "<title>", "<svg><desc>", "<math><mi>", "<table></div>", "<table><tr><td></article>",
    ],
)  # fmt: skip
def test_a_text_that_reaches_out_of_its_element_is_seen(html: str) -> None:
    found = said(f"<p>Text</p>{html}")
    assert ESCAPE in found or any(each.startswith("R007 the element") for each in found)


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        ("<xmp><!--</xmp><b onclick=x></b>", "<xmp>"),
        ("<noscript><!--</noscript><img src=x onerror=x>-->", "<noscript>"),
        ("<noembed><b title='</noembed><b onclick=x>'></b>", "<noembed>"),
        ("<noframes><b title='</noframes><b onclick=x>'></b>", "<noframes>"),
        ("<iframe><b title='</iframe><b onclick=x>'></b>", "<iframe>"),
        ("<template><template><b onclick=x></template></template>", "<template>"),
        ("<svg><![CDATA[<!--]]><b onclick=x>", "<svg>"),
        ("<svg><a><animate attributeName=href values='#;javascript:x'></a></svg>", "<animate>"),
        ("<svg><rect fill='url(https://x.example/)'/></svg>", "<rect>"),
        ("<math><mtext><style><b onclick=x></style></mtext></math>", "<math>"),
    ],
)
def test_an_element_in_which_browsers_read_otherwise_is_refused_itself(html: str, hidden: str) -> None:
    assert f"R007 the element {hidden}" in said(f"<p>Text</p>{html}")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/" title="once: upon">x</a> <a href="../b/#a">b</a> <a href="tel:1">c</a>',
        '<p>style="x" onclick="y" <code>&lt;b onclick=x&gt; javascript: src="//x"</code></p>',
        '<img src="a.png" alt="on style = x" width="2" height="2" loading="lazy">',
        "<p>a &lt;script&gt; b</p><!-- <b onclick=x> -->",
        "<p title='<b onclick=x>' lang=de dir=rtl>a</p>",
        "<details open class='note'><summary>A</summary><p id=the-second-write>b</p></details>",
        "<video controls src=a.webm></video>",
        "<p>a<p>b<ul><li>c</ul>",
        "",
    ],
)  # fmt: skip
def test_harmless_markup_is_let_through(html: str) -> None:
    assert said(html) == []


def test_an_element_of_the_engine_is_known_by_its_seal_and_by_nothing_else() -> None:
    mark = f'<p>A.<a class="claim" id="claim-test-a" href="lab/#a" aria-label="Verified" data-seal="{SEAL}"></a></p>'
    assert said(mark, SEAL) == []
    assert len(said(mark, "another")) > 1
    assert len(said(mark)) > 1
    assert len(said(mark.replace(SEAL, ""), "")) > 1, "no seal fits where there is none"
    assert without_seals(mark, SEAL) == mark.replace(f' data-seal="{SEAL}"', "")


def test_what_an_attribute_list_did_to_an_element_of_the_engine_is_seen() -> None:
    mark = f'<a class="claim" href="a" data-seal="{SEAL}" data-refused=".x"></a>'
    assert [each[:4] for each in said(mark, SEAL)] == ["R026"]


def test_a_drawing_of_the_engine_has_shapes_and_text_only() -> None:
    drawing = f'<div class="figure-scroll" data-seal="{SEAL}"><svg viewBox="0 0 1 1">%s</svg></div>'
    assert (
        said(drawing % '<defs><marker id="a"><path d="M0 0" class="s-ink"/></marker></defs><use href="#a"/>', SEAL)
        == []
    )
    for part in (
        "<a href=x><text>a</text></a>", "<animate/>", "<use href='//x#a'/>", "<rect onclick=x />", "<image/>",
        "<g data-search-open></g>", "<g tabindex=0></g>", "<rect class=claim />", "<rect class=skip />",
        "<rect fill='url(//x)'/>", "<foreignObject><p>a</p></foreignObject>",
    ):  # fmt: skip
        assert said(drawing % part, SEAL), part


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
            if name.startswith("on") or name == "style" or loads:
                self.found.append(f"{tag} {name}")
            if address.startswith(("javascript:", "vbscript:")):
                self.found.append(f"{tag} {address}")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_text_passes_both_looks_and_runs_styles_or_loads(text: str) -> None:
    problems = Problems()
    check_references(scan(text), Source(Parsed("articles/a/index.md", "a", ())), None, DocsFiles(frozenset()), problems)
    refused = any(problem.code.id in {"R002", "R007", "R024", "R025", "R026"} for problem in problems.found)
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
