"""The blocks of a text are those that CommonMark and GitHub read, and their HTML is what those show."""

from __future__ import annotations

import re
import time

import pytest
from engblog.source.commonmark import DEFINITION, read_blocks, render
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def code(text: str) -> list[tuple[str, int, int]]:
    return [(token.content, start, end) for token, start, end in read_blocks(text).code]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A\n\n```\nx\n```\n", [("x\n", 2, 5)]),
        ("```\nx", [("x", 0, 2)]),
        ("- A\n\n    ~~~\n      x\n    ~~~\n- B\n", [("  x\n", 2, 5)]),
        ("> ```\n> x\n\n```\ny\n```\n", [("x\n", 0, 2), ("y\n", 3, 6)]),
        ("A\n\n    x\n\n    y\n\nB\n", [("x\n\ny\n", 2, 5)]),
        ("!!! note\n    A\n\n        x\n", [("x\n", 3, 4)]),
        ("[^a]: A\n\n    ```\n    x\n    ```\n", [("x\n", 2, 5)]),
        ("A\n    x\n", []),
        ("<pre>\n\n    x\n\n</pre>\n", []),
        ("``` a`b\n", []),
    ],
)
def test_code_is_known_with_its_lines(text: str, found: list[tuple[str, int, int]]) -> None:
    assert code(text) == found


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("[a]: b\n", {"A": "b"}),
        ("[a  B\nc]: <d e>\n", {"A B C": "<d e>"}),
        ("[a]: b 'T'\n[c]:\n  d\n  \"T\n  U\"\n", {"A": "b 'T'", "C": 'd "T U"'}),
        ("[a]: b\n\n[A]: c\n", {"A": "b"}),
        ("[a]: <>\n[b]: <c(d>\n[e]: f(g)\n", {"A": "<>", "B": "<c(d>", "E": "f(g)"}),
        ("> [a]: b\n\n- [c]: d\n\n!!! note\n    [e]: f\n", {"A": "b", "C": "d", "E": "f"}),
        ("A\n[a]: b\n", {}),
        ("```\n[a]: b\n```\n", {}),
        ("[^a]: b\n", {}),
        ("[a]: b c\n", {}),
    ],
)
def test_links_that_a_text_defines_are_known_by_label(text: str, targets: dict[str, str]) -> None:
    assert read_blocks(text).targets == targets


def test_the_parts_of_a_definition_are_named() -> None:
    found = DEFINITION.fullmatch("[a \\] b]:\n  <c d>\n  'e'")
    assert found is not None
    assert (found["label"], found["target"], found["title"]) == ("a \\] b", "<c d>", "'e'")


def test_the_tree_has_the_blocks_of_the_text() -> None:
    text = "# A\n\n- B\n\n    | c |\n    |---|\n\nTerm\n:   D[^e]\n\n[^e]: F\n"
    assert [node.type for node in read_blocks(text).tree.children] == [
        "heading",
        "bullet_list",
        "dl",
        "footnote_reference",
    ]
    inner = read_blocks(text).tree.children[1].children[0]
    assert [node.type for node in inner.children] == ["paragraph", "table"]


# HTML


def _plain(html: str) -> str:
    """*html* without the attributes by which each side tells lines, styles and languages, and without white space."""
    return re.sub(r"\s+", "", re.sub(r" (?:data-line|class|style)=\"[^\"]*\"| /(?=>)", "", html))


WORDS = ["a", "*b*", "**c**", "`d`", "~~e~~", "[f](g)", "![h](i)", "<b>j</b>", "&amp;", "1\\. k", "l\n  m", "n\\\no"]
BLOCKS = [
    "{}", "# {}", "{}\n---", "- {}\n- {}", "- {}\n\n- {}", "3. {}\n4. {}", "> {}\n{}", "```x\n{}\n```", "    {}", "***",
    "| {} |\n|:-:|\n| {} |", "- {}\n\n    {}", "<div>\n{}\n</div>", "- > {}",
]  # fmt: skip


@st.composite
def github_texts(draw: st.DrawFn) -> str:
    blocks = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4))
    words = st.sampled_from(WORDS)
    return draw(st.sampled_from(["\n\n", "\n"])).join(re.sub(r"\{\}", lambda _: draw(words), each) for each in blocks)


@given(github_texts())
def test_the_html_is_that_of_github_where_a_text_has_nothing_else(text: str) -> None:
    assert _plain(render(read_blocks(text).tokens)) == _plain(GITHUB.render(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A\n\nB\n", '<p data-line="0">A</p><p data-line="2">B</p>'),
        (
            "3. A\n",
            '<ol start="3" data-line="0"><li data-line="0">A</li></ol>',
        ),
        ("A\n\n```go\n<x>\n```\n", '<p data-line="0">A</p><pre data-line="2"><code>&lt;x&gt;\n</code></pre>'),
        (
            '!!! note "A < b"\n    C\n',
            '<div class="box" data-line="0"><p class="admonition-title">A &lt; b</p><p data-line="1">C</p></div>',
        ),
        ('=== ""\n    C\n', '<div class="box" data-line="0"><p data-line="1">C</p></div>'),
        (
            "A[^b]\n\n[^b]: C\n",
            '<p data-line="0">A<sup id="fnref:b"></sup></p><aside data-footnote="b"><p data-line="2">C</p></aside>',
        ),
        ("[a]: b\n\n*[HTML]: Hyper\n\n[a]\n", '<p data-line="4"><a href="b">a</a></p>'),
        ("A\n:   B\n", '<dl data-line="0"><dt data-line="0">A</dt><dd data-line="1">B</dd></dl>'),
    ],
)
def test_the_html_names_the_line_of_each_block(text: str, html: str) -> None:
    assert render(read_blocks(text).tokens) == html


@pytest.mark.parametrize(
    "piece",
    [
        "> ", "- ", "1. ", "!!! note\n    ", "[^a]: ", "#", "`", "|", "[", "*a ", "<div>\n", "    ", "a\n: b\n",
        "[a]: b\n", "\\",
    ],
)  # fmt: skip
def test_a_hostile_text_takes_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    render(read_blocks(piece * 5_000).tokens)
    assert time.process_time() - start < 10, "the square of that length takes minutes"
