"""``search/base.json``: the data that every query needs, as rows of values. ``base.mjs`` reads the same rows.

A row is a list in the file, because the names of keys, a thousand times, would be most of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from engblog.model.article import Article
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.files import to_json
from engblog.outputs.search.model import Document, Facet
from engblog.outputs.search.parts import FOLDER, LETTERS

PATH = "search/base.json"
FORMAT = 2
_EPOCH = date(1970, 1, 1)
_STEMMERS = ("none", "plain", "english", "mixed")
"""The ways to stem terms; the index is 1 for articles in other languages plus 2 for articles in English."""


class FacetRow(NamedTuple):
    """A category or a tag."""

    slug: str
    name: str
    synonyms: Sequence[str]


class SubcategoryRow(NamedTuple):
    """A subcategory."""

    slug: str
    name: str
    category: int
    """Place of its category among the rows."""


class ArticleRow(NamedTuple):
    """An article or a page. Places are among the rows of what they name; -1 is none."""

    title: str
    address: str
    """:func:`elided`."""
    category: int
    subcategory: int
    tags: Sequence[int]
    minutes: int
    verified: int
    day: int
    """The day of publication, counted from 1970-01-01; 0 if the page has none."""
    authors: Sequence[int]
    passages: int
    """The number of passages in its text."""


class TermRow(NamedTuple):
    """A term that is in so many articles that a long query leaves it out."""

    term: str
    frequency: int


class BaseError(ValueError):
    """A base that cannot be read; the message says why."""


class Base(NamedTuple):
    """The part of a base with the articles and the names of the other files."""

    articles: tuple[ArticleRow, ...]
    parts: frozenset[str]
    """Paths."""


class IndexFiles(NamedTuple):
    """The files of an index, as a base describes them."""

    shards: Sequence[str]
    """For each shard of terms of several articles, the shortest text that its terms are not before."""
    rare: Sequence[str]
    """The same of the shards of terms of one article."""
    texts: Sequence[int]
    """For each file of texts, how many passages it has."""
    names: Mapping[str, str]
    """For each kind of :data:`_KINDS`, the names of its files as one text."""


_KINDS = {"shards": "bin", "rare": "bin", "texts": "json", "begin": "txt", "end": "txt", "about": "bin"}
"""The kinds of files, with their extensions."""


def read_base(data: bytes) -> Base:
    """Read *data*, the bytes of a base. Raises :class:`BaseError`."""
    try:
        content = json.loads(data)
        letters = int(content["letters"])
        parts = {
            f"{FOLDER}{names[start : start + letters]}.{kind}"
            for key, kind in _KINDS.items()
            for names in [str(content["names"][key])]
            for start in range(0, len(names), letters)
        }
        return Base(tuple(ArticleRow(*row) for row in content["articles"]), frozenset(parts))
    except (ValueError, LookupError, TypeError) as error:
        raise BaseError(str(error)) from None


def write_base(found: Collector, layout: IndexFiles, common: Sequence[TermRow]) -> bytes:
    """Write the base of the articles *found*, whose other files have this *layout*; *common* are the common terms."""
    facets = _Facets(found.documents)
    stemmer = _STEMMERS[(2 if True in found.languages else 0) + (False in found.languages)]
    names = layout.names
    return to_json(
        {
            "format": FORMAT,
            "stem": stemmer,
            "categories": [_facet_row(facet) for facet in facets.categories.values()],
            "subcategories": facets.subcategory_rows(),
            "tags": [_facet_row(facet) for facet in facets.tags.values()],
            "authors": [_facet_row(facet) for facet in facets.authors.values()],
            "articles": [
                facets.article_row(document, len(passages))
                for document, passages in zip(found.documents, found.passages, strict=True)
            ],
            "common": common,
            "shards": layout.shards,
            "rare": layout.rare,
            "texts": layout.texts,
            "letters": len(names["texts"]) // len(layout.texts) if layout.texts else LETTERS,
            "names": {key: names[key] for key in _KINDS},
        }
    )


class _Facets:
    """Categories, subcategories, tags and authors of all articles, sorted by slug, and the place of each."""

    def __init__(self, documents: Iterable[Document]) -> None:
        categories: dict[str, Facet] = {}
        subcategories: dict[str, tuple[Facet, str]] = {}
        tags: dict[str, Facet] = {}
        authors: dict[str, Facet] = {}
        for document in documents:
            if document.category:
                categories.setdefault(document.category.slug, document.category)
            if document.category and document.subcategory:
                subcategories.setdefault(_inner(document), (document.subcategory, document.category.slug))
            for tag in document.tags:
                tags.setdefault(tag.slug, tag)
            for author in document.authors:
                authors.setdefault(author.slug, author)
        self.categories, self.tags = dict(sorted(categories.items())), dict(sorted(tags.items()))
        self.authors = dict(sorted(authors.items()))
        self._subcategories = dict(sorted(subcategories.items()))
        self._category = _places(self.categories)
        self._subcategory = _places(self._subcategories)
        self._tag = _places(self.tags)
        self._author = _places(self.authors)

    def subcategory_rows(self) -> list[SubcategoryRow]:
        return [
            SubcategoryRow(facet.slug, facet.name, self._category[category])
            for facet, category in self._subcategories.values()
        ]

    def article_row(self, document: Document, passages: int) -> ArticleRow:
        return ArticleRow(
            title=document.title,
            address=elided(document.url, document.title),
            category=self._category[document.category.slug] if document.category else -1,
            subcategory=self._subcategory.get(_inner(document), -1),
            tags=[self._tag[tag.slug] for tag in document.tags],
            minutes=document.minutes,
            verified=int(document.verified),
            day=(document.published - _EPOCH).days if document.published else 0,
            authors=[self._author[author.slug] for author in document.authors],
            passages=passages,
        )


def _places(keys: Mapping[str, object]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}


def _inner(document: Document) -> str:
    if document.category and document.subcategory:
        return f"{document.category.slug}/{document.subcategory.slug}"
    return ""


def _facet_row(facet: Facet) -> FacetRow:
    return FacetRow(facet.slug, facet.name, facet.synonyms)


def article_key(article: Article) -> tuple[str, str]:
    """Title and address of *article*, as its row has them."""
    return article.title, elided(article.url, article.title)


def elided(url: str, title: str) -> str:
    """The address with ``~`` in place of the part that follows from the title, because slugs are most of the
    addresses."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    head, found, tail = url.rpartition(slug) if slug and "~" not in url else (url, "", "")
    return f"{head}~{tail}" if found else url
