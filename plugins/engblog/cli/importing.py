"""Bringing posts of another system along: ``import``."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engblog.cli.host import ask_host
from engblog.disk.importing import DIALECTS, ImportOrder, ImportReport, run_import
from engblog.disk.project import find_project
from engblog.importing.remarks import Effect, Remark, folded
from engblog.model.problems import Code, Mark, Problem

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

_QUOTED = re.compile(r"“[^”]*+”")
_MOST_LINES = 8


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    command = commands.add_parser("import", help="make articles of the posts of another system")
    command.add_argument("--from", dest="system", required=True, choices=[*DIALECTS], help="the system of the old blog")
    command.add_argument("folder", metavar="DIR", type=Path, help="the folder with the old blog's configuration")
    command.add_argument(
        "--posts", metavar="FOLDER", action="append", default=[],
        help="a folder of posts, from DIR, instead of those that the system has by default; may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--category", default="Blog", metavar="NAME", help="the category of posts that have none (default: %(default)s)"
    )
    command.add_argument(
        "--site-url", default="", metavar="URL", help="the address of the old site, if its configuration lacks it"
    )
    command.add_argument("--fetch", action="store_true", help="fetch pictures that are on other hosts")
    command.add_argument("--dry-run", action="store_true", help="report what would be done, and change nothing")
    command.add_argument("--format", choices=("text", "json"), default="text", help="form of the report (%(default)s)")
    command.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    posts = tuple(options.posts)
    order = ImportOrder(options.system, options.folder, posts, options.category, options.site_url, options.fetch)
    report = run_import(project, order, _rendered, dry_run=options.dry_run)
    if options.format == "json":
        print(json.dumps(_as_json(report), indent=1, ensure_ascii=False))
    else:
        print("\n".join(_as_text(report, dry=options.dry_run)))
    return 1 if report.by_hand else 0


def _rendered(config: Path) -> Iterator[Problem]:
    for path, line, column, code, message, hint in ask_host("check", config):
        yield Problem(Mark(path, line, column), Code[code], message, hint)


def _as_json(report: ImportReport) -> dict[str, object]:
    def remark(each: Remark) -> dict[str, object]:
        return {"path": each.path, "line": each.line, "message": each.message, "hint": each.hint}

    return {
        "moved": [
            {"from": each.old, "to": each.new, "state": each.state, "status": each.status} for each in report.moved
        ],
        "vocabulary": report.added,
        "changed": [remark(each) for each in report.remarks if each.effect is Effect.CHANGED],
        "left": [remark(each) for each in report.left],
        "problems": [
            {"from": path, "path": each.mark.path, "line": each.mark.line, "column": each.mark.column,
             "code": each.code.id, "message": each.message, "hint": each.hint}
            for path, each in report.problems
        ],
        "written": report.files,
    }  # fmt: skip


def _as_text(report: ImportReport, *, dry: bool) -> Iterator[str]:
    if dry:
        yield "nothing was written; this is what the import would do:"
    yield f"moved ({len(report.moved)})"
    for each in report.moved:
        note = {"edited": ": edited since the last import, so it was left unchanged",
                "deleted": ": deleted since the last import, so it was left out"}.get(each.state, "")  # fmt: skip
        status = "" if each.status == "published" or note else ", a draft"
        yield f"  {each.old} -> {each.new} ({each.state}{status}){note}"
    for path, names in report.added.items():
        yield f"  {path}: added {', '.join(names)}"
    changed = [each for each in report.remarks if each.effect is Effect.CHANGED]
    yield f"changed ({len(changed)}); --format json has every line"
    counts: Counter[str] = Counter()
    first: dict[str, Remark] = {}
    for remark in changed:
        kind = _QUOTED.sub("…", remark.message)
        counts[kind] += 1
        first.setdefault(kind, remark)
    for kind, count in counts.most_common():
        example = first[kind]
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"  {example.path}:{example.line} {example.message}{more}"
    yield f"left for you ({len(report.left) + len(report.problems)})"
    for group in folded(report.left):
        lines = ", ".join(map(str, group.lines[1:_MOST_LINES]))
        more = f" (also on line {lines}{', …' if len(group.lines) > _MOST_LINES else ''})" if lines else ""
        yield f"  {group.remark.path}:{group.remark.line} {group.remark.message}{more}"
        yield f"      {group.remark.hint}"
    for _, problem in report.problems:
        yield "  " + str(problem).replace("\n", "\n  ")
    written = "would be written" if dry else "written"
    hands = len(report.by_hand)
    without = len({each.old for each in report.moved} - report.by_hand)
    yield f"{report.files} files {written}; {without} posts came through without a hand, {hands} need one"
