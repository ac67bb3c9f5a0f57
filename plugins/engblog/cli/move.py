"""Giving an article another address: ``move``."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from engblog.disk.docs import display_path
from engblog.disk.move import MoveError, MovePlan, MovingArticle, carry_out, find_article, plan_move
from engblog.disk.project import find_project

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    move = commands.add_parser(
        "move",
        help="give an article another name or date, keep its old address, and update what links to it",
    )
    move.add_argument("old", metavar="OLD", help="the article: its slug, its folder or its index.md")
    move.add_argument("new", metavar="NEW", nargs="?", help="its new slug (default: unchanged)")
    move.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="its new date, which is part of its address")
    move.add_argument(
        "--alias",
        action=argparse.BooleanOptionalAction,
        help="redirect readers from the old address (default if published)",
    )
    move.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    move.set_defaults(run=_move)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2026-11-23") from None


def _move(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    if options.new is None and options.date is None:
        raise MoveError("give a new slug, --date, or both")
    found = find_article(project, options.old)
    article = found.article
    alias = _wants_alias(options, found)
    slug, day = options.new or article.slug, options.date or article.published.day
    plan = plan_move(project, found, slug, day, alias=alias)
    if not options.dry_run:
        carry_out(plan)
    print(_said(plan, display_path(project.docs), project.settings.articles_dir, dry=options.dry_run))
    for warning in _warnings(plan):
        print(f"engblog: {warning}", file=sys.stderr)
    return 0


def _wants_alias(options: argparse.Namespace, found: MovingArticle) -> bool:
    if options.alias is not None:
        return bool(options.alias)
    if found.public and not options.dry_run and sys.stdin.isatty() and sys.stdout.isatty():
        answer = input(f"Redirect readers from /{found.article.url} to the new address? [Y/n] ")
        return answer.strip().lower() in {"", "y", "yes"}
    return found.public


def _said(plan: MovePlan, prefix: str, articles_dir: str, *, dry: bool) -> str:
    old, new = (f"{prefix}{articles_dir}/{folder.name}/" for folder in (plan.old, plan.new))
    lines = ["nothing was changed; this is what the move would do:"] if dry else []
    if old != new:
        lines.append(f"{old} is now {new}")
    lines.append(f"/{plan.article.url} is now /{plan.url}")
    for file in plan.files:
        shown = new + file.shown.removeprefix(old) if file.shown.startswith(old) else file.shown
        lines += [f"{shown}:{change.line}: {change.said}" for change in sorted(file.changes, key=lambda c: c.start)]
    if not plan.alias:
        lines.append("no alias: " + ("you asked for none" if plan.public else "the old address was never public"))
    return "\n".join(lines)


def _warnings(plan: MovePlan) -> list[str]:
    found = []
    if plan.public and not plan.alias:
        found.append(f"links to /{plan.article.url} from elsewhere will break, so a deployment will be refused")
    if plan.held_back:
        found.append("the new date is in the future: neither address works until then; deployments will be refused")
    return found
