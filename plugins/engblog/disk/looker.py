"""Looks at the files that texts refer to: whether a picture is one, what a document refers to, what is not fetched."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from engblog.disk.pictures import look_at, read_file
from engblog.model.picture import LFS, Picture
from engblog.model.problems import Mark, Problems
from engblog.site.published_files import DocsFolder, is_known
from engblog.source.file_kinds import FileFault, file_faults
from engblog.source.local_references import LocalReference
from engblog.source.pictures import LOOKS_LIKE_A_PICTURE, MOST_BYTES, kind_of, picture_fault, pointer_fault

_QUOTED = re.compile(r"[\"']([^\"'\s{}<>]+)[\"']")
_HEAD = 64 * 1024


def kind_of_file(path: Path) -> str:
    """The kind of content of the file *path* by its first bytes; also ``empty`` and ``unreadable``."""
    head = read_file(path, _HEAD)
    return "unreadable" if head is None else kind_of(head) if head else "empty"


class Looker:
    """Looks at the files of *folder*, which is *docs* on disk, at each only once."""

    def __init__(self, docs: Path, folder: DocsFolder) -> None:
        self._docs = docs
        self._folder = folder
        self._files = folder.files
        self._pictures: dict[str, Picture | None] = {}
        self._kinds: dict[str, str] = {}

    def pictures(self, local: Iterable[LocalReference]) -> dict[str, Picture | None]:
        """The pictures among the files that *local* refer to, by path; None for one that cannot be read."""
        wanted = {each.path for each in local if each.is_picture and each.path in self._files}
        return {path: self._picture(path) for path in sorted(wanted)}

    def kinds(self, local: Iterable[LocalReference]) -> dict[str, str]:
        """The kind of content of each file that *local* refer to, besides pictures, by path."""
        wanted = {each.path for each in local if not each.is_picture and each.path in self._files}
        return {path: self._kind(path) for path in sorted(wanted)}

    def unfit(self, paths: Iterable[str], code: Collection[str] = ()) -> dict[str, tuple[FileFault, ...]]:
        """Those of *paths* that must not be published, each with the reasons; *code* are those that may be style sheets
        and scripts. Those that cannot be read are noted where a text refers to them."""
        found: dict[str, tuple[FileFault, ...]] = {}
        for path in sorted(self._files.intersection(paths)):
            if read_file(self._docs / path, 1) is not None:
                found[path] = tuple(file_faults(path, partial(self._bytes, path), may_be_code=path in code))
        return {path: faults for path, faults in found.items() if faults}

    def _bytes(self, path: str) -> bytes:
        return read_file(self._docs / path, MOST_BYTES + 1) or b""

    def check_assets(self, prefix: str, problems: Problems) -> None:
        """Note pictures that no browser can show, and files that Git LFS has not fetched, among the files that are
        published although no text refers to them."""
        paths = self._folder.named | {path for path in self._files if is_known(path)}
        check_files(self._docs, paths, prefix, problems)

    def _picture(self, path: str) -> Picture | None:
        if path not in self._pictures:
            self._pictures[path] = look_at(self._docs / path)
        return self._pictures[path]

    def _kind(self, path: str) -> str:
        if path not in self._kinds:
            self._kinds[path] = kind_of_file(self._docs / path)
        return self._kinds[path]


def check_theme(theme: Path, prefix: str, problems: Problems) -> None:
    """Do the same as :meth:`Looker.check_assets` for the files of a *theme*'s folder, which is shown as *prefix*."""
    check_files(theme, files_of_theme(theme), prefix, problems)


def files_of_theme(theme: Path) -> frozenset[str]:
    """The path of every file below the folder *theme*."""
    return frozenset(
        Path(folder, name).relative_to(theme).as_posix() for folder, _, names in os.walk(theme) for name in names
    )


def named_in_templates(theme: Path) -> frozenset[str]:
    """Every text in quotation marks in the templates of the folder *theme*, some of which are the paths of files."""
    found: set[str] = set()
    for template in theme.rglob("*.html"):
        found.update(_QUOTED.findall((read_file(template) or b"").decode("utf-8", "replace")))
    return frozenset(found)


def check_files(folder: Path, paths: Iterable[str], prefix: str, problems: Problems) -> None:
    """Note each of *paths*, files below *folder*, that is a damaged picture or not fetched."""
    for path in sorted(paths):
        if path.lower().endswith(LOOKS_LIKE_A_PICTURE):
            fault = picture_fault(path, path, look_at(folder / path))
        else:
            fault = pointer_fault(path) if kind_of_file(folder / path) == LFS else None
        if fault is not None:
            problems.add(Mark(prefix + path), *fault)
