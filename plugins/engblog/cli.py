"""``engblog``: what authors and maintainers do from a shell. Exit status 0: all well; 1: problems; 2: wrong usage."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engblog.core.problems import Code, Problems, report
from engblog.core.taxonomy import read_people, read_taxonomy
from engblog.io import clock
from engblog.io.project import Project, ProjectError, find_project
from engblog.io.search import SearchError, brief, search_site
from engblog.io.skeleton import SkeletonError, new_article
from engblog.io.sources import display_path, read_site

_SEARCH_FLAGS = frozenset({"-h", "--help", "--json", "--verified"})
_SEARCH_OPTIONS = frozenset({"--category", "--subcategory", "--tag", "--limit"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in *arguments* (without the program's name) and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(_query_last(given))
    try:
        status: int = options.run(options)
    except (ProjectError, SearchError, SkeletonError, clock.ClockError) as error:
        print(f"engblog: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engblog", description="Write, check and prove articles.")
    parser.add_argument(
        "--config", type=Path, default=Path("mkdocs.yml"), help="the site's configuration (%(default)s)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="name every problem of every article")
    check.add_argument("--preview", action="store_true", help="as `mkdocs serve` does: labs may be out of step")
    check.set_defaults(run=_check)

    new = commands.add_parser("new", help="start an article")
    new.add_argument("title")
    new.add_argument("--slug", help="the folder's name, if the title should not make it")
    new.set_defaults(run=_new)

    lab = commands.add_parser("lab", help="run an article's lab and record what it measured")
    lab.add_argument("slug")
    lab.add_argument("--no-record", action="store_true", help="prove the claims without writing record.json")
    lab.set_defaults(run=_lab)

    search = commands.add_parser("search", help="search a built site with its own engine (needs Node.js)")
    search.add_argument("site", type=Path, metavar="SITE_DIR", help="the folder of the built site")
    search.add_argument("query", help="what a reader would type")
    search.add_argument("--category", help="slug or name")
    search.add_argument("--subcategory", help="slug or name")
    search.add_argument("--tag", action="append", default=[], help="slug, name or synonym; several: all of them")
    search.add_argument("--verified", action="store_true", help="only articles whose claims a lab proves")
    search.add_argument("--limit", type=_natural, default=10, help="how many results (%(default)s)")
    search.add_argument("--json", action="store_true", help="print the results and the bytes loaded, as JSON")
    search.set_defaults(run=_search)

    problems = commands.add_parser("problems", help="list every problem code, as Markdown")
    problems.set_defaults(run=_problems)
    return parser


def _check(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    catalogue = read_site(project.docs, project.settings, preview=options.preview)
    if catalogue.problems:
        print(report(catalogue.problems))
        return 1
    site = catalogue.site
    print(f"{len(site.articles)} to publish, {len(site.hidden)} held back, no problems")
    for article in site.hidden:
        why = "a draft" if article.status == "draft" else f"dated {article.published.iso}"
        print(f"  held back: {article.src_uri} ({why})")
    return 0


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


def _lab(options: argparse.Namespace) -> int:
    project = find_project(options.config)
    lab = project.docs / project.settings.articles_dir / options.slug / "lab"
    if not any(lab.glob("test_*.py")):
        raise ProjectError(f"{lab} has no test_*.py; the slug is the name of an article's folder")
    return _pytest(project, [str(lab.resolve()), *([] if options.no_record else ["--record"])])


def _pytest(project: Project, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "engblog.lab.pytest_plugin", *arguments]
    return subprocess.run(command, cwd=project.root, check=False).returncode


def _search(options: argparse.Namespace) -> int:
    filters = {name: getattr(options, name) for name in ("category", "subcategory", "tag", "verified")}
    asked = {name: value for name, value in filters.items() if value}
    answer = search_site(options.site, options.query, {**asked, "limit": options.limit})
    typed = [unknown for unknown in answer["unknown"] if unknown in options.query]
    if unknown := [each for each in answer["unknown"] if each not in typed]:
        raise SearchError(f"no article here has {', '.join(unknown)}")
    for each in typed:
        print(f"engblog: {each} names nothing on this site; its words were looked for", file=sys.stderr)
    print(json.dumps(brief(answer), ensure_ascii=False) if options.json else _found(answer))
    return 0


def _query_last(arguments: list[str]) -> list[str]:
    """What to search for may look like an option (``--force-with-lease``): it goes behind the options, after ``--``."""
    if "search" not in arguments[:3] or "--" in arguments:
        return arguments
    start = arguments.index("search") + 1
    options, others = arguments[:start], []
    rest = iter(arguments[start:])
    for each in rest:
        name, given, _ = each.partition("=")
        if name in _SEARCH_FLAGS:
            options.append(each)
        elif name in _SEARCH_OPTIONS:
            options += [each] if given else [each, *[value for value in [next(rest, None)] if value is not None]]
        else:
            others.append(each)
    return [*options, "--", *others]


def _found(answer: Mapping[str, Any]) -> str:
    lines = [f"{answer['total']} found, {answer['bytes'] / 1024:.1f} KB loaded"]
    lines += [f"  looked for “{each['to']}” in place of “{each['from']}”" for each in answer["corrections"]]
    for found in answer["results"]:
        section = f" · {found['section']}" if found["section"] else ""
        lines += [f"{found['score']:8.2f}  {found['title']}{section}", f"{'':10}{found['href']}"]
    return "\n".join(lines)


def _natural(text: str) -> int:
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")


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


if __name__ == "__main__":
    sys.exit(main())
