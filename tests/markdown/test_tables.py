"""Tables stand in boxes that scroll."""

from __future__ import annotations

import pytest
from support.rendered import render, tree


def test_an_empty_corner_of_a_table_is_no_head() -> None:
    html = render("| | a |\n|---|---|\n| b | c |\n")
    first, second = tree(html).findall("div/table/thead/tr/*")
    assert (first.tag, second.tag, second.text) == ("td", "th", "a")


def test_tables_stand_in_boxes_that_the_keyboard_reaches() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    root = tree(render(f"{table}\nText.\n\n{table}\n- x\n\n    {table.replace(chr(10), chr(10) + '    ')}\n"))
    boxes = [box for box in root.iter("div") if box.get("class") == "table-scroll"]
    assert [box.get("aria-label") for box in boxes] == ["Table 1", "Table 2", "Table 3"]
    assert {(box.get("role"), box.get("tabindex")) for box in boxes} == {("region", "0")}
    assert [len(box.findall("table")) for box in boxes] == [1, 1, 1]
    assert len([*root.iter("table")]) == 3


NUMBERS = (
    "| x | Count | note | n | *m* | `hz` |\n|---|---|---|:--|---|---|\n"
    "| a | 1,000 | 5 rows of x | 1 | ~3–5% | 10 |\n| b | {lab:wait} | – | 2 | 12[^a] | – |\n"
    "| c | n/a | – | 3 | 2 of 7 | 1 |\n\n[^a]: b\n"
)


def columns(html: str, name: str) -> list[list[bool]]:
    rows = tree(html).iter("tr")
    return [[name in (cell.get("class") or "").split() for cell in row] for row in rows]


def test_a_column_of_numbers_is_aligned_to_the_right_unless_its_author_aligned_it() -> None:
    assert columns(render(NUMBERS), "align-right") == [[False, True, False, False, True, True]] * 4


def test_heads_that_begin_with_words_are_marked_and_those_of_code_are_not() -> None:
    assert columns(render(NUMBERS), "words")[0] == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    "text", ["5 rows of x", "7.0.15 and later", "yes", "SIGTERM", "2026-11-20 or so", "1, 2 or none", "v2"]
)
def test_a_column_with_words_stays_where_it_is(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| x | 1 |\n| y | {text} |\n"
    assert columns(render(table), "align-right") == [[False, False]] * 3
