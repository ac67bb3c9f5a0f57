"""Reads the file of redirects: old addresses of pages other than articles, each with the new one, which is a page of
the site or a file of its repository."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engblog.model.problems import Code, Mark, Problems, quote
from engblog.model.urls import is_elsewhere, site_path
from engblog.source import marked_yaml
from engblog.source.frontmatter import decode
from engblog.source.marked_yaml import Mapping as YamlMapping
from engblog.source.marked_yaml import Scalar

_LONGEST = 4 * 1024 * 1024
"""Characters of a file of redirects: some fifty thousand."""
_EXAMPLE = "/tags/k8s/: /tags/kubernetes/"
_NO_REPOSITORY = "; for a file of the repository, set repo_url and edit_uri in mkdocs.yml"
_ANCHOR = re.compile(r"[^\s#%\"'<>\\]+")


@dataclass(frozen=True, slots=True)
class Move:
    """An address that a page used to have, its target, and the place where the move is written."""

    path: str
    """The old address, from the site's root: ``tags/k8s/``."""
    target: str
    """The new one; it may be an old one itself, or the full address of a file of the repository."""
    mark: Mark
    anchor: str = ""
    """The place on the new page, without ``#``."""
    target_mark: Mark | None = None
    """The place of *target*, if it is written separately."""


def read_moves(data: bytes | None, path: str, problems: Problems, repository: str = "") -> tuple[Move, ...]:
    """Read the redirects file *path* with content *data*, ``/old/: /new/`` in each line; *data* is None if
    there is no file, and then there are no moves.

    A move can also lead to an address below *repository*, which readers' browsers put before the path of each file of
    the repository; empty if unknown.
    """
    text = decode(data, path, problems) if data is not None else None
    root = marked_yaml.parse(text, path, problems, most=_LONGEST) if text is not None else None
    if root is None:
        return ()
    if not isinstance(root, YamlMapping):
        problems.add(root.mark, Code.Y007_NOT_MAPPING, "the file has no keys", f"write a line for each: {_EXAMPLE}")
        return ()
    read = (_move(key, value, problems, repository) for key, value in root.pairs)
    return tuple(move for move in read if move is not None)


def _move(key: Scalar, value: marked_yaml.Value, problems: Problems, repository: str) -> Move | None:
    path = site_path(key.text)
    if path is None:
        hint = f"write the old path on this site, then the new one: {_EXAMPLE}"
        problems.add(key.mark, Code.F010_ALIAS_PATH, f"{quote(key.text)} is not a path of this site", hint)
    if not isinstance(value, Scalar) or not value.text.strip():
        message = f"the old address {quote(key.text)} needs exactly one new address"
        problems.add(value.mark, Code.F003_TYPE, message, f"write: {_EXAMPLE}")
        return None
    to, _, anchor = value.text.partition("#")
    target = _target(to, repository)
    if target is None or ("#" in value.text and not _ANCHOR.fullmatch(anchor)):
        hint = f"a redirect leads to a page of this site, optionally with an #anchor: {_EXAMPLE}"
        if is_elsewhere(value.text):
            hint += f"; or to a file of the repository: {repository}README.md" if repository else _NO_REPOSITORY
        problems.add(value.mark, Code.A002_REDIRECT_TARGET, f"{quote(value.text)} is not a path of this site", hint)
        return None
    return Move(path, target, key.mark, anchor, value.mark) if path is not None else None


def _target(to: str, repository: str) -> str | None:
    """The target that is written as *to*; None if it is neither a path of this site nor a file below *repository*."""
    if to == "/":
        return ""
    if repository and to.startswith(repository):
        return to if site_path(f"/{to.removeprefix(repository)}") else None
    return site_path(to)
