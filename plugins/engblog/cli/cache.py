"""The cache that builds keep for the next one: ``cache show`` and ``cache clear``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engblog.disk.project import find_project
from engblog.disk.store import LIMIT, STORE, SWITCH, Store

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

_MEBIBYTE = 1024 * 1024


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    cache = commands.add_parser("cache", help="show or clear what builds keep for the next one")
    what = cache.add_subparsers(required=True, metavar="WHAT")
    show = what.add_parser("show", help=f"say where it is and how large; {SWITCH}=off builds without it")
    show.set_defaults(run=_show)
    clear = what.add_parser("clear", help="remove all of it; the next build makes everything again")
    clear.set_defaults(run=_clear)


def _show(options: argparse.Namespace) -> int:
    folder = find_project(options.config).root / STORE
    entries, size = Store(folder).measure()
    print(f"{folder}: {_entries(entries)}, {size / _MEBIBYTE:.1f} MiB of at most {LIMIT // _MEBIBYTE} MiB")
    return 0


def _clear(options: argparse.Namespace) -> int:
    folder = find_project(options.config).root / STORE
    print(f"{folder}: removed {_entries(Store(folder).clear())}")
    return 0


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"
