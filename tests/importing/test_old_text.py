"""Texts that remember where their lines came from, and masks that hide code."""

from __future__ import annotations

from engblog.importing.old_text import HIDDEN_CODE, OldText, Rewrite, find_fences, masked_code, spans_between
from hypothesis import given
from hypothesis import strategies as st


@given(
    st.text(alphabet="ab\n", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("x\n", max_size=4))),
)
def test_changes_keep_the_lines_around_them(text: str, wanted: list[tuple[int, int, str]]) -> None:
    """The text is what the changes make of it, and each line that none of them touched has its number."""
    changes, at = [], 0
    for start, length, new in sorted(wanted):
        if at <= start and start + length <= len(text):
            changes.append(Rewrite(start, start + length, new))
            at = start + length
    old = OldText(text, 10)
    old.apply(changes)
    expected, at = "", 0
    for change in changes:
        expected += text[at : change.start] + change.new
        at = change.end
    assert old.text == expected + text[at:]
    last = text.count("\n", 0, changes[-1].end) if changes else 0
    behind = text.split("\n")[last + 1 :]
    rows = old.text.count("\n") + 1
    for number in range(1, len(behind) + 1):
        assert old.origin(rows - number) == 10 + text.count("\n") + 1 - number


def test_code_and_comments_are_hidden_and_lines_stay() -> None:
    text = "a `b` <!-- c\nd --> e\n\n```x\nf\n```\n\n    g\n\n- h\n\n      i\n\n> ```\n> j\n> ```\n\n``k ` l`` m"
    masked = masked_code(text)
    assert len(masked) == len(text)
    assert masked.count("\n") == text.count("\n")
    assert "".join(character for character in masked if character not in f"{HIDDEN_CODE}\n ->") == "aehim"


def test_a_fence_that_is_not_closed_ends_with_the_text() -> None:
    (one,) = find_fences("a\n\n~~~ py\nb\n```\n")
    assert (one.first, one.is_closed, one.info) == (2, False, "py")


def test_a_fence_in_an_item_is_found() -> None:
    found = [*find_fences("- ```go\n  x\n  ```\n\n1. a\n\n   ~~~\n   y\n   ~~~\n")]
    assert [(each.first, each.last, each.is_closed) for each in found] == [(0, 2, True), (6, 8, True)]


def test_spans_end_where_nothing_closes_them() -> None:
    assert [*spans_between("a(b)c(d", "(", ")")] == [(1, 4)]
