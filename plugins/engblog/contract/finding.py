"""What a check of the contract finds; only :mod:`engblog.contract.check` makes problems of them."""

from __future__ import annotations

from typing import NamedTuple

from engblog.html.page import Place, ReadPage
from engblog.model.problems import Code


class Finding(NamedTuple):
    """Something wrong: in which file, before which character or tag (None for the whole file), what, and the remedy."""

    code: Code
    path: str
    offset: int | Place | None
    message: str
    hint: str
    key: object = None
    """Equal for what is the same mistake on many pages, e.g. a link in the foot of each."""


def in_file(code: Code, path: str, message: str, hint: str, key: object = None) -> Finding:
    """A finding about a whole file."""
    return Finding(code, path, None, message, hint, key)


def is_findable(path: str, document: ReadPage) -> bool:
    """Whether search engines may show the page, and readers should find it."""
    return path != "404.html" and not document.hidden and not document.redirects
