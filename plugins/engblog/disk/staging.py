"""Staging: a build goes into a folder beside the site and replaces the site only if it succeeds, so a failed build
leaves the last good site."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import weakref
from collections.abc import Iterator
from pathlib import Path

from engblog.disk.scratch import Scratch, abandoned
from engblog.model.errors import EngblogError
from engblog.outputs.build_info import BUILD_INFO, BuildInfoError, read_build_info

_PUBLISHED_HIDDEN = frozenset({".nojekyll", ".well-known"})
_SOURCES = frozenset({"mkdocs.yml", "mkdocs.yaml", "properdocs.yml", "pyproject.toml", "package.json", "Makefile"})
_OF_PREVIEW = ("index.html", "llms.txt", "search/base.json")
"""Files that every preview writes, which names no build."""
_HERE = -100  # AT_FDCWD: paths start at the working directory
_OPEN = 0o644
_EXCHANGE = 2  # RENAME_EXCHANGE
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


class StagingError(EngblogError):
    """A build must not replace a folder; the message says why."""


class Staging:
    """A place for one build of the site at *target*. If that is a link, the folder that it leads to is replaced."""

    def __init__(self, target: Path, *, is_ours: bool = False) -> None:
        """Make the place, once what killed builds left is gone. Raises :class:`StagingError` if *target* has anything
        but a site that a build wrote; unless it *is_ours*, because this process or the host has made it."""
        self.target = Path(os.path.realpath(target))
        if not is_ours:
            _refuse_foreign(self.target)
        parent, name = self.target.parent, self.target.name
        parent.mkdir(parents=True, exist_ok=True)
        _restore(self.target)
        # On the same file system as the target, so that replacing it is a rename.
        self._scratch = Scratch(parent, f".{name}.staging-")
        self.folder = self._scratch.folder
        # Also at exit: MkDocs does not say when Ctrl+C ends a build.
        self._cleanup = weakref.finalize(self, self._scratch.remove)

    def promote(self) -> None:
        """Replace the site with the finished build. Where the system can exchange two folders, there is a site at each
        moment; elsewhere, there is none for some microseconds, and the next build restores it if this one is killed
        then."""
        _open_to_readers(self.folder)
        if not self.target.exists():
            self.folder.rename(self.target)
            self._done()
            return
        old = self.folder
        if not _exchanged(self.folder, self.target):
            old = self.folder.with_name(self.folder.name.replace(".staging-", ".old-"))
            self.target.rename(old)
            try:
                self.folder.rename(self.target)
            except OSError:
                old.rename(self.target)
                raise
        shutil.rmtree(old, ignore_errors=True)
        self._done()

    def discard(self) -> None:
        """Remove the unfinished build; the site stays unchanged."""
        self._cleanup()

    def _done(self) -> None:
        self._cleanup.detach()
        self._scratch.release()


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise StagingError(f"{target} is not a folder: delete it, or set `site_dir` to another")
    if not any(target.iterdir()):
        return
    if (foreign := next(_foreign(target), None)) is not None:
        raise StagingError(
            f"{target} has {foreign}, which no build wrote, and a build would delete it: move it elsewhere, or set "
            "`site_dir` to another folder"
        )
    if not (_is_of_build(target) or all((target / name).is_file() for name in _OF_PREVIEW)):
        raise StagingError(
            f"{target} is not empty, and not a site that a build wrote: it has no {BUILD_INFO}; delete it if it may "
            "go, or set `site_dir` to another folder"
        )


def _is_of_build(target: Path) -> bool:
    try:
        read_build_info((target / BUILD_INFO).read_bytes())
    except (OSError, BuildInfoError):
        return False
    return True


def _foreign(target: Path) -> Iterator[str]:
    """Things in *target* that no site has: hidden files, links, and sources of sites."""
    yield from sorted(_SOURCES & {path.name for path in target.iterdir()})
    for folder, names, files in os.walk(target):
        base = Path(folder)
        for name in sorted([*names, *files]):
            if name.startswith(".") and not (name in _PUBLISHED_HIDDEN and base == target):
                yield (base / name).relative_to(target).as_posix()
            elif (base / name).is_symlink():
                yield f"the link {(base / name).relative_to(target).as_posix()}"


def _restore(target: Path) -> None:
    """Put the last site back if a build was killed between the two renames."""
    if not target.exists():
        for old in abandoned(target.parent, f".{target.name}.old-"):
            old.rename(target)
            return
    for old in abandoned(target.parent, f".{target.name}.old-"):
        shutil.rmtree(old, ignore_errors=True)


def _open_to_readers(folder: Path) -> None:
    """Let everybody read the site in *folder*, and nobody else write to it, whatever the umask. A file that is so
    already keeps the time of its last change."""
    for base, _, files in os.walk(folder):
        Path(base).chmod(0o755)
        for name in files:
            path = Path(base, name)
            found = path.lstat()
            if not stat.S_ISLNK(found.st_mode) and stat.S_IMODE(found.st_mode) != _OPEN:
                path.chmod(_OPEN)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot. Raises ``OSError``."""
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    if (number := ctypes.get_errno()) not in _CANNOT:
        raise OSError(number, os.strerror(number), str(one))
    return False
