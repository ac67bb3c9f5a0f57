"""The record of a lab's run: ``lab/record.json``, committed beside the article.

It says when the lab ran, on what, against which versions, which tests passed and what each proves, and the numbers
they measured. An article shows a number by its key (``{lab:key}``), so no figure in it can come from memory. The
record also holds a digest of the lab's files: when they change, the record is out of step and the check says so.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECORD_NAME = "record.json"
_IGNORED_PARTS = frozenset({"__pycache__", "node_modules", ".pytest_cache"})


@dataclass(slots=True)
class Recorder:
    """What one lab's tests report while they run."""

    versions: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: bool = False

    def version(self, product: str, version: str) -> None:
        """Say that the lab ran against *version* of *product*. The server fixtures do it by themselves."""
        self.versions[product] = version

    def number(self, key: str, value: float | str, *, unit: str = "", digits: int = 3, note: str) -> None:
        """Record a measured *value* under *key* for the article to show as ``{lab:key}``.

        Floats are rounded to *digits* significant digits; *unit* is set behind the number with a no-break space
        (``ms``, ``MiB``, ``%``), *note* says in a few words what was measured and how. A *value* that is a string, such
        as an error message, is shown as it is.
        """
        shown = value if isinstance(value, str) else _rounded(value, digits)
        text = shown if isinstance(shown, str) else f"{shown:,}"
        self.numbers[key] = {"value": shown, "text": f"{text}\u00a0{unit}" if unit else text, "note": note}


def lab_digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Digest of a lab's files given as ``(name relative to lab/, content)``, in any order: ``sha256:…``."""
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def lab_files(lab: Path) -> list[tuple[str, bytes]]:
    """The files of the folder *lab* that count for its digest: all but the record and what tools leave behind."""
    return [
        (path.relative_to(lab).as_posix(), path.read_bytes())
        for path in sorted(lab.rglob("*"))
        if path.is_file() and path.name != RECORD_NAME and not _IGNORED_PARTS & set(path.parts)
    ]


def write_record(lab: Path, recorder: Recorder, *, ran: str) -> Path:
    """Write ``record.json`` into *lab* for a run on the day *ran* (ISO date); return its path."""
    record = {
        "ran": ran,
        "machine": _machine(),
        "versions": dict(sorted(recorder.versions.items())),
        "tests": dict(sorted(recorder.tests.items())),
        "numbers": dict(sorted(recorder.numbers.items())),
        "digest": lab_digest(lab_files(lab)),
    }
    target = lab / RECORD_NAME
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(target)
    return target


def _rounded(value: float, digits: int) -> float | int:
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
