"""The first look at an article's file: front matter, scanned body, and what it needs to have read beside it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from engblog.model.article import LabFiles
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.model.urls import resolve_path
from engblog.source.body import Body, scan
from engblog.source.frontmatter import Parts, decode, split
from engblog.source.includes import include_path


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article's file, taken apart once."""

    src_uri: str
    """Path from the docs folder, with slashes: ``articles/<slug>/index.md``."""
    path: str
    """The same file as people see it named in problems."""
    problems: tuple[Problem, ...]
    """What is wrong with the file as a whole, its encoding or its front matter's syntax."""
    parts: Parts | None = None
    """None where the file could not be taken apart."""
    body: Body | None = None
    wanted: tuple[str, ...] = ()
    """Files whose text the article includes or sets in, by path from its folder; those that it may not read are left
    out."""

    @property
    def folder(self) -> str:
        """``articles/<slug>``."""
        return self.src_uri.rpartition("/")[0]

    @property
    def slug(self) -> str:
        """The folder's name."""
        return self.folder.rpartition("/")[2]

    @property
    def is_draft(self) -> bool:
        """Whether the front matter says so."""
        fields = self.parts.fields if self.parts else None
        return getattr(fields.get("status") if fields else None, "text", "") == "draft"


@dataclass(frozen=True, slots=True)
class Source:
    """An article as found: its file, and what it needs of the files beside it."""

    parsed: Parsed
    includes: Mapping[str, str | None] = field(default_factory=dict)
    """Text of each file that is wanted; None for one that is not there or is no text."""
    lab: LabFiles | None = None
    """The lab's state, where there is a ``lab/`` folder with tests."""

    @property
    def src_uri(self) -> str:
        """Path from the docs folder."""
        return self.parsed.src_uri

    @property
    def folder(self) -> str:
        """``articles/<slug>``."""
        return self.parsed.folder

    @property
    def slug(self) -> str:
        """The folder's name."""
        return self.parsed.slug


def parse_article(data: bytes | None, src_uri: str, path_prefix: str = "") -> Parsed:
    """Take apart *data*, the bytes of the file *src_uri*; None is one that cannot be read.

    Problems name the file as *path_prefix* + *src_uri*, so that a path can be opened from where the author stands.
    """
    path, problems = path_prefix + src_uri, Problems()
    if data is None:
        hint = "check that it is a file and its permissions"
        problems.add(Mark(path), Code.S006_UNREADABLE, "the file cannot be read", hint)
        return Parsed(src_uri, path, tuple(problems.found))
    text = decode(data, path, problems)
    parts = split(text, path, problems) if text is not None else None
    if parts is None:
        return Parsed(src_uri, path, tuple(problems.found))
    body = scan(parts.body, parts.body_line)
    if not parts.body.strip():
        problems.add(
            Mark(path, parts.body_line), Code.S002_EMPTY, "the article has no text", "write below the closing ---"
        )
    wanted = dict.fromkeys(_wanted(body, src_uri.rpartition("/")[0]))
    return Parsed(src_uri, path, tuple(problems.found), parts, body, tuple(wanted))


def _wanted(body: Body, folder: str) -> Iterator[str]:
    for reference in body.references:
        if reference.kind == "include":
            name = include_path(reference.target)[0]
            if (resolve_path(folder, name) or "").startswith(f"{folder}/"):  # the check says why no other is read
                yield name
        elif reference.kind == "image" and reference.target.endswith(".svg"):
            name = posixpath.normpath(unquote(reference.target))
            if resolve_path(folder, name) is not None:
                yield name
