"""Finds out where a build comes from: asks git, the lock file and the installed packages."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engblog.disk.git_environment import environment_of_its_own
from engblog.model.publication import Provenance

LOCK = "requirements/site.txt"
"""The file with the locked dependencies, by path from the folder of ``mkdocs.yml``."""
_PACKAGES = (
    "engblog", "jinja2", "markdown", "mkdocs-blog-plugin", "mkdocs-material", "mkdocs-rss-plugin", "numpy", "pillow",
    "pygments", "pymdown-extensions", "pyyaml",
)  # fmt: skip
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Revision:
    """The checked-out commit of a folder."""

    commit: str | None = None
    clean: bool | None = None
    """True if all files that git does not ignore are as in the commit."""


def revision(folder: Path, *, written: Iterable[Path] = ()) -> Revision:
    """Find the checked-out commit of *folder*; files below the folders *written* do not count as changed.

    Both fields are None if there is no git, no work tree or no commit, because a build needs none of them.
    """
    found = _git(folder, "rev-parse", "--show-toplevel", "HEAD")
    if found is None:
        return Revision()
    top, _, commit = found.strip().rpartition("\n")
    root = Path(top)
    inside = [path.relative_to(root) for each in written if (path := each.resolve()).is_relative_to(root)]
    excluded = [f":(top,exclude,literal){path.as_posix()}" for path in inside if path.parts]
    changed = _git(folder, "status", "--porcelain", "--", ":(top)", *excluded)
    return Revision(commit, None if changed is None else not changed)


def provenance(folder: Path, host: str, before: Revision, after: Revision) -> Provenance:
    """Describe the origin of a build of the site in *folder*.

    *host* is the package that renders, ``mkdocs`` or ``properdocs``. *before* and *after* are the revisions at the
    start and at the end of the build; if they differ, no commit is named.
    """
    clean = before.clean if before == after else False
    lock = folder / LOCK
    digest = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None
    return Provenance(after.commit, clean, digest, tools(host))


def tools(host: str) -> dict[str, str]:
    """The versions of Python, zlib, *host* and the packages that affect the site's bytes, as far as installed."""
    found = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    for name in (host, *_PACKAGES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _git(folder: Path, *arguments: str) -> str | None:
    """The output of git; None if git is missing or fails."""
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, env=environment_of_its_own(), capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else os.fsdecode(done.stdout)
