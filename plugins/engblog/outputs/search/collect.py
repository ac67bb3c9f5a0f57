"""One pass over all articles: their words as numbers, and their passages."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from engblog.html.sections import Section
from engblog.outputs.search.model import Document, Facet
from engblog.outputs.search.postings import (
    DESCRIBED,
    HEADED,
    INSIDE,
    Integers,
    Postings,
    moved,
    occurrence_keys,
    postings_of,
)
from engblog.outputs.search.tokens import chunks_of, expand, rough

_LENGTH_WEIGHT = 0.6
_HEADING_WEIGHT = 2
_PASSAGE_CHARACTERS = 4000
_MOST_SURFACES = 4
_ASIDE = frozenset(
    (
        *("sources", "references", "bibliography", "literature", "works cited", "external links"),
        *("footnotes", "endnotes", "notes", "further reading", "related reading", "see also"),
    )
)
"""Headings of lists of titles and links, and parts of such headings: their words count for the article, and no result
leads to them."""
_BESIDE = re.compile(r"(?<!\s)\s*+(?:[,;/&+]|\band\b)\s*+")
_AROUND = b"_-.'/:>"
"""Characters that :func:`~engblog.outputs.search.tokens.rough` leaves at the ends of words and no chunk needs."""


class Numbers(dict[bytes, int]):
    """The number of each rough piece of text: that of its term or, if it gives none or several, a negative one."""

    def __init__(self, terms: dict[str, int], *, stemmed: bool) -> None:
        self._terms, self._stemmed = terms, stemmed
        self.several: list[Sequence[tuple[int, float]]] = [()]
        """Terms with weights, by the negative number made positive."""
        self.surfaces: dict[int, list[str]] = {}
        """By term: the words of the text that give it, as written."""
        self._chunks: dict[str, int] = {}

    def __missing__(self, piece: bytes) -> int:
        word = piece.strip(_AROUND)
        if b"-" + word in piece and word[:1].isalpha():  # an option keeps its dashes
            ahead = piece[: piece.index(word)]
            dashes = len(ahead) - len(ahead.rstrip(b"-"))
            word = ahead[-dashes:] + word if dashes < 3 else word
        if word != piece:
            number = self[piece] = self[word]
            return number
        chunks = [piece.decode()] if piece.isalpha() else chunks_of(piece.decode())
        if len(chunks) == 1:
            chunk = chunks[0]
            number = self._chunks[chunk] if chunk in self._chunks else self._of_chunk(chunk)
        else:
            found: dict[str, float] = {}
            for chunk in chunks:
                for term, weight in expand(chunk, stemmed=self._stemmed):
                    found[term] = found.get(term, 0.0) + weight
            number = self._of_terms(found.items())
        self[piece] = number
        return number

    def _of_chunk(self, chunk: str) -> int:
        found = expand(chunk, stemmed=self._stemmed)
        number = self._of_terms(found)
        if number >= 0:
            words = self.surfaces.setdefault(number, [])
            if len(words) < _MOST_SURFACES:
                words.append(chunk)
        self._chunks[chunk] = number
        return number

    def _of_terms(self, found: Collection[tuple[str, float]]) -> int:
        terms = self._terms
        numbers = [(terms.setdefault(term, len(terms)), weight) for term, weight in found]
        if len(numbers) == 1 and numbers[0][1] == 1.0:
            return numbers[0][0]
        self.several.append(numbers)
        return 1 - len(self.several)


class _Words:
    """The words of some articles as numbers, in order, and the place of each run of them."""

    def __init__(self) -> None:
        self._numbers: list[int] = []  # filled twice as fast as an array
        self._ends = array("q", [0])
        self._passages = array("q")
        self._marks = array("q")

    def add(self, numbers: Iterable[int], passage: int, mark: int) -> None:
        """Add a run of words."""
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))
        self._passages.append(passage)
        self._marks.append(mark)

    def occurrences(self, memo: Numbers, passages: int) -> Integers:
        """Each word's terms, in any order, as :func:`~engblog.outputs.search.postings.occurrence_keys` makes them."""
        number, passage, mark = (np.array(each, np.int64) for each in (self._numbers, self._passages, self._marks))
        weight = np.where(mark == HEADED, 2 * _HEADING_WEIGHT, 2)
        zero = np.zeros(1, np.int64)
        run = np.repeat(occurrence_keys(zero, passage, mark, weight, passages), np.diff(self._ends))
        # Words of several terms, or of a part of one.
        at = np.flatnonzero(number < 0)
        sizes = np.array([len(each) for each in memo.several], np.int64)
        parts = np.array([part for each in memo.several for part in each], float).reshape(-1, 2)
        which = -number[at]
        each = np.repeat(np.cumsum(sizes)[which], sizes[which]) - _countdown(sizes[which])
        inside = np.repeat(np.searchsorted(self._ends, at, side="right") - 1, sizes[which])
        several = occurrence_keys(
            parts[each, 0].astype(np.int64),
            passage[inside],
            mark[inside],
            (parts[each, 1] * weight[inside]).astype(np.int64),
            passages,
        )
        # The others, in place: there are millions.
        one = number >= 0
        number *= occurrence_keys(zero + 1, zero, zero, zero, passages)
        number += run
        return np.concatenate((number[one], several))


def _is_aside(heading: str) -> bool:
    """True for the heading of a list of sources: *Sources*, *8. Notes and further reading*."""
    plain = heading.casefold().strip(" .:)0123456789")
    return bool(plain) and _ASIDE.issuperset(_BESIDE.split(plain))


def _countdown(sizes: Integers) -> Integers:
    """For each of *sizes*, as many numbers, down to 1."""
    return np.repeat(np.cumsum(sizes), sizes) - np.arange(sizes.sum())


class Collector:
    """One pass over all documents."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Read all *documents*. They are numbered from the last, so that an article that is published before all others
        changes no other's number."""
        self.documents = tuple(documents)[::-1]
        self.numbers: dict[str, int] = {}
        """Terms, numbered."""
        self.named: dict[str, None] = {}
        """Chunks of titles and headings."""
        self.passages: list[list[Section]] = []
        """By article: its passages, at least one."""
        self.languages: set[bool] = set()
        self.memos = {stemmed: Numbers(self.numbers, stemmed=stemmed) for stemmed in (True, False)}
        self._words = {stemmed: _Words() for stemmed in (True, False)}
        self._total = 0
        for document in self.documents:
            self._add(document)

    def postings(self, meant: Mapping[int, int] | None = None) -> Postings:
        """The postings of all terms; those of the keys of *meant* are also postings of the terms that were meant."""
        sizes = [sum(len(section.text) for section in document.sections) for document in self.documents]
        average = sum(sizes) / len(sizes) if sizes else 0
        lengths = [1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size / _rounded(average) for size in sizes]
        words = [self._words[stemmed].occurrences(memo, self._total) for stemmed, memo in self.memos.items()]
        if meant:
            words.append(moved(np.concatenate(words), meant, len(self.numbers), self._total))
        return postings_of(np.concatenate(words), lengths, [len(passages) for passages in self.passages])

    def terms_of_names(self, facets: Iterable[Facet]) -> set[int]:
        """The terms of titles, of headings and of the names of *facets*."""
        chunks = {*self.named, *(chunk for facet in facets for chunk in chunks_of(facet.name))}
        return {
            self.numbers[term] for chunk in chunks for term, _ in expand(chunk, stemmed=True) if term in self.numbers
        }

    def _add(self, document: Document) -> None:
        stemmed = _is_english(document.language)
        self.languages.add(stemmed)
        words, number_of = self._words[stemmed], self.memos[stemmed].__getitem__
        passages = list(_passages(document.sections)) or [Section("", "", "")]
        words.add(map(number_of, rough(" ".join((document.description, *document.also)))), self._total, DESCRIBED)
        heading = ""
        for passage, section in enumerate(passages, self._total):
            if _is_aside(section.heading):
                words.add(map(number_of, rough(section.text)), self._total, DESCRIBED)
                continue
            words.add(map(number_of, rough(section.text)), passage, INSIDE)
            if section.heading != heading:
                heading = section.heading
                words.add(map(number_of, rough(heading)), passage, HEADED)
                self.named.update(dict.fromkeys(chunks_of(heading)))
        self.named.update(dict.fromkeys(chunks_of(document.title)))
        self.passages.append(passages)
        self._total += len(passages)


def _is_english(language: str) -> bool:
    return language.partition("-")[0].lower() == "en"


def _passages(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        text = section.text
        while len(text) > _PASSAGE_CHARACTERS * 1.3:
            cut = text.rfind("\n", _PASSAGE_CHARACTERS // 2, _PASSAGE_CHARACTERS)
            if cut < 0:
                cut = text.rfind(" ", _PASSAGE_CHARACTERS // 2, _PASSAGE_CHARACTERS)
            if cut < 0:
                cut = _PASSAGE_CHARACTERS
            yield Section(section.anchor, section.heading, text[:cut])
            text = text[cut:].lstrip()
        yield Section(section.anchor, section.heading, text)


def _rounded(average: float) -> float:
    """An average length that stays the same when an article changes a little: the nearest of four steps per octave."""
    return float(2 ** (round(4 * math.log2(average)) / 4)) if average else 1.0
