"""The ways in which the sources of a build can differ from the commit, each with what to do about it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

_NAMED = 3
"""The number of files that a hint names; for more, it says PATH."""

_COMMIT = "commit the changes, or set them aside: git stash push"


class How(Enum):
    """The ways to differ: in words, and what to do. A hint names the files for ``PATH``, and their folders for
    ``FOLDER``."""

    CHANGED = "changed", f"{_COMMIT} --include-untracked -- PATH"
    UNTRACKED = "not in git", f"{_COMMIT} --include-untracked -- PATH"
    DELETED = "deleted", "commit the deletion, or bring the file back: git restore -- PATH"
    HIDDEN = (
        "changed",
        "git was told not to look at it; commit the changes after this: "
        "git update-index --no-assume-unchanged --no-skip-worktree -- PATH",
    )
    IGNORED = (
        "ignored by git, and published by a build",
        "a build reads what git ignores, and nobody else has it: git add --force -- PATH; or move it elsewhere; or "
        "leave it out of the build with `exclude_docs`",
    )
    IGNORED_AND_READ = (
        "ignored by git, and read by a build",
        "nobody else has what a build reads here: git add --force -- PATH",
    )
    OUTSIDE = "outside the repository", "a build reads it, but no commit can contain it: move it into the repository"
    SPARSE = (
        "left out by a sparse checkout",
        "do not commit that, but bring it back: git sparse-checkout add FOLDER, or everything: git sparse-checkout "
        "disable",
    )
    SUBMODULE = "changed", "commit in the submodule first, and then the submodule itself; see: git -C PATH status"
    NO_SUBMODULE = "a submodule that is not checked out", "run: git submodule update --init -- PATH"

    @property
    def words(self) -> str:
        """The difference in words."""
        return self.value[0]

    @property
    def hint(self) -> str:
        """The advice."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A source that differs from the commit."""

    path: str
    """From the top of the repository; for a place outside, the whole path."""
    how: How

    def __str__(self) -> str:
        """``path (how)``."""
        return f"{self.path.encode('utf-8', 'backslashreplace').decode()} ({self.how.words})"


def remedies(changes: Collection[SourceChange]) -> Iterator[str]:
    """List what to do about *changes*, each piece of advice once."""
    hints: dict[str, list[str]] = {}
    for how in How:
        if paths := [change.path for change in changes if change.how is how]:
            hints.setdefault(how.hint, []).extend(paths)
    for hint, paths in hints.items():
        folders = list(dict.fromkeys(path.rpartition("/")[0] or "." for path in paths))
        yield hint.replace("PATH", _listed(paths, "PATH")).replace("FOLDER", _listed(folders, "FOLDER"))


def _listed(paths: list[str], otherwise: str) -> str:
    return " ".join(map(_quoted, paths)) if len(paths) <= _NAMED else otherwise


def _quoted(path: str) -> str:
    return shlex.quote(path.encode("utf-8", "backslashreplace").decode())
