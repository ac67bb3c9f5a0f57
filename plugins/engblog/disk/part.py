"""The part of a docs folder that a check of a few files looks at.

Checking one article needs little of the others: their front matter, because dates, addresses and series can clash; and
the whole of those that name its folder, because they may refer to its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from engblog.disk.pictures import read_file
from engblog.model.errors import EngblogError
from engblog.model.problems import did_you_mean
from engblog.model.urls import MARKDOWN
from engblog.source.frontmatter import MAX_BYTES

_IN_DISGUISE = re.compile(rb"\\-|%(?:2[dD]|3[0-9]|[67][0-9a-fA-F])|&(?:#|hyphen|dash)")
"""Ways to write the letters of a folder's name that the name itself does not match."""


class PartError(EngblogError):
    """A path is not that of a text of the site; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Part:
    """The texts that somebody asked about, and what they have to do with others. Paths start at the docs folder."""

    folders: frozenset[str]
    """Folders of articles."""
    pages: frozenset[str]
    """Hand-written pages."""
    near: frozenset[str]
    """The folders of other articles that these texts name."""
    naming: frozenset[str]
    """The files of other texts that name one of :attr:`folders`."""

    def has(self, path: str) -> bool:
        """True if somebody asked about the file *path*."""
        return path in self.pages or _folder_of(path, self.folders) is not None

    def needs_whole(self, path: str) -> bool:
        """True if the text of the file *path* must be read, not only its front matter."""
        return path in self.naming or self.has(path)

    def is_near(self, path: str) -> bool:
        """True if one of the texts may refer to the file *path* of an article."""
        return self.has(path) or _folder_of(path, self.near) is not None

    @property
    def texts(self) -> tuple[str, ...]:
        """The files that somebody asked about."""
        return tuple(sorted({*self.pages, *(f"{folder}/index.md" for folder in self.folders)}))


def part_of(docs: Path, articles_dir: str, paths: Iterable[Path]) -> Part | None:
    """The part of *docs* that *paths* name: the folder of an article, a file in it, its name, or a hand-written page.
    None if one of them is *articles_dir*, the folder of all
    articles, or contains it. Raises :class:`PartError`, for all of them at
    once."""
    articles = {path.parent.relative_to(docs).as_posix(): path for path in docs.glob(f"{articles_dir}/*/*.md")}
    folders, pages, refused = set[str](), set[str](), list[str]()
    for path in paths:
        found = _found(path, docs, articles_dir, articles)
        if found == ".":
            return None
        if found in articles:
            folders.add(found)
        elif found:
            pages.add(found)
        else:
            refused.append(_refusal(path, docs, articles_dir, articles))
    if refused:
        raise PartError("\n".join(refused))
    texts = {name: read_file(docs / name, MAX_BYTES + 1) or b"" for name in _texts(docs, articles, articles_dir)}
    asked = Part(frozenset(folders), frozenset(pages), frozenset(), frozenset())
    own = b"\n".join(data for name, data in texts.items() if asked.has(name))
    named = {folder for folder in articles if folder not in folders and _names(own, folder)}
    naming = {
        name for name, data in texts.items() if not asked.has(name) and any(_names(data, each) for each in folders)
    }
    return Part(asked.folders, asked.pages, frozenset(named), frozenset(naming))


def _found(path: Path, docs: Path, articles_dir: str, articles: Mapping[str, Path]) -> str:
    """The folder of an article or the page that *path* means; a dot for all of them, and nothing for none of them."""
    if not path.exists() and len(path.parts) == 1 and f"{articles_dir}/{path}" in articles:
        return f"{articles_dir}/{path}"
    try:
        inside = path.resolve().relative_to(docs.resolve()).as_posix()
    except ValueError:
        return "." if path.is_dir() and docs.resolve().is_relative_to(path.resolve()) else ""
    if inside == "." or articles_dir == inside or articles_dir.startswith(f"{inside}/"):
        return "."
    if not path.exists():
        return ""
    if (folder := _folder_of(inside, articles)) is not None:
        return folder
    return inside if inside.endswith(MARKDOWN) and not inside.startswith(f"{articles_dir}/") else ""


def _refusal(path: Path, docs: Path, articles_dir: str, articles: Mapping[str, Path]) -> str:
    slugs = {folder.rpartition("/")[2] for folder in articles}
    name = path.name if path.suffix not in MARKDOWN else path.parent.name
    hint = did_you_mean(name, slugs) if not path.exists() else ""
    what = "is neither in the folder of an article nor a page" if path.exists() else "does not exist"
    return f"{path} {what}: {hint or f'name a folder of {docs / articles_dir}, or a file in one'}"


def _texts(docs: Path, articles: Mapping[str, Path], articles_dir: str) -> Iterator[str]:
    yield from (f"{folder}/index.md" for folder in sorted(articles))
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        if not name.startswith(f"{articles_dir}/"):
            yield name


def _folder_of(path: str, folders: Iterable[str]) -> str | None:
    """Those of *folders* that *path* is or is in."""
    known = folders if isinstance(folders, frozenset | set | dict) else {*folders}
    while path:
        if path in known:
            return path
        path = path.rpartition("/")[0]
    return None


def _names(data: bytes, folder: str) -> bool:
    """True if the text *data* has the last part of *folder*, however it is written."""
    name = folder.rpartition("/")[2].encode("utf-8", "surrogateescape")
    if name in data:
        return True
    if not (_IN_DISGUISE.search(data) or not name.isascii()):
        return False
    text = unescape(unquote(data.decode("utf-8", "replace").replace("\\", "")))
    return name.decode("utf-8", "replace") in text
