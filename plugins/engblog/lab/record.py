"""The record of a lab's run: ``lab/record.json``, committed beside the article.

It has the date and the machine of the run, the versions of the servers, the tests that passed with the claim of each,
and the numbers that they measured. An article shows a number by its key (``{lab:key}``), so no figure in it can come
from memory. The record also has a digest of the lab's files: when they change, the record is out of step and the check
reports it.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from engblog.source.lab_record import record_sum

RECORD_NAME = "record.json"
VERSIONS_NAME = "versions.json"
NO_BREAK_SPACE = "\u00a0"
_IGNORED_PARTS = frozenset({"__pycache__", "node_modules"})


Kind = Literal["line", "bars", "dots"]
Scale = Literal["linear", "log"]
Worst = Literal["highest", "lowest"]


@dataclass(slots=True)
class Chart:
    """Data of a chart: points, in the order in which they were recorded."""

    title: str
    x: str
    y: str
    kind: Kind
    x_scale: Scale
    y_scale: Scale
    note: str
    points: list[tuple[str, float | str, float]] = field(default_factory=list)

    def point(self, line: str, x: float | str, y: float, *, digits: int = 4) -> None:
        """Add a point to the *line* of that name; *y* is kept with *digits* significant digits."""
        if not isinstance(y, int | float) or not math.isfinite(y):
            raise ValueError(f"a point at {x!r} of {line!r} has no finite value: {y!r}")
        self.points.append((line, x, rounded(y, digits)))


@dataclass(slots=True)
class Recorder:
    """Collects the reports of one lab's tests while they run."""

    versions: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: bool = False
    running: str = ""
    """Name of the test that runs now."""
    listening: bool = True
    """False while a counter-experiment runs, whose measurements are not the article's."""

    def version(self, product: str, version: str) -> None:
        """Record that the lab ran against *version* of *product*. The server fixtures do this automatically."""
        if self.listening:
            self.versions[product] = version

    def number(self, key: str, value: float | str, *, unit: str = "", digits: int = 3, note: str) -> None:
        """Record a *value* that was measured once, for the article to show as ``{lab:key}``.

        Floats are rounded to *digits* significant digits; *unit* follows the number with a no-break space
        (``ms``, ``MiB``, but ``%`` without one), *note* says in a few words what was measured and how. A *value* that
        is a string, such as an error message, is shown unchanged. For numbers that differ between runs, use
        :meth:`samples`.
        """
        if self.listening:
            shown = value if isinstance(value, str) else rounded(value, digits)
            self.numbers[key] = {"value": shown, "text": with_unit(shown, unit), "note": note, **self._about(unit)}

    def sample(
        self, key: str, value: float, *, unit: str = "", digits: int = 3, note: str, worst: Worst = "highest"
    ) -> None:
        """Add one sample of what is measured several times. Every sample is kept.

        The article inserts them by name: ``{lab:key.median}``, ``.range``, ``.worst``, ``.min``, ``.max``, ``.runs``.
        *worst* is the bad end: ``highest`` for a pause, ``lowest`` for a throughput.
        """
        if not self.listening:
            return
        if worst not in ("highest", "lowest"):
            raise ValueError(f"worst={worst!r}: must be 'highest' or 'lowest'")
        number = self.numbers.setdefault(key, {"samples": [], "texts": {}, "note": note, **self._about(unit)})
        number["samples"].append(value)
        number["texts"] = _statistics(number["samples"], unit, digits, worst)

    def samples(
        self,
        key: str,
        values: Iterable[float],
        *,
        unit: str = "",
        digits: int = 3,
        note: str,
        worst: Worst = "highest",
    ) -> None:
        """Add several samples at once: see :meth:`sample`."""
        for value in values:
            self.sample(key, value, unit=unit, digits=digits, note=note, worst=worst)

    def chart(
        self,
        key: str,
        *,
        title: str,
        x: str,
        y: str,
        kind: Kind = "line",
        x_scale: Scale = "linear",
        y_scale: Scale = "linear",
        note: str,
    ) -> Chart:
        """Start the data of a chart, which the article draws with ``![description](chart:key "Caption")``.

        *x* and *y* are the axes' labels with their units. *kind*: ``line`` (x is a number), ``bars`` (x is a name, one
        value each), ``dots`` (several values at one x show their spread, the median is marked). Tests that use the same
        *key* add to the same chart. *note* says how it was measured.
        """
        if kind not in ("line", "bars", "dots") or not {x_scale, y_scale} <= {"linear", "log"}:
            raise ValueError(f"kind={kind!r}, x_scale={x_scale!r}, y_scale={y_scale!r}: see Recorder.chart")
        made = Chart(title, x, y, kind, x_scale, y_scale, note)
        return self.charts.setdefault(key, made) if self.listening else made

    def _about(self, unit: str) -> dict[str, str]:
        about = {"unit": unit, "test": self.running}
        return {name: value for name, value in about.items() if value}


def lab_digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Digest of a lab's files given as ``(name relative to lab/, content)``, in any order: ``sha256:…``."""
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def lab_files(lab: Path) -> list[tuple[str, bytes]]:
    """The files of the folder *lab* that its digest covers: all except hidden files, which readers do not get, and
    those that runs write or tools leave behind."""
    found = ((path.relative_to(lab), path) for path in sorted(lab.rglob("*")) if path.is_file())
    return [
        (name.as_posix(), path.read_bytes())
        for name, path in found
        if name.name not in {RECORD_NAME, VERSIONS_NAME} and not any(_is_ignored(part) for part in name.parts)
    ]


def _is_ignored(part: str) -> bool:
    return part.startswith(".") or part in _IGNORED_PARTS


def write_record(lab: Path, recorder: Recorder, *, ran: str) -> Path:
    """Write ``record.json`` into *lab* for a run on the day *ran* (ISO date); return its path."""
    record = {
        "ran": ran,
        "machine": _machine(),
        "versions": dict(sorted(recorder.versions.items())),
        "tests": dict(sorted(recorder.tests.items())),
        "numbers": dict(sorted(recorder.numbers.items())),
        "charts": {key: asdict(chart) for key, chart in sorted(recorder.charts.items())},
        "digest": lab_digest(lab_files(lab)),
    }
    return _write(lab / RECORD_NAME, record)


def write_versions(lab: Path, runs: Iterable[Mapping[str, Any]], *, ran: str) -> Path:
    """Write ``versions.json`` into *lab*: the *runs* of its claims on other versions of its servers; return its path.

    Each run has ``product``, ``version``, ``held`` (names of tests) and ``failed`` (name to what the failure said).
    """
    ordered = sorted(runs, key=lambda run: (run["product"], run["version"]))
    return _write(lab / VERSIONS_NAME, {"ran": ran, "runs": ordered, "digest": lab_digest(lab_files(lab))})


def _write(target: Path, record: Mapping[str, Any]) -> Path:
    record = {**record, "sum": record_sum(record)}
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(target)
    return target


def with_unit(shown: float | str, unit: str) -> str:
    """Write a number for readers: with thousands separated and its *unit* after it."""
    text = shown if isinstance(shown, str) else f"{shown:,}"
    return f"{text}{'' if unit == '%' else NO_BREAK_SPACE}{unit}" if unit else text


def _statistics(samples: Sequence[float], unit: str, digits: int, worst: Worst) -> dict[str, str]:
    low, high, median = (rounded(value, digits) for value in (min(samples), max(samples), statistics.median(samples)))
    lowest, highest = with_unit(low, unit), with_unit(high, unit)
    return {
        "median": with_unit(median, unit),
        "range": highest if low == high else f"{with_unit(low, '')}–{highest}",
        "worst": highest if worst == "highest" else lowest,
        "min": lowest,
        "max": highest,
        "runs": str(len(samples)),
    }


def rounded(value: float, digits: int) -> float | int:
    """Round *value* to *digits* significant digits."""
    if isinstance(value, int) or value == 0:
        return value
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    return int(rounded) if places <= 0 else rounded


def _machine() -> str:
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    return f"{system}, Linux {platform.release().split('-')[0]}, {os.cpu_count()} CPUs"
