"""``lab/record.json`` as a value: what a lab's recorded run says."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from engblog.core.model import Lab, LabFiles, LabNumber, LabTest
from engblog.core.problems import Code, Mark, Problems
from engblog.core.yamlmarks import CONTROL


def read_lab(files: LabFiles, folder: str, remedy: str, problems: Problems) -> Lab | None:
    """The record of the lab in ``<folder>/lab``; None, and a problem, if there is none or it cannot be read.

    *remedy* is the command that writes a new one. A record that is out of step is returned as such: the caller knows
    whether that matters (it does not while an author edits a draft).
    """
    mark = Mark(f"{folder}/lab/record.json")
    if files.record is None:
        problems.add(mark, Code.L001_NO_RECORD, "the lab has not been recorded", f"run: {remedy}")
        return None
    try:
        return _lab(json.loads(files.record), files)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        said = f"not a lab record: {type(error).__name__} {error}"[:120]
        problems.add(mark, Code.L003_RECORD, said, f"do not edit it by hand; run: {remedy}")
        return None


def _lab(record: dict[str, Any], files: LabFiles) -> Lab:
    return Lab(
        ran=date.fromisoformat(record["ran"]),
        machine=_text(record["machine"]),
        versions=tuple((_text(product), _text(version)) for product, version in record["versions"].items()),
        tests=tuple(
            LabTest(_text(name), _text(test["file"]), int(test["line"]), _text(test["claim"]))
            for name, test in record["tests"].items()
        ),
        numbers=tuple(
            LabNumber(_text(key), _text(number["text"]), _text(number["note"]))
            for key, number in record["numbers"].items()
        ),
        files=files.names,
        in_step=record["digest"] == files.digest,
    )


def _text(value: object) -> str:
    """*value* as text; a record is written by programs, but may come from anybody. Raises ``ValueError``."""
    text = str(value)
    if control := CONTROL.search(text):
        raise ValueError(f"control character U+{ord(control.group()):04X}")
    return text
