"""Start tags are found as browsers find them."""

from __future__ import annotations

import pytest
from engblog.html.tags import attributes, behind_comment, clean_address, read_tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (' HREF="a" href="b"', {"href": "a"}),
        (" a=1 b='2' c", {"a": "1", "b": "2", "c": ""}),
        (' a = "x > y" / b', {"a": "x > y", "b": ""}),
        (' a="&amp;&lt;" b=&amp', {"a": "&<", "b": "&"}),
        (' =a="b"', {"=a": "b"}),
        ("", {}),
    ],
)
def test_attributes_are_by_name_in_lower_case_and_the_first_wins(text: str, found: dict[str, str]) -> None:
    assert attributes(text) == found


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<P><br/><!-- <i x=1> --><b x=1>", ["br", "b"]),
        ("<!--><b x=1>--><i x=1>", ["b", "i"]),
        ("<!---><b x=1>", ["b"]),
        ("<!-- never closed <b x=1>", []),
        ("<!-- a --!><b x=1>", ["b"]),
        ('<a title="<b x=1>"><i x=1', ["a", "i"]),
        ("</p x=1>< p x=1>text", []),
        ("<script><style>", ["script", "style"]),
    ],
)
def test_every_start_tag_that_says_more_than_a_class_is_read(html: str, names: list[str]) -> None:
    assert [name for name, _ in read_tags(html) if name != "p"] == names


@pytest.mark.parametrize(
    ("text", "behind"), [("> b", " b"), ("-> b", " b"), (" a --> b", " b"), (" a --!> b", " b"), (" a -- > b", "")]
)
def test_a_comment_ends_where_a_browser_ends_it(text: str, behind: str) -> None:
    assert text[behind_comment(text, 0) :] == behind


def test_an_address_is_taken_without_what_browsers_drop() -> None:
    assert clean_address(" \x00\x1f java\nscript:\talert(1)\r\n ") == "javascript:alert(1)"
    assert clean_address("a b\u00a0") == "a b\u00a0"
