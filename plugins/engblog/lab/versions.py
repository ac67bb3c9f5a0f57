"""Runs a lab's claims on other versions of its servers: chooses the versions and records the results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engblog.lab.installations import LOCKED, Installation, Locked, missing, named_installation
from engblog.lab.running import Outcome
from engblog.model.article import Lab
from engblog.model.errors import EngblogError
from engblog.model.problems import did_you_mean
from engblog.source.lab_settings import PRODUCTS, LabSettings

EVERY = "all"


class LabsError(EngblogError):
    """Labs cannot be run as requested; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value of ``--versions``: everything, a product, or a version of it by as many parts as are given."""

    product: str = ""
    version: str = ""

    def includes(self, product: str, started_as: str, version: str) -> bool:
        """True if *version* of *product*, which takes the place of *started_as*, is wanted."""
        return (not self.product or self.product in {product, started_as}) and (
            not self.version or f"{version}.".startswith(f"{self.version}.")
        )


def read_wanted(words: Iterable[str]) -> tuple[Wanted, ...]:
    """Read the values of ``--versions``: ``all``, ``PostgreSQL`` or ``Redis=6.2``. Raises :class:`LabsError`."""
    by_fold = {product.casefold(): product for product in PRODUCTS}
    found = []
    for word in words:
        product, _, version = word.partition("=")
        if word == EVERY:
            found.append(Wanted())
        elif product.casefold() in by_fold:
            found.append(Wanted(by_fold[product.casefold()], version))
        else:
            raise LabsError(f"--versions {word}: labs have no product {product!r}; {did_you_mean(product, PRODUCTS)}")
    return tuple(found)


def other_versions(lab: Lab, settings: LabSettings, wanted: Sequence[Wanted], root: Path) -> tuple[Installation, ...]:
    """The servers on which to run the claims of *lab* again, by product and version.

    Raises :class:`LabsError` if one of them is not installed.
    """
    own = dict(lab.versions)
    used = sorted({product for test in lab.tests for product in test.servers})
    found, absent = list[Installation](), list[Locked]()
    for product in used:
        gone = missing(product, root)
        for each in LOCKED:
            if each.started_as != product:
                continue
            version = each.name.rpartition("-")[2]
            if each in gone:
                if _is_wanted(each, version, own, settings, wanted):
                    absent.append(each)
                continue
            installation = named_installation(each.name, root)
            if _is_wanted(each, installation.version, own, settings, wanted):
                found.append(installation)
    if absent:
        names = " ".join(each.name for each in absent)
        raise LabsError(f"not every server is installed; run: tools/lab-servers {names}")
    return tuple(found)


def _is_wanted(
    locked: Locked, version: str, own: dict[str, str], settings: LabSettings, wanted: Sequence[Wanted]
) -> bool:
    recorded = own.get(locked.product, "")
    return (
        version != recorded
        and not (locked.default and f"{recorded}.".startswith(f"{version}."))
        and settings.allows(locked.product, version)
        and any(each.includes(locked.product, locked.started_as, version) for each in wanted)
    )


def as_run(installation: Installation, outcome: Outcome) -> dict[str, Any]:
    """A run for ``versions.json``."""
    return {
        "product": installation.product,
        "version": installation.version,
        "held": sorted(test for test, passed in outcome.passed.items() if passed),
        "failed": {test: outcome.said.get(test, "") for test, passed in sorted(outcome.passed.items()) if not passed},
    }


def merged(lab: Lab, runs: Sequence[dict[str, Any]], wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
    """*runs*, and the earlier runs of *lab* that they do not replace; if every version was wanted, all are replaced."""
    if Wanted() in wanted:
        return [*runs]
    new = {(run["product"], run["version"]) for run in runs}
    kept = [
        {"product": run.product, "version": run.version, "held": list(run.held), "failed": dict(run.failed)}
        for run in lab.runs
        if (run.product, run.version) not in new
    ]
    return [*kept, *runs]
