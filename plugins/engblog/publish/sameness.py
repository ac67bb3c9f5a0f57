"""Tells how much two sites are the same, for a deployment that may be needless and a rollback that must not be."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from engblog.outputs.build_info import BUILD_INFO
from engblog.publish.compare import Harmless, harmless, may_be_harmless
from engblog.publish.rules import CNAME, Files

Read = Callable[[str], bytes]
"""Reads a file of a site by its path."""


class Sameness(Enum):
    """A degree to which two sites are the same."""

    SITE = "site"
    """They are the same, except for the moment of the build and the compression."""
    PAGES = "pages"
    """Readers see the same, but ``build.json`` names another commit or other tools, or the domain differs."""
    NOTHING = "nothing"
    """Readers see a difference."""


def sameness(here: Files, there: Files, read_here: Read, read_there: Read) -> Sameness:
    """Compare two sites. Files are read only if nothing but harmless differences is possible."""
    differ = [
        path for path in sorted(here.keys() | there.keys()) if _oid(here, path) != _oid(there, path) and path != CNAME
    ]
    pages = [path for path in differ if path != BUILD_INFO]
    if not all(path in here and path in there and may_be_harmless(path) for path in pages):
        return Sameness.NOTHING
    if not all(harmless(path, read_here(path), read_there(path)) for path in pages):
        return Sameness.NOTHING
    if _oid(here, CNAME) != _oid(there, CNAME) or (BUILD_INFO in here) != (BUILD_INFO in there):
        return Sameness.PAGES
    if BUILD_INFO not in differ:
        return Sameness.SITE
    claims = harmless(BUILD_INFO, read_here(BUILD_INFO), read_there(BUILD_INFO))
    return Sameness.SITE if claims is Harmless.MOMENT else Sameness.PAGES


def _oid(files: Files, path: str) -> str | None:
    return files[path].oid if path in files else None
