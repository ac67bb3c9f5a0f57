"""A difference between a page and what its text means is said in words that name the place and the remedy."""

from __future__ import annotations

import pytest
from engblog.html.shown import Block, shown
from engblog.source.difference import common, difference

APART = "put blank lines around it, and indent what belongs to a list item by four spaces"
AS_TEXT = "put code in `backticks`, or a backslash before the character"
NEXT_TO = "put the marks of emphasis or code right next to words, or write \\* and \\_ for the characters"
BRACKETED = "write the address in angle brackets: [text](<address>)"


def block(html: str) -> Block | None:
    return next(iter(shown(html).blocks), None)


def said(meant: str, seen: str, source: str = "") -> tuple[int, int, str, str]:
    found = difference(block(meant), block(seen), Block((), "near", (), 7), source.split("\n"))
    return found.line, found.column, found.message, found.hint


@pytest.mark.parametrize(
    ("meant", "seen", "message", "hint"),
    [
        # Other words.
        ("<p>a b</p>", "<p>a ~~b~~</p>", "GitHub shows “a b”, this site would show “a ~~b~~”", AS_TEXT),
        ("<ul><li>a b</li></ul>", "<ul><li>a c</li></ul>",
         "GitHub shows a list item “a b”, this site would show “a c”", AS_TEXT),
        # Other words in another kind of block.
        ("<p>a b</p>", "<h2>b</h2>", "GitHub shows “a b”, this site would show a heading “b”", APART),
        ("<pre>a</pre>", "<p>b</p>", "GitHub shows code “a”, this site would show “b”", APART),
        # The same words in another kind of block.
        ("<p>a</p>", "<ul><li>a</li></ul>", "GitHub shows “a”, this site would show a list item", APART),
        ("<ol start=3><li>a</li></ol>", "<ol><li>a</li></ol>",
         "GitHub shows item 3 of a list “a”, this site would show item 1 of a list", APART),
        ("<blockquote>a</blockquote>", "<p>a</p>",
         "GitHub shows a quotation “a”, this site would show a paragraph", APART),
        # The same words in another format, or with another address.
        ("<p>a <b>b</b></p>", "<p>a b</p>", "GitHub and this site would format “a b” differently", NEXT_TO),
        ('<p><a href="https://x/">a</a></p>', '<p><a href="https://y/">a</a></p>',
         "GitHub and this site would format “a” differently", BRACKETED),
        # Words on one side only.
        ("<p>a</p>", "", "only GitHub shows “a”", APART),
        ("", "<pre>a</pre>", "only this site would show code “a”", AS_TEXT),
        ("<hr>", "", "only GitHub shows a rule", APART),
    ],
)  # fmt: skip
def test_a_difference_is_said(meant: str, seen: str, message: str, hint: str) -> None:
    assert said(meant, seen)[2:] == (message, hint)


def test_a_long_text_is_quoted_from_a_little_before_its_difference() -> None:
    same = " ".join(["word"] * 40)
    _, _, message, _ = said(f"<p>{same} a</p>", f"<p>{same} b {same}</p>")
    assert message.startswith(
        "GitHub shows “word word word word word a”, this site would show “word word word word word b word"
    )
    assert len(message) < 250


@pytest.mark.parametrize(
    ("meant", "seen", "source", "place"),
    [
        ('<p data-line="2">a b</p>', "<p>a x</p>", "\n\na b\n", (2, 3)),
        ('<p data-line="2">a\nb c</p>', "<p>a b x</p>", "\n\na\nb c\n", (3, 3)),
        ('<p data-line="2">b\nb</p>', "<p>b x</p>", "\n\nb b\nb b\n", (3, 1)),
        ('<p data-line="2">a <b>b</b></p>', "<p>a b</p>", "\n\na **b**\n", (2, 1)),
        ('<p data-line="2">a\n<b>b</b></p>', "<p>a b</p>", "\n\na\n**b**\n", (3, 1)),
        ('<p data-line="2">a</p>', "", "\n\na\n", (2, 1)),
        ("", "<p>two words</p>", "\n" * 9 + "two words\n", (9, 1)),
        ("", "<p>not there</p>", "\n" * 9, (7, 1)),
    ],
)
def test_its_place_is_the_line_and_the_word(meant: str, seen: str, source: str, place: tuple[int, int]) -> None:
    assert said(meant, seen, source)[:2] == place


def test_the_common_beginning_is_measured() -> None:
    assert [common("abc", "abx"), common("ab", "abc"), common("", "a"), common([1, 2], [1, 2])] == [2, 2, 0, 2]
