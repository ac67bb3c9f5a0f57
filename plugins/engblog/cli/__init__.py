"""``engblog``, the command for authors and maintainers. Exit status 0: success; 1: problems; 2: wrong usage.

Each module of this package contains the commands of one kind and adds them to the parser. Only the module of the
command that was typed is imported, because some need programs and libraries that take longer to load than a check.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from engblog.model.errors import EngblogError

_MODULES = {
    "new": ("new",),
    "problems": ("problems",),
    "check": ("check",),
    "importing": ("import",),
    "lab": ("lab",),
    "deploy": ("deploy", "rollback"),
    "verify": ("verify",),
    "move": ("move",),
    "stale": ("stale",),
    "search": ("search",),
    "cache": ("cache",),
}
"""The modules of this package that have commands, each with their names."""
_INTERRUPTED = 130
"""The exit status that tells a shell that Ctrl-C ended the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in *arguments* (without the program's name) and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parse(given)
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


def _parse(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engblog", description="Write, check, prove and publish articles.")
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), help="the site's configuration (%(default)s)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    wanted = next((module for word in _before_options(given) for module in _modules_of(word)), None)
    for name in [wanted] if wanted else _MODULES:  # all of them for help, and for a name that none has
        module = importlib.import_module(f"{__name__}.{name}")
        module.add_commands(commands)
        if name == "search":
            given = module.query_last(given)
    return parser.parse_args(given)


def _before_options(given: list[str]) -> list[str]:
    """The first of the words in *given* that is neither an option of ``engblog`` itself nor its value."""
    rest = iter(given)
    for word in rest:
        if word == "--config":
            next(rest, None)
        elif not word.startswith("-"):
            return [word]
        elif not word.startswith("--config="):
            return []
    return []


def _modules_of(command: str) -> list[str]:
    return [module for module, names in _MODULES.items() if command in names]
