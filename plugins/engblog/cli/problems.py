"""Codes of problems: ``problems``, the list of all of them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engblog.model.problems import Code

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    problems = commands.add_parser("problems", help="list every problem code, as Markdown")
    problems.set_defaults(run=_problems)


def _problems(_: argparse.Namespace) -> int:
    print("| code | what is wrong |\n|---|---|")
    for code in Code:
        print(f"| {code.id} | {code.value} |")
    return 0
