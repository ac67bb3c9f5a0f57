"""A finding of a check of the contract; only :mod:`engblog.contract.check` makes problems of them."""

from __future__ import annotations

from typing import NamedTuple

from engblog.html.page import Place, ReadPage
from engblog.model.problems import Code


class Finding(NamedTuple):
    """A problem: its file, its offset or tag (None for the whole file), a message and a hint."""

    code: Code
    path: str
    offset: int | Place | None
    message: str
    hint: str
    key: object = None
    """Equal for findings that are the same mistake on many pages, such as a link in every footer."""
    about: str = ""
    """The file of the page without which there would be no such problem, if that is another than ``path``."""


def in_file(code: Code, path: str, message: str, hint: str, key: object = None, *, about: str = "") -> Finding:
    """A finding about a whole file; *about* as in :class:`Finding`."""
    return Finding(code, path, None, message, hint, key, about)


def is_findable(path: str, document: ReadPage) -> bool:
    """True if search engines may show the page and readers should find it."""
    return path != "404.html" and not document.hidden and not document.redirects
