"""Headings, what opens fences and boxes, and rows of tables are named where a reader would not see what was written."""

from __future__ import annotations

import pytest
from engblog.model.problems import Problem, Problems
from engblog.source.body import scan
from engblog.source.structure import check_openings, check_structure


def found(text: str, first_line: int = 1) -> list[Problem]:
    problems = Problems()
    check_structure(scan(text, first_line), "a.md", problems)
    return problems.found


def said(text: str) -> list[str]:
    return [f"{each.mark.line}:{each.mark.column} {each.code.id} {each.message} | {each.hint}" for each in found(text)]


# Headings


@pytest.mark.parametrize(
    "text",
    [
        "## A\n\n### B\n\n#### C\n\n## D\n\n### E\n",
        "A\n---\n\n### B\n",
        "## A ##\n",
        "#14125 is the ticket.\n",
        "```\n# A\n##### B\n```\n",
        "\\# A\n",
    ],
)
def test_headings_that_lead_from_level_to_level(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("# A", ["1:1 R016 “A” is a heading of the first level, which is the article's title | write: ## A"]),
        ("A\n===", ["1:1 R016 “A” is a heading of the first level, which is the article's title | write: ## A"]),
        ("#", ["1:1 R016 the heading has no text | write: ## What the section shows"]),
        ("## A\n\n###\n", ["3:1 R016 the heading has no text | write: ### What the section shows"]),
        ("### A\n\n### B\n", ["1:1 R016 the heading “A” skips a level | write: ## A"]),
        ("## A\n\n#### B\n", ["3:1 R016 the heading “B” skips a level | write: ### B"]),
        (
            "## A\n\n##### B\n\n##### C\n\n#### D\n",
            [
                "3:1 R016 the heading “B” skips a level | write: ### B",
                "5:1 R016 the heading “C” skips a level | write: #### C",
            ],
        ),
        ("- x\n\n    ### A\n", ["3:1 R016 the heading “A” skips a level | write: ## A"]),
    ],
)
def test_a_heading_that_does_not_is_named(text: str, problems: list[str]) -> None:
    assert said(text) == problems


# Fences


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("```\ncode\n", 1),
        ("```\ncode", 1),
        ("```", 1),
        ("a\n\n~~~\ncode\n```\n", 3),
        ("````\n```\n", 1),
        ("````\ncode\n```\n", 1),
        ("```\n```\n```\n", 3),
        ("```\n``` x\n", 1),
        ("```\ncode\n    ```\n", 1),
        ("- ```\n  code\n\nText\n", 1),
        ("- a\n\n    ```\n    code\n\nText\n\n```\nx\n```\n", 3),
        ("> ```\n> code\n\nText\n", 1),
        ("!!! note\n    ```\n    code\n\nText\n", 2),
        ("``` a`b\n", None),
        ("```\n```\n", None),
        ("```\n\n```", None),
        ("    ```\n    ```\n", None),
        ("    ```\n", None),
        ('```\n--8<-- "a.py" \n```\n', None),
        ("~~~\n~~~~\n", None),
        ("```\ncode\n   ``` \n", None),
        ("> ```\n> code\n> ```\n", None),
        ("- a\n\n    ```\n\n    code\n    ```\n", None),
    ],
)
def test_a_fence_that_is_never_closed_is_named_at_its_opening(text: str, line: int | None) -> None:
    assert [(each.mark.line, each.code.id) for each in found(text)] == ([(line, "R008")] if line else [])


def test_the_place_is_that_of_the_file() -> None:
    assert [each.mark.line for each in found("Text.\n\n```\n", first_line=10)] == [12]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("```js {1}\nx\n```\n", (1, 6)),
        ("```js {1}\nx\n```\n".replace("```js", "``` js"), (1, 5)),
        ("> ~~~js {1}\n> x\n> ~~~\n", (1, 6)),
        ("- a\n\n    ```js {1}\n    x\n    ```\n", (3, 8)),
    ],
)
def test_what_cannot_be_read_behind_a_fences_marks_is_named_in_its_place(text: str, place: tuple[int, int]) -> None:
    (problem,) = found(text)
    assert (problem.code.id, problem.message, problem.hint) == (
        "R017",
        "“{1}” means nothing here",
        'write hl_lines="1"',
    )
    line, column = problem.mark.line, problem.mark.column
    assert line == place[0]
    assert text.split("\n")[line - 1][column - 1 :].startswith("js {1}")


# Boxes


@pytest.mark.parametrize(
    "text",
    [
        "!!! note\n    A\n",
        '!!! note "A title"\n    A\n',
        "!!!note\n    A\n",
        '!!! note inline end "A"\n    A\n',
        '??? note ""\n    A\n',
        '???+ note "A"\n    A\n',
        '??? "A"\n    A\n',
        '=== "A"\n    A\n',
        '===! "A"\n    A\n',
        "Really!!! And why???\n",
        "!!!\n",
        "```\n!!! note A\n=== B\n```\n",
        "`!!! note: A`\n",
    ],
)
def test_boxes_that_show_everything(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("!!! note A title\n    x\n", '1:1 R017 “A title” would not be shown | write: !!! note "A title"'),
        ("??? note big\n    x\n", '1:1 R017 “big” would not be shown | write: ??? note "Big"'),
        (
            "!!! note inline On HTTP\n    x\n",
            '1:1 R017 “On HTTP” would not be shown | write: !!! note inline "On HTTP"',
        ),
        ("> !!! note A\n>     x\n", '1:3 R017 “A” would not be shown | write: !!! note "A"'),
        ("!!! note: A b\n    x\n", '1:1 R017 “!!! note: A b” opens no box | write: !!! note "A b"'),
        ('Text\n!!! note "A\n    x\n', '2:1 R017 “!!! note "A” opens no box | write: !!! note "A"'),
        ('!!! "A"\n    x\n', '1:1 R017 “!!! "A"” opens no box | write: !!! note "A"'),
        ("=== A\n    x\n", '1:1 R017 “=== A” opens no box | write: === "A"'),
        ("- x\n\n    ???+ note: A\n", '3:5 R017 “???+ note: A” opens no box | write: ??? note "A"'),
    ],
)
def test_a_box_that_would_lose_its_title_or_open_none_is_named(text: str, problem: str) -> None:
    (line,) = said(text)
    assert line.removesuffix(", its text indented by four") == problem


@pytest.mark.parametrize(
    "text", ["!!! note\nText.\n", '??? tip "A"\n  Text.\n', '=== "A"\n\nText.\n', "> !!! note\n> Text.\n"]
)
def test_a_box_whose_text_is_not_indented_is_named(text: str) -> None:
    (problem,) = found(text)
    head = text.split("\n", maxsplit=1)[0].removeprefix("> ")
    assert problem.message == f"“{head}” opens a box that has nothing in it"
    assert problem.hint == "indent its text by four spaces"
    assert problem.mark.column == text.index(head) + 1


# Tables


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| c | d |\n| e |\n",
        "a | b\n--|--\nc | d\n",
        "| a |\n|---|\n| `x\\|y` |\n| x \\| y |\n",
        "| a |\n|---|\n| b | |\n",
        "- | a | b |\n  |---|---|\n  | c | d |\n",
        "> | a |\n> |---|\n> | b |\n",
        "```\n| a |\n|---|\n| b | c |\n```\n",
    ],
)
def test_tables_that_show_every_cell(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "place", "counts", "lost"),
    [
        ("| a | b |\n|---|---|\n| c | d | e |\n", "3:11", (3, 2), "e"),
        ("| a |\n|---|\n| `x|y` |\n", "3:6", (2, 1), "y`"),
        ("a | b\n--|--\nc | d | e | f\n", "3:9", (4, 2), "e | f"),
        ("a | b\n--|--\nc | c | c\n", "3:9", (3, 2), "c"),
        ("| a |\n|---|\n| b |  | c |\n", "3:10", (3, 1), "c"),
        ("| a |\n|---|\n| x \\| y | c |\n", "3:12", (2, 1), "c"),
        ("Text\n\n> | a |\n> |---|\n> | b | c |\n", "5:9", (2, 1), "c"),
        ("- | a |\n  |---|\n  | b | c |\n", "3:9", (2, 1), "c"),
    ],
)
def test_a_cell_that_no_column_has_room_for_is_named(text: str, place: str, counts: tuple[int, int], lost: str) -> None:
    (line,) = said(text)
    written, columns = counts
    assert line.startswith(
        f"{place} R018 the row has {written} cells and the head {columns}, so “{lost}” would not be shown | "
    )


def test_a_page_that_is_no_article_may_have_any_headings() -> None:
    problems = Problems()
    check_openings(
        scan("# A\n\n#### B\n\n```js {1}\nx\n```\n\n!!! note A\n    x\n\n| a |\n|---|\n| b | c |\n"), "a", problems
    )
    assert [each.code.id for each in problems.found] == ["R017", "R017", "R018"]
