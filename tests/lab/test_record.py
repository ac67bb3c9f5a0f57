"""The record of a lab's run: what is kept of a number, when a record is written, and what makes it out of step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from engblog.lab.record import Recorder, lab_digest, lab_files, write_record
from engblog.model.article import LabFiles
from engblog.model.problems import Problems
from engblog.source.lab_record import read_lab
from hypothesis import given
from hypothesis import strategies as st
from support.labs import run_labs
from support.sources import write


@pytest.mark.parametrize(
    ("value", "options", "shown", "text"),
    [
        (12.3456, {}, 12.3, "12.3"),
        (0.0012345, {}, 0.00123, "0.00123"),
        (1234.5, {}, 1230, "1,230"),
        (1234.5, {"digits": 5}, 1234.5, "1,234.5"),
        (999.6, {}, 1000, "1,000"),
        (99.96, {}, 100.0, "100.0"),
        (-12.3456, {"digits": 2}, -12, "-12"),
        (2.0, {"digits": 1}, 2, "2"),
        (0.0, {}, 0.0, "0.0"),
        (1234567, {}, 1234567, "1,234,567"),
        (7, {"unit": "ms"}, 7, "7\u00a0ms"),
        (12.3456, {"unit": "%", "digits": 2}, 12, "12%"),
        ("duplicate key", {}, "duplicate key", "duplicate key"),
        ("x", {"unit": "y"}, "x", "x\u00a0y"),
    ],
)
def test_a_number_is_rounded_and_written_for_readers(
    value: float | str, options: dict[str, Any], shown: float | str, text: str
) -> None:
    recorder = Recorder()
    recorder.number("key", value, note="what was measured", **options)
    assert recorder.numbers["key"] == {"value": shown, "text": text, "note": "what was measured", **unit_of(options)}
    assert type(recorder.numbers["key"]["value"]) is type(shown)


def unit_of(options: dict[str, Any]) -> dict[str, Any]:
    return {"unit": options["unit"]} if "unit" in options else {}


def test_every_sample_is_kept_and_inserted_by_name() -> None:
    recorder = Recorder()
    recorder.samples("pause", [12.34, 36.0, 14.06], unit="ms", note="longest PING")
    recorder.sample("pause", 210.4, unit="ms", note="longest PING")
    recorder.samples("rate", [900, 1200], note="a second", worst="lowest")
    pause = recorder.numbers["pause"]
    assert pause["samples"] == [12.34, 36.0, 14.06, 210.4]
    assert pause["texts"] == {
        "median": "25.0\u00a0ms", "range": "12.3–210\u00a0ms", "worst": "210\u00a0ms", "min": "12.3\u00a0ms",
        "max": "210\u00a0ms", "runs": "4",
    }  # fmt: skip
    assert recorder.numbers["rate"]["texts"]["worst"] == "900"
    with pytest.raises(ValueError, match="must be 'highest' or 'lowest'"):
        recorder.sample("x", 1, note="n", worst="most")  # type: ignore[arg-type]


def test_what_a_counter_experiment_measures_is_not_kept() -> None:
    recorder = Recorder(listening=False)
    recorder.number("a", 1, note="n")
    recorder.sample("b", 1, note="n")
    recorder.version("Redis", "1")
    recorder.chart("c", title="t", x="x", y="y", note="n").point("line", 1, 2)
    assert (recorder.numbers, recorder.versions, recorder.charts) == ({}, {}, {})


@given(st.floats(min_value=1e-9, max_value=1e9), st.integers(1, 6))
def test_rounding_keeps_the_leading_digits(value: float, digits: int) -> None:
    recorder = Recorder()
    recorder.number("key", value, digits=digits, note="n")
    assert recorder.numbers["key"]["value"] == pytest.approx(value, rel=0.51 * 10 ** (1 - digits))


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=5), max_size=5), st.randoms())
def test_a_digest_does_not_depend_on_order(files: dict[str, bytes], chance: Any) -> None:
    pairs = list(files.items())
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert lab_digest(shuffled) == lab_digest(pairs)


def test_a_digest_tells_names_and_contents_apart() -> None:
    digests = [
        lab_digest(files)
        for files in (
            [],
            [("a", b"")],
            [("a", b"b")],
            [("ab", b"")],
            [("a", b""), ("b", b"")],
            [("b", b"b")],
            [("a", b"b\n")],
        )
    ]
    assert len(set(digests)) == len(digests)
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


def test_the_files_of_a_lab_are_all_but_its_record_and_what_tools_leave(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.py": "b", "a/c.go": "c", "record.json": "{}", "__pycache__/b.pyc": b"x", "node_modules/m/i.js": "x",
            ".pytest_cache/v": "x",
        },
    )  # fmt: skip
    assert lab_files(tmp_path) == [("a/c.go", b"c"), ("b.py", b"b")]


def test_a_written_record_reads_back(tmp_path: Path) -> None:
    write(tmp_path / "lab", {"test_a.py": "x"})
    recorder = Recorder()
    recorder.version("Redis", "7.0.15")
    recorder.version("Go", "1.19")
    recorder.number("wait", 12.3456, unit="ms", note="from SIGTERM to exit")
    recorder.tests["test_a"] = {"file": "test_a.py", "line": 3, "claim": "It waits."}
    path = write_record(tmp_path / "lab", recorder, ran="2026-11-23")
    files = lab_files(tmp_path / "lab")
    problems = Problems()
    names = tuple(name for name, _ in files)
    lab = read_lab(LabFiles(lab_digest(files), path.read_text(), names=names), "a", "r", problems)
    assert problems.found == []
    assert lab is not None
    assert lab.in_step
    assert lab.ran.isoformat() == "2026-11-23"
    assert lab.versions == (("Go", "1.19"), ("Redis", "7.0.15"))
    assert [(each.key, each.text, each.note) for each in lab.numbers] == [
        ("wait", "12.3\u00a0ms", "from SIGTERM to exit")
    ]
    assert [(each.name, each.file, each.line, each.claim) for each in lab.tests] == [
        ("test_a", "test_a.py", 3, "It waits.")
    ]
    assert not [*tmp_path.rglob("*.partial")]


# The pytest plugin, in a pytest of its own

GOOD = '''\
"""A lab."""


def test_it_waits(record):
    """It waits for
    what runs.

    And more that readers need not see.
    """
    record.version("Redis", "7.0.15")
    record.number("wait", 12.3456, unit="ms", note="from SIGTERM to exit")


class TestAlso:
    def test_in_a_class(self):
        """In a class too."""


import pytest


@pytest.mark.parametrize("n", [1, 2])
def test_of_several_values(n):
    """For all of them."""
'''
BAD = "def test_it_fails():\n    assert False\n"
SKIPS = "import pytest\n\n\ndef test_it_is_left_out():\n    pytest.skip()\n"
BREAKS = (
    "import pytest\n\n\n@pytest.fixture\ndef server():\n    yield\n    raise RuntimeError\n\n\n"
    "def test_it_passes(server):\n    pass\n"
)


def test_a_record_is_written_of_every_lab_whose_tests_all_passed(tmp_path: Path) -> None:
    files = {
        "good/lab/test_a.py": GOOD,
        "good/lab/test_b.py": "def test_more():\n    pass\n",
        "bad/lab/test_a.py": GOOD,
        "bad/lab/test_b.py": BAD,
        "skips/lab/test_a.py": GOOD,
        "skips/lab/test_b.py": SKIPS,
        "breaks/lab/test_a.py": BREAKS,
        "nolab/test_a.py": "def test_a(): pass\n",
    }
    done = run_labs(tmp_path, files, "--record")
    assert done.returncode == 1
    assert [path.parent.parent.name for path in sorted(tmp_path.rglob("record.json"))] == ["good"]
    record = json.loads((tmp_path / "good/lab/record.json").read_text())
    assert list(record["tests"]) == ["test_in_a_class", "test_it_waits", "test_more", "test_of_several_values"]
    assert record["tests"]["test_it_waits"] == {"file": "test_a.py", "line": 4, "claim": "It waits for what runs."}
    assert record["tests"]["test_in_a_class"]["line"] == 15
    assert record["numbers"]["wait"]["text"] == "12.3\u00a0ms"
    assert record["versions"] == {"Redis": "7.0.15"}
    assert record["digest"] == lab_digest(lab_files(tmp_path / "good/lab"))


def test_without_being_asked_nothing_is_written(tmp_path: Path) -> None:
    assert run_labs(tmp_path, {"good/lab/test_a.py": GOOD}).returncode == 0
    assert not [*tmp_path.rglob("record.json")]


def test_an_interrupted_run_leaves_the_record_of_the_last_whole_one(tmp_path: Path) -> None:
    assert run_labs(tmp_path, {"lab/test_a.py": GOOD}, "--record").returncode == 0
    before = (tmp_path / "lab/record.json").read_bytes()
    interrupted = "def test_z():\n    raise KeyboardInterrupt\n"
    assert run_labs(tmp_path, {"lab/test_z.py": interrupted}, "--record").returncode == 2
    assert (tmp_path / "lab/record.json").read_bytes() == before


def test_a_failed_run_leaves_the_record_of_the_last_good_one(tmp_path: Path) -> None:
    assert run_labs(tmp_path, {"lab/test_a.py": GOOD}, "--record").returncode == 0
    before = (tmp_path / "lab/record.json").read_bytes()
    assert run_labs(tmp_path, {"lab/test_b.py": BAD}, "--record").returncode == 1
    assert (tmp_path / "lab/record.json").read_bytes() == before
