"""The checks between a build and its readers, each with the name by which a maintainer can waive it.

A waived check still runs and reports, but no longer refuses. The names go into the plugin's option ``allow``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from engblog.model.problems import did_you_mean

ALLOWED_ONCE = "ENGBLOG_ALLOW"
"""Environment variable with names of checks to waive for one run, in addition to the option ``allow``."""


class Check(Enum):
    """Every check that can be waived: its name, as ``allow`` takes it."""

    DIRTY_TREE = "dirty-tree"
    DETACHED_HEAD = "detached-head"
    WRONG_BRANCH = "wrong-branch"
    NOT_UP_TO_DATE = "not-up-to-date"
    CNAME = "cname"
    SITE_URL = "site-url"
    VANISHED_PAGES = "vanished-pages"
    FORCE = "force"
    DIRTY_BUILD = "dirty-build"
    LABS = "labs"
    MISSING_OUTPUT = "missing-output"
    FOREIGN_BRANCH = "foreign-branch"

    COUNTS = "counts"
    LINKS = "links"
    ORPHANS = "orphans"
    OTHER_HOSTS = "other-hosts"
    INLINE_CODE = "inline-code"
    FILES = "files"


OF_DEPLOYMENTS = frozenset(
    {
        Check.DIRTY_TREE,
        Check.DETACHED_HEAD,
        Check.WRONG_BRANCH,
        Check.NOT_UP_TO_DATE,
        Check.CNAME,
        Check.SITE_URL,
        Check.VANISHED_PAGES,
        Check.FORCE,
        Check.DIRTY_BUILD,
        Check.MISSING_OUTPUT,
        Check.FOREIGN_BRANCH,
    }
)
"""The checks of a deployment; every build makes the others."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to publish a site: what was found, and what to do about it."""

    check: Check
    message: str
    hint: str

    def __str__(self) -> str:
        """``name: message`` and, indented below, the hint."""
        return f"{self.check.value}: {self.message}\n    {self.hint}"

    def told(self, once: str) -> str:
        """The same, and how to go ahead anyway: for one run with the command *once*, or always."""
        return f"{self}\n    {how_to_waive([self.check], once)}"


def how_to_waive(checks: Iterable[Check], once: str) -> str:
    """Say how to go ahead although *checks* refuse: for one run with the command *once*, or always."""
    names = ", ".join(f"`{check.value}`" for check in checks)
    return f"to go ahead anyway, this once: {once}; for good: add {names} to the plugin's option `allow`"


def read_allowed(names: Iterable[str]) -> tuple[frozenset[Check], list[str]]:
    """The checks that *names* waive, and a message for each name that is not a check."""
    known = {check.value: check for check in Check}
    found, wrong = set(), []
    for name in names:
        if name in known:
            found.add(known[name])
        else:
            wrong.append(f"{name!r} is not a check; {did_you_mean(name, known)}")
    return frozenset(found), wrong


def sift(found: Iterable[Refusal], allowed: frozenset[Check]) -> tuple[list[Refusal], list[Refusal]]:
    """Split *found* into the refusals that stop the site and those that are waived and only reported."""
    refused: list[Refusal] = []
    waived: list[Refusal] = []
    for each in found:
        (waived if each.check in allowed else refused).append(each)
    return refused, waived
