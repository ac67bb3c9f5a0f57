"""Problems for programs: as JSON, as SARIF, and as workflow commands of GitHub."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engblog.cli.report import count_of
from engblog.model.problems import Code, Problem

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_OF_VALUE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_OF_PROPERTY = {**_OF_VALUE, ":": "%3A", ",": "%2C"}


def as_json(problems: Sequence[Problem]) -> str:
    """A list with an object for each problem; the count of each code is beside it."""
    rows = [
        {
            "path": each.mark.path,
            "line": each.mark.line,
            "column": each.mark.column,
            "code": each.code.id,
            "message": each.message,
            "hint": each.hint,
        }
        for each in problems
    ]
    counts: dict[str, int] = {}
    for each in problems:
        counts[each.code.id] = counts.get(each.code.id, 0) + 1
    return json.dumps({"problems": rows, "counts": counts}, ensure_ascii=True, indent=2)


def as_sarif(problems: Sequence[Problem]) -> str:
    """A log in the Static Analysis Results Interchange Format, version 2.1.0, which code scanning and editors read."""
    used = sorted({each.code for each in problems}, key=lambda code: code.id)
    driver = {
        "name": "engblog",
        "version": version("engblog"),
        "rules": [_rule(code) for code in used],
    }
    index = {code: number for number, code in enumerate(used)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.code]) for each in problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True, indent=2)


def _rule(code: Code) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in code.name.partition("_")[2].split("_"))
    return {"id": code.id, "name": name, "shortDescription": {"text": code.value}}


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    mark = problem.mark
    return {
        "ruleId": problem.code.id,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(mark.path)},
                    "region": {"startLine": mark.line, "startColumn": mark.column},
                }
            }
        ],
    }


def _uri(path: str) -> str:
    data = quote(os.fsencode(path))
    return f"file://{data}" if Path(path).is_absolute() else data


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands, by which a run on GitHub notes each problem beside its line; then the count."""
    lines = [
        f"::error file={_escaped(each.mark.path, _OF_PROPERTY)},line={each.mark.line},col={each.mark.column},"
        f"title={_escaped(f'{each.code.id} {each.code.value}', _OF_PROPERTY)}::"
        + _escaped(f"{each.message}\n{each.hint}" if each.hint else each.message, _OF_VALUE)
        for each in problems
    ]
    return "\n".join([*lines, count_of(problems)])


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(each, each) for each in text)


FORMATS: Mapping[str, Callable[[Sequence[Problem]], str]] = {
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
"""The formats for programs by name."""
