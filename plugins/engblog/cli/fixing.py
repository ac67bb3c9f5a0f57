"""Fixes what is safe to fix, for ``check --fix``, and says what it did."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from engblog.disk.fix import fix_texts
from engblog.disk.part import PartError, part_of
from engblog.disk.project import find_project

_SHOWN = 5
"""Changes of one kind in a file that are named, before the rest is only counted."""


def fix(options: argparse.Namespace) -> int:
    """Fix the texts that *options* name. The status is 1 if a file could not be written; programs that read a format
    find the report on standard error."""
    project = find_project(options.config)
    out = sys.stdout if options.format == "text" else sys.stderr
    try:
        part = part_of(project.docs, project.settings.articles_dir, options.paths) if options.paths else None
    except PartError:  # the check says so
        return 0
    total = status = 0
    for fixed in fix_texts(project.docs, project.settings, part):
        if fixed.refused:
            print(f"{fixed.path}: not fixed: {fixed.refused}", file=out)
            status = 1
        seen = Counter[str]()
        for edit in fixed.edits:
            seen[edit.said] += 1
            if seen[edit.said] <= _SHOWN:
                print(f"{fixed.path}:{edit.line}: fixed: {edit.said}", file=out)
        for said, count in seen.items():
            if count > _SHOWN:
                print(f"{fixed.path}: fixed: {said}, in {count - _SHOWN} more lines", file=out)
        total += len(fixed.edits)
    print(f"{total} fixed", file=out)
    return status
