"""Checking articles: ``check``.

The host begins to render before this process imports what it needs for its own look, because authors wait for both.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engblog.cli.host import Question
from engblog.model.problems import Code, did_you_mean

if TYPE_CHECKING:
    from engblog.cli.commands import Commands


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    check = commands.add_parser("check", help="name every problem of every article, or of those named")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="the folder of an article, or a file in it (default: all)"
    )
    check.add_argument(
        "--preview",
        action="store_true",
        help="accept labs that changed since their recorded run, as `mkdocs serve` does",
    )
    check.add_argument(
        "--format", choices=("text", "json", "sarif", "github"), default="text", help="for people or for a program"
    )
    check.add_argument("--all", action="store_true", help="name every problem of a kind, however many there are")
    check.add_argument(
        "--fix",
        action="store_true",
        help="first fix what is safe: names of tags, days, space at ends of lines, empty lines before lists",
    )
    check.add_argument("--explain", type=_code, metavar="CODE", help="say what a code means, with two examples")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> Any:
    if options.explain is not None:
        print(import_module("engblog.model.explanations").explained(options.explain))
        return 0
    failed = import_module("engblog.cli.fixing").fix(options) if options.fix else 0
    module = "check_some" if options.paths else "check"
    question = Question(module, options.config, names=map(str, options.paths))
    try:
        return import_module("engblog.cli.checking").run_check(options, question) or failed
    finally:
        question.drop()


def _code(text: str) -> Code:
    """The code that somebody means by ``F005``."""
    known = {each.id: each for each in Code}
    if (code := known.get(text.upper())) is None:
        hint = did_you_mean(text.upper(), known) or "`engblog problems` lists them all"
        raise argparse.ArgumentTypeError(f"there is no code {text!r}; {hint}")
    return code
