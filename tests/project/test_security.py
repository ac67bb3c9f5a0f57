"""SECURITY.md promises what tests show: each promise names its tests, and the tests exist."""

from __future__ import annotations

import ast
import re

import pytest
from support.hosts import REPOSITORY

TEXT = (REPOSITORY / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| (?!promise )([^|]+) \| (.+) \|$", TEXT, re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def defined_in(path: str) -> set[str]:
    tree = ast.parse((REPOSITORY / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_there_are_promises() -> None:
    assert len(ROWS) >= 14


@pytest.mark.parametrize(("promise", "shown"), ROWS, ids=[promise for promise, _ in ROWS])
def test_a_promise_names_tests_that_exist(promise: str, shown: str) -> None:
    named = _NAMED.findall(shown)
    assert named, promise
    assert all(test for _, test in named), "a file alone shows nothing"
    assert _NAMED.sub("", shown).strip(", ") == "", "only tests stand here"
    assert [(path, test) for path, test in named if test not in defined_in(path)] == []


def test_every_file_of_tests_that_is_named_exists() -> None:
    assert [path for path, _ in _NAMED.findall(TEXT) if not (REPOSITORY / path).is_file()] == []
