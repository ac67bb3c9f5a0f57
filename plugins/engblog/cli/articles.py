"""Writing articles: ``new``, ``check``, ``problems``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engblog.cli.host import ask_host
from engblog.disk import clock
from engblog.disk.docs import check_docs, display_path
from engblog.disk.new import new_article
from engblog.disk.project import find_project
from engblog.model.problems import Code, Mark, Problem, Problems, report
from engblog.source.vocabulary import read_people, read_taxonomy

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

_OF_ELEMENT = re.compile(r" of <[\w-]++>")


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    check = commands.add_parser("check", help="name every problem of every article")
    check.add_argument(
        "--preview",
        action="store_true",
        help="accept labs that changed since their recorded run, as `mkdocs serve` does",
    )
    check.set_defaults(run=_check)

    new = commands.add_parser("new", help="start an article")
    new.add_argument("title")
    new.add_argument("--slug", help="the folder's name (default: made from the title)")
    new.set_defaults(run=_new)

    problems = commands.add_parser("problems", help="list every problem code, as Markdown")
    problems.set_defaults(run=_problems)


def _check(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    catalogue = check_docs(project.docs, project.settings, preview=options.preview)
    named = {_subject(problem) for problem in catalogue.problems}
    more = [problem for problem in _rendered(options.config) if _subject(problem) not in named]
    problems = Problems([*project.problems, *catalogue.problems, *more])
    if problems.found:
        print(report(problems.sorted()))
        return 1
    site = catalogue.site
    print(f"{len(site.articles)} to publish, {len(site.hidden)} held back, no problems")
    for article in site.hidden:
        why = "a draft" if article.status == "draft" else f"dated {article.published.iso}"
        print(f"  held back: {article.src_uri} ({why})")
    return 0


def _subject(problem: Problem) -> tuple[str, str]:
    """The file and the subject of *problem*, whichever look found it: only the second knows an attribute's element."""
    return problem.mark.path, _OF_ELEMENT.sub("", problem.message)


def _rendered(config: Path) -> Iterator[Problem]:
    """The problems of the texts as the host renders them."""
    for path, line, column, code, message, hint in ask_host("check", config):
        yield Problem(Mark(path, line, column), Code[code], message, hint)


def _new(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    problems = Problems()
    docs, settings = project.docs, project.settings
    taxonomy = read_taxonomy(_bytes(docs / settings.taxonomy), display_path(docs) + settings.taxonomy, problems)
    people = read_people(_bytes(docs / settings.authors), display_path(docs) + settings.authors, problems)
    if problems.found:
        print(report(problems.sorted()))
        return 1
    folder = docs / settings.articles_dir
    day = clock.now().date()
    written = new_article(folder, options.title, day=day, taxonomy=taxonomy, people=people, slug=options.slug)
    print(f"{written}: a draft. `make serve` shows it; CONTRIBUTING.md says what the text can do.")
    return 0


def _problems(_: argparse.Namespace) -> int:
    print("| code | what is wrong |\n|---|---|")
    for code in Code:
        print(f"| {code.id} | {code.value} |")
    return 0


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
