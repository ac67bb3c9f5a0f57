"""Walks a docs folder: its files, and which of them the configuration leaves out, by the rules of the host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

from engblog.model.urls import WELL_KNOWN

_ALWAYS = (".*", "/templates/")
"""The host's own patterns (``mkdocs.structure.files``), which come before those of ``exclude_docs``."""
FILLED_BY_TOOLS = frozenset({"__pycache__", "node_modules"})
"""Folders that tools fill and that belong to no text."""
_OF_TOOLS = frozenset({".git", ".hg", ".svn", ".venv", ".cache", ".idea", ".vscode"})
_CACHE = "_cache"


def walk(docs: Path) -> Iterator[str]:
    """Every file below *docs* as a path from it, hidden ones included, without the folders that tools fill."""
    for folder, names, files in os.walk(docs):
        names[:] = sorted(name for name in names if is_text(name) and not _is_of_a_tool(name))
        base = Path(folder).relative_to(docs).as_posix()
        for name in filter(is_text, files):
            yield name if base == "." else f"{base}/{name}"


def is_text(name: str) -> bool:
    """True if *name*, as the system gives it, is UTF-8."""
    return not any("\ud800" <= each <= "\udfff" for each in name)


def _is_of_a_tool(name: str) -> bool:
    return name in FILLED_BY_TOOLS or name in _OF_TOOLS or (name.startswith(".") and name.endswith(_CACHE))


class Exclusion:
    """The files that a site does not publish, by the patterns of its configuration (``exclude_docs``)."""

    def __init__(self, patterns: str) -> None:
        lines = patterns.splitlines()
        self._written = GitIgnoreSpec.from_lines(lines)
        self._all = GitIgnoreSpec.from_lines([*_ALWAYS, *lines])

    def is_named(self, path: str) -> bool:
        """True if the configuration itself leaves out *path*, not only the host's own patterns."""
        return self._written.match_file(path)

    def leaves_out(self, path: str) -> bool:
        """True if *path*, from the docs folder, is not published. ``.well-known`` is, unless the configuration says
        otherwise: other programs look for the files in it."""
        if path.startswith(WELL_KNOWN):
            hidden = any(part.startswith(".") for part in path.removeprefix(WELL_KNOWN).split("/"))
            return hidden or self.is_named(path)
        return self._all.match_file(path)
