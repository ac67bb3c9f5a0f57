"""The files that a text refers to, whatever the form of the reference."""

from __future__ import annotations

import pytest
from engblog.source.body import scan
from engblog.source.local_references import is_local, local_references
from engblog.source.parse import parse_article
from support.sources import article


def found(body: str) -> list[str]:
    """The files that an article in ``articles/a`` refers to; pictures are marked."""
    parsed = parse_article(article(body).encode(), "articles/a/index.md")
    return [each.path + ("!" if each.is_picture else "") for each in parsed.local]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[x](b.txt)", ["articles/a/b.txt"]),
        ("[x](<b c.txt>)", ["articles/a/b c.txt"]),
        ("[x](b%20c.txt?q=1#y)", ["articles/a/b c.txt"]),
        ("[x](./lab/../b.txt)", ["articles/a/b.txt"]),
        ("[x](../b/index.md#part)", ["articles/b/index.md"]),
        ("[x](../../about.md)", ["about.md"]),
        ("[x][r]\n\n[r]: b.txt", ["articles/a/b.txt"]),
        ("![x](b.png)", ["articles/a/b.png!"]),
        ("![x](b)", ["articles/a/b!"]),
        ("[x](b.PNG)", ["articles/a/b.PNG!"]),
        ("![x][r]\n\n[r]: b.png", ["articles/a/b.png!", "articles/a/b.png!"]),
        ('```\n--8<-- "lab/b.go:part"\n```', ["articles/a/lab/b.go"]),
        ("<img src='b.png' alt=x>", ["articles/a/b.png!"]),
        ("<img src=b alt=x>", ["articles/a/b!"]),
        ('<img alt=x src="b.png" srcset="c.webp 1x, ../d.webp 2x">', ["articles/a/b.png!", "articles/a/c.webp!"]),
        ("<video src=b.mp4 poster=c.png></video>", ["articles/a/b.mp4", "articles/a/c.png!"]),
        ("<a href='b.txt'>x</a>", ["articles/a/b.txt"]),
        ("<img src='../../../../../assets/b.png' alt=x>", ["assets/b.png!"]),
        ("![x](b.png){ data-large=c.png }", ["articles/a/b.png!"]),
        ("`[x](b.txt)` and <!-- [x](b.txt) -->", []),
        ("[x](#y) [x](?y) [x]() [x](/b.txt) [x](//b/c) [x](https://b/c) [x](mailto:b@c) [x](c:\\b) [x](\\b)", []),
        ("[x](../../../b.txt)", []),
        ("![x](chart:b)", []),
    ],
)
def test_each_form_of_a_reference_names_its_file(body: str, expected: list[str]) -> None:
    if "../d.webp" in body:  # in HTML, it starts at the page, whose date is unknown here
        expected = [*expected, "articles/0/0/0/d.webp!"]
    assert found(f"{body}\n") == expected


def test_a_hand_written_pages_html_starts_at_its_own_address() -> None:
    """Nothing moves there: docs/b.png is not in the folder of the page about/."""
    body = scan("<img src=b.png alt=x> <img src=../b.png alt=x>\n")
    assert [each.path for each in local_references(body, "", "about")] == ["about/b.png", "b.png"]


@pytest.mark.parametrize("address", ["java\tscript:alert(1)", " https://x/", "data:text/html,x", "#x", "", "\\\\x\\y"])
def test_what_is_not_a_path_is_not_taken_for_one(address: str) -> None:
    assert not is_local(address)
