"""Ask which of the locked dependencies have known vulnerabilities.

    make audit

Exit status 0: every one was asked about and none is known; 1: some are; 3 (``make`` says Error 3): some could not be
asked about, most often for want of a network, and nothing is said of them. The third is a status of its own because
pip-audit ends with 0 and “No known vulnerabilities found” when it could not look up a single package.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOT_ASKED = 3
_LEVELS = ("high", "critical")
"""Severities that end an audit of npm packages with 1: they are tools and tests, and no reader loads any of them."""
_SECONDS = 600


@dataclass(frozen=True)
class Outcome:
    """What asking about one lock file came to."""

    lock: str
    asked: int = 0
    vulnerable: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status that it stands for."""
        return 1 if self.vulnerable else NOT_ASKED if self.unasked or not self.asked else 0

    def lines(self) -> list[str]:
        """What a person is told."""
        verdict = {0: "none is known to be vulnerable", 1: "VULNERABLE", NOT_ASKED: "NOT AUDITED"}[self.status]
        found = [f"{self.lock}: {self.asked} packages asked about, {len(self.unasked)} not: {verdict}"]
        found += [f"  {each}" for each in self.vulnerable]
        shown = self.unasked[:3]
        found += [f"  not asked about: {each}" for each in shown]
        return found + ([f"  … and {len(self.unasked) - len(shown)} more"] if len(self.unasked) > len(shown) else [])


def read_pip_audit(lock: str, output: str, errors: str) -> Outcome:
    """What ``pip-audit --format json`` found."""
    try:
        dependencies = list(json.loads(output)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return Outcome(lock, unasked=(_last_line(errors),))
    skipped = tuple(f"{each['name']}: {each['skip_reason']}" for each in dependencies if "skip_reason" in each)
    vulnerable = tuple(
        f"{each['name']} {each['version']}: {vulnerability['id']}, "
        + (f"mended in {', '.join(fixed)}" if (fixed := vulnerability["fix_versions"]) else "not mended yet")
        for each in dependencies
        for vulnerability in each.get("vulns", ())
    )
    return Outcome(lock, len(dependencies) - len(skipped), vulnerable, skipped)


def read_npm_audit(lock: str, output: str, errors: str) -> Outcome:
    """What ``npm audit --json`` found."""
    try:
        found = json.loads(output)
        asked = int(found["metadata"]["dependencies"]["total"])
        packages: Mapping[str, Any] = found["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Outcome(lock, unasked=(_message(output) or _last_line(errors),))
    return Outcome(
        lock,
        asked,
        tuple(
            f"{name} {package['range']}: {package['severity']}, see `npm audit`"
            for name, package in sorted(packages.items())
            if package["severity"] in _LEVELS
        ),
    )


def _message(output: str) -> str:
    try:
        return str(json.loads(output)["message"]).partition(" - ")[0]
    except (ValueError, KeyError, TypeError):
        return ""


def _last_line(errors: str) -> str:
    return next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "no answer")


def _run(*command: str) -> tuple[str, str]:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        return "", f"there is no `{command[0]}` on the PATH"
    except subprocess.TimeoutExpired:
        return "", f"no answer in {_SECONDS} seconds"
    return done.stdout, done.stderr


def main() -> int:
    """Ask about every lock file; the worst exit status."""
    outcomes = []
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        lock = path.relative_to(ROOT).as_posix()
        # --disable-pip: the lock has every package with its hashes, so that nothing need be resolved or downloaded.
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        outcomes.append(read_pip_audit(lock, *_run(sys.executable, "-m", "pip_audit", *options, "--requirement", lock)))
    outcomes.append(read_npm_audit("package-lock.json", *_run("npm", "audit", "--json")))
    for outcome in outcomes:
        print("\n".join(outcome.lines()))
    statuses = {outcome.status for outcome in outcomes}
    if NOT_ASKED in statuses:
        print("Some could not be asked about: run this where the advisory databases can be reached.", file=sys.stderr)
    return 1 if 1 in statuses else max(statuses)


if __name__ == "__main__":
    sys.exit(main())
