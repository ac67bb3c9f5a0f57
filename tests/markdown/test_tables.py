"""Tables stand in boxes that scroll."""

from __future__ import annotations

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
