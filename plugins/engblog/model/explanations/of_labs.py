"""Explanations of the codes L and B: labs and figures, and pages that cannot be made. The examples are of an article
whose lab has the test ``test_a`` and recorded the number ``held``."""

from __future__ import annotations

from engblog.model.explanations.explanation import Explanation
from engblog.model.problems import Code

_GOOD = {"text": "It held {lab:held}.\n"}

OF_LABS = {
    Code.L001_NO_RECORD: Explanation(
        "A published article shows what its lab measured. Run the lab: `engblog lab run SLUG`.",
        {"lab/record.json": None},
        _GOOD,
    ),
    Code.L002_STALE: Explanation(
        "The lab's files are not those that ran, so its figures may be wrong. Run the lab again.",
        {"lab/test_a.py": "def test_a(): assert 1\n"},
        _GOOD,
    ),
    Code.L003_RECORD: Explanation(
        "`record.json` is written by a run, never by hand. Run the lab again.",
        {"lab/record.json": "{}"},
        _GOOD,
    ),
    Code.L004_NUMBER: Explanation(
        "`{lab:…}` takes a key under which the lab recorded a number.",
        {"text": "It held {lab:holds}.\n"},
        _GOOD,
    ),
    Code.L005_CLAIM: Explanation(
        "`{claim:…}` takes the name of a test of the lab.",
        {"text": "It holds.{claim:test_b}\n"},
        {"text": "It holds.{claim:test_a not on Redis 6.2}\n"},
    ),
    Code.L006_NOT_HELD: Explanation(
        "The claim failed on another version of its server. Say so in words and in the mark.",
        {"text": "It holds.{claim:test_a}\n"},
        {"text": "It holds.{claim:test_a not on Redis 6.2}\n"},
    ),
    Code.L007_HELD: Explanation(
        "The mark names a version on which the claim held, or on which the lab never ran.",
        {"text": "It holds.{claim:test_a not on Redis 6.2, Redis 7}\n"},
        {"text": "It holds.{claim:test_a not on Redis 6.2}\n"},
    ),
    Code.L008_MARK: Explanation(
        "A mark is `{claim:test}` or `{claim:test not on Product version, …}`.",
        {"text": "It holds.{claim:test_a except Redis 6.2}\n"},
        {"text": "It holds.{claim:test_a not on Redis 6.2}\n"},
    ),
    Code.L009_SETTINGS: Explanation(
        "`lab.toml` has tables that CONTRIBUTING.md lists: versions, tools, time and files.",
        {"lab/lab.toml": "[time]\nsecond = 300\n"},
        _GOOD,
    ),
    Code.L010_CHART: Explanation(
        "A chart is drawn from data that the lab recorded with `record.chart`.",
        {"text": "![It rises](chart:memory)\n"},
        _GOOD,
    ),
    Code.L011_NO_SOURCE: Explanation(
        "Every figure needs a measurement, a claim, a footnote, or the reason why it needs none.",
        {"text": "It took 36 ms.\n"},
        {"text": "It took 36 ms {given:the pause that our example chooses}.\n"},
    ),
    Code.L012_NO_REASON: Explanation(
        "`{given:…}` says why a figure needs no source. Reviewers read it; readers do not see it.",
        {"text": "It took 36 ms {given:}.\n"},
        {"text": "It took 36 ms {given:the pause that our example chooses}.\n"},
    ),
}
