"""Searching a built site as a reader would: ``search``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engblog.cli.commands import natural
from engblog.disk.search import SearchError, brief, search_site

if TYPE_CHECKING:
    from engblog.cli.commands import Commands

_FLAGS = frozenset({"-h", "--help", "--json", "--verified"})
_OPTIONS = frozenset({"--category", "--subcategory", "--tag", "--limit"})


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    search = commands.add_parser("search", help="search a built site with its own engine (needs Node.js)")
    search.add_argument("site", type=Path, metavar="SITE_DIR", help="the folder of the built site")
    search.add_argument("query", help="what a reader would type")
    search.add_argument("--category", help="slug or name")
    search.add_argument("--subcategory", help="slug or name")
    search.add_argument(
        "--tag", action="append", default=[], help="slug, name or synonym; repeat it to require several"
    )
    search.add_argument("--verified", action="store_true", help="only articles whose claims a lab verifies")
    search.add_argument("--limit", type=natural, default=10, help="how many results (%(default)s)")
    search.add_argument("--json", action="store_true", help="print the results and the bytes loaded as JSON")
    search.set_defaults(run=_search)


def _search(options: argparse.Namespace) -> int:
    filters = {name: getattr(options, name) for name in ("category", "subcategory", "tag", "verified")}
    asked = {name: value for name, value in filters.items() if value}
    answer = search_site(options.site, options.query, {**asked, "limit": options.limit})
    typed = [unknown for unknown in answer["unknown"] if unknown in options.query]
    if unknown := [each for each in answer["unknown"] if each not in typed]:
        raise SearchError(f"no article of this site has {', '.join(unknown)}")
    for each in typed:
        print(f"engblog: {each} is not a filter of this site, so its words were searched for", file=sys.stderr)
    print(json.dumps(brief(answer), ensure_ascii=False) if options.json else _found(answer))
    return 0


def query_last(arguments: list[str]) -> list[str]:
    """Move the query to the end, after ``--``, because it may look like an option (``--force-with-lease``)."""
    if "search" not in arguments[:3] or "--" in arguments:
        return arguments
    start = arguments.index("search") + 1
    options, others = arguments[:start], []
    rest = iter(arguments[start:])
    for each in rest:
        name, given, _ = each.partition("=")
        if name in _FLAGS:
            options.append(each)
        elif name in _OPTIONS:
            options += [each] if given else [each, *[value for value in [next(rest, None)] if value is not None]]
        else:
            others.append(each)
    return [*options, "--", *others]


def _found(answer: Mapping[str, Any]) -> str:
    lines = [f"{answer['total']} found, {answer['bytes'] / 1024:.1f} KB loaded"]
    lines += [f"  searched for “{each['to']}” instead of “{each['from']}”" for each in answer["corrections"]]
    for found in answer["results"]:
        section = f" · {found['section']}" if found["section"] else ""
        lines += [f"{found['score']:8.2f}  {found['title']}{section}", f"{'':10}{found['href']}"]
    return "\n".join(lines)
