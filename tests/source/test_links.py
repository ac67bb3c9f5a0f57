"""Links that name a label become links that name its address, and nothing else changes."""

from __future__ import annotations

import time

import pytest
from engblog.source.commonmark import read_blocks
from engblog.source.links import with_addresses
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

DEFINED = "[a]: /u\n[b c]: <v w> 'T'\n[d]: x(y)\n"
TARGETS = read_blocks(DEFINED).targets
COMMONMARK = MarkdownIt("commonmark")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[x][a], [a][], [a] and ![x][a]", "[x](/u), [a](/u), [a](/u) and ![x](/u)"),
        ("[x][A] [x][B\nC]", "[x](/u) [x](<v w> 'T')"),
        ("[*x* `]` [y] \\]][a]", "[*x* `]` [y] \\]](/u)"),
        ("[![x][d]][a]", "[![x](x(y))](/u)"),
        ("[x [a] y][a]", "[x [a](/u) y][a](/u)"),
        ("- [ ] a", "- [ ] a"),
        # What is no link to a label stays as written.
        ("[x][z] [z] [] [x] [a]", "[x][z] [z] [] [x] [a](/u)"),
        ("`[x][a]` \\[a] <b title='[a]'> <https://x/[a]>", "`[x][a]` \\[a] <b title='[a]'> <https://x/[a]>"),
        ("[^a] and [^a][a]", "[^a] and [^a][a](/u)"),
        ("[x](y) [x](y 'z') [x](<y z>) [x]() [a](y)", "[x](y) [x](y 'z') [x](<y z>) [x]() [a](y)"),
        # Addresses in which the renderer would see an end, or a title.
        ("[x](y(z)) [x](y'z) ![x](y(z) 'T')", "[x](<y(z)>) [x](<y'z>) ![x](<y(z)> 'T')"),
    ],
)
def test_a_label_is_replaced_by_its_address(text: str, written: str) -> None:
    assert with_addresses(text, TARGETS) == written


def _link(text: str, tail: str) -> str:
    return f"[{text}]{tail}"


WORDS = st.sampled_from(["x", "*y*", "`[a]`", "\\[", "\\]", "<b>", "é", "a", "b c", "`` ` ] ``", "(p)", "!", "<e@f.g>"])
TAILS = st.sampled_from(
    ["[a]", "[A]", "[b\nc]", "[]", "", "[z]", "(u)", "(<u v>)", '(u "t")', "(u(v))", "(u'v)", " [a]"]
)
TEXTS = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.builds(_link, inner, TAILS),
        st.builds(lambda text, tail: f"!{_link(text, tail)}", WORDS, TAILS),
        st.builds(lambda one, two: f"{one} {two}", inner, inner),
        st.builds(lambda text: f"[{text}", inner),
        st.builds(lambda text: f"{text}]", inner),
    ),
    max_leaves=8,
)


@given(TEXTS.map(lambda text: f"x {text} x"))
def test_the_page_is_the_same_without_the_definitions(text: str) -> None:
    wanted = COMMONMARK.render(f"{text}\n\n{DEFINED}")
    assert COMMONMARK.render(with_addresses(text, TARGETS)) == wanted


@pytest.mark.parametrize(
    "piece", ["[", "]", "![", "[a]", "[a][", "[a](", "[[a]](", "](", "[x][a]", "[`", "[a](((", "[a](x 'y"]
)
def test_a_long_line_takes_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    with_addresses(piece * 10_000, TARGETS)
    assert time.process_time() - start < 5
