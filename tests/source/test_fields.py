"""Typed values out of marked YAML: what is wrong is noted with its place, and nothing raises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from engblog.model.article import Moment
from engblog.model.problems import Problems
from engblog.source import marked_yaml
from engblog.source.fields import Fields, Key
from engblog.source.marked_yaml import Mapping
from hypothesis import given
from hypothesis import strategies as st


def fields(text: str, known: tuple[str, ...] = ("a", "b")) -> tuple[Fields, Callable[[], list[str]]]:
    problems = Problems()
    root = marked_yaml.parse(text, "f.yml", problems)
    assert isinstance(root, Mapping)
    found = Fields(root, problems, known=known)
    return found, lambda: [f"{each.mark.line}:{each.mark.column} {each.code.id}" for each in problems.sorted()]


def test_a_key_that_is_not_known_is_noted() -> None:
    assert fields("a: 1\nc: 2\n")[1]() == ["2:1 F001"]


def test_a_key_that_must_be_there_and_is_not_is_noted_where_it_would_stand() -> None:
    found, wrong = fields("a: 1\nb: ' '\n")
    assert found.require("a", "a: x")
    assert not found.require("b", "b: x")
    assert wrong() == ["2:4 F002"]
    assert not found.require_all([Key("c", "text", "", "c: x"), Key("a", "text", "", "a: x"), Key("d", "text", "")])
    assert wrong() == ["1:1 F002", "2:4 F002"]
    assert found.require_all([Key("a", "text", "", "a: x"), Key("d", "text", "")])


@pytest.mark.parametrize(
    ("read", "text", "value", "wrong"),
    [
        ("text", "a:  one\\\n  two ", "one\\ two", []),
        ("text", "a: 1.5", "1.5", []),
        ("text", "a: ~", None, ["1:4 F011"]),
        ("moment", "a: ~", None, []),
        ("text", "a: [x]", None, ["1:4 F003"]),
        ("boolean", "a: true", True, []),
        ("boolean", "a: false", False, []),
        ("boolean", "b: 1", False, []),
        ("boolean", "a: yes", False, ["1:4 F003"]),
        ("boolean", "a: [true]", False, ["1:4 F003"]),
        ("day", "a: 2026-11-20", date(2026, 11, 20), []),
        ("day", "a: 2026-11-20T09:00:00Z", date(2026, 11, 20), ["1:4 F005"]),
        ("day", "a: 2026-02-30", None, ["1:4 F005"]),
        ("moment", "a: 2026-11-20", Moment(date(2026, 11, 20)), []),
        ("moment", "a: 2026-11-20T09:00:00", None, ["1:4 F005"]),
        ("moment", "a: 0001-01-01T00:00:00+14:00", None, ["1:4 F005"]),
        ("moment", "a: {}", None, ["1:4 F005"]),
        ("moment", "a: 2026-11-20T09:00:00.5Z", None, ["1:4 F005"]),
        ("moment", "a: 20261120", None, ["1:4 F005"]),
        ("mapping", "a: 1", None, ["1:4 F003"]),
        ("mapping", "b: 1", None, []),
    ],
)
def test_a_value_is_read_or_noted(read: str, text: str, value: object, wrong: list[str]) -> None:
    found, noted = fields(text)
    assert getattr(found, read)("a") == value
    assert noted() == wrong


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("999999", 999999),
        ("1", None),
        ("010", None),
        ("-3", None),
        ("1000000", None),
        ("2.0", None),
        ("x", None),
    ],
)
def test_a_whole_number_has_a_least(text: str, value: int | None) -> None:
    found, noted = fields(f"a: {text}")
    assert found.integer("a", least=2) == value
    assert noted() == ([] if value else ["1:4 F003"])
    assert found.integer("b", least=2) is None


def test_a_choice_is_one_of_those_allowed_or_the_default() -> None:
    found, noted = fields("a: two\nb: three")
    assert [found.choice(key, ("one", "two"), "one") for key in ("a", "b", "c")] == ["two", "one", "one"]
    assert noted() == ["2:4 F006"]


def test_texts_of_a_list_have_places_and_empty_ones_are_noted() -> None:
    found, noted = fields("a: [x, ' ', 3, [y]]\nb: x")
    assert [(text, mark.column) for text, mark in found.texts("a")] == [("x", 5), ("3", 13)]
    assert found.texts("b") == []
    assert found.texts("c") == []
    assert noted() == ["1:8 F003", "1:16 F003", "2:4 F003"]


def test_a_value_that_is_not_there_is_placed_at_its_mapping() -> None:
    found, _ = fields("a: 1\nb: 2")
    assert (found.place("b").line, found.place("c").line) == (2, 1)


@given(st.text(max_size=30))
def test_nothing_raises(text: str) -> None:
    problems = Problems()
    root = marked_yaml.parse(f"a: {text}", "f.yml", problems)
    if isinstance(root, Mapping):
        found = Fields(root, problems, known=("a",))
        for read in (found.text, found.boolean, found.day, found.moment, found.mapping, found.texts):
            read("a")
        found.integer("a", least=1)
        found.choice("a", ("x",), "x")
