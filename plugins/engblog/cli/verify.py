"""Comparing a published site with a build of its sources: ``verify``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engblog.cli.commands import natural
from engblog.disk.project import find_project
from engblog.model.errors import EngblogError
from engblog.publish.compare import terminal_safe
from engblog.publish.published import Published, published
from engblog.publish.rebuild import Workshop
from engblog.publish.verify import Report, VerifyError, published_info, verify

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

_PAUSE = 10


def add_commands(commands: Commands) -> None:
    """Add the command of this module."""
    command = commands.add_parser("verify", help="rebuild a published site and compare every byte")
    command.add_argument("place", metavar="URL-or-DIR", help="the root of the site: an address, or a folder")
    command.add_argument(
        "--commit", metavar="SHA", help="the commit it must be built from: a hash, or the start of one"
    )
    command.add_argument(
        "--wait", type=natural, metavar="SECONDS", help="keep trying this long: a host may serve old files for a while"
    )
    command.add_argument(
        "--branch",
        action="append",
        default=[],
        metavar="NAME",
        help="also build commits of this branch, which runs its code (default: only the branch that is deployed)",
    )
    command.add_argument("--json", action="store_true", help="print what was found as JSON")
    command.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    with Workshop(options.config, [project.deploy_branch, *options.branch]) as workshop:
        return check(options.place, workshop, commit=options.commit, wait=options.wait or 0, as_json=options.json)


def check(place: str, workshop: Workshop, *, commit: str | None = None, wait: float = 0, as_json: bool = False) -> int:
    """Compare the site at *place*, print the result, and return the exit status.

    The hash of the site's commit must start with *commit*; while something differs, the comparison is repeated for
    *wait* seconds. Raises :class:`~engblog.model.errors.EngblogError` if nothing can be compared; with *as_json*, that
    is printed as well.
    """
    try:
        report = _patiently(place, workshop, commit, time.monotonic() + wait)
    except EngblogError as error:
        if not as_json:
            raise type(error)(_lines(str(error))) from None
        print(json.dumps({"verified": False, "error": str(error)}))
        return 1
    print(_as_json(report) if as_json else "\n".join(terminal_safe(line) for line in _told(report)))
    return 0 if report.verified else 1


def _patiently(address: str, workshop: Workshop, commit: str | None, end: float) -> Report:
    """The first report without a difference, or the last before *end*, on the monotonic clock."""
    while True:
        report, problem = None, None
        try:
            with closing(published(address)) as place:
                report = _compared(place, commit, workshop)
        except EngblogError as error:
            problem = error
        left = end - time.monotonic()
        if report is not None and (report.verified or left <= 0):
            return report
        if problem is not None and left <= 0:
            raise problem
        time.sleep(min(_PAUSE, max(left, 0)))


def _compared(place: Published, commit: str | None, workshop: Workshop) -> Report:
    info = published_info(place)
    if commit and not (info.commit or "").startswith(commit.lower()):
        raise VerifyError(f"{place.name}: it was built from commit {info.commit}, not from {commit}")
    if info.commit and info.clean:
        moment = datetime.fromtimestamp(info.epoch, UTC).isoformat()
        print(f"building {info.commit} as of {moment} and comparing", file=sys.stderr)
    return verify(place, info, workshop)


def _told(report: Report) -> list[str]:
    lines = []
    if report.tools:
        lines += [
            "Built with different tools, which may explain the differences:",
            *(f"  {each}" for each in report.tools),
        ]
    lines += [f"{each.path}: {each.detail}" for each in report.differences]
    if report.ignored:
        lines.append(f"Not compared, because they belong to the host: {', '.join(report.ignored)}")
    if not report.listed:
        lines.append("The host's files cannot be listed; the digest in its build.json covers every file of the build.")
    if report.repacked:
        lines.append(f"The same content, compressed by another zlib: {', '.join(report.repacked)}")
    same = f"{report.identical} files identical"
    if report.repacked:
        same += f", {len(report.repacked)} with the same content"
    verdict = "verified:" if report.verified else f"NOT verified: {len(report.differences)} differ,"
    return [*lines, f"{verdict} {same}, commit {report.info.commit}"]


def _as_json(report: Report) -> str:
    found = {"verified": report.verified, **asdict(report)}
    return json.dumps(found, indent=2)


def _lines(text: str) -> str:
    return "\n".join(terminal_safe(line) for line in text.split("\n"))
