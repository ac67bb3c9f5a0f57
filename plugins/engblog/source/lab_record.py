"""``lab/record.json`` and ``lab/versions.json``, the recorded runs of a lab, as values."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from engblog.model.article import (
    STATISTICS,
    Counter,
    Lab,
    LabChart,
    LabFiles,
    LabNumber,
    LabTest,
    VersionRun,
    version_key,
)
from engblog.model.problems import Code, Mark, Problems
from engblog.source.dates import read_day
from engblog.source.marked_yaml import CONTROL
from engblog.source.typography import typographic

Value = TypeVar("Value")
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


def read_lab(files: LabFiles, folder: str, remedy: str, problems: Problems) -> Lab | None:
    """The record of the lab in ``<folder>/lab``; None, and a problem, if there is none or it cannot be read.

    *remedy* is the command that writes a new one. If the lab has changed since, the record is returned and marked as
    out of step; the caller knows whether that matters (it does not while an author edits a draft).
    """
    mark = Mark(f"{folder}/lab/record.json")
    if files.record is None:
        problems.add(mark, Code.L001_NO_RECORD, "the lab has not been recorded", f"run: {remedy}")
        return None
    lab = _read(mark, files.record, lambda record: _lab(record, files), remedy, problems)
    if lab is None or files.runs is None:
        return lab
    mark = Mark(f"{folder}/lab/versions.json")
    runs = _read(mark, files.runs, _runs, f"{remedy} VERSIONS=all", problems)
    if runs is None:
        return lab
    digest, every = runs
    return replace(lab, runs=every if digest == files.digest else (), runs_in_step=digest == files.digest)


def _read(
    mark: Mark, text: str, read: Callable[[dict[str, Any]], Value], remedy: str, problems: Problems
) -> Value | None:
    try:
        record = json.loads(text)
        if not isinstance(record, dict) or record.get("sum") != record_sum(record):
            raise ValueError("it is not as the run wrote it, because its sum does not match")
        return read(record)
    except _UNREADABLE as error:
        said = f"not a lab record: {type(error).__name__} {error}"[:120]
        problems.add(mark, Code.L003_RECORD, said, f"do not edit it by hand; run: {remedy}")
        return None


def record_sum(record: Mapping[str, Any]) -> str:
    """The digest of everything else in *record*, which a run writes into it as ``sum``."""
    rest = {key: value for key, value in record.items() if key != "sum"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _lab(record: dict[str, Any], files: LabFiles) -> Lab:
    return Lab(
        ran=read_day(_text(record["ran"])),
        machine=_text(record["machine"]),
        versions=tuple((_text(product), _text(version)) for product, version in record["versions"].items()),
        tests=tuple(_test(_text(name), test) for name, test in record["tests"].items()),
        numbers=tuple(_number(_text(key), number) for key, number in record["numbers"].items()),
        files=files.names,
        in_step=record["digest"] == files.digest,
        charts=tuple(_chart(_text(key), chart) for key, chart in record.get("charts", {}).items()),
    )


def _test(name: str, test: dict[str, Any]) -> LabTest:
    return LabTest(
        name,
        _text(test["file"]),
        int(test["line"]),
        _prose(test["claim"]),
        tuple(map(_text, test.get("servers", ()))),
        tuple(
            Counter(_prose(each["when"]), _text(each["assertion"]), _text(each["seen"]))
            for each in test.get("counters", ())
        ),
    )


def _number(key: str, number: dict[str, Any]) -> LabNumber:
    note, unit, test = _prose(number["note"]), _text(number.get("unit", "")), _text(number.get("test", ""))
    if "samples" not in number:
        said = isinstance(number.get("value"), str)
        return LabNumber(key, _text(number["text"]), note, unit=unit, test=test, is_said=said)
    texts = tuple((name, _text(number["texts"][name])) for name in STATISTICS)
    return LabNumber(key, "", note, texts, tuple(map(_finite, number["samples"])), unit, test)


def _chart(key: str, chart: dict[str, Any]) -> LabChart:
    title, x, y, note = (_prose(chart[name]) for name in ("title", "x", "y", "note"))
    kind, x_scale, y_scale = (_text(chart[name]) for name in ("kind", "x_scale", "y_scale"))
    if kind not in {"line", "bars", "dots"} or not {x_scale, y_scale} <= {"linear", "log"}:
        raise ValueError(f"chart {key} of an unknown kind")
    points = tuple(
        (_prose(line), _text(at) if isinstance(at, str) else _finite(at), _finite(value))
        for line, at, value in chart["points"]
    )
    return LabChart(key, title, x, y, kind, x_scale, y_scale, note, points)


def _runs(record: dict[str, Any]) -> tuple[str, tuple[VersionRun, ...]]:
    """The digest of the files that ran, and the runs."""
    runs = [
        VersionRun(
            _text(run["product"]),
            _text(run["version"]),
            tuple(map(_text, run["held"])),
            tuple((_text(name), _text(said)) for name, said in run["failed"].items()),
        )
        for run in record["runs"]
    ]
    return _text(record["digest"]), tuple(sorted(runs, key=lambda run: (run.product, version_key(run.version))))


def _finite(value: object) -> float:
    """*value* as a number that can be drawn. Raises ``ValueError``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a number: {value!r}"[:80])
    return value


def _text(value: object) -> str:
    """*value* as text; a record is written by programs, but may come from anybody. Raises ``ValueError``."""
    text = str(value)
    if control := CONTROL.search(text):
        raise ValueError(f"control character U+{ord(control.group()):04X}")
    return text


def _prose(value: object) -> str:
    """*value* as text that a person wrote, set as printers do. Raises ``ValueError``."""
    return typographic(_text(value))
