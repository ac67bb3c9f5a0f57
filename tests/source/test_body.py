"""The scan of a body: prose and code told apart, and every reference found at its place."""

from __future__ import annotations

import time

import pytest
from engblog.source.body import scan
from hypothesis import given
from hypothesis import strategies as st


def references(text: str, kind: str) -> list[tuple[str, int, int]]:
    return [(found.target, found.line, found.column) for found in scan(text).references if found.kind == kind]


def test_references_are_found_at_their_places() -> None:
    text = (
        'A [link](a.md "t") and ![alt](b.png) and {lab:wait}.\n\n[ref]: c.md\n\n<b class="x">bold</b>{claim:test_a}\n'
    )
    found = [(each.kind, each.target, each.line, each.column) for each in scan(text, first_line=10).references]
    assert found == [
        ("link", "a.md", 10, 3),
        ("image", "b.png", 10, 24),
        ("number", "wait", 10, 42),
        ("link", "c.md", 12, 1),
        ("element", "b", 14, 1),
        ("claim", "test_a", 14, 22),
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[a](b.md)", "b.md"),
        ("[a]( b.md )", "b.md"),
        ("[a](<b c.md>)", "b c.md"),
        ("[a](b_(c).md)", "b_(c).md"),
        ("[two\nlines](b.md)", "b.md"),
        ("[`code` and *more*](b.md)", "b.md"),
        ("[![alt](p.png)](b.md)", "b.md"),
        ("[[1]](b.md)", "b.md"),
        ("[a](b\\_c.md)", "b\\_c.md"),
        ("\\\\[a](b.md)", "b.md"),
        ("\\![a](b.md)", "b.md"),
        ("- [x](b.md)", "b.md"),
        ("> [x](b.md)", "b.md"),
        ("| [x](b.md) |", "b.md"),
    ],
)
def test_links(text: str, target: str) -> None:
    assert [found[0] for found in references(text, "link")] == [target]


@pytest.mark.parametrize(
    "text",
    [
        "`[a](b.md)`",
        "``a ` [a](b.md)``",
        "```\n[a](b.md)\n```",
        "~~~~ md\n```\n[a](b.md)\n~~~\n~~~~",
        "    - x\n\n      ```\n      [a](b.md)\n      ```",
        "> ```\n> [a](b.md)\n> ```",
        "<!-- [a](b.md) -->",
        "<!--\n\n[a](b.md)\n-->",
        "[^a]: text",
        "\\[a](b.md)",
        "[a\\](b.md)",
        "[a]\n\n(b.md)",
        "[a\n\nb](c.md)",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert references(text, "link") == []


@pytest.mark.parametrize(
    ("text", "alt", "target"),
    [
        ("![alt](a.png)", "alt", "a.png"),
        ("![](a.png)", "", "a.png"),
        ("![two\nlines](a.png)", "two\nlines", "a.png"),
        ('![alt](a.png "title")', "alt", "a.png"),
        ("![alt](<a b.png>)", "alt", "a b.png"),
        ("![alt]()", "alt", ""),
        ("![alt]( )", "alt", ""),
        ("![alt][pic]\n\n[pic]: a.png", "alt", "a.png"),
        ("![pic][]\n\n[pic]: a.png", "pic", "a.png"),
        ("![Pic]\n\n[pic]: a.png 'title'", "Pic", "a.png"),
    ],
)
def test_pictures(text: str, alt: str, target: str) -> None:
    (found,) = [each for each in scan(text).references if each.kind == "image"]
    assert (found.text, found.target, found.line, found.column) == (alt, target, 1, 1)


def test_an_exclamation_before_brackets_without_a_definition_is_no_picture() -> None:
    assert references("Look![1] and more![]\n", "image") == []


@pytest.mark.parametrize(
    ("text", "name", "attributes"),
    [
        ("<b>", "b", ""),
        ("<br/>", "br", ""),
        ("<IMG SRC=x>", "img", " SRC=x"),
        ("<img\nsrc=x>", "img", "\nsrc=x"),
        ('<img alt="a > b" src=x>', "img", ' alt="a > b" src=x'),
        ("<img alt='<' src=x>", "img", " alt='<' src=x"),
        ("<img/src=x/onerror=y>", "img", "/src=x/onerror=y"),
        ("\\\\<b>", "b", ""),
    ],
)
def test_elements(text: str, name: str, attributes: str) -> None:
    (found,) = [each for each in scan(text).references if each.kind == "element"]
    assert (found.target, found.text) == (name, attributes)


@pytest.mark.parametrize(
    "text", ["a < b and c > d", "<https://example.org/>", "`<b>`", "List<String>x"[:4], "<3", "</b>", "\\<b>"]
)
def test_what_is_no_element(text: str) -> None:
    assert references(text, "element") == []


def test_attribute_lists_are_found() -> None:
    (found,) = [each for each in scan('![a](b.png){ .wide onerror="x" }\n').references if each.kind == "attributes"]
    assert (found.text.strip(), found.line, found.column) == ('.wide onerror="x"', 1, 12)


def test_prose_keeps_its_lines_and_loses_code_and_comments() -> None:
    body = scan("One\n```go\ncode\n```\nTwo <!-- a\nb --> three\n")
    assert body.prose.split("\n") == ["One", "", "", "", "Two       ", "      three", ""]
    assert body.code == ("code",)


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert references("<!-- [a](b.md)\n", "link") == [("b.md", 1, 6)]


def test_a_comment_sign_in_code_hides_nothing() -> None:
    assert references("Write `<!--`, then [a](b.md), then `-->`.\n", "link") == [("b.md", 1, 20)]


def test_an_escaped_include_is_code() -> None:
    body = scan('```\n;--8<-- "a.py"\n```\n')
    assert body.references == ()
    assert body.code == (';--8<-- "a.py"',)


CODE = [
    ("```\nx\n```\n", ("x",)),
    ("- a\n\n    ~~~\n      x\n    ~~~\n", ("  x",)),
    ("> ```\n> x\n>\n> y\n> ```\n", ("x", "", "y")),
    ("A\n\n    x\n\n    y\n", ("x", "", "y")),
    ("!!! note\n    ```\n    x\n    ```\n", ("x",)),
    ("[^a]: b\n\n    ```\n    x\n    ```\n", ("x",)),
    ("```\nx", ("x",)),
    ("A\n    x\n", ()),
    ("- a\n\n    x\n", ()),
    ("``` a`b\n", ()),
]


@pytest.mark.parametrize(("text", "code"), CODE)
def test_code_is_found_wherever_markdown_says_it_is(text: str, code: tuple[str, ...]) -> None:
    body = scan(text)
    assert body.code == code
    assert not [line for line in code if line and line in body.prose.split()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('```\n--8<-- "a.py" \n```\n', [("include", "a.py", 2, 9, "code")]),
        ('> ```\n>   -8<- \'a.py:b\'\n> ```\n', [("include", "a.py:b", 2, 11, "code")]),
        ('- x\n\n      --8<-- "a.py"\n', [("include", "a.py", 3, 15, "code")]),
        ("```\n--8<--\na.py\n; b.py\n\n  c.py:2\n--8<--\n```\n",
         [("include", "a.py", 3, 1, "code"), ("include", "c.py:2", 6, 3, "code")]),
        ('Text.\n--8<-- "a.py"\n', [("include", "a.py", 2, 9, "prose")]),
        ("--8<--\na.py\n--8<--\n", [("include", "a.py", 2, 1, "prose")]),
        ("```\n--8<-- a.py\n```\n", [("lost include", "--8<-- a.py", 2, 1, "code")]),
        ('Text.\n\n> --8<-- "a.py"\n', [("lost include", '--8<-- "a.py"', 3, 3, "prose")]),
        ("```\n# --8<-- [start:a]\n--8<-- [end:a]\n```\n", []),
    ],
)  # fmt: skip
def test_includes_are_found_at_their_places(text: str, found: list[tuple[str, str, int, int, str]]) -> None:
    body = scan(text)
    assert [(each.kind, each.target, each.line, each.column, each.text) for each in body.references] == found
    assert "8<" not in body.prose


@pytest.mark.parametrize(
    "piece",
    [
        "[", "![", "![a\n", "[a\n", "[a](", "](", "<a ", "<a '", "<a b='", "<!--", "`", "``` `", "`a\n", "{lab:",
        "{claim:", "{:", "{ a=", "[^", "[x]:", "[[]", "[a](<", "![](a(", "--8<--\n", "[a](b()", "[ \n", "> ```\n",
        "<a/", "![a][", "\\`",
    ],
)  # fmt: skip
def test_a_scan_takes_time_in_proportion_to_the_text(piece: str) -> None:
    start = time.process_time()
    scan(piece * 20_000)
    assert time.process_time() - start < 15, "the square of that length takes minutes"


@given(st.text(alphabet="`~ \n->[]()!<>{}:ab\"'8;\\", max_size=200))
def test_a_scan_keeps_every_line_and_places_references_inside(text: str) -> None:
    body = scan(text)
    lines = text.split("\n")
    assert body.prose.count("\n") == text.count("\n")
    for found in body.references:
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
