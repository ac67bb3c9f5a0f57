"""Checks that no address belongs to two things: clashes of pages, files and old addresses end the build."""

from __future__ import annotations

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from engblog.model.problems import Code, Mark, Problem, Problems, report
from engblog.model.site import Redirect, Site
from engblog.site.planned_files import GENERATED
from engblog.site.redirects import resolve_redirects
from engblog.source.redirects import Move


def addresses_of(files: Files) -> dict[str, str]:
    """The address of each of *files*, from the site's root, by path from the docs folder."""
    return {file.src_uri: "" if file.url == "./" else file.url for file in files}


def sources_of(files: Files, prefix: str) -> dict[str, str]:
    """The source of each page of *files*, by the page's path from the site's root, without generated pages. *prefix*
    leads to the docs folder."""
    return {file.dest_uri: prefix + file.src_uri for file in files if not file.generated_by}


def origins_of(files: Files, prefix: str) -> dict[str, str]:
    """The files that *files* will become, each with the name of its origin; *prefix* leads to the docs folder."""
    return {file.dest_uri: _origin(file, prefix) for file in files if not file.inclusion.is_excluded()}


def refuse_clashes(files: Files, prefix: str) -> None:
    """Raise ``PluginError`` if two of *files* would be written to the same place; *prefix* leads to the docs folder."""
    owners: dict[str, File] = {}
    problems = []
    for file in files:
        if file.inclusion.is_excluded():
            continue
        other = owners.setdefault(file.dest_uri.casefold(), file)
        if other is not file:
            named, beside = (other, file) if file.generated_by else (file, other)
            message = f"the address /{file.url} also belongs to {_origin(beside, prefix)}"
            problems.append(
                Problem(Mark(_origin(named, prefix)), Code.C001_URL_CLASH, message, "move or rename one of them")
            )
    if problems:
        raise PluginError("pages clash:\n" + report(problems))


def old_addresses(
    site: Site, moves: tuple[Move, ...], files: Files, prefix: str, *, feeds: frozenset[str]
) -> tuple[Redirect, ...]:
    """Old addresses, checked against every file that *files* will become. Files that other plugins write later clash at
    that point.

    *feeds* are the paths of the site's feeds. *prefix* leads to the docs folder. Raises ``PluginError``.
    """
    problems = Problems()
    redirects = resolve_redirects(
        site, moves, origins_of(files, prefix), feeds=feeds, path_prefix=prefix, problems=problems
    )
    if problems.found:
        raise PluginError("old addresses have problems:\n" + report(problems.sorted()))
    return redirects


def _origin(file: File, prefix: str) -> str:
    return GENERATED if file.generated_by else prefix + file.src_uri
