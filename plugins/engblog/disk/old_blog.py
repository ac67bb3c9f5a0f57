"""Reads the folder of an old blog: its files, the days on which they were added, and the names of zones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import date, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from engblog.disk.git_environment import environment_of_its_own
from engblog.disk.pictures import read_file
from engblog.importing.dialect import TEXTS, OldBlog
from engblog.model.errors import EngblogError

_OF_TOOLS = frozenset({
    "node_modules", "_site", "public", "resources", "vendor", "build", "__pycache__", "venv", ".bundle", ".docusaurus",
    ".jekyll-cache", ".sass-cache", ".git", ".hg", ".svn", ".venv", ".cache", ".github", ".vscode", ".idea",
})  # fmt: skip
"""Folders that tools fill; nothing in them is written by an author."""
_SOURCES = frozenset({"public", "resources", "build", "vendor"})
"""Of these, the ones that are an author's if they are deep in the tree: ``content/posts/build/``."""
_LARGEST = 64 * 1024 * 1024
_LONGEST_HISTORY = 600
"""Seconds after which a repository is taken for one without a history."""


class OldBlogError(EngblogError):
    """There is no blog to import; the message says why."""


def open_blog(folder: Path, *, url: str = "", posts: tuple[str, ...] = (), leave_out: Path | None = None) -> OldBlog:
    """The old blog in *folder*, without what is below *leave_out*. Raises :class:`OldBlogError`."""
    if not folder.is_dir():
        raise OldBlogError(f"{folder}: there is no such folder; name the one that has the old blog's configuration")
    root = folder.resolve()
    files = frozenset(_files(root, leave_out.resolve() if leave_out else None))
    within = [_from(root, each) for each in posts]
    for each, given in zip(within, posts, strict=True):
        if not any(path.startswith(f"{each}/") for path in files):
            raise OldBlogError(f"{given}: there are no files in this folder of {folder}")

    def read(path: str) -> bytes | None:
        return read_file(root / path, _LARGEST) if path in files else None

    return OldBlog(files, read, url=url, posts=tuple(within), zone=zone_of, first_day=FirstDays(root).day)


def _from(root: Path, given: str) -> str:
    path = Path(given)
    if path.is_absolute() and path.resolve().is_relative_to(root):
        return path.resolve().relative_to(root).as_posix()
    return os.path.normpath(given).strip("/")


def _files(root: Path, leave_out: Path | None) -> Iterator[str]:
    """Every file below *root*. Symbolic links are followed to files below it only: a blog is others' work, and could
    name any file of this machine."""
    for folder, names, files in os.walk(root):
        base = Path(folder)
        depth = len(base.relative_to(root).parts)
        names[:] = sorted(
            name
            for name in names
            if (name not in _OF_TOOLS or (depth > 0 and name in _SOURCES)) and (base / name) != leave_out
        )
        for name in files:
            path = base / name
            try:
                is_own = not path.is_symlink() or path.resolve(strict=True).is_relative_to(root)
            except (OSError, RuntimeError):
                is_own = False
            shown = path.relative_to(root).as_posix()
            if is_own and not any("\ud800" <= each <= "\udfff" for each in shown):
                yield shown


def zone_of(name: str) -> tzinfo | None:
    """The zone *name*, ``Europe/Paris``; None if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


class FirstDays:
    """The days on which the texts below *root* were added to its repository. git is asked once, and only if somebody
    wants to know: one walk through the history of a large repository takes as long for all files as for one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._days: dict[str, date] | None = None

    def day(self, path: str) -> date | None:
        """The day on which the file *path* below the root was added, under whichever name; None if it never was."""
        if self._days is None:
            self._days = dict(_first_days(_history(self._root)))
        return self._days.get(path)


def _history(root: Path) -> str:
    """The texts that commits below *root* added and renamed, the oldest first; empty if it is in no repository."""
    command = [
        "git", "-C", str(root), "log", "--reverse", "--relative", "--diff-filter=AR", "--find-renames", "--name-status",
        "-z", "--format=%x01%as", "--", *(f":(icase,glob)**/*{ending}" for ending in TEXTS),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=_LONGEST_HISTORY, env=environment_of_its_own()
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""


def _first_days(history: str) -> Iterator[tuple[str, date]]:
    days: dict[str, date] = {}
    for commit in history.split("\x01"):
        written, _, files = commit.partition("\0")
        words = iter(files.strip("\0\n").split("\0"))
        for status in words:
            if status.strip().startswith("R"):
                old, new = next(words, ""), next(words, "")
                days[new] = days.get(old) or date.fromisoformat(written.strip())
            elif status.strip():
                days[next(words, "")] = date.fromisoformat(written.strip())
    yield from days.items()
