"""The frozen values that a site is made of: sources in, articles and views out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class LabFiles:
    """A lab folder as found."""

    digest: str
    """Digest of the files now (:func:`engblog.lab.record.lab_digest`)."""
    record: str | None
    """Text of ``record.json``, or None."""
    runs: str | None = None
    """Text of ``versions.json``, the runs on other versions, or None."""
    names: tuple[str, ...] = ()
    """The files, by path from ``lab/``, sorted; the record left out."""
    settings: str | None = None
    """Text of ``lab.toml``, or None."""
    turning: tuple[tuple[str, int, int, str], ...] = ()
    """Characters in the files that change the direction in which they are shown: the first of each file, with its name,
    line and column."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time with a zone, as an author gave it."""

    day: date
    at: datetime | None = None

    @property
    def instant(self) -> datetime:
        """The moment in UTC; a bare date is its first instant."""
        return self.at.astimezone(UTC) if self.at else datetime.combine(self.day, time(), UTC)

    def on(self, day: date) -> Moment:
        """The same hour on another *day*."""
        return Moment(day, self.at and datetime.combine(day, self.at.timetz()))

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
    portrait: str = ""
    """A picture, by path from the docs folder; empty if there is none."""


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """An article's place in a series."""

    name: str
    part: int


@dataclass(frozen=True, slots=True)
class Alias:
    """An address that a page used to have, with the place where its author wrote it down."""

    path: str
    """Path from the site's root without a leading slash, as an article's ``url``: ``articles/2024/01/31/old/``, or one
    that ends in a file's name (``2019/old.html``)."""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """A mistake in an article, and the day on which it was corrected."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter-experiment: a change that made a claim's own assertion fail, as its author said it would."""

    when: str
    """The change in words, which complete "it fails when …"; code in backticks."""
    assertion: str
    """Source of the assertion that failed."""
    seen: str = ""
    """Message of that failure, on one line."""


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test of a lab that passed in the recorded run."""

    name: str
    file: str
    line: int
    claim: str
    servers: tuple[str, ...] = ()
    """Products that it started: its claim is about their versions."""
    counters: tuple[Counter, ...] = ()


STATISTICS = ("median", "range", "worst", "min", "max", "runs")
"""Names under which a text inserts a number that was measured more than once: ``{lab:key.median}``."""


MESSAGE = 24
"""Length from which a program's output is set as a message, in the typeface of code; in characters."""


@dataclass(frozen=True, slots=True)
class LabNumber:
    """A measured number: the text that articles show, and what was measured."""

    key: str
    text: str
    """Text of a number that was measured once; empty where there are samples."""
    note: str
    texts: tuple[tuple[str, str], ...] = ()
    """Text by each of :data:`STATISTICS`, where the number was measured more than once."""
    samples: tuple[float, ...] = ()
    """Every sample, in the order in which they were measured."""
    unit: str = ""
    test: str = ""
    """Name of the test that measured it."""
    is_said: bool = False
    """True if the value is text that a program printed (an error message, a name) and not a number."""

    @property
    def is_message(self) -> bool:
        """True if readers may meet it in a terminal and search for it: printed by a program, and longer than a word."""
        return self.is_said and len(self.text) >= MESSAGE

    @property
    def insertions(self) -> tuple[tuple[str, str, str], ...]:
        """List what an article may insert: name, text, and a note of what was measured and how often."""
        if not self.texts:
            return ((self.key, self.text, self.note),)
        runs = f"{len(self.samples)} runs"
        said = {"range": f"lowest and highest of {runs}", "runs": "number of runs"}
        return tuple(
            (f"{self.key}.{name}", text, f"{self.note}; {said.get(name, f'{name} of {runs}')}")
            for name, text in self.texts
        )


@dataclass(frozen=True, slots=True)
class LabChart:
    """The data of a chart and the way to draw it."""

    key: str
    title: str
    x: str
    """Label of the horizontal axis, with its unit."""
    y: str
    """Label of the vertical axis, with its unit."""
    kind: str
    """``line``, ``bars`` or ``dots``."""
    x_scale: str
    """``linear`` or ``log``."""
    y_scale: str
    note: str
    points: tuple[tuple[str, float | str, float], ...]
    """Line, x and y of each point, in the order in which they were recorded; x is text on an axis of names."""


@dataclass(frozen=True, slots=True)
class VersionRun:
    """A run of a lab's claims on another version of one of its servers."""

    product: str
    version: str
    held: tuple[str, ...]
    """Tests that passed."""
    failed: tuple[tuple[str, str], ...]
    """Tests that failed, and what the failure said on one line."""


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
    """True if the lab's files have not changed since they ran."""
    charts: tuple[LabChart, ...] = ()
    runs: tuple[VersionRun, ...] = ()
    """Runs on other versions, by product and then by version; none where the lab has changed since they were made."""
    runs_in_step: bool = True
    """True if the lab's files have not changed since they ran on other versions, or never ran there."""

    @property
    def insertions(self) -> dict[str, tuple[str, str]]:
        """Text and note for each key that can follow ``lab:`` in an article."""
        return {name: (text, note) for number in self.numbers for name, text, note in number.insertions}

    def seen_on(self, test: LabTest) -> tuple[tuple[str, str, bool], ...]:
        """List every product and version on which *test* was run, and whether its claim held there.

        The version of the recorded run is included. Products come in the order of the test's servers, versions from old
        to new.
        """
        own = [(product, version, True) for product, version in self.versions if product in test.servers]
        other = [
            (run.product, run.version, test.name in run.held)
            for run in self.runs
            if test.name in run.held or test.name in dict(run.failed)
        ]
        return tuple(sorted({*own, *other}, key=lambda seen: (seen[0], version_key(seen[1]))))


def version_key(version: str) -> tuple[int, ...]:
    """A key that sorts versions from old to new: ``7.0.15`` after ``7.0.9``; a part that is not a number counts as
    0."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


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
    """The address that it was first known by, unless its aliases and its own address say so already."""
    corrections: tuple[Correction, ...] = ()
    applies_to: tuple[tuple[str, str], ...] = ()
    lab: Lab | None = None
    includes: tuple[str, ...] = ()
    """Files that the text includes or sets in, by path from the docs folder."""

    @property
    def first_url(self) -> str:
        """The address that it was first known by, a path like ``url``. Feeds know it by this, wherever it moves."""
        first = self.id or next(iter(self.aliases), None)
        return first.path if first else self.url


def newest_first(article: Article) -> tuple[float, str]:
    """The order of every list: newest first, ties by slug."""
    return (-article.published.instant.timestamp(), article.slug)


def is_public(article: Article, now: datetime) -> bool:
    """True if readers may see *article* at the moment *now*."""
    return article.status == "published" and article.published.instant <= now
