"""Meanings of articles as vectors, because a question often uses other words than its answer.

Each of some five thousand English word stems has a vector of 64 small whole numbers, made so that the sum of a text's
vectors has about the direction of a language model's embedding of the text (``tools/meaning.py`` makes them). An
article's vector is the sum over its words. The engine sums a question's words the same way, and prefers the articles
with a similar direction.

=========================  =============================================================================================
``search/<v>/m.bin``       the articles' vectors, and the first word of each file of words
``search/<v>/m<i>.bin``    words in order with their vectors
=========================  =============================================================================================

A vector is written as 32 bytes, two numbers per byte, the first in the low half, each raised by 8 to be positive. All
arithmetic is on whole numbers except for one division per number, so the bytes are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engblog.outputs.search.files import checked, front_coded, separator, with_length
from engblog.outputs.search.postings import Postings, number

DIMENSIONS = 64
_LARGEST = 7
_WORDS = 32
"""Words in a file: a question of six words loads some six files of 1.3 KB."""

Vectors = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Word stems, sorted, and a vector for each."""

    words: tuple[str, ...]
    vectors: Vectors


def read_meanings(words: str, packed: bytes) -> Meanings:
    """Read one stem per line and as many vectors of 32 bytes. Raises ``ValueError`` if the two do not match."""
    stems = tuple(words.split())
    return Meanings(stems, _unpacked(packed).reshape(len(stems), DIMENSIONS))


def meaning_files(meanings: Meanings, postings: Postings, terms: Mapping[str, int], articles: int) -> dict[str, bytes]:
    """The files, by name, for *articles* articles with these *postings* of numbered *terms*."""
    files: dict[str, bytes] = {}
    firsts: list[str] = []
    before = ""
    for place, start in enumerate(range(0, len(meanings.words), _WORDS)):
        words = meanings.words[start : start + _WORDS]
        vectors = pack(meanings.vectors[start : start + _WORDS])
        files[f"m{place}.bin"] = checked(with_length(front_coded(words)) + vectors)
        firsts.append(separator(before, words[0]))
        before = words[-1]
    about = pack(_of_articles(meanings, postings, terms, articles))
    files["m.bin"] = checked(with_length("\n".join(firsts)) + number(articles) + about)
    return files


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
