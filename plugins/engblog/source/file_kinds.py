"""The kinds of files that a site publishes besides its pages: pictures, drawings, fonts, and texts that are only shown.

This is a list of what is allowed. A server tells browsers what a file is by the ending of its name, and there are
hundreds of endings for which a browser runs what is in the file: pages, XML of all sorts, scripts. GitHub Pages takes
the types from mime-db; the endings below are those of which none, there or elsewhere, is such a type.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from engblog.html.drawing import drawing_faults
from engblog.html.plain_xml import plain_xml_fault
from engblog.model.picture import LFS
from engblog.model.problems import Code, quote
from engblog.model.urls import MARKDOWN, WELL_KNOWN
from engblog.source.pictures import PICTURES, kind_of, recognize

TEXTS = frozenset({
    "adoc", "asc", "awk", "bash", "bats", "c", "cc", "cfg", "cmake", "cnf", "conf", "cpp", "cql", "csv", "cxx", "diff",
    "erl", "ex", "exs", "fish", "gleam", "go", "gql", "graphql", "h", "hcl", "hh", "hpp", "ini", "java", "jl", "json",
    "json5", "jsonl", "kt", "kts", "lock", "log", "lua", "ml", "mli", "ndjson", "nim", "nix", "patch", "pl",
    "properties", "proto", "ps1", "py", "pyi", "rb", "rego", "rst", "sed", "service", "sh", "sql", "sum", "swift",
    "tf", "thrift", "tla", "toml", "tsv", "txt", "webmanifest", "yaml", "yml", "zig", "zsh",
})  # fmt: skip
"""Endings of names of texts that browsers show as text, or offer for download."""
_BARE = frozenset({"caddyfile", "cname", "containerfile", "dockerfile", "gemfile", "license", "makefile", "notice",
    "procfile", "readme"})  # fmt: skip
"""Names without an ending of texts, in lower case."""
_CODE = frozenset({"css", "js", "mjs"})
"""Endings of names of files that are the theme's."""
_FONTS: Mapping[str, tuple[bytes, ...]] = {
    "woff2": (b"wOF2",),
    "woff": (b"wOFF",),
    "ttf": (b"\0\1\0\0", b"true"),
    "otf": (b"OTTO",),
}
"""The first bytes of fonts by the endings of their names."""
_XML_FILES = frozenset({"browserconfig.xml", "BingSiteAuth.xml"})
"""XML that other programs look for at the root of a site."""
_DOCUMENTS = re.compile(
    r"[a-z]?html?|xhtm?l?|xht|x?mht(?:ml)?|svgz|xml|xs[dl]t?|rng|rdf|mml|xslt?|opml|atom|rss|pdf|swf"
)
"""Endings of names that browsers are known to open as documents; only the message depends on this."""
_READABLE = frozenset({"text", "HTML", "SVG", "empty", LFS})
"""Kinds of content (:func:`kind_of`) that are text."""


class FileFault(NamedTuple):
    """A reason not to publish a file: a code, a place in the file, a message and a hint."""

    code: Code
    line: int
    column: int
    message: str
    hint: str


def ending_of(path: str) -> str:
    """The ending of the name of *path* in lower case, without the dot; empty if it has none."""
    return posixpath.splitext(posixpath.basename(path))[1][1:].lower()


def is_shown_as_text(path: str) -> bool:
    """True if a server says of the file *path* that it is text, or says nothing, so that no browser runs it."""
    ending = ending_of(path)
    if ending or "." in posixpath.basename(path):
        return ending in TEXTS
    return posixpath.basename(path).lower() in _BARE or path.startswith(WELL_KNOWN)


def is_code(path: str) -> bool:
    """True if the file *path* is a style sheet or a script."""
    return ending_of(path) in _CODE


def file_faults(path: str, read: Callable[[], bytes], *, may_be_code: bool = False) -> Iterator[FileFault]:
    """The reasons not to publish the file *path*, a path from the docs folder or from a site's root, whose bytes *read*
    returns. With *may_be_code*, it may be a style sheet or a script.

    A picture has at most one with the code S014, whatever is wrong with it
    (:func:`~engblog.source.pictures.picture_fault` says more).
    """
    ending = ending_of(path)
    if f".{ending}" in PICTURES:
        picture = recognize(data := read())
        if picture.kind != PICTURES[f".{ending}"] or picture.problem:
            message = f"{quote(posixpath.basename(path))} is not a complete picture in the format that its name says"
            yield FileFault(Code.S014_CONTENT, 1, 1, message, "save the picture itself under this name")
        elif ending == "svg":
            for each in drawing_faults(data):
                yield FileFault(
                    Code.S011_DOCUMENT,
                    each.line,
                    each.column,
                    f"the drawing cannot be published: {each.message}",
                    each.hint,
                )
    elif ending in _FONTS:
        if not read().startswith(_FONTS[ending]) and kind_of(read()) != LFS:
            message = f"{quote(posixpath.basename(path))} is not a font in the format that its name says"
            yield FileFault(Code.S014_CONTENT, 1, 1, message, "save the font itself under this name")
    elif path in _XML_FILES:
        if said := plain_xml_fault(read()):
            yield FileFault(Code.S011_DOCUMENT, 1, 1, f"the file {said}", "leave only elements without a namespace")
    elif is_shown_as_text(path):
        data = read()
        if data and kind_of(data) not in _READABLE:
            message = f"{quote(posixpath.basename(path))} is not text, although its name says so"
            yield FileFault(Code.S014_CONTENT, 1, 1, message, "save it as UTF-8 text without control characters")
    elif not (may_be_code and ending in _CODE):
        yield _unknown(path, ending)


def _unknown(path: str, ending: str) -> FileFault:
    base = quote(posixpath.basename(path))
    if ending in _CODE:
        hint = "a script or a style sheet belongs to the theme: move it to the folder `theme.custom_dir`"
        return FileFault(Code.S013_KIND, 1, 1, f"{base} is code, which the docs folder does not publish", hint)
    if f".{ending}" in MARKDOWN:
        return FileFault(
            Code.S013_KIND, 1, 1, f"{base} is not a page", "end the name of a page with .md, in lower case"
        )
    if _DOCUMENTS.fullmatch(ending):
        message = f"browsers open {base} as a document, which could run code as part of this site"
        hint = "write a page in Markdown; show the file in a fence; or save a picture of it"
        return FileFault(Code.S011_DOCUMENT, 1, 1, message, hint)
    hint = "publish pictures (PNG, JPEG, GIF, WebP, AVIF, SVG) and texts (.txt, .csv, .json, …); pack nothing"
    return FileFault(Code.S013_KIND, 1, 1, f"{base} is of a kind that the site does not publish", hint)
