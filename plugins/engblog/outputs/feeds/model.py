"""The frozen values that feeds are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engblog.model.publication import CardPicture
from engblog.model.urls import Format


@dataclass(frozen=True, slots=True)
class Author:
    """An author of an entry."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. Addresses are absolute, dates are in UTC."""

    id: str
    url: str
    title: str
    """Plain text."""
    summary: str
    """Plain text."""
    content: str
    """Well-formed HTML without relative addresses."""
    published: datetime
    updated: datetime
    authors: tuple[Author, ...] = ()
    terms: tuple[str, ...] = ()
    """Names of category, subcategory and tags."""
    picture: CardPicture | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of entries, newest first, in one or several formats."""

    id: str
    title: str
    description: str
    page: str
    """The page that shows the same list, as a path from the site's root."""
    updated: datetime
    files: Mapping[Format, str]
    """Its file in each format, as a path from the site's root."""
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    folder: str = ""
    """The folder for this feed in a list of feeds; empty at the top."""
    logo: str = ""
    """The absolute address of a picture; empty for none."""
    minutes: int = 0
    """The time after which a reader may ask again; 0 if nobody knows."""
    by_update: bool = False
    """True if RSS, which knows one date, gives that of the last change."""
