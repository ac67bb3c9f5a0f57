"""Style sheets and scripts for readers: imported sheets put in their places, comments and blanks removed.

rcssmin and rjsmin only remove comments and the blanks that no parser needs, so the meaning of the code does not change.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import rcssmin  # type: ignore[import-untyped]
import rjsmin  # type: ignore[import-untyped]

_COMMENT_OR_BLANK = r"(?:\s|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_IMPORT = re.compile(
    _COMMENT_OR_BLANK + r"""@import\s+(?P<quote>["'])(?P<path>[^"'\\\n]++)(?P=quote)(?P<media>[^;{}"']*+);"""
)
_ANY_IMPORT = re.compile(r"@import\b", re.IGNORECASE)
_TEXTS = re.compile(r"\"(?:[^\"\\]|\\(?s:.))*+\"?|'(?:[^'\\]|\\(?s:.))*+'?")
_URL = re.compile(r"""\burl\(\s*+(?P<quote>["']?)(?P<path>(?![/#]|[a-z][a-z0-9+.-]*+:)[^"'()\s]++)(?P=quote)\s*+\)""")


@dataclass(frozen=True, slots=True)
class _Import:
    path: str
    named: str
    """The path, as written."""
    media: str


def imported_sheets(path: str, text: str) -> frozenset[str]:
    """The addresses of the sheets that the style sheet *text* at *path* imports itself."""
    return frozenset(each.path for each in _parted(path, text)[0])


def joined_sheet(path: str, sheets: Mapping[str, str], *, within: tuple[str, ...] = ()) -> str:
    """The style sheet at *path* with the sheets that it imports in their places.

    *sheets* has the text of each sheet by its address from the site's root. Imports come first and name files; a media
    query after the name becomes a rule around the file. Raises ``ValueError``, saying why, for an import that cannot be
    joined.
    """
    imports, rest = _parted(path, sheets[path])
    parts: list[str] = []
    for each in imports:
        if each.path in (*within, path):
            raise ValueError(f"{path} imports {each.named}, which imports it in turn")
        if each.path not in sheets:
            raise ValueError(f"{path} imports {each.named}, which is not a style sheet of the theme")
        inner = joined_sheet(each.path, sheets, within=(*within, path))
        inner = _URL.sub(partial(_moved, source=each.path, target=path), inner)
        parts.append(f"@media {each.media} {{\n{inner}\n}}\n" if each.media else inner)
    if _ANY_IMPORT.search(_TEXTS.sub("", compact_sheet(rest))):
        raise ValueError(f"{path} has an @import that is not at its beginning, or names no file in quotation marks")
    return "\n".join([*parts, rest])


def _parted(path: str, text: str) -> tuple[list[_Import], str]:
    """The imports at the beginning of the style sheet *text* at *path*, and what follows them."""
    imports, at = [], 0
    while found := _IMPORT.match(text, at):
        at = found.end()
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["path"]))
        imports.append(_Import(file, found["path"], found["media"].strip()))
    return imports, text[at:]


def compact_sheet(text: str) -> str:
    """The style sheet *text* without comments and without blanks that no parser needs."""
    return str(rcssmin.cssmin(text))


def compact_script(text: str) -> str:
    """The script *text* without comments and without blanks that no parser needs."""
    return str(rjsmin.jsmin(text)) + "\n"


def _moved(url: re.Match[str], *, source: str, target: str) -> str:
    """A relative address of the sheet at *source*, as the sheet at *target* writes it."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(source), url["path"]))
    return f'url("{posixpath.relpath(place, posixpath.dirname(target) or ".")}")'
