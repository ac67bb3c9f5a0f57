"""Keeping articles true: ``stale``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engblog.disk.docs import display_path, read_site
from engblog.disk.project import find_project
from engblog.model.article import is_public
from engblog.model.problems import report
from engblog.site.reviews import Due, find_due

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

WITHIN = 30


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    stale = commands.add_parser(
        "stale",
        help="list what is due for review, worst first; exit status 1 if anything is overdue",
    )
    stale.add_argument(
        "--within",
        type=_days,
        default=WITHIN,
        metavar="DAYS",
        help="also list what falls due within so many days (%(default)s)",
    )
    stale.add_argument("--json", action="store_true", help="print the list as JSON")
    stale.set_defaults(run=_stale)


def _days(text: str) -> int:
    if text.isdecimal() and len(text) < 7:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} must be a number of days, at least 0")


def _stale(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    # As a preview, so that a lab that is out of step is listed here with the rest and does not end the command.
    catalogue = read_site(project.docs, project.settings, preview=True)
    if catalogue.problems:
        print(report(catalogue.problems))
        return 1
    now = catalogue.site.now
    public = [article for article in catalogue.site.articles if is_public(article, now)]
    due = find_due(public, now.date(), within=options.within)
    overdue = sum(each.overdue for each in due)
    prefix = display_path(project.docs)
    if options.json:
        found = {
            "date": now.date().isoformat(),
            "within": options.within,
            "articles": len(public),
            "overdue": overdue,
            "due": [_plain(each, prefix) for each in due],
        }
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print(_listed(due, overdue, len(public), options.within, prefix))
    return 1 if overdue else 0


def _plain(due: Due, prefix: str) -> dict[str, Any]:
    return {
        "path": prefix + due.article.src_uri,
        "slug": due.article.slug,
        "title": due.article.title,
        "url": due.article.url,
        "reason": due.reason.value,
        "due": due.day.isoformat(),
        "days": due.days,
        "overdue": due.overdue,
        "why": due.why,
        "remedy": due.remedy,
    }


def _listed(due: Sequence[Due], overdue: int, articles: int, within: int, prefix: str) -> str:
    lines = []
    for each in due:
        lines += [
            f"{_when(each):>18}  {prefix}{each.article.src_uri}",
            f"{'':20}{each.why}",
            f"{'':20}{each.remedy}",
        ]
    soon = len(due) - overdue
    lines.append(f"{articles} published, {overdue} overdue, {soon} due within {within} days")
    return "\n".join(lines)


def _when(due: Due) -> str:
    if due.days == 0:
        return "since today" if due.overdue else "due today"
    count = f"{abs(due.days):,} day{'' if abs(due.days) == 1 else 's'}"
    return f"{count} overdue" if due.overdue else f"in {count}"
