"""YAML with a place for every value, and no surprises."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sources import article, only, places, read

ANY = "articles/any/index.md"


def found(tmp_path: Path, content: str | bytes) -> list[str]:
    """The places of the problems of one article, without its path."""
    return [place.removeprefix(f"{ANY}:") for place in places(read(tmp_path, {ANY: content}), tmp_path)]


def message(tmp_path: Path, content: str | bytes) -> str:
    (problem,) = read(tmp_path, {ANY: content}).problems
    return f"{problem.message} | {problem.hint}"


def test_a_tab_in_yaml_is_placed_on_the_tab(tmp_path: Path) -> None:
    assert found(tmp_path, article(series="\n\tname: Durability\n\tpart: 1")) == ["8:1 Y004"]
    assert found(tmp_path, article(tags="\n  - Redis\n \t- Go")) == ["8:2 Y004"]


def test_a_tab_elsewhere_in_a_broken_line_is_not_to_blame(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Redis: the\tend")) == ["2:13 Y003"]
    assert only(read(tmp_path, {ANY: article(title='"The\tend"')})).title == "The end"


def test_a_duplicate_key_is_placed_on_the_second_and_names_the_first(tmp_path: Path) -> None:
    text = article().replace("\ncategory:", "\ntitle: Again\ncategory:")
    assert found(tmp_path, text) == ["5:1 Y005"]
    assert "line 2" in message(tmp_path, text)


def test_a_duplicate_key_deep_inside_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, article(series="{name: Durability, part: 1, part: 2}")) == ["7:37 Y005"]


def test_a_yaml_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    places_found = found(tmp_path, article().replace("\n---\n", "\n" + "\n".join(bomb) + "\n---\n"))
    assert places_found[0] == "7:5 Y006"
    assert {place.split()[1] for place in places_found} == {"Y006"}
    assert len(places_found) == 10 + 90, "every anchor and every alias, each at its place"


def test_an_unquoted_star_is_explained(tmp_path: Path) -> None:
    text = article(title="*args in Python")
    assert found(tmp_path, text)[0] == "2:8 Y006"
    assert "quote" in str(read(tmp_path, {ANY: text}).problems[0])


def test_yaml_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, "---\n- title\n- date\n---\nText.\n") == ["2:1 Y007"]
    assert found(tmp_path, "---\njust text\n---\nText.\n") == ["2:1 Y007"]


def test_nesting_and_length_are_limited(tmp_path: Path) -> None:
    assert [place.split()[1] for place in found(tmp_path, article(series="[" * 40 + "]" * 40))] == ["Y008"]
    assert found(tmp_path, article(series="[" * 40 + "]" * 40)) == ["7:20 Y008"]
    head = article().partition("\n---")[0].removeprefix("---\n")
    lines, last = divmod(64 * 1024 - len(head), len("# x\n"))
    for more, codes in ((0, []), (1, ["2:1 Y008"]), (9000, ["2:1 Y008"])):
        comments = "# x\n" * (lines - 1) + "#" * (last + len("# x\n") - 1 + more) + "\n"
        assert found(tmp_path, article().replace("---\n", "---\n" + comments, 1)) == codes


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("title: [unclosed", "2:8 Y003"),
        ("title: Redis: the end", "2:13 Y003"),
        ("title: @home", "2:8 Y003"),
        ('title: "unclosed', "2:8 Y003"),
        ("title: {unclosed", "2:8 Y003"),
        ("title: a\nbad", "3:1 Y003"),
    ],
)
def test_a_syntax_error_is_placed_where_the_parser_gave_up(tmp_path: Path, line: str, place: str) -> None:
    text = f"---\n{line}\ndescription: x\n---\nText.\n"
    assert found(tmp_path, text) == [place]
    assert "needs quotes" in message(tmp_path, text)


def test_a_value_with_a_colon_is_placed_on_the_colon(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Redis: the end")) == ["2:13 Y003"]


def test_a_character_that_yaml_does_not_allow_is_placed_by_character(tmp_path: Path) -> None:
    assert found(tmp_path, article(title="Größe \x90 here")) == ["2:14 Y003"]


def test_an_unusual_line_separator_moves_no_line(tmp_path: Path) -> None:
    """YAML counts U+0085, U+2028 and U+2029 as line ends; editors do not."""
    for separator in ("\u2028", "\u2029", "\x85"):
        text = article(title=f'"One{separator}two"', date="soon")
        assert found(tmp_path, text) == ["4:7 F005"], ascii(separator)


def test_a_second_document_inside_is_refused(tmp_path: Path) -> None:
    text = article(series="x\n--- # again\na: b")
    assert found(tmp_path, text) == ["8:1 Y003"]
    assert "a second YAML document" in message(tmp_path, text)
