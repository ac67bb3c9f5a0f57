"""HTML in an article is known to browsers, and closed where it was opened."""

from __future__ import annotations

import pytest
from engblog.model.problems import Problems
from engblog.source.body import scan
from engblog.source.commonmark import read_blocks
from engblog.source.tags import check_tags, tag_pieces


def found(text: str) -> list[str]:
    problems = Problems()
    check_tags(scan(text), "a.md", problems)
    assert all(each.code.id == "R019" and "\n" not in each.hint for each in problems.found)
    return [f"{each.mark.line}:{each.mark.column} {each.message} | {each.hint}" for each in problems.found]


@pytest.mark.parametrize(
    "text",
    [
        "<kbd>Ctrl</kbd>, <B>x</b>, <br>, <br/> and <img src=x alt=y>.\n",
        '<b class="x" data-a=1 aria-b="c" markdown="span">x</b>\n',
        "<b\n  class=x>y</b>\n",
        "<details>\n<summary>More</summary>\n\nText.\n\n</details>\n",
        "- <div>\n\n    Text.\n\n    </div>\n",
        "> <div>\n>\n> Text.\n>\n> </div>\n",
        "!!! note\n    <div>\n\n    Text.\n\n    </div>\n",
        '<svg viewBox="0 0 1 1"><g><path d="x"/><a/></g></svg> and <math><mi>x</mi></math>\n',
        "<video controls><source src=a.mp4><track src=b.vtt></video>\n",
        "<table><colgroup><col></colgroup></table>\n",
        "A <!-- <T> --> b.\n\n<!--\n<T>\n-->\n",
        # None of these is a tag.
        "`Vec<T>` and ``<b> ` <i>``\n",
        "```\nVec<T>\n```\n\n    Vec<T>\n",
        "a < b > c, x<3, <0>, Map<K, V>, fn<a: b>, a <- b, List<\n",
        "<https://example.org/> and <a@example.org>\n",
        "&lt;T&gt; and \\<T>\n",
        "A <!-- b\n",
        # The check of what runs or loads names these.
        "<script>x</script>, <iframe> and </form>\n",
    ],
)
def test_html_that_a_page_shows(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "place", "tag"),
    [
        ("A Vec<T>.\n", "1:6", "T"),
        ("List<List<String>>\n", "1:10", "String"),
        ("<key>=v\n", "1:1", "key"),
        ("<T>\nx\n", "1:1", "T"),
        ("x </T>\n", "1:3", "/T"),
        ("<T\n  x>\n", "1:1", "T x"),
        ("## A <T> b\n", "1:6", "T"),
        ("Text.\n\n- a\n- b <T>\n", "4:5", "T"),
        ("> a\n> b <T>\n", "2:5", "T"),
        ("!!! note\n    b <T>\n", "2:7", "T"),
        ("| a |\n|---|\n| b <T> |\n", "3:5", "T"),
        ("X[^a]\n\n[^a]: b <T>\n", "3:9", "T"),
        ("A\n\n:   b <T>\n", "3:7", "T"),
        ("**a <T> b**\n", "1:5", "T"),
        ("<div>\na <T>\n</div>\n", "2:3", "T"),
    ],
)
def test_a_tag_that_html_does_not_know_is_named_in_its_place(text: str, place: str, tag: str) -> None:
    assert found(text) == [
        f"{place} HTML has no element “<{tag}>”, so it would not be shown | "
        f"write it as code: `<{tag}>`; or &lt;{tag}&gt;"
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A <b>x\n", ["1:3 “<b>” is not closed"]),
        ("A x</b>\n", ["1:4 “</b>” closes nothing"]),
        ("A x</br>\n", ["1:4 “</br>” closes nothing"]),
        ("<b>A\n\nB</b>\n", ["1:1 “<b>” is not closed", "3:2 “</b>” closes nothing"]),
        ("<b>x <i>y</b> z</i>\n", ["1:6 “<i>” is not closed", "1:16 “</i>” closes nothing"]),
        ("| <b> | </b> |\n|---|---|\n", ["1:3 “<b>” is not closed", "1:9 “</b>” closes nothing"]),
        ("- <div>\n\n    a\n- </div>\n", ["1:3 “<div>” is not closed", "4:3 “</div>” closes nothing"]),
        ("> <div>\n\n</div>\n", ["1:3 “<div>” is not closed", "3:1 “</div>” closes nothing"]),
        ("<div>\n\nText.\n", ["1:1 “<div>” is not closed"]),
        ("<p>a<p>b\n", ["1:1 “<p>” is not closed", "1:5 “<p>” is not closed"]),
        ("<p/>\n", ["1:1 “<p/>” does not close the element | write <p></p>"]),
        ("SELECT <time> from\n", ["1:8 “<time>” is not closed"]),
        ("SELECT <col> from\n", ["1:8 “<col>” would not be shown outside <colgroup>"]),
        ("map<source>\n", ["1:4 “<source>” would not be shown outside <audio>"]),
    ],
)
def test_an_element_that_is_not_closed_where_it_was_opened_is_named(text: str, places: list[str]) -> None:
    said = found(text)
    assert len(said) == len(places), said
    assert all(line.startswith(place) for line, place in zip(said, places, strict=True)), said


def test_what_to_write_for_text_that_looks_like_an_element_is_said() -> None:
    assert found("A <b>x\n")[0].endswith("write </b> in the same paragraph, list item or box; as text it is &lt;b&gt;")
    assert found("for <a in b>x</a>\n") == [
        "1:5 the element <a> has no attribute “in”, so it would not be shown | if it is text, write &lt;a in b&gt;"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!-- c\n\nd\n", "1:1 “<!-- c d” hides everything below it, because it is not closed | close it with -->"),
        ("<?php\nx\n", "1:1 “<?php x” hides everything below it, because it is not closed | close it with ?>"),
        ("<!DOCTYPE html>\n", "1:1 “<!DOCTYPE html>” would not be shown | write it as code, in `backticks`"),
        ("A <?php x ?> b\n", "1:3 “<?php x ?>” would not be shown | write it as code, in `backticks`"),
        ("A\n\nB <![CDATA[x]]>\n", "3:3 “<![CDATA[x]]>” would not be shown | write it as code, in `backticks`"),
    ],
)
def test_text_that_a_browser_hides_is_named(text: str, said: str) -> None:
    assert found(text) == [said]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a <b>c</b> `<i>` \\<u> <T>", ["<b>", "</b>", "<T>"]),
        ("**a <b>x** y</b>", ["<b>", "</b>"]),
        ("[x <b>y</b>](z)", ["<b>", "</b>"]),
        ("![x <b>](z) <i>", ["<b>", "<i>"]),
        ("[x](<b> 'c') <!-- d --> <e@f.g>", ["<!-- d -->"]),
        ("`` <b> ` <i>", ["<b>", "<i>"]),
    ],
)
def test_the_tags_of_a_line_are_those_that_commonmark_reads(text: str, tags: list[str]) -> None:
    (inline,) = [token for token in read_blocks(text).tokens if token.type == "inline"]
    assert [piece.text for piece in tag_pieces(inline)] == tags
    assert all(text.startswith(piece.text, piece.start) for piece in tag_pieces(inline))
