"""Checks that the site has only files in which no browser runs anything, whatever brought them, besides its own.

The build knows the bytes of what it made itself and of what its theme brings. Everything else, from the docs folder or
from another plugin, must be a page with the site's policy, data in XML, or of a kind that a docs folder may publish.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from engblog.contract.finding import Finding, in_file
from engblog.html.page import ReadPage
from engblog.html.plain_xml import plain_xml_fault
from engblog.model.problems import Code
from engblog.model.publication import Tree
from engblog.source.file_kinds import file_faults

_PAGE = ".html"
_PACKED_SITEMAP = "sitemap.xml.gz"
_DATA = (".xml", ".opml")
_HINT = "take it out of the site, or let the theme bring it: no policy holds back a file that a reader opens"


@dataclass(frozen=True, slots=True)
class Own:
    """The files that a build made or brought, and the policy of its pages."""

    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256, in hexadecimal, of each file that the build made or that its theme brings, by path from the site's
    root."""
    policy: str = ""
    """The Content-Security-Policy of its pages."""
    code: frozenset[str] = frozenset()
    """Style sheets and scripts that the configuration names."""


def wrong_files(tree: Tree, pages: Mapping[str, ReadPage], own: Own) -> Iterator[Finding]:
    """Files that a browser could run, and pages with a policy that is not the site's."""
    sheets = frozenset(path for path in tree.paths if path.endswith(".xsl") and _is_own(tree, path, own))
    for path in tree.paths:
        if _is_own(tree, path, own) or path == _PACKED_SITEMAP:
            continue
        if path.endswith(_PAGE):
            policy = pages[path].policy
            if policy is not None and policy != own.policy:
                message = "the page sets another policy than the site's"
                hint = "leave the policy to the theme's templates, which write the site's"
                yield in_file(Code.P013_POLICY, path, message, hint, "policy")
        elif path.endswith(_DATA):
            if said := plain_xml_fault(tree.read(path), sheets):
                yield in_file(Code.P012_FILE, path, f"the file {said}", _HINT)
        else:
            for fault in file_faults(path, partial(tree.read, path), may_be_code=path in own.code):
                offset = _offset(tree.read(path), fault.line, fault.column)
                yield Finding(Code.P012_FILE, path, offset, fault.message, _HINT)


def _is_own(tree: Tree, path: str, own: Own) -> bool:
    return path in own.digests and tree.digest(path) == own.digests[path]


def _offset(data: bytes, line: int, column: int) -> int:
    """The number of characters before the place."""
    lines = data.decode("utf-8", "replace").split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
