"""The mark of a claim: ``{claim:test_name}``, or ``{claim:test_name not on Redis 6.2, Valkey 9.1}``.

The second names the versions on which the claim did not hold when the lab was run on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engblog.model.article import Lab, LabTest

_MARK = re.compile(r"(?P<test>\S++)(?:\s++not\s++on\s++(?P<versions>.+))?", re.DOTALL)
_VERSION = re.compile(r"(?P<product>\S.*?)(?<!\s)\s++(?P<version>\d+(?:\.\d+)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NotOn:
    """A version that a mark names, by as many of its parts as are meant: ``6.2`` is every 6.2.x."""

    product: str
    version: str

    def covers(self, product: str, version: str) -> bool:
        """True if this covers *version* of *product*."""
        return product == self.product and f"{version}.".startswith(f"{self.version}.")

    def __str__(self) -> str:
        return f"{self.product} {self.version}"


@dataclass(frozen=True, slots=True)
class ClaimMark:
    """The text after ``claim:`` in a mark."""

    test: str
    exceptions: tuple[NotOn, ...] = ()
    readable: bool = True
    """True if the text has the form of a mark; if not, ``test`` is its first word, or all of it."""


def read_claim(text: str) -> ClaimMark:
    """Read the *text* after ``claim:``. This never fails; ``readable`` says whether the text could be read."""
    found = _MARK.fullmatch(text.strip())
    if found is None:
        words = text.split()
        return ClaimMark(words[0] if words else "", readable=False)
    if found["versions"] is None:
        return ClaimMark(found["test"])
    named = [_VERSION.fullmatch(" ".join(each.split())) for each in found["versions"].split(",")]
    exceptions = tuple(NotOn(each["product"], each["version"]) for each in named if each is not None)
    return ClaimMark(found["test"], exceptions, readable=len(exceptions) == len(named))


def unnamed_failures(mark: ClaimMark, lab: Lab, test: LabTest) -> tuple[NotOn, ...]:
    """The versions on which the claim of *test* did not hold and that its *mark* does not name."""
    return tuple(
        NotOn(product, version)
        for product, version, held in lab.seen_on(test)
        if not held and not any(each.covers(product, version) for each in mark.exceptions)
    )


def unfounded(mark: ClaimMark, lab: Lab, test: LabTest) -> tuple[tuple[NotOn, str], ...]:
    """The exceptions of *mark* that the *lab* does not confirm, each with the version on which the claim held, or with
    an empty string if it was never run there."""
    found: list[tuple[NotOn, str]] = []
    for each in mark.exceptions:
        seen = [(version, held) for product, version, held in lab.seen_on(test) if each.covers(product, version)]
        if not seen:
            found.append((each, ""))
        found.extend((each, version) for version, held in seen if held)
    return tuple(found)


def with_exceptions(mark: ClaimMark, failures: Iterable[NotOn]) -> str:
    """The mark that names *failures* as well, each without the last part of its version."""
    short = (NotOn(each.product, each.version.rpartition(".")[0] or each.version) for each in failures)
    named = dict.fromkeys(map(str, (*mark.exceptions, *short)))
    return f"{{claim:{mark.test} not on {', '.join(named)}}}"
