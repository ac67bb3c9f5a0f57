"""Looks at the articles for ``check``, and tells what was found."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from typing import Any

from engblog.cli.host import Question
from engblog.cli.report import Appearance, as_text
from engblog.cli.report_formats import FORMATS
from engblog.disk.docs import check_docs
from engblog.disk.part import Part, PartError, part_of
from engblog.disk.project import Project, find_project
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.site.catalogue import Catalogue

_OF_ELEMENT = re.compile(r" of <[\w-]++>")


def run_check(options: argparse.Namespace, question: Question) -> int:
    """Do what *options* say and return the exit status; *question* is what the host was asked about the texts."""
    project = find_project(options.config)
    try:
        part = part_of(project.docs, project.settings.articles_dir, options.paths) if options.paths else None
    except PartError as error:
        print(f"engblog check: {error}", file=sys.stderr)
        return 2
    catalogue, problems = _look(options, project, part, question)
    if options.format != "text":
        print(FORMATS[options.format](problems.sorted()))
    elif problems.found:
        print(as_text(problems.sorted(), Appearance.of(sys.stdout), every=options.all))
    elif part is not None:
        count = len(part.texts)
        print(f"{count} text{'' if count == 1 else 's'} checked, no problems")
    else:
        _tell_site(catalogue)
    return 1 if problems.found else 0


def _look(
    options: argparse.Namespace, project: Project, part: Part | None, question: Question
) -> tuple[Catalogue, Problems]:
    """The articles and all problems."""
    catalogue = check_docs(project.docs, project.settings, preview=options.preview, part=part)
    named = {_subject(problem) for problem in catalogue.problems}
    more = [problem for problem in _problems(question.answer()) if _subject(problem) not in named]
    return catalogue, Problems([*project.problems, *catalogue.problems, *more])


def _tell_site(catalogue: Catalogue) -> None:
    site = catalogue.site
    print(f"{len(site.articles)} to publish, {len(site.hidden)} held back, no problems")
    for article in site.hidden:
        why = "a draft" if article.status == "draft" else f"dated {article.published.iso}"
        print(f"  held back: {article.src_uri} ({why})")


def _subject(problem: Problem) -> tuple[str, str]:
    """The file and the subject of *problem*, whichever look found it: only the second knows an attribute's element."""
    return problem.mark.path, _OF_ELEMENT.sub("", problem.message)


def _problems(rows: list[Any]) -> Iterator[Problem]:
    """The problems of the texts as the host renders them."""
    for path, line, column, code, message, hint in rows:
        yield Problem(Mark(path, line, column), Code[code], message, hint)
