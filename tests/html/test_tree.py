"""A tree as browsers build it, in time and memory that grow with the text whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from engblog.html.page import read_page
from engblog.html.safety import unsafe_markup
from engblog.html.sections import sections_of
from engblog.html.standalone import readable
from engblog.html.tree import TEXT, HtmlTree, Node, is_tangled, mark_of, marked, trees, unmarked
from hypothesis import given, settings
from hypothesis import strategies as st


def outline(html: str, *, fragment: bool = True) -> str:
    """The elements of *html*, each with what is in it."""

    def told(node: Node) -> str:
        if node.tag == TEXT:
            return node.text_content or ""
        return f"{node.tag}({''.join(told(child) for child in node.iter(include_text=True))})"

    return "".join(told(node) for node in HtmlTree(html, fragment=fragment).children)


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("a<b>b</b>", "ab(b)"),
        ("", ""),
        ("<xmp><!--</xmp><b>x</b>", "xmp(<!--)b(x)"),
        ("<svg><![CDATA[<b>]]><path/></svg><image>", "svg(<b>path())img()"),
        ("<svg><style><!--</style><b>x", "svg(style())"),
        ("<form>a<form>b</form>", "form(ab)"),
        ("<table><tr><b>x<td>y</table>", "b(x)table(tbody(tr(td(y))))"),
        ("<p>a<p>b<div>c</p>d", "p(a)p(b)div(cp()d)"),
        ("<b>1<i>2</b>3</i>", "b(1i(2))i(3)"),
        ("<div/>a<svg/>b", "div(asvg()b)"),
        ("<frameset><img>", "img()"),
        ("<a <b>x", "a(x)"),
        ("a\0b&#0;&lt;", "ab\ufffd<"),
        ("<textarea><b></textarea><title><b></title>", "textarea(<b>)title(<b>)"),
        ("a<!-- <b> --!>b<!-->c<!-- d", "abc"),
        ("<p \ud800>\udfff", "p(?)"),
    ],
)
def test_markup_is_what_a_browser_makes_of_it(html: str, seen: str) -> None:
    assert outline(html).replace("-comment()", "") == seen


def test_of_two_attributes_with_one_name_the_first_counts() -> None:
    ((_, node),) = HtmlTree("<a HREF=one href=two x>", fragment=True).elements()
    assert node.attributes == {"href": "one", "x": None}


def test_elements_in_templates_are_found_too() -> None:
    tree = HtmlTree("<template><b><template><i></template></template><u>", fragment=True)
    assert sorted(name for name, _ in tree.elements()) == ["b", "i", "template", "template", "u"]


def test_a_text_for_browsers_without_scripts_is_read_both_ways() -> None:
    read = [{name for name, _ in tree.elements()} for tree in trees("<noscript><!--</noscript><img>-->", fragment=True)]
    assert read == [{"noscript"}, {"noscript", "img"}]
    assert len(list(trees("<p>noscript"))) == 1


def test_a_mark_says_where_its_tag_stands() -> None:
    html = "<p title='<b>'>é<!-- <i> --><a\nhref=x/y>"
    found = {name: (mark_of(node.attributes), node.attributes) for name, node in HtmlTree(marked(html)).elements()}
    assert {name: at for name, (at, _) in found.items() if name in {"p", "a"}} == {"p": 0, "a": html.index("<a")}
    assert unmarked(found["p"][1]["title"] or "") == "<b>"
    assert unmarked(marked(html)) == html


# Time and memory

HOSTILE: dict[str, Callable[[int], str]] = {
    "tags without end": lambda n: "<a " * n,
    "brackets": lambda n: "[" * n,
    "signs": lambda n: "<" * n,
    "comments": lambda n: "<!--" * n,
    "comments in comments": lambda n: "<!-- <b>x</b> " * n,
    "scripts": lambda n: "<script>" * n,
    "blocks": lambda n: "<div>" * n,
    "blocks that are closed": lambda n: "<div>" * n + "</div>" * n,
    "blocks that an object protects": lambda n: "<div><object></div></object>" * n,
    "blocks closed in comments": lambda n: "<div><!--</div>-->" * n,
    "blocks closed in values": lambda n: '<div><i title="</div>"></i>' * n,
    "blocks closed before they are open": lambda n: '<b a=">x</b>">' * n,
    "blocks that look empty": lambda n: "<div/>" * n,
    "shapes outside of drawings": lambda n: "<path/>" * n,
    "shapes in a title": lambda n: "<svg><title><path/></title></svg>" * n,
    "shapes behind a block": lambda n: "<svg><p><path/></p></svg>" * n,
    "groups": lambda n: "<svg>" + "<g>" * n + "</svg>",
    "many drawings of groups": lambda n: ("<svg>" + "<g>" * 2900 + "</svg>") * (n // 2900),
    "ends of what is not open": lambda n: "<x>" * n + "</y>" * n,
    "lists": lambda n: "<ul><li>" * n,
    "emphasis": lambda n: "".join(f"<b a={i}>" for i in range(n)),
    "emphasis across paragraphs": lambda n: "".join(f"<b a={i}><p>" for i in range(n)),
    "emphasis that every paragraph repeats": lambda n: (
        "<p>" + "".join(f"<b a={i}>" for i in range(100)) + "</p>" + "<p>x</p>" * n
    ),
    "links in each other": lambda n: "<a><p>" * n,
    "tables": lambda n: "<table><b>x" * n,
    "attributes": lambda n: "<a" + "".join(f" b{i}" for i in range(n)) + ">",
    "attributes with signs": lambda n: "<a" + "".join(f" b{i}='>'" for i in range(n)) + ">",
    "attributes with tags": lambda n: "<a" + "".join(f" b{i}='<i>'" for i in range(n)) + ">",
    "equal attributes": lambda n: "<a" + " b" * n + ">",
    "quotes": lambda n: '<a b="' * n,
    "templates": lambda n: "<template>" * n,
    "drawings": lambda n: "<svg>" * n,
    "references": lambda n: "&amp&#" * n,
    "headings": lambda n: "<h2 id=a>" * n,
    "choices": lambda n: "<select><option>" * n,
    "empty names": lambda n: "</>" * n,
}


def read_all(html: str) -> None:
    read_page(html)
    unsafe_markup(html)
    sections_of(html)
    readable(html, address="https://a.example/b/", root="https://a.example/", file_address=lambda name: name)


@pytest.mark.parametrize("case", HOSTILE)
def test_twice_the_text_takes_no_more_than_a_little_over_twice_the_time(case: str) -> None:
    """A tree that costs the square takes four times as long, and for these sizes minutes."""

    def seconds(size: int) -> float:
        html = HOSTILE[case](size)
        start = time.process_time()
        read_all(html)
        return time.process_time() - start

    once, twice = seconds(10_000), seconds(20_000)
    assert twice < 3 * once + 0.5, (once, twice)


PIECES = """
<div> </div> <p> </p> x <b> </b> <b@a=1> <a> </a> <i> </i> <table> </table> <tr> <td> </td> <object> </object>
<svg> </svg> <g> <g/> </g> <path/> <title> </title> <desc> </desc> <foreignObject> <math> <mi> </math> <!--
--> " ' > < <b@t=" <b@t=' <select> </select> <option> <template> </template> <button> </button> <li> </li>
<ul> </ul> <form> </form> <h2> </h2> <textarea> </textarea> <script> </script> <br> <img@a='/> <span> </span>
<div/> <font@color=x> <nobr> <xmp> </xmp> <body> <html> <head> <frameset> <caption> </caption> <marquee>
</marquee> <noscript> </noscript> <style> </style> <plaintext>
"""


@settings(deadline=None)
@given(st.lists(st.sampled_from([piece.replace("@", " ") for piece in PIECES.split()]), min_size=1, max_size=8))
def test_what_is_not_refused_makes_a_tree_that_is_neither_deep_nor_larger_than_its_text(pieces: list[str]) -> None:
    """Counts instead of time: nodes, and how deep they are in each other."""
    html = "".join(pieces) * 400
    for tree in trees(html):
        depth: dict[int, int] = {}
        for _, node in tree.elements():
            parent = node.parent
            depth[node.mem_id] = depth.get(parent.mem_id, 0) + 1 if parent is not None else 1
        assert max(depth.values(), default=0) < 400
        assert len(depth) < 30 * len(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a" * 200,
        "<ul>" + "<li>a<br><img src=x>" * 100 + "</ul>",
        '<pre><code><span id="a"><a id="b" href="#b"></a><span class="n">x</span> y</span>\n</code></pre>' * 5_000,
        '<svg viewBox="0 0 1 1"><title>T</title><g><path d="M0"/><text x="1">a</text></g></svg>' * 1_000,
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><p>b</p></td></tr></tbody></table>" * 1_000,
        "<div>" * 25 + "<p title='a > b'>text</p><!-- note - this -->" * 1_000 + "</div>" * 25,
        f"<p>{'word ' * 100_000}</p>",
    ],
)
def test_what_people_write_is_never_refused(html: str) -> None:
    assert not is_tangled(html)


def test_a_refused_text_is_empty_and_is_said_to_be_unsafe() -> None:
    html = "<b><p>" * 10_000
    assert HtmlTree(html).tangled
    assert sections_of(html) == ()
    assert [each.message for each in unsafe_markup(html)] == ["markup opens much and closes little of it"]
    assert [inline.kind for inline in read_page(html).inline] == ["tangle"]
