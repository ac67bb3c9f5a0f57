"""Finds out where a build comes from: asks git, the lock file and the installed packages."""

from __future__ import annotations

import hashlib
import platform
import zlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engblog.model.publication import Provenance
from engblog.publish.git import Git, GitError
from engblog.publish.sources import Sources, changes_of

LOCK = "requirements/site.txt"
"""The file with the locked dependencies, by path from the folder of ``mkdocs.yml``."""
_PACKAGES = (
    "engblog", "jinja2", "markdown", "mkdocs-blog-plugin", "mkdocs-material", "mkdocs-rss-plugin", "numpy", "pillow",
    "pygments", "pymdown-extensions", "pyyaml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revision:
    """The checked-out commit of a folder."""

    commit: str | None = None
    clean: bool | None = None
    """True if everything that the build reads is as in the commit (:mod:`engblog.publish.sources`)."""


def revision(sources: Sources) -> Revision:
    """Find the checked-out commit of *sources*, and compare them with it.

    Both fields are None if there is no git, no work tree or no commit, because a build needs none of them.
    """
    try:
        git = Git(sources.root)
    except GitError:
        return Revision()
    commit = None
    try:
        commit = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return Revision() if commit is None else Revision(commit, not changes_of(git, sources))
    except GitError:
        return Revision(commit, None)
    finally:
        git.close()


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
