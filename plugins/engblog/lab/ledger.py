"""Keeps track of a lab's tests that have passed, and of counter-experiments that failed as they should."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engblog.lab.counters import CounterMark, Failure
from engblog.lab.record import Recorder


@dataclass(slots=True)
class Ledger:
    """One lab in one run of pytest: the expected items, those that passed, and the records of its tests."""

    recorder: Recorder = field(default_factory=Recorder)
    _expected: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _passed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _marks: dict[str, int] = field(default_factory=dict)
    _failures: dict[str, dict[str, Failure]] = field(default_factory=lambda: defaultdict(dict))

    def expect(self, test: str, item: str, *, counters: int) -> None:
        """Note that *item* belongs to *test*, which has this many *counters*."""
        self._expected[test].add(item)
        self._marks[test] = counters

    def passed(self, test: str, item: str) -> None:
        """Note that *item* of *test* passed."""
        self._passed[test].add(item)

    def failed_as_meant(self, test: str, change: CounterMark, failure: Failure) -> None:
        """Note that *test* failed at the assertion that *change* names; of several parameters, the first is kept."""
        self._failures[test].setdefault(change.when, failure)

    def closed(self) -> Recorder:
        """The recorder, with the tests whose items have all passed and the counter-experiments of each."""
        whole = {
            name: test | ({"counters": self._counters(name)} if self._marks[name] else {})
            for name, test in self.recorder.tests.items()
            if self._expected[name] == self._passed[name] and len(self._failures[name]) == self._marks[name]
        }
        self.recorder.tests = whole
        return self.recorder

    def _counters(self, test: str) -> list[dict[str, str]]:
        return [
            {"when": when, "assertion": failure.assertion, "seen": failure.seen}
            for when, failure in self._failures[test].items()
        ]
