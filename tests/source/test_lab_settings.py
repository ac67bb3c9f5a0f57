"""``lab.toml``: what a lab may say about its versions, its tools and its time."""

from __future__ import annotations

import pytest
from engblog.lab.installations import DEBIAN, LOCKED
from engblog.model.problems import Code, Problems
from engblog.source.lab_settings import PRODUCTS, SECONDS, LabSettings, read_settings, within
from hypothesis import given
from hypothesis import strategies as st


def read(text: str | None) -> tuple[LabSettings, list[str]]:
    problems = Problems()
    settings = read_settings(text, "lab/lab.toml", problems)
    assert all(each.code is Code.L009_SETTINGS and each.hint for each in problems.found)
    return settings, [str(each).replace("\n    ", " -> ").removeprefix("lab/lab.toml:") for each in problems.sorted()]


def test_everything_may_be_left_out() -> None:
    for text in (None, "", "[versions]\n", "# nothing\n"):
        assert read(text) == (LabSettings(), [])
    assert LabSettings().allows("Redis", "6.2.5")


def test_what_is_said_is_read() -> None:
    settings, problems = read(
        '[versions]\nPostgreSQL = ">=14, <18"\nValkey = "none"\n[tools]\nstrace = "strace"\n"cc" = "gcc"\n'
        "[time]\nseconds = 300\n[files]\ndata = ['sample.rdb', 'deep/er.bin']\n"
    )
    assert problems == []
    assert settings.bounds == {"PostgreSQL": ">=14, <18", "Valkey": "none"}
    assert settings.tools == {"strace": "strace", "cc": "gcc"}
    assert settings.seconds == 300
    assert settings.data == ("sample.rdb", "deep/er.bin")
    assert settings.allows("PostgreSQL", "17.10")
    assert not settings.allows("PostgreSQL", "18.6")
    assert not settings.allows("Valkey", "9.1.2")


@pytest.mark.parametrize(
    ("version", "bounds", "kept"),
    [
        ("16.14", ">=16", True),
        ("16.14", ">16", False),
        ("16.14", "<=16", True),
        ("16.14", "<16", False),
        ("16.14", "==16", True),
        ("16.14", "!=16", False),
        ("16.14", ">=16.2", True),
        ("6.2.5", ">=6.10", False),
        ("6.2.5", ">=6.2,<7", True),
        ("7.0.15", ">=6.2,<7", False),
        ("7.0.15", "none", False),
        ("7.0.15", "", True),
    ],
)
def test_a_version_is_compared_by_the_parts_of_the_bound(version: str, bounds: str, kept: bool) -> None:
    assert within(version, bounds) is kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[version]\n", "1:1 L009 there is no table “version” -> did you mean “versions”?"),
        ("a = 1\n[tools]\n", "1:1 L009 there is no table “a” -> choose from: files, time, tools, versions"),
        ("[time]\nsecond = 3\n", "2:1 L009 there is no key “second” -> did you mean “seconds”?"),
        ('[versions]\n  Postgres = ">=14"\n', "2:3 L009 labs have no product “Postgres” -> did you mean “PostgreSQL”?"),
        ("[versions]\nRedis = 6\n", "2:1 L009 “6” is not a range of versions"),
        ('[versions]\nRedis = "6.x"\n', "2:1 L009 “6.x” is not a range of versions"),
        ('[versions]\nRedis = ">=6,"\n', "2:1 L009 “>=6,” is not a range of versions"),
        ('[tools]\n"a b" = "c"\n', "2:1 L009 “a b” is not a program"),
        ('[tools]\nstrace = "--option"\n', "2:1 L009 “--option” is not a package"),
        ("[tools]\nstrace = true\n", "2:1 L009 “True” is not a package"),
        ("[time]\nseconds = 0\n", "2:1 L009 “0” is not a time limit"),
        ("[time]\n\nseconds = true\n", "3:1 L009 “True” is not a time limit"),
        ("[time]\nseconds = 90000\n", "2:1 L009 “90000” is not a time limit"),
        ("[files]\ndata = 'a'\n", "2:1 L009 “a” is not a list of files -> write: data"),
        ("[files]\ndate = []\n", "2:1 L009 there is no key “date” -> did you mean “data”?"),
        ("time = 3\n", "1:1 L009 “time” must be a table -> write [time]"),
        ("[time]\nseconds == 3\n", "2:10 L009 this is not TOML: Invalid value"),
        ("[time", "1:1 L009 this is not TOML: Expected ']'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(text: str, said: str) -> None:
    settings, (problem,) = read(text)
    assert problem.startswith(said)
    assert settings.seconds == SECONDS


def test_a_wrong_line_leaves_the_others_as_they_are() -> None:
    settings, problems = read('[versions]\nRedis = 1\nPostgreSQL = ">=14"\n[tools]\nx = "y!"\nstrace = "strace"\n')
    assert [problem.partition(" ")[0] for problem in problems] == ["2:1", "5:1"]
    assert (settings.bounds, settings.tools) == ({"PostgreSQL": ">=14"}, {"strace": "strace"})


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    read(text)


def test_every_product_that_labs_can_start_is_known() -> None:
    assert {*PRODUCTS} == {*DEBIAN, *(each.product for each in LOCKED)}
