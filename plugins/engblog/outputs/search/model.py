"""Searchable documents: articles as plain values, free of HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engblog.html.sections import Section


@dataclass(frozen=True, slots=True)
class Facet:
    """A category, a subcategory, a tag or a person, as a filter and as words to be found by."""

    slug: str
    name: str
    synonyms: tuple[str, ...] = ()
    """Other names: ``postgres`` and ``pg`` for PostgreSQL. A query's words are looked up among them."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article, or a page that is not an article: it has no date and no minutes."""

    url: str
    """Path from the site's root, without a leading slash."""
    title: str
    sections: tuple[Section, ...]
    description: str = ""
    category: Facet | None = None
    subcategory: Facet | None = None
    tags: tuple[Facet, ...] = ()
    also: tuple[str, ...] = ()
    """Other words on its page that readers may search for: a series, versions."""
    authors: tuple[Facet, ...] = ()
    published: date | None = None
    minutes: int = 0
    verified: bool = False
    """True if a lab verifies its claims."""
    language: str = "en"
    """BCP 47. English words are stemmed; those of other languages are only folded."""
