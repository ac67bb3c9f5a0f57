"""The first look at an article's file: front matter, scanned body, and the other files that must be read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from engblog.model.article import LabFiles
from engblog.model.picture import LFS, Picture
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.model.urls import resolve_path
from engblog.source.body import Body, scan
from engblog.source.bounds import check_bounds
from engblog.source.frontmatter import Parts, decode, split
from engblog.source.includes import include_path
from engblog.source.local_references import LocalReference, local_references
from engblog.source.long_lines import open_brackets
from engblog.source.pictures import kind_of, pointer_fault


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article's file, taken apart once."""

    src_uri: str
    """Path from the docs folder, with slashes: ``articles/<slug>/index.md``."""
    path: str
    """The same file as problems name it."""
    problems: tuple[Problem, ...]
    """Problems of the file as a whole, of its encoding, or of its front matter's syntax."""
    parts: Parts | None = None
    """None where the file could not be taken apart."""
    body: Body | None = None
    wanted: tuple[str, ...] = ()
    """Files whose text the article includes or sets in, by path from its folder, without those that it may not read."""
    local: tuple[LocalReference, ...] = ()
    """Every file that the text refers to."""
    is_sound: bool = False
    """True if an earlier run has looked at the same file and found no problem in the text itself."""

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
        """True if the front matter says so."""
        fields = self.parts.fields if self.parts else None
        return getattr(fields.get("status") if fields else None, "text", "") == "draft"


@dataclass(frozen=True, slots=True)
class Source:
    """An article as found: its file, and what it needs from the files next to it."""

    parsed: Parsed
    includes: Mapping[str, str | None] = field(default_factory=dict)
    """Text of each wanted file; None if it is missing or is not text."""
    lab: LabFiles | None = None
    """The lab's state, if there is a ``lab/`` folder with tests."""
    pictures: Mapping[str, Picture | None] = field(default_factory=dict)
    """The files that the text shows as pictures or whose names promise pictures, by path from the docs folder, without
    those that are missing; None if a file cannot be read."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of content of each other file that the text refers to (:func:`engblog.source.pictures.kind_of`), by path
    from the docs folder; ``unreadable`` for one that cannot be read."""

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


def parse_article(
    data: bytes | None, src_uri: str, path_prefix: str = "", known: Callable[[Parts], Body | None] = lambda _: None
) -> Parsed:
    """Take apart *data*, the bytes of the file *src_uri*; None means that it cannot be read. *known* gives the body as
    an earlier run has scanned it, if that run found no problem in the same file.

    Problems name the file as *path_prefix* + *src_uri*, so that the author can open the path from the working
    directory.
    """
    path, problems = path_prefix + src_uri, Problems()
    if data is None:
        hint = "check its permissions, and that it is a file"
        problems.add(Mark(path), Code.S006_UNREADABLE, "the file cannot be read", hint)
        return Parsed(src_uri, path, tuple(problems.found))
    if (pointer := pointer_problem(data, path)) is not None:
        return Parsed(src_uri, path, (pointer,))
    text = decode(data, path, problems)
    parts = split(text, path, problems) if text is not None else None
    if parts is None:
        return Parsed(src_uri, path, tuple(problems.found))
    if (body := known(parts)) is not None:
        return _with_references(Parsed(src_uri, path, tuple(problems.found), parts, body, is_sound=True))
    if (tangle := open_brackets(parts.body, path, parts.body_line)) is not None:
        return Parsed(src_uri, path, (*problems.found, tangle))
    body = scan(parts.body, parts.body_line)
    if check_bounds(body, path, problems):
        return Parsed(src_uri, path, tuple(problems.found), parts)
    if not parts.body.strip():
        problems.add(
            Mark(path, parts.body_line), Code.S002_EMPTY, "the article has no text", "write below the closing ---"
        )
    return _with_references(Parsed(src_uri, path, tuple(problems.found), parts, body))


def _with_references(parsed: Parsed) -> Parsed:
    """*parsed* with the files that its body refers to."""
    if parsed.body is None:
        return parsed
    folder = parsed.folder
    wanted = dict.fromkeys(_wanted(parsed.body, folder))
    local = local_references(parsed.body, folder, _page_folder(folder), files_move=True)
    return replace(parsed, wanted=tuple(wanted), local=tuple(local))


def parse_front(data: bytes | None, src_uri: str, path_prefix: str = "") -> Parsed:
    """Take apart the front matter of *data*, as :func:`parse_article` does, as if there were neither a text nor a
    problem: enough for an article that others are only compared with."""
    path, ignored = path_prefix + src_uri, Problems()
    text = decode(data, path, ignored) if data is not None else None
    parts = split(text, path, ignored) if text is not None else None
    if parts is None:
        return Parsed(src_uri, path, ())
    return Parsed(src_uri, path, (), replace(parts, body=""), scan("", parts.body_line))


def pointer_problem(data: bytes, path: str) -> Problem | None:
    """The problem with a text, shown as *path*, that Git LFS has not fetched; None if *data* is something else."""
    if kind_of(data) != LFS:
        return None
    return Problem(Mark(path), *pointer_fault(posixpath.basename(path)))


def _page_folder(folder: str) -> str:
    """A folder as deep in the site as that of the article's page; its date is unknown here, and does not matter."""
    parent, _, slug = folder.rpartition("/")
    return f"{parent}/0/0/0/{slug}"


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
