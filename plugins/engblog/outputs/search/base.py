"""``search/base.json``: the data that every query needs, as rows of values. ``base.mjs`` reads the same rows.

A row is a list in the file, because the names of keys, a thousand times, would be most of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from engblog.model.article import Article
from engblog.outputs.search.collect import Collector, to_json
from engblog.outputs.search.model import Document, Facet

PATH = "search/base.json"
FORMAT = 1
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
    """An article. Places are among the rows of what they name; -1 is none."""

    title: str
    address: str
    """:func:`elided`."""
    category: int
    subcategory: int
    tags: Sequence[int]
    minutes: int
    verified: int
    chunks: Sequence[int]
    """The first passage of each file of the article's text."""


class TermRow(NamedTuple):
    """A term that is in so many articles that a long query leaves it out."""

    term: str
    frequency: int


class BaseError(ValueError):
    """A base that cannot be read; the message says why."""


class Base(NamedTuple):
    """The part of a base with the articles and the folder of the other files."""

    version: str
    articles: tuple[ArticleRow, ...]


def read_base(data: bytes) -> Base:
    """Read *data*, the bytes of a base. Raises :class:`BaseError`."""
    try:
        content = json.loads(data)
        return Base(str(content["version"]), tuple(ArticleRow(*row) for row in content["articles"]))
    except (ValueError, LookupError, TypeError) as error:
        raise BaseError(str(error)) from None


def write_base(
    found: Collector,
    *,
    firsts: Sequence[str],
    lengths: Iterable[int],
    common: Sequence[TermRow],
    means: bool,
) -> bytes:
    """Write the base of the articles *found*, without a version.

    *firsts* is the shortest text before the terms of each shard, *lengths* the lengths of words that are kept for
    typing errors, *common* the common terms; *means* says whether there are meanings.
    """
    facets = _Facets(found.documents)
    stemmer = _STEMMERS[(2 if True in found.languages else 0) + (False in found.languages)]
    return to_json(
        {
            "format": FORMAT,
            "version": "",
            "stem": stemmer,
            "categories": [_facet_row(facet) for facet in facets.categories.values()],
            "subcategories": facets.subcategory_rows(),
            "tags": [_facet_row(facet) for facet in facets.tags.values()],
            "articles": [
                facets.article_row(document, starts)
                for document, starts in zip(found.documents, found.chunks, strict=True)
            ],
            "means": int(means),
            "words": sorted(lengths),
            "common": common,
            "shards": firsts,
        }
    )


def with_version(base: bytes, version: str) -> bytes:
    """*base* with its version replaced by *version*."""
    return re.sub(rb'"version":"[0-9a-f]*"', f'"version":"{version}"'.encode(), base, count=1)


class _Facets:
    """Categories, subcategories and tags of all articles, sorted by slug, and the place of each."""

    def __init__(self, documents: Iterable[Document]) -> None:
        categories: dict[str, Facet] = {}
        subcategories: dict[str, tuple[Facet, str]] = {}
        tags: dict[str, Facet] = {}
        for document in documents:
            if document.category:
                categories.setdefault(document.category.slug, document.category)
            if document.category and document.subcategory:
                subcategories.setdefault(_inner(document), (document.subcategory, document.category.slug))
            for tag in document.tags:
                tags.setdefault(tag.slug, tag)
        self.categories, self.tags = dict(sorted(categories.items())), dict(sorted(tags.items()))
        self._subcategories = dict(sorted(subcategories.items()))
        self._category = _places(self.categories)
        self._subcategory = _places(self._subcategories)
        self._tag = _places(self.tags)

    def subcategory_rows(self) -> list[SubcategoryRow]:
        return [
            SubcategoryRow(facet.slug, facet.name, self._category[category])
            for facet, category in self._subcategories.values()
        ]

    def article_row(self, document: Document, chunks: Sequence[int]) -> ArticleRow:
        return ArticleRow(
            title=document.title,
            address=elided(document.url, document.title),
            category=self._category[document.category.slug] if document.category else -1,
            subcategory=self._subcategory.get(_inner(document), -1),
            tags=[self._tag[tag.slug] for tag in document.tags],
            minutes=document.minutes,
            verified=int(document.verified),
            chunks=chunks,
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
