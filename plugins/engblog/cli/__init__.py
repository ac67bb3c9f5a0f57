"""``engblog``, the command for authors and maintainers. Exit status 0: success; 1: problems; 2: wrong usage.

Each module of this package contains the commands of one kind and adds them to the parser.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from engblog.cli import articles, cache, deploy, importing, lab, move, search, stale, verify
from engblog.model.errors import EngblogError

_MODULES = (articles, importing, lab, deploy, verify, move, stale, search, cache)
_INTERRUPTED = 130
"""The exit status that tells a shell that Ctrl-C ended the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in *arguments* (without the program's name) and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(search.query_last(given))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # File names may not be valid text, and a terminal may lack a letter; neither must end the command.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except EngblogError as error:
        print(f"engblog: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `engblog lab list | head` has closed the pipe, so nothing more can be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("engblog: interrupted; only what was reported above is done", file=sys.stderr)
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
