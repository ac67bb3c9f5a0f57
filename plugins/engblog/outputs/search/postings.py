"""Postings: the articles that have a term, how often, and in which passages, as bytes.

A site of a thousand long articles has millions of them, so they are sorted, summed and written as arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WEIGHT_BITS, _MARK_BITS = 8, 2
_HEAVIEST = (1 << _WEIGHT_BITS) - 1
DESCRIBED, INSIDE, HEADED = 0, 1, 2
"""Kinds of occurrence of a term: in the article's description (recorded for the first passage), in a passage, in its
heading. If a passage has several, the highest counts."""
_MOST_PASSAGES = 5
_EDGES = [2 ** ((level - 5.5) / 2) for level in range(1, 16)]
"""The lowest weights of the levels from 1 to 15; a level is ``round(2 * log2(weight)) + 5``."""

Integers = NDArray[np.int64]


def occurrence_keys(term: Integers, passage: Integers, mark: Integers, weight: Integers, passages: int) -> Integers:
    """Occurrences as one number each, which sort by term, then by passage, then by mark.

    *passage* is numbered through all articles, of which there are *passages*; *weight* is twice what a word counts for
    the term. Sorting such numbers is several times faster than sorting by a key.
    """
    place = (passage << _MARK_BITS | mark) << _WEIGHT_BITS
    return term * (passages << (_MARK_BITS + _WEIGHT_BITS)) + (place | np.minimum(weight, _HEAVIEST))


def moved(occurrences: Integers, terms: Mapping[int, int], count: int, passages: int) -> Integers:
    """Those of *occurrences* (:func:`occurrence_keys`) whose term is a key of *terms*, as occurrences of its value.

    There are *count* terms, and *passages* passages.
    """
    span = passages << (_MARK_BITS + _WEIGHT_BITS)
    to = np.arange(count)
    to[list(terms)] = list(terms.values())
    term = occurrences // span
    chosen = to[term] != term
    term = term[chosen]
    result: Integers = occurrences[chosen] + (to[term] - term) * span
    return result


@dataclass(frozen=True, slots=True)
class Postings:
    """One entry a term and article, by term, then by article; the places of all of them, in the same order."""

    term: Integers
    article: Integers
    level: Integers
    amount: Integers
    """Twice how often the article has the term, headings counted double."""
    headed: NDArray[np.bool_]
    """True if the term is in a heading of the article."""
    place: Integers
    """A passage, numbered within its article."""
    place_headed: NDArray[np.bool_]
    owner: Integers
    """The posting that the place belongs to: an index into the postings."""

    def where(self, chosen: NDArray[np.bool_]) -> Postings:
        """The postings that are *chosen*."""
        number = np.cumsum(chosen) - 1
        places = chosen[self.owner]
        return Postings(
            self.term[chosen],
            self.article[chosen],
            self.level[chosen],
            self.amount[chosen],
            self.headed[chosen],
            self.place[places],
            self.place_headed[places],
            number[self.owner[places]],
        )

    def encoded(self, terms: int) -> tuple[bytes, list[int]]:
        """Encode all postings as bytes; return also the start of those of each of *terms* terms, and the end of the
        last.

        :mod:`engblog.outputs.search.index` describes the bytes.
        """
        ahead = _starts(self.term)
        step = np.diff(self.article, prepend=-1)
        step[ahead] = self.article[ahead] + 1
        first, last = _starts(self.owner), np.ones(len(self.owner), bool)
        last[:-1] = self.owner[1:] != self.owner[:-1]
        stride = np.diff(self.place, prepend=-1)
        stride[first] = self.place[first] + 1
        values = np.empty(len(self.term) + len(self.place), np.int64)
        counts = np.bincount(self.owner, minlength=len(self.term))
        heads = np.arange(len(self.term)) + np.cumsum(counts) - counts
        values[heads] = (step - 1) << 4 | self.level
        values[np.arange(len(self.place)) + self.owner + 1] = (
            (stride - 1) << 2 | self.place_headed.astype(np.int64) << 1 | ~last
        )
        data, offsets = _varints(values)
        begins = np.searchsorted(self.term, np.arange(terms + 1))
        ends = np.append(heads, len(values))
        return data, [int(each) for each in offsets[ends[begins]]]


def postings_of(occurrences: Integers, lengths: Sequence[float], passages: Sequence[int]) -> Postings:
    """The postings of all *occurrences* (:func:`occurrence_keys`), which are sorted in place.

    *lengths*: what each article's weights are divided by; *passages*: how many passages each article has.
    """
    counts = np.array(passages, np.int64)
    occurrences.sort()
    scratch = occurrences >> (_MARK_BITS + _WEIGHT_BITS)  # used twice: new memory of this size costs as much as the sum
    begins = _starts(scratch)
    ends = np.append(begins, len(scratch))[1:] - 1
    term, passage = np.divmod(scratch[begins], int(counts.sum()) or 1)
    mark = occurrences[ends] >> _WEIGHT_BITS & 3
    amount = _sums(np.bitwise_and(occurrences, _HEAVIEST, out=scratch), begins)
    article = np.repeat(np.arange(len(counts)), counts)[passage]
    place = passage - (np.cumsum(counts) - counts)[article]
    begins = _starts(term * len(counts) + article)
    owner = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, len(term))))
    headed = mark == HEADED
    kept = _kept(owner, headed, mark == DESCRIBED)
    article = article[begins]
    amount = _sums(amount, begins)
    sizes = amount / 2 / np.asarray(lengths, float)[article]
    level: Integers = np.searchsorted(_EDGES, sizes, side="right")
    return Postings(
        term[begins],
        article,
        level,
        amount,
        _sums(headed.astype(np.int64), begins) > 0,
        place[kept],
        headed[kept],
        owner[kept],
    )


def _kept(owner: Integers, headed: NDArray[np.bool_], described: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the places to write: the description's only if there is no other; of many, the first ones, headings before
    others."""
    counts = np.bincount(owner)
    kept: NDArray[np.bool_] = ~(described & (counts[owner] > 1))
    many = np.flatnonzero((counts > _MOST_PASSAGES)[owner] & kept)
    order = many[np.lexsort((many, ~headed[many], owner[many]))]
    begins = _starts(owner[order])
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    kept[order[rank >= _MOST_PASSAGES]] = False
    return kept


def _starts(values: Integers) -> Integers:
    """The starts of runs of equal *values*."""
    if not len(values):
        return values
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))


def _sums(values: Integers, begins: Integers) -> Integers:
    """The sum of each run of *values*. (``reduceat`` itself fails on empty input.)"""
    sums: Integers = np.add.reduceat(values, begins) if len(begins) else values
    return sums


def _varints(values: Integers) -> tuple[bytes, Integers]:
    """Encode numbers with seven bits per byte, lowest first, the high bit set if more follow; return also the start of
    each."""
    sizes = np.ones(len(values), np.int64)
    rest = values >> 7
    while rest.any():
        sizes += rest > 0
        rest >>= 7
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    data = np.empty(offsets[-1], np.uint8)
    for byte in range(int(sizes.max(initial=0))):
        longer = sizes > byte
        more = (sizes > byte + 1)[longer].astype(np.int64) << 7
        data[offsets[:-1][longer] + byte] = values[longer] >> (7 * byte) & 127 | more
    return data.tobytes(), offsets


def number(value: int) -> bytes:
    """One number, encoded like those of the postings."""
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)
