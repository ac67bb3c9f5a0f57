"""Meanings of articles as vectors, because a question often uses other words than its answer.

Each of some five thousand English word stems has a vector of 64 small whole numbers, made so that the sum of a text's
vectors has about the direction of a language model's embedding of the text (``tools/meaning.py`` makes them). An
article's vector is the sum over its words. The engine sums a question's words the same way, and prefers the articles
with a similar direction.

The engine finds the vector of a word with the word's postings, and those of the articles in a separate file.

A vector is written as 32 bytes, two numbers per byte, the first in the low half, each raised by 8 to be positive. All
arithmetic is on whole numbers except for one division per number, so the bytes are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engblog.outputs.search.files import checked
from engblog.outputs.search.postings import Postings, number

DIMENSIONS = 64
_LARGEST = 7

Vectors = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Word stems, sorted, and a vector for each."""

    words: tuple[str, ...]
    vectors: Vectors
    others: frozenset[str] = frozenset()
    """Stems of English words that have no vector."""


def read_meanings(words: str, packed: bytes, others: str = "") -> Meanings:
    """Read one stem per line and as many vectors of 32 bytes, and *others*, one stem per line, without vectors. Raises
    ``ValueError`` if stems and vectors do not match."""
    stems = tuple(words.split())
    return Meanings(stems, _unpacked(packed).reshape(len(stems), DIMENSIONS), frozenset(others.split()))


def vectors_of(meanings: Meanings) -> dict[str, bytes]:
    """The vector of each word, packed."""
    packed, size = pack(meanings.vectors), DIMENSIONS // 2
    return {word: packed[place * size : (place + 1) * size] for place, word in enumerate(meanings.words)}


def about_file(meanings: Meanings, postings: Postings, terms: Mapping[str, int], articles: int) -> bytes:
    """The vectors of *articles* articles with these *postings* of numbered *terms*."""
    return checked(number(articles) + pack(_of_articles(meanings, postings, terms, articles)))


def _of_articles(meanings: Meanings, postings: Postings, terms: Mapping[str, int], articles: int) -> Vectors:
    rows = np.full(len(terms), -1)
    for place, word in enumerate(meanings.words):
        if word in terms:
            rows[terms[word]] = place
    row = rows[postings.term]
    known = np.flatnonzero(row >= 0)
    order = known[np.argsort(postings.article[known], kind="stable")]
    ends = np.searchsorted(postings.article[order], np.arange(articles + 1))
    sums = np.zeros((articles, DIMENSIONS), np.int64)
    for article in range(articles):
        those = order[ends[article] : ends[article + 1]]
        sums[article] = postings.amount[those] @ meanings.vectors[row[those]].astype(np.int64)
    largest = np.maximum(np.abs(sums).max(axis=1, initial=0, keepdims=True), 1)
    scaled: Vectors = np.rint(sums * _LARGEST / largest).astype(np.int8)
    return scaled


def pack(vectors: Vectors) -> bytes:
    """Pack vectors of whole numbers from -7 to 7 into bytes."""
    raised = (vectors + 8).astype(np.uint8).reshape(-1)
    return bytes((raised[0::2] | raised[1::2] << 4).tobytes())


def _unpacked(packed: bytes) -> Vectors:
    pairs = np.frombuffer(packed, np.uint8)
    vectors: Vectors = np.stack((pairs & 15, pairs >> 4), axis=1).reshape(-1).astype(np.int8) - np.int8(8)
    return vectors
