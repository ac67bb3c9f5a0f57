"""What the page of a lab says: code, claims, measurements and versions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from engblog.model.article import (
    STATISTICS,
    Article,
    Counter,
    Lab,
    LabChart,
    LabNumber,
    LabTest,
    Moment,
    Term,
    VersionRun,
)
from engblog.pages.labs import (
    Repository,
    function_html,
    function_source,
    lab_html,
    lab_page,
    lab_summary,
    with_sentences,
)

CODE = '''\
"""Tests."""
import pytest


def helper(): return "\\d"


@pytest.mark.slow
@pytest.mark.fails_when("x",
                        assertion="a")
# --8<-- [start:one]
def test_one(a=1):
    """It holds."""
    assert a  # <&>
# --8<-- [end:one]


class TestMore:
    async def test_two(self):
        assert True

    def test_one(self):
        return 2
'''


def test_the_function_of_a_test_is_shown_with_its_decorators_and_without_marks_of_sections() -> None:
    assert function_source(CODE, "test_one", 8) == (
        '@pytest.mark.slow\n@pytest.mark.fails_when("x",\n                        assertion="a")\n'
        'def test_one(a=1):\n    """It holds."""\n    assert a  # <&>\n'
    )
    assert function_source(CODE, "test_two", 18) == "async def test_two(self):\n    assert True\n"
    assert function_source(CODE, "test_one", 21) == "def test_one(self):\n    return 2\n", "the nearest of two"


@pytest.mark.parametrize(
    "text", ["", "def other(): pass\n", "def test_one(:\n", "\0", "(" * 300 + "def test_one(): pass"]
)
def test_what_has_no_such_function_shows_none(text: str) -> None:
    assert function_source(text, "test_one", 1) is None
    assert function_html(text, "test_one", 1, "test_a.py") is None


def test_code_is_highlighted_and_escaped_and_has_no_ids() -> None:
    html = function_html(CODE, "test_one", 8, "test_a.py")
    assert html is not None
    assert html.startswith('<div class="highlight">')
    assert "&lt;&amp;&gt;" in html
    assert " id=" not in html


def test_files_are_folded_and_every_line_can_be_linked_to() -> None:
    html = lab_html([("a b.py", "x = 1\n\ny = 2\n"), ("none", "<&>\n")])
    assert re.findall(r'<details class="file" id="([^"]+)">', html) == ["file-a-b-py", "file-none"]
    assert "open" not in re.findall(r"<details[^>]*>", html)[0]
    assert re.findall(r'<span id="([^"]+)">', html) == [
        "file-a-b-py-1",
        "file-a-b-py-2",
        "file-a-b-py-3",
        "file-none-1",
    ]
    assert "3 lines" in html
    assert "1 line<" in html
    assert "&lt;&amp;&gt;" in html


CLAIM = LabTest(
    "test_one", "test_a.py", 8, "It `holds` & <b>.", ("Redis",), (Counter("`hz` is <500>", "a < 1", "assert 2 < 1"),)
)
PLAIN = LabTest("test_two", "test_a.py", 18, "")
CHART = LabChart("by_x", "By x", "x", "y", "line", "linear", "linear", "a note", (("a", 1, 1234.5), ("b", "z", 2.0)))
LAB = Lab(
    date(2026, 11, 23),
    "a machine",
    (("Go", "1.19"), ("Redis", "7.0.15")),
    (PLAIN, CLAIM),
    (
        LabNumber("free", "7", "of no test"),
        LabNumber("said", "ERROR 1452 (23000): no parent", "what it says", test="test_two", is_said=True),
        LabNumber(
            "pause", "", "longest", tuple(zip(STATISTICS, ("2 ms", "1–3 ms", "3 ms", "1 ms", "3 ms", "3"))),  # noqa: B905
            (1, 2, 3), "ms", "test_one",
        ),
    ),
    ("test_a.py", "blob.bin"),
    in_step=True,
    charts=(CHART,),
    runs=(
        VersionRun("Redis", "6.2.14", (), (("test_one", "assert 5 < 1"),)),
        VersionRun("Redis", "8.0.1", ("test_one",), ()),
    ),
)  # fmt: skip
ARTICLE = Article(
    "articles/a/index.md", "a", "articles/2026/11/20/a/", "A", "d", Moment(date(2026, 11, 20)), Term("T", "t"), (),
    "published", 1, 1, "It holds.{claim:test_one}\n", 1, lab=LAB,
)  # fmt: skip


def page(**more: Any) -> dict[str, Any]:
    repository = Repository("https://github.com/o/r/tree/main/docs/", "https://codespaces.new/o/r")
    return lab_page(ARTICLE, LAB, {"test_a.py": CODE}, more.get("repository", repository))["lab"]  # type: ignore[no-any-return]


def test_the_claims_of_the_text_come_first_and_lead_to_their_place_in_it() -> None:
    one, two = page()["tests"]
    assert (one["name"], two["name"]) == ("test_one", "test_two")
    assert page()["cited"] == 1
    assert one["place"] == {"url": "articles/2026/11/20/a/#claim-test-one"}
    assert two["place"] is None
    assert one["claim"] == "It <code>holds</code> &amp; &lt;b&gt;."
    assert two["claim"] == "Two", "a claim without words has the test's name"


def test_a_claim_says_its_counter_experiment_its_values_and_its_versions() -> None:
    one, two = page()["tests"]
    assert one["counters"] == [{"when": "<code>hz</code> is &lt;500&gt;", "assertion": "a < 1", "seen": "2 < 1"}]
    assert [(each["key"], each["to"], each["text"], each["spread"]) for each in one["measured"]] == [
        ("pause", "number-pause", "2 ms", "median of 3 runs, 1–3 ms, worst 3 ms")
    ]
    assert one["held"] == [{"product": "Redis", "versions": ["7.0.15", "8.0.1"]}]
    assert one["failed"] == [{"product": "Redis", "version": "6.2.14", "said": "assert 5 < 1"}]
    assert (two["held"], two["failed"], two["counters"]) == ([], [], [])
    assert two["measured"][0]["is_message"]
    assert "test_one" in one["code"]
    assert one["line_anchor"] == "file-test-a-py-8"


def test_of_many_measurements_a_claim_shows_the_first_and_leads_to_the_others() -> None:
    numbers = tuple(LabNumber(f"n{index}", "1", "one", test="test_one") for index in range(6))
    many = lab_page(ARTICLE, replace(LAB, numbers=numbers), {}, Repository())["lab"]
    assert [each["key"] for each in many["tests"][0]["measured"]] == ["n0", "n1", "n2", "n3"]
    assert many["tests"][0]["more"] == {"count": 2, "to": "number-n4"}
    five = lab_page(ARTICLE, replace(LAB, numbers=numbers[:5]), {}, Repository())["lab"]["tests"][0]
    assert (len(five["measured"]), five["more"]) == (5, None)


def test_a_value_that_was_always_the_same_says_so() -> None:
    same = LabNumber("n", "", "one", tuple(zip(STATISTICS, ("1 s", "1 s", "1 s", "1 s", "1 s", "3"))), (1, 1, 1))  # noqa: B905
    (shown,) = lab_page(ARTICLE, replace(LAB, numbers=(same,)), {}, Repository())["lab"]["numbers"]
    assert (shown["text"], shown["spread"]) == ("1 s", "the same in 3 runs")


def test_measurements_follow_their_claims() -> None:
    numbers = page()["numbers"]
    assert [each["anchor"] for each in numbers] == ["number-pause", "number-said", "number-free"]
    assert [each["test"] and each["test"]["to"] for each in numbers] == ["test-one", "test-two", None]


def test_the_table_of_versions_says_what_held_what_failed_and_what_was_not_run() -> None:
    matrix = page()["matrix"]
    assert matrix["products"] == [{"product": "Redis", "versions": ["6.2.14", "7.0.15", "8.0.1"]}]
    assert matrix["rows"] == [{"title": "One", "to": "test-one", "cells": ["failed", "held", "held"]}]
    assert page()["other_versions"] == [{"product": "Redis", "versions": ["6.2.14", "8.0.1"]}]
    assert page()["exceptions"] == 1


def test_charts_bring_their_data() -> None:
    (chart,) = page()["charts"]
    assert chart["anchor"] == "chart-by_x"
    assert (chart["points"], chart["heads"]) == (2, ["x", "a: y", "b: y"])
    assert chart["rows"] == [["1", "1,234.5", "–"], ["z", "–", "2.0"]]


def test_the_page_says_how_to_get_and_run_the_lab() -> None:
    lab = page()
    assert lab["command"] == "make lab ARTICLE=a"
    assert lab["archive"] == {"url": "articles/2026/11/20/a/lab/lab.zip", "name": "a-lab.zip"}
    assert lab["folder"] == "https://github.com/o/r/tree/main/docs/articles/a/lab"
    assert lab["workspace"] == "https://codespaces.new/o/r"
    unknown = page(repository=Repository())
    assert (unknown["folder"], unknown["workspace"]) == (None, None)
    assert [each["name"] for each in lab["files"]] == ["test_a.py"], "what is no text is not shown"


def test_the_verified_line_counts() -> None:
    said = lab_summary(ARTICLE, LAB, has_page=False)
    assert (said["url"], said["tests"], said["cited"], said["countered"], said["exceptions"]) == (None, 2, 1, 1, 1)


def test_sentences_are_added_to_the_claims_that_have_some() -> None:
    view = lab_page(ARTICLE, LAB, {}, Repository())
    tests = with_sentences(view, {"test_one": "It <em>holds</em>."})["lab"]["tests"]
    assert [each["sentence"] for each in tests] == ["It <em>holds</em>.", None]
    assert view["lab"]["tests"][0]["sentence"] is None, "what was given stays as it was"
    assert json.dumps(view)
