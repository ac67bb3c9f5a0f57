"""A report for people shows the line of each problem, folds many alike and counts them."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import pytest
from engblog.cli.report import OF_A_CODE, OF_A_FILE, Appearance, as_text
from engblog.model.problems import Code, Mark, Problem
from hypothesis import given
from hypothesis import strategies as st

ON_A_TERMINAL = Appearance(excerpts=True, colour=True, width=80)
WITHOUT_COLOUR = Appearance(excerpts=True, colour=False, width=80)


def problem(path: str, line: int = 1, column: int = 1, message: str = "“soon” is not a date") -> Problem:
    return Problem(Mark(path, line, column), Code.F005_DATE, message, "write a date")


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.md"
    path.write_text("title: A\ndate: soon # we hope\n")
    return path


def test_a_report_for_a_file_is_plain_and_has_a_line_for_each_problem() -> None:
    assert as_text([problem("a.md", 2, 7)], Appearance()).splitlines() == [
        "a.md:2:7 F005 “soon” is not a date",
        "    write a date",
        "  1 F005 the value is not a date",
        "1 problem in 1 file",
    ]


@pytest.mark.usefixtures("text")
def test_on_a_terminal_the_line_is_shown_and_its_subject_marked() -> None:
    lines = as_text([problem("a.md", 2, 7)], WITHOUT_COLOUR).splitlines()
    assert lines[1:3] == ["    | date: soon # we hope", "    |       ^^^^"]
    coloured = as_text([problem("a.md", 2, 7)], ON_A_TERMINAL).splitlines()[1]
    assert "\x1b[4;31msoon\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == "    | date: soon # we hope"


@pytest.mark.usefixtures("text")
@pytest.mark.parametrize(("line", "column"), [(9, 1), (0, 0), (2, 400), (3, 1)])
def test_a_place_that_the_file_does_not_have_is_shown_without_a_line(line: int, column: int) -> None:
    shown = as_text([problem("a.md", line, column)], WITHOUT_COLOUR)
    assert f"a.md:{line}:{column} F005" in shown


def test_a_file_that_is_gone_is_shown_without_a_line() -> None:
    assert " | " not in as_text([problem("no/such.md", 2, 7)], WITHOUT_COLOUR)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "excerpts", "colour"),
    [
        (io.StringIO(), {}, False, False),
        (Terminal(), {"TERM": "xterm"}, True, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        (Terminal(), {"TERM": "dumb"}, True, False),
    ],
)
def test_a_terminal_gets_colour_unless_it_or_its_user_has_none(
    stream: io.StringIO, environment: dict[str, str], excerpts: bool, colour: bool
) -> None:
    style = Appearance.of(stream, environment)
    assert (style.excerpts, style.colour) == (excerpts, colour)


def test_many_alike_are_folded_and_all_of_them_counted() -> None:
    found = [problem(f"{name}.md", line) for name in "abcdefgh" for line in range(1, 101)]
    lines = as_text(found, Appearance()).splitlines()
    assert len([line for line in lines if " F005 “" in line]) == OF_A_CODE
    assert max(sum(line.startswith(f"{name}.md:") for line in lines) for name in "abcdefgh") == OF_A_FILE
    assert lines[-4:] == [
        "F005 780 more like these: e.md (100), f.md (100), g.md (100) and 5 other files",
        "  800 F005 the value is not a date",
        "  --all shows each of them",
        "800 problems in 8 files",
    ]
    assert len(lines) < 50
    assert len(as_text(found, Appearance(), every=True).splitlines()) == 1602


def test_other_codes_are_shown_however_many_of_one_there_are() -> None:
    found = [*[problem("a.md", line) for line in range(500)], Problem(Mark("a.md", 501), Code.S002_EMPTY, "empty")]
    assert "a.md:501:1 S002 empty" in as_text(found, Appearance())


@given(st.text(max_size=60), st.integers(1, 70), st.integers(40, 90))
def test_whatever_the_line_is_the_mark_is_below_its_subject_and_nothing_reaches_the_terminal(
    tmp_path_factory: pytest.TempPathFactory, line: str, column: int, width: int
) -> None:
    path = tmp_path_factory.mktemp("line") / "a.md"
    path.write_bytes(line.encode("utf-8", "replace"))
    shown = as_text([problem(str(path), 1, column, "x")], Appearance(excerpts=True, width=width)).splitlines()
    assert all(each.isprintable() for each in shown)
    excerpt = [each for each in shown if each.startswith("    | ")]
    assert len(excerpt) in {0, 2}
    if excerpt and column <= len(excerpt[0]) - 6 and "…" not in excerpt[0]:
        before = excerpt[0][6 : 6 + column - 1]
        columns = sum(
            0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in before
        )
        assert excerpt[1].index("^") == 6 + columns
