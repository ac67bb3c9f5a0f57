"""Reports for programs: each is read by a reader of its format, whatever the names and messages are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import jsonschema
from engblog.cli.report_formats import as_github, as_json, as_sarif
from engblog.model.problems import Code, Mark, Problem
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
PROBLEMS = st.lists(
    st.builds(
        Problem,
        st.builds(Mark, NAMES, st.integers(1, 999), st.integers(1, 999)),
        st.sampled_from(Code),
        NAMES,
        NAMES | st.just(""),
    ),
    max_size=8,
)
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
NUMBER = {"type": "integer", "minimum": 1}
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool", "results", "columnKind"],
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {"required": ["driver"], "properties": {"driver": {"$ref": "#/$defs/driver"}}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "driver": {
            "required": ["name", "version", "rules"],
            "properties": {
                "rules": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {"required": ["id"], "properties": {"shortDescription": TEXT}},
                }
            },
        },
        "result": {
            "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
            "properties": {
                "message": TEXT,
                "level": {"enum": ["none", "note", "warning", "error"]},
                "locations": {
                    "type": "array",
                    "items": {
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "properties": {
                                    "artifactLocation": {
                                        "properties": {"uri": {"type": "string", "pattern": r"^[\w./%~:-]+$"}}
                                    },
                                    "region": {"properties": {"startLine": NUMBER, "startColumn": NUMBER}},
                                }
                            }
                        },
                    },
                },
            },
        },
    },
}
"""What SARIF 2.1.0 (OASIS, 27 March 2020) says of the properties that we write."""


@given(PROBLEMS)
def test_json_has_every_problem(problems: list[Problem]) -> None:
    found = json.loads(as_json(problems))
    assert [(each["path"], each["message"], each["hint"]) for each in found["problems"]] == [
        (each.mark.path, each.message, each.hint) for each in problems
    ]
    assert sum(found["counts"].values()) == len(problems)


@given(PROBLEMS)
def test_sarif_follows_its_specification(problems: list[Problem]) -> None:
    log = json.loads(as_sarif(problems))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result, each in zip(run["results"], problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == each.code.id
        location = result["locations"][0]["physicalLocation"]
        uri = location["artifactLocation"]["uri"]
        assert unquote(uri.removeprefix("file://")) == each.mark.path
        assert not re.match(r"[A-Za-z][\w+.-]*:", uri) or Path(each.mark.path).is_absolute()
        assert location["region"] == {"startLine": each.mark.line, "startColumn": each.mark.column}


COMMAND = re.compile(r"::error file=([^,:]*),line=(\d+),col=(\d+),title=([^,:]*)::(.*)")


def decoded(text: str, signs: dict[str, str]) -> str:
    """What GitHub's runner makes of an escaped text (``ActionCommand.cs``)."""
    for sign, meant in signs.items():
        text = text.replace(sign, meant)
    return text


@given(PROBLEMS)
def test_github_reads_one_command_for_each_problem(problems: list[Problem]) -> None:
    *commands, _ = as_github(problems).split("\n")
    assert len(commands) == len(problems)
    value = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    named = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    for command, each in zip(commands, problems, strict=True):
        found = COMMAND.fullmatch(command)
        assert found is not None
        assert decoded(found[1], named) == each.mark.path
        assert decoded(found[5], value) == (f"{each.message}\n{each.hint}" if each.hint else each.message)


def test_a_path_that_looks_like_a_scheme_is_a_path() -> None:
    log = json.loads(as_sarif([Problem(Mark("a:b.md"), Code.S002_EMPTY, "empty")]))
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%3Ab.md"
