"""HTML of old posts in the form that articles may have."""

from __future__ import annotations

import pytest
from engblog.importing.markup import translate_markup, translate_regions
from engblog.importing.old_text import OldText
from engblog.importing.remarks import Remarks
from engblog.model.problems import Problems
from engblog.source.body import scan
from engblog.source.tags import check_tags
from hypothesis import given
from hypothesis import strategies as st


def cleaned(html: str) -> tuple[str, list[str]]:
    text, remarks = OldText(html), Remarks("a.md")
    translate_regions(text, remarks)
    translate_markup(text, remarks)
    return text.text.strip(), [each.message for each in remarks.found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p style="color:red" id="A_b">x</p>', '<p id="a-b">x</p>'),
        ("<p align=center>x</p>", '<p class="align-center">x</p>'),
        (
            '<table><tr><td style="text-align: right">a</table>',
            '<table><tr><td class="align-right">a</td></tr></table>',
        ),
        ("a <tt>x</tt> <strike>y</strike>", "a <code>x</code> <s>y</s>"),
        ("a <font color=red>x</font>", "a x"),
        ("<center>x</center>", '<div class="align-center">x</div>'),
        ("a <b>x", "a x"),
        ("a x</b>", "a x"),
        ("a <b><i>x</b></i>", "a <b><i>x</i></b>"),
        ('a <a name="x-y">b', 'a <a id="x-y"></a>b'),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("a Vec<T> b", "a Vec&lt;T> b"),
        ("a</br>b", "a<br>b"),
        ('a <a href="javascript:x()">b</a>', "a <a>b</a>"),
        ('<iframe src="https://player.vimeo.com/video/12"></iframe>', "[Video on Vimeo](https://vimeo.com/12)"),
        ('<video><source src="a.mp4"></video>', "[Video](a.mp4)"),
        ("<script>x()</script>a", "a"),
        ("<style>p {}</style>a", "a"),
        ('<input type="checkbox" checked> a', "☑ a"),
        ('<img src=a.png style="width: 30px; float: left">', '<img src="a.png" width="30" class="align-left" alt="">'),
        ("<p>\n\na\n\n</p>", "<p>\n\na\n\n</p>"),
        ("`<T>` and <T>", "`<T>` and &lt;T>"),
        ("| a |\n|---|\n| `<T>` <T> |", "| a |\n|---|\n| `<T>` &lt;T> |"),
    ],
)
def test_html_is_brought_into_the_form_of_articles(old: str, new: str) -> None:
    assert cleaned(old)[0] == new


PARTS = ["<b>", "</b>", "<p>", "</p>", "<div>", "</div>", "<T>", "x", "\n", "\n\n", "<br/>", "<li>", "<ul>", "</ul>", "`",  # noqa: E501  (one text)
         "<a name=x>", "</a>", "<span style=x>", "- ", "<td>", "<table>", "</table>", "<pre>", "</pre>", "<!--", "-->",
         "<script>", "<details>", "</details>", "> ", "<h1>", "</h1>", "<custom-x>", "<img>"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_a_second_look_has_nothing_to_change(html: str) -> None:
    """What is left has no tag that the check of articles refuses for not being closed, and stays unchanged."""
    once, _ = cleaned(html)
    assert cleaned(once)[0] == once


@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<T>", "x", " ", "<i>", "</i>", "<br/>", "`", "<font>", "</font>"])).map(
        "".join
    )
)
def test_every_line_of_prose_is_closed(html: str) -> None:
    found, _ = cleaned(f"a {html}")
    problems = Problems()
    check_tags(scan(found), "a.md", problems)
    assert list(map(str, problems.found)) == []
