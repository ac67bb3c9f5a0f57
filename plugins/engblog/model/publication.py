"""A published site: the model and the result of rendering it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from urllib.parse import quote

from engblog.model.article import Article
from engblog.model.kinds import CATEGORY, Kind
from engblog.model.site import Redirect, Site, View
from engblog.model.urls import Format

Written = Iterator[tuple[str, bytes]]
"""Files to write: each a path from the site's root, with slashes, and its bytes."""


class Tree(Protocol):
    """The files of a built site that are written so far."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file as a path from the site's root, with slashes, sorted."""

    def read(self, path: str) -> bytes:
        """The bytes of a file."""

    def size(self, path: str) -> int:
        """The size of a file in bytes."""

    def digest(self, path: str) -> str:
        """SHA-256 of a file's bytes, in hexadecimal."""


class FeedTexts(Enum):
    """The feeds that have whole texts, besides those of the whole site."""

    SITE = "site"
    CATEGORIES = "categories"
    ALL = "all"

    def has(self, kind: Kind) -> bool:
        """True if the feed of a list of this *kind* has whole texts."""
        return self is FeedTexts.ALL or (self is FeedTexts.CATEGORIES and kind is CATEGORY)


@dataclass(frozen=True, slots=True)
class Identity:
    """A site's name and address."""

    name: str
    url: str
    """``site_url`` with a closing slash, ``https://example.org/blog/``; empty if the site has none."""
    description: str = ""
    language: str = "en"
    """BCP 47."""
    copyright: str = ""
    repository: str = ""
    authority: str = "localhost,2026"
    """The start of articles' permanent ids (RFC 4151): a domain and, after a comma, a date on which its owner had
    it."""

    def absolute(self, path: str) -> str:
        """The full address of *path*, a path from the site's root that is already percent-encoded."""
        return f"{self.url}{path}"

    def whole(self, path: str) -> str:
        """The full address of *path*, a path from the site's root that is not yet encoded.

        The result is ASCII, like the page's canonical link.
        """
        return self.absolute(quote(path))


@dataclass(frozen=True, slots=True)
class Provenance:
    """The sources and tools of a build; collected outside the core, from git, disk and the installed packages."""

    commit: str | None = None
    """The full name of the commit that was checked out; None outside a git work tree."""
    clean: bool | None = None
    """True if all files were as in ``commit`` from the start of the build to its end; None if there is no commit."""
    lock: str | None = None
    """SHA-256, in hexadecimal, of the file that locks the dependencies; None if there is none."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """The version of everything that can affect the bytes of the site, by name."""


@dataclass(frozen=True, slots=True)
class CardPicture:
    """An article's card as a picture beside its entry in a feed."""

    address: str
    """Absolute."""
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WholeFeed:
    """One file with the articles of the whole site, which a plugin of the host has planned and our writer fills."""

    path: str
    format: Format
    articles: tuple[Article, ...]
    """The articles that the plugin chose."""
    by_update: bool = False
    """True for a feed in which the latest update comes first."""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """The title, the description and the like that the configuration gives to the feeds of the whole site."""

    title: str = ""
    """Empty for the site's name."""
    description: str = ""
    """Empty for the site's description."""
    logo: str = ""
    """The absolute address of a picture; empty for none."""
    minutes: int = 0
    """The time after which a reader may ask again; 0 if nobody knows."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One build's outcome, complete: every article of ``site`` has its rendered body."""

    identity: Identity
    site: Site
    views: tuple[View, ...] = ()
    bodies: Mapping[str, str] = field(default_factory=dict)
    """Rendered HTML of each article's body by ``src_uri``; addresses in it are relative to the article's own."""
    provenance: Provenance | None = None
    """None in a preview, because nobody will ask where it came from."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Text of each file that an article includes or that belongs to its lab, by path from the docs folder."""
    lab_data: Mapping[str, bytes] = field(default_factory=dict)
    """Bytes of each file of a lab that is not text, by path from the docs folder."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Address of each source file on the site, from its root and percent-encoded, by path from the docs folder.

    Generated pages are listed under the path that a link uses (``articles/<slug>/lab/index.md``).
    """
    feeds: tuple[tuple[str, str], ...] = ()
    """Title and address, from the site's root, of each feed of the whole site."""
    whole_feeds: tuple[WholeFeed, ...] = ()
    """The files of the whole site's feeds that a plugin has planned. Without any, there is only Atom."""
    feed_head: FeedHead = FeedHead()
    feed_sheets: tuple[str, ...] = ()
    """The style sheets for feeds that a reader opens in a browser, as addresses from the site's root; empty if the
    theme has none."""
    old_feeds: tuple[Redirect, ...] = ()
    """Old addresses of feeds, each with the path of the feed that is served there too."""
    card_pictures: Mapping[str, CardPicture] = field(default_factory=dict)
    """The card of each article that has one, by ``src_uri``."""
    redirects: tuple[Redirect, ...] = ()
    """Every old address that redirects to a page, sorted."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The title of every page by its address, a path from the site's root."""
    feed_size: int = 10
    """The number of entries in the feed of a list, the newest first."""
    feed_texts: FeedTexts = FeedTexts.CATEGORIES

    def body(self, article: Article) -> str:
        """The rendered body of *article*."""
        return self.bodies[article.src_uri]
