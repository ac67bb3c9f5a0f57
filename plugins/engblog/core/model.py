"""What a site is made of, as frozen values: sources in, articles and views out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class Source:
    """An article as found: its file, and what its text refers to in its folder."""

    src_uri: str
    """Path from the docs folder, with slashes: ``articles/<slug>/index.md``."""
    data: bytes | None
    """The file's bytes; None when it could not be read."""
    includes: Mapping[str, str | None] = field(default_factory=dict)
    """Text of each file that the article includes or sets in, by path from the article's folder; None for one that is
    not there or is no text."""
    lab: LabFiles | None = None
    """The lab's state, where there is a ``lab/`` folder with tests."""

    @property
    def folder(self) -> str:
        """``articles/<slug>``."""
        return self.src_uri.rpartition("/")[0]

    @property
    def slug(self) -> str:
        """The folder's name."""
        return self.folder.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class LabFiles:
    """A lab folder as found."""

    digest: str
    """Digest of the files now (:func:`engblog.lab.record.lab_digest`)."""
    record: str | None
    """Text of ``record.json``, or None."""
    names: tuple[str, ...] = ()
    """The files, by path from ``lab/``, sorted; the record left out."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time with a zone, as an author gave it."""

    day: date
    at: datetime | None = None

    @property
    def instant(self) -> datetime:
        """The moment in UTC; a bare date is its first instant."""
        return self.at.astimezone(UTC) if self.at else datetime.combine(self.day, time(), UTC)

    @property
    def iso(self) -> str:
        """ISO 8601, as precise as it was given."""
        return self.at.isoformat() if self.at else self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a subcategory or a tag."""

    name: str
    slug: str
    description: str = ""
    accent: str = ""
    """A category's accent: a name that the theme knows."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category and its subcategories, in the taxonomy's order."""

    term: Term
    subcategories: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The vocabulary of a site: the one place where its terms are defined."""

    categories: tuple[Category, ...] = ()
    tags: tuple[Term, ...] = ()
    tag_names: Mapping[str, Term] = field(default_factory=dict)
    """Case-folded names and synonyms to tags."""

    def category(self, name: str) -> Category | None:
        """The category called *name*, letter for letter."""
        return next((category for category in self.categories if category.term.name == name), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes."""

    key: str
    name: str
    role: str = ""
    description: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Pairs of title and address."""


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """An article's place in a series."""

    name: str
    part: int


@dataclass(frozen=True, slots=True)
class Alias:
    """An address that a page had before, and where its author wrote it down."""

    path: str
    """Path from the site's root without a leading slash, as an article's ``url``: ``articles/2024/01/31/old/``, or one
    that ends in a file's name (``2019/old.html``)."""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an article, and when it was put right."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test of a lab that passed in the recorded run."""

    name: str
    file: str
    line: int
    claim: str


@dataclass(frozen=True, slots=True)
class LabNumber:
    """A measured number: the text that articles show, and what was measured."""

    key: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Lab:
    """The recorded run of an article's lab."""

    ran: date
    machine: str
    versions: tuple[tuple[str, str], ...]
    tests: tuple[LabTest, ...]
    numbers: tuple[LabNumber, ...]
    files: tuple[str, ...]
    in_step: bool
    """Whether the lab's files are still those that ran."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, checked."""

    src_uri: str
    slug: str
    url: str
    """Path from the site's root without a leading slash: ``articles/2026/11/20/<slug>/``."""
    title: str
    description: str
    published: Moment
    category: Term
    tags: tuple[Term, ...]
    status: str
    minutes: int
    words: int
    body: str
    body_line: int
    subcategory: Term | None = None
    updated: Moment | None = None
    review_by: date | None = None
    authors: tuple[Person, ...] = ()
    featured: bool = False
    series: SeriesPart | None = None
    requires: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    id: Alias | None = None
    """The address that it was first known by, where its aliases and its own address do not say so."""
    corrections: tuple[Correction, ...] = ()
    applies_to: tuple[tuple[str, str], ...] = ()
    lab: Lab | None = None
    includes: tuple[str, ...] = ()
    """Files that the text includes or sets in, by path from the docs folder."""

    @property
    def first_url(self) -> str:
        """The address that it was first known by, a path as ``url``: what feeds know it by, wherever it moves."""
        first = self.id or next(iter(self.aliases), None)
        return first.path if first else self.url


@dataclass(frozen=True, slots=True)
class View:
    """A generated page that lists articles: one page of home, a category, a tag, an author, …"""

    kind: str
    url: str
    title: str
    template: str
    articles: tuple[Article, ...] = ()
    """The articles on this page, newest first."""
    total: int = 0
    """How many articles there are over all pages of the list."""
    page: int = 1
    page_count: int = 1
    key: str = ""
    """What the list is of: a slug, an author's key, a year."""
    first: int = 1
    """The number of the first article on this page, counted over all pages of the list."""

    @property
    def base_url(self) -> str:
        """The address of the list's first page."""
        return self.url.removesuffix(f"page/{self.page}/") if self.page > 1 else self.url


@dataclass(frozen=True, slots=True)
class Site:
    """All that one build knows: what is published, in order, and the vocabulary it uses."""

    articles: tuple[Article, ...]
    """Those to be shown, newest first, ties by slug."""
    hidden: tuple[Article, ...]
    """Drafts and articles of the future that this build leaves out."""
    taxonomy: Taxonomy
    people: Mapping[str, Person]
    featured: Article | None
    now: datetime
