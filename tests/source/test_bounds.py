"""Bounds of a text, which the renderer is not given when it crosses them."""

from __future__ import annotations

import pytest
from engblog.model.problems import Problems
from engblog.source.body import scan
from engblog.source.bounds import (
    MOST_ELEMENTS,
    MOST_INCLUDED,
    MOST_INCLUDES,
    MOST_NESTED,
    check_bounds,
    check_included,
)


def found(text: str) -> list[str]:
    problems = Problems()
    check_bounds(scan(text, 1), "a.md", problems)
    return [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.found]


DEEP = {
    "quotes": lambda n: "> " * n + "x",
    "lists": lambda n: "- " * n + "x",
    "indented lists": lambda n: "\n".join("  " * each + "- a" for each in range(n)),
    "elements in a line": lambda n: "<b>" * n + "x" + "</b>" * n,
    "elements in blocks": lambda n: "<div>\n" * n + "</div>\n" * n,
    "elements with Markdown": lambda n: "<div markdown>\n\n" * n + "x\n\n" + "</div>\n\n" * n,
    "emphasis": lambda n: "*a **b " * (n // 2) + "x" + " b** a*" * (n // 2),
    "boxes": lambda n: "\n".join("    " * each + "!!! note\n" for each in range(n)) + "    " * n + "x",
    "mixed": lambda n: "> " * (n // 2) + "<b>" * (n // 2) + "x",
}


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_too_deeply_is_refused_once(kind: str) -> None:
    assert [each.partition(" ")[2] for each in found(DEEP[kind](MOST_NESTED + 30))] == ["S018"]
    assert [each.partition(" ")[2] for each in found(DEEP[kind](500))] == ["S018"]
    assert found(DEEP[kind](MOST_NESTED // 2 - 2)) == []


@pytest.mark.parametrize("piece", ["x\n\n", "- x\n", "**x** ", "[x](y) ", "<b>x</b> ", "`x` ", "## x\n\n", "<br>\n"])
def test_too_many_elements_are_refused_once(piece: str) -> None:
    assert [each.partition(" ")[2] for each in found("\n".join([piece * 20] * (MOST_ELEMENTS // 20 + 5)))] == ["S019"]
    assert found("\n".join([piece * 20] * 10)) == []


def test_too_many_includes_are_refused() -> None:
    text = "```\n" + '--8<-- "a"\n' * (MOST_INCLUDES + 1) + "```\n"
    assert found(text) == [f"{MOST_INCLUDES + 2}:9 S020"]


def test_a_file_that_is_included_again_and_again_counts_each_time() -> None:
    body = scan("```\n" + '--8<-- "a"\n' * 5 + "```\n", 1)
    for size, expected in ((MOST_INCLUDED // 5, []), (MOST_INCLUDED // 4, [6])):
        problems = Problems()
        check_included(body, "a.md", {"a": size}, problems)
        assert [each.mark.line for each in problems.found] == expected
