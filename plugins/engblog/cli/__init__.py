"""``engblog``: what authors and maintainers do from a shell. Exit status 0: all well; 1: problems; 2: wrong usage.

Each module of this package holds the commands of one kind and adds them to the parser; nothing here knows them.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from engblog.cli import articles, deploy, lab, move, search, stale, verify
from engblog.model.errors import EngblogError

_MODULES = (articles, lab, deploy, verify, move, stale, search)
_INTERRUPTED = 130
"""The status by which a shell knows a command that Ctrl-C has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in *arguments* (without the program's name) and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(search.query_last(given))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name of a file may be no text, and a terminal may not know a letter: that must not end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except EngblogError as error:
        print(f"engblog: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `engblog lab list | head` has seen enough; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("engblog: stopped from the keyboard; what was not said to be done is not done", file=sys.stderr)
        return _INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engblog", description="Write, check, prove and publish articles.")
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), help="the site's configuration (%(default)s)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in _MODULES:
        module.add_commands(commands)
    return parser
