"""The sources of a build, and how they differ from the checked-out commit.

What a build does not read does not count, wherever the site is in its repository. A deployment and ``build.json`` ask
here, so that they never disagree about whether a site is that of its commit.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pathspec.gitignore import GitIgnoreSpec

from engblog.publish.differences import How, SourceChange
from engblog.publish.git import Git

LEFT_BY_TOOLS = (".*", "__pycache__/", "node_modules/")
"""Patterns of files that editors and tools leave, for a folder without other patterns."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The places that a build reads and writes."""

    root: Path
    """The folder of ``mkdocs.yml``. All of it counts."""
    published: tuple[Path, ...] = ()
    """Folders whose files a build reads and publishes, even if git ignores them. For a folder inside another, its own
    patterns count."""
    unpublished: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    """For a folder of :attr:`published`, patterns as in ``.gitignore`` of files that the build leaves out."""
    read: tuple[Path, ...] = ()
    """Files that a build reads, even if git ignores them."""
    besides: tuple[Path, ...] = ()
    """Files and folders that count if they are in the repository, such as the code of plugins."""
    written: tuple[Path, ...] = ()
    """Files and folders that a build writes itself."""


def changes_of(git: Git, sources: Sources) -> tuple[SourceChange, ...]:
    """The differences between *sources* and ``HEAD``. Raises ``GitError``.

    They are found with a separate index, so that no flag in the real one hides an edit.
    """
    return tuple(_Comparison(git, sources).changes())


class _Comparison:
    """One comparison with ``HEAD``; all paths are as git names them, from the top of the work tree."""

    def __init__(self, git: Git, sources: Sources) -> None:
        self._git, self._top = git, git.top.resolve()
        root = self._inside(sources.root) or "."
        needed = [*sources.published, *sources.read]
        patterns = {
            folder: GitIgnoreSpec.from_lines(sources.unpublished.get(folder, LEFT_BY_TOOLS))
            for folder in sources.published
        }
        links = [target for folder, left_out in patterns.items() for target in _targets_of_links(folder, left_out)]
        named = {path: self._inside(path) for path in [*needed, *links]}
        self._outside = [path for path, inside in named.items() if inside is None]
        self._read = frozenset(inside for path in sources.read if (inside := named[path]) is not None)
        self._needed = frozenset(inside for inside in named.values() if inside is not None)
        self._published = {
            inside: left_out for folder, left_out in patterns.items() if (inside := self._inside(folder)) is not None
        }
        besides = [inside for path in sources.besides if (inside := self._inside(path)) is not None]
        written = [inside for path in sources.written if (inside := self._inside(path)) not in {None, "."}]
        self._scope = [
            *(
                f":(top,literal){path}" if path != "." else ":(top)"
                for path in _outermost([root, *self._needed, *besides])
            ),
            *(f":(top,exclude,literal){path}" for path in written),
        ]

    def changes(self) -> Iterator[SourceChange]:
        """Every difference."""
        yield from (SourceChange(str(path), How.OUTSIDE) for path in self._outside)
        self._git.clear_index()
        self._git.run("read-tree", "HEAD")
        found = list(self._status())
        modules = frozenset(self._submodules())
        absent = frozenset(path for path in modules if not (self._top / path / ".git").exists())
        marks = self._marks() if any(kind not in {"??", "!!"} for kind, _ in found) else {}
        same = self._same_bytes([path for kind, path in found if kind in {" M", "M ", "MM"}])
        for kind, path in found:
            if path in absent or path in same:
                continue
            how = How.SUBMODULE if path in modules else self._how(kind, path, marks.get(path, ""))
            if how is not None:
                yield SourceChange(path, how)
        for path in sorted(absent):
            if _inside_any(path, self._needed):
                yield SourceChange(path, How.NO_SUBMODULE)

    def _how(self, kind: str, path: str, mark: str) -> How | None:
        """The way in which *path* differs, from git's letters and its *mark* in the real index; None if no build sees
        it."""
        if kind == "??":
            return How.UNTRACKED
        if kind == "!!":
            if self._is_published(path):
                return How.IGNORED
            is_read = any(each == path or (path.endswith("/") and each.startswith(path)) for each in self._read)
            return How.IGNORED_AND_READ if is_read else None
        left_out = mark.upper() == "S"
        if "D" not in kind:
            return How.HIDDEN if left_out or mark.islower() else How.CHANGED
        if not left_out:
            return How.DELETED
        return How.SPARSE if _inside_any(path, self._needed) else None

    def _status(self) -> Iterator[tuple[str, str]]:
        """The two letters of git's short format and the path, for each difference."""
        done = self._git.run(
            "status", "--porcelain", "-z", "--no-renames", "-uall", "--ignored=matching",
            "--ignore-submodules=none", "--", *self._scope,
        )  # fmt: skip
        for entry in _entries(done.out):
            yield entry[:2], entry[3:]

    def _marks(self) -> dict[str, str]:
        """The letter of each file in the real index: lower-case if git was told to assume that it is unchanged, ``S``
        if a sparse checkout leaves it out."""
        listed = self._git.run("ls-files", "-v", "-z", "--full-name", "--", *self._scope, real_index=True).out
        return {entry[2:]: entry[0] for entry in _entries(listed)}

    def _submodules(self) -> list[str]:
        listed = self._git.run("ls-files", "--stage", "-z", "--full-name", "--", *self._scope).out
        return [entry.split("\t", 1)[1] for entry in _entries(listed) if entry.startswith("160000 ")]

    def _same_bytes(self, paths: list[str]) -> frozenset[str]:
        """Those of *paths* whose bytes are the commit's after all: only their modes differ, or git would change line
        ends in the next commit. A build sees neither."""
        files = [path for path in paths if "\n" not in path and _is_regular(self._top / path)]
        if not files:
            return frozenset()
        stdin = os.fsencode("".join(f"{self._top / path}\n" for path in files))
        oids = self._git.run("hash-object", "--no-filters", "--stdin-paths", data=stdin).text.split()
        listed = _entries(self._git.run("ls-files", "--stage", "-z", "--full-name", "--", *self._scope).out)
        there = {path: about.split()[1] for about, path in (entry.split("\t", 1) for entry in listed)}
        return frozenset(path for path, oid in zip(files, oids, strict=True) if there.get(path) == oid)

    def _is_published(self, path: str) -> bool:
        """True if a build publishes the ignored file *path*, or anything in the folder, which then ends with a
        slash."""
        if not path.endswith("/"):
            return self._publishes(path)
        if any(f"{folder}/".startswith(path) for folder in self._published):
            return True
        return _inside_any(path, self._published) and any(map(self._publishes, self._files_below(path)))

    def _publishes(self, file: str) -> bool:
        """True if a build publishes *file*, by the patterns of the innermost folder that it is in."""
        folder = max((each for each in self._published if _inside_any(file, [each])), key=len, default=None)
        if folder is None:
            return False
        return not self._published[folder].match_file(file if folder == "." else file.removeprefix(f"{folder}/"))

    def _files_below(self, folder: str) -> Iterator[str]:
        for at, _, names in os.walk(self._top / folder):
            base = Path(at).relative_to(self._top).as_posix()
            yield from (f"{base}/{name}" for name in names)

    def _inside(self, path: Path) -> str | None:
        """*path* as git names it; None if it is outside the work tree."""
        try:
            return path.resolve().relative_to(self._top).as_posix()
        except ValueError:
            return None


def _targets_of_links(folder: Path, left_out: GitIgnoreSpec) -> Iterator[Path]:
    """The targets of all symbolic links below *folder* that a build follows."""
    for at, folders, names in os.walk(folder):
        base = Path(at).relative_to(folder)
        folders[:] = [name for name in folders if not left_out.match_file(f"{(base / name).as_posix()}/")]
        for name in (*folders, *names):
            path = Path(at, name)
            if path.is_symlink() and path.exists() and not left_out.match_file((base / name).as_posix()):
                yield path


def _entries(listed: bytes) -> list[str]:
    return [entry for entry in listed.decode("utf-8", "surrogateescape").split("\0") if entry]


def _inside_any(path: str, places: Iterable[str]) -> bool:
    return any(place in {".", path} or path.startswith(f"{place}/") for place in places)


def _outermost(paths: Iterable[str]) -> list[str]:
    """*paths* without those that are inside others."""
    found: list[str] = []
    for path in sorted(set(paths), key=len):
        if not _inside_any(path, found):
            found.append(path)
    return found


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
