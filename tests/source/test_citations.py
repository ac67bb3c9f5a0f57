"""Footnotes and labels of links that are used are defined, and footnotes that are defined are used."""

from __future__ import annotations

import pytest
from engblog.model.problems import Problems
from engblog.source.body import scan
from engblog.source.citations import check_citations


def found(text: str) -> list[str]:
    problems = Problems()
    check_citations(scan(text), "a.md", problems)
    assert all(each.code.id == "R020" for each in problems.found)
    return [f"{each.mark.line}:{each.mark.column} {each.message} | {each.hint}" for each in problems.found]


@pytest.mark.parametrize(
    "text",
    [
        "A[^b] and again[^b].\n\n[^b]: c\n",
        "[^b]: c[^d]\n\n[^d]: e\n\nA[^b].\n",
        "[^b]: c\n\n    More.\n\n| A[^b] |\n|---|\n",
        "!!! note\n    A[^b].\n\n    [^b]: c\n",
        "[a][b], [b][], [b], [*a*][B], ![a][b], [a b][c\nd]\n\n[b]: /x\n[c d]: <y z> 'T'\n",
        "> [a][b]\n>\n> [b]: x.md\n",
        "[b]: https://example.org/\n",
        "`[^b]`, `m[i][j]`, \\[^b], \\[a][b], <a title='[^b]'>x</a>\n",
        "```\n[^b] m[i][j]\n```\n\n    [^b] m[i][j]\n",
        "[a](b)[c] and [a][b](c) and [a] [b] and a[0]\n",
        "- [ ] a\n- [x] b\n",
        "[note]: this is text\n",
    ],
)
def test_what_is_cited_is_there(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A[^b].\n", "1:2 there is no footnote “[^b]” | define it below: [^b]: what it says"),
        ("A[^].\n", "1:2 there is no footnote “[^]” | define it below: [^label]: what it says"),
        ("[a](b)[^c]\n", "1:7 there is no footnote “[^c]” | define it below: [^c]: what it says"),
        ("## A\n\n- b\n- c[^d]\n", "4:4 there is no footnote “[^d]” | define it below: [^d]: what it says"),
        ("| a |\n|---|\n| c[^d] |\n", "3:4 there is no footnote “[^d]” | define it below: [^d]: what it says"),
        ("A[^note] b[^nota]\n\n[^note]: c\n", "1:11 there is no footnote “[^nota]” | did you mean “note”?"),
        ("X[^1]\n\n    [^1]: in code\n", "1:2 there is no footnote “[^1]” | define it below: [^1]: what it says"),
        (
            "A.\n\n[^b]: c\n",
            "3:1 the footnote “b” is not cited, so it would not be shown | cite it in the text with [^b], or remove it",
        ),
        (
            "A `[^b]`.\n\n[^b]: c\n",
            "3:1 the footnote “b” is not cited, so it would not be shown | cite it in the text with [^b], or remove it",
        ),
        ("A[^b].\n\n[^b]:\n", "3:1 the footnote “b” has no text | write what it says: [^b]: …"),
        (
            "A[^b].\n\n[^b]: c\n\n[^b]: d\n",
            "5:1 the footnote “b” is defined twice | it is first defined on line 3; choose another label",
        ),
    ],
)
def test_a_footnote_that_a_reader_would_miss_is_named(text: str, said: str) -> None:
    assert found(text) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a][b]\n", "1:1 no link is defined as “b” | define it: [b]: https://…; or write \\[ if it is text"),
        ("[a][]\n", "1:1 no link is defined as “a” | define it: [a]: https://…; or write \\[ if it is text"),
        ("Text\n![a][b]\n", "2:2 no link is defined as “b” | define it: [b]: https://…; or write \\[ if it is text"),
        (
            "The cell m[i][j]\n",
            "1:11 no link is defined as “j” | define it: [j]: https://…; or write \\[ if it is text",
        ),
        ("[a][guide] [c][guied]\n\n[guide]: /d\n", "1:12 no link is defined as “guied” | did you mean “guide”?"),
        ("[x]: y\n", "1:1 “[x]: y” defines a link, so it would not be shown | write \\[x]: … if it is text"),
        (
            "A\n\n[Warning]: deprecated\n",
            "3:1 “[Warning]: deprecated” defines a link, so it would not be shown | write \\[Warning]: … if it is text",
        ),
    ],
)
def test_a_label_without_a_link_and_text_that_defines_one_are_named(text: str, said: str) -> None:
    assert found(text) == [said]


def test_every_problem_is_named_at_once() -> None:
    text = "A[^b] [c][d].\n\n[^e]: f\n\n[g]: h\n"
    assert [line.partition(" ")[0] for line in found(text)] == ["1:2", "1:7", "3:1", "5:1"]
