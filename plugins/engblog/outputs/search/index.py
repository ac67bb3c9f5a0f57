"""The index: from articles to named files, the same bytes for the same articles.

============================  ==========================================================================================
``search/base.json``          what every query needs: a row for each article (title, address, subjects, length, date),
                              the vocabulary of filters with synonyms, the most frequent terms, for each shard the
                              shortest text that its terms are not before, and the names of the files below
``search/parts/<d>.bin``      shards: terms in order, each with its postings (in which articles, how much, and in which
                              passages), its meaning, and the word that was meant if it is a typing error. Terms of one
                              article have separate shards, which the engine loads if no other shard has the term
``search/parts/<d>.bin``      what the articles are about (:mod:`~engblog.outputs.search.meaning`)
``search/parts/<d>.txt``      words that a typing error may have meant (:mod:`~engblog.outputs.search.words`)
``search/parts/<d>.json``     the passages of some articles, for excerpts (:mod:`~engblog.outputs.search.texts`)
============================  ==========================================================================================

``<d>`` is the beginning of a digest of the file (:mod:`~engblog.outputs.search.parts`), so an engine never mixes two
builds, and the files may be cached for ever. A passage is a section, or a part of a long one. Articles are numbered
from the oldest. A posting is a varint of the article's distance from the last one, shifted by four, and a weight:
``round(2 * log2(w)) + 5`` from 0 to 15, *w* being the term's frequency, counted double in headings, over ``1 - b + b *
length / average length``. Then comes each passage as a varint: its distance, shifted by two, and two bits: it is in the
heading, and another passage follows. At most five passages are kept. Titles, tags and categories have no postings: the
engine reads them from the base.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engblog.outputs.search.base import PATH, IndexFiles, TermRow, write_base
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.files import checked, front_coded, in_javascript, separator, with_length
from engblog.outputs.search.meaning import Meanings, about_file, vectors_of
from engblog.outputs.search.mistakes import mistakes_of
from engblog.outputs.search.model import Document, Facet
from engblog.outputs.search.parts import NamedFiles, joined, runs, size_for
from engblog.outputs.search.postings import Postings, number
from engblog.outputs.search.texts import text_files
from engblog.outputs.search.words import word_files

_SHARD_BYTES = 3072
_MOST_SHARDS = 245
_MOST_RARE_SHARDS = 60
_HAS_RARE_SHARDS = 64
"""Sites with fewer articles than this keep all terms together: there, most terms are in one article."""
_TERM = 4
"""Bytes of a term beside its postings, about."""
_FREQUENT = 0.3
_COMMON = 0.6
"""A term in more than this share of the articles distinguishes none; it keeps only its postings in headings."""
_FEW = 8
"""Sites with fewer articles than this keep all postings."""


def build_index(documents: Iterable[Document], meanings: Meanings | None = None) -> dict[str, bytes]:
    """Build the files of the search index of *documents*, by path from the site's root. Earlier documents win ties.

    With *meanings*, which are of English words, questions in English are also answered by their meaning.
    """
    found = Collector(documents)
    vectors = vectors_of(meanings) if meanings is not None and True in found.languages else {}
    postings, meant = _postings(found, {*vectors, *meanings.others} if meanings is not None else ())
    terms = _terms(found, postings, meant, vectors)
    parts = NamedFiles()
    often, rare = (_shards([term for term in terms if term.rare is each], parts, most) for each, most in _TIERS)
    texts = [
        (parts.add(data, "json"), passages)
        for data, passages in text_files([document.url for document in found.documents], found.passages)
    ]
    frequencies = {found.numbers[term.text]: term.frequency for term in terms if term.frequency and not term.meant}
    begin, end = (
        [parts.add(data, "txt") for data in files] for files in word_files(found, _facets(found.documents), frequencies)
    )
    about = (
        [parts.add(about_file(meanings, postings, found.numbers, len(found.documents)), "bin")]
        if meanings is not None and vectors
        else []
    )
    names, files = parts.named()

    def named(numbers: Iterable[int]) -> str:
        return joined(names[each] for each in numbers)

    layout = IndexFiles(
        shards=[first for first, _ in often],
        rare=[first for first, _ in rare],
        texts=[passages for _, passages in texts],
        names={
            "shards": named(each for _, each in often),
            "rare": named(each for _, each in rare),
            "texts": named(each for each, _ in texts),
            "begin": named(begin),
            "end": named(end),
            "about": named(about),
        },
    )
    return {PATH: write_base(found, layout, _common(terms, len(found.documents))), **files}


_TIERS = ((False, _MOST_SHARDS), (True, _MOST_RARE_SHARDS))


def _postings(found: Collector, english: Collection[str]) -> tuple[Postings, dict[int, str]]:
    """The postings, and the terms that are typing errors, each with the word that was meant, whose postings have those
    of the error too. *english* has stems of correct words; without them, nothing is taken for an error."""
    postings = found.postings()
    if not english:
        return postings, {}
    size = len(found.numbers)
    words = {found.numbers[word] for word in english if word in found.numbers}
    words.update(found.terms_of_names(_facets(found.documents)))
    meant = mistakes_of(
        found.memos[True].surfaces,
        np.bincount(postings.term, minlength=size).tolist(),
        np.bincount(postings.term, postings.amount, size).tolist(),
        len(found.documents),
        words,
    )
    if not meant:
        return postings, {}
    merged = found.postings({term: to for term, (to, _) in meant.items()})
    return merged, {term: word for term, (_, word) in meant.items()}


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    frequency: int
    """The number of articles that have it."""
    cut: bool
    """True if only the articles with the term in a heading are listed."""
    postings: bytes
    vector: bytes
    """Its meaning, or nothing."""
    meant: str
    """The word that was meant, if it is a typing error."""
    rare: bool
    """True if it is among the terms of one article."""

    def written(self) -> tuple[bytes, bytes]:
        """Its entry in the head of a shard, and what the shard says of it."""
        data = self.vector + (with_length(self.meant) if self.meant else b"") + self.postings
        flags = self.cut | bool(self.vector) << 1 | bool(self.meant) << 2
        return number(len(data) << 3 | flags) + (number(self.frequency) if self.cut else b""), data


def _terms(found: Collector, postings: Postings, meant: Mapping[int, str], vectors: Mapping[str, bytes]) -> list[_Term]:
    """All terms, in the order of the shards."""
    numbers = {**found.numbers}
    for word in vectors:
        numbers.setdefault(word, len(numbers))
    frequency = np.bincount(postings.term, minlength=len(numbers))
    cut = frequency > (math.ceil(_COMMON * len(found.documents)) if len(found.documents) >= _FEW else 1 << 30)
    data, ends = postings.where(~cut[postings.term] | postings.headed).encoded(len(numbers))
    tiers = len(found.documents) >= _HAS_RARE_SHARDS
    return [
        _Term(
            term,
            int(frequency[number]),
            bool(cut[number]),
            data[ends[number] : ends[number + 1]],
            vector := vectors.get(term, b""),
            meant.get(number, ""),
            tiers and int(frequency[number]) == 1 and not vector,
        )
        for term, number in sorted(numbers.items(), key=lambda entry: in_javascript(entry[0]))
    ]


def _shards(terms: Sequence[_Term], parts: NamedFiles, most: int) -> list[tuple[str, int]]:
    """Write *terms* into shards, and return for each the shortest text that separates its terms from those before, and
    its number among *parts*."""
    written = [term.written() for term in terms]
    sizes = [len(data) + _TERM for _, data in written]
    shards: list[tuple[str, int]] = []
    before = ""
    for run in runs([term.text for term in terms], sizes, size_for(sum(sizes), _SHARD_BYTES, most)):
        chosen = terms[run.start : run.stop]
        data = with_length(front_coded(term.text for term in chosen))
        data += b"".join(head for head, _ in written[run.start : run.stop])
        data += b"".join(rest for _, rest in written[run.start : run.stop])
        shards.append((separator(before, chosen[0].text), parts.add(checked(data), "bin")))
        before = chosen[-1].text
    return shards


def _common(terms: Iterable[_Term], count: int) -> list[TermRow]:
    """Terms that are in so many of *count* articles that a long query leaves them out, with the number of those
    articles. None if there are only a few articles."""
    least = math.ceil(count * min(_COMMON, max(_FREQUENT, 30 / (count or 1))))
    return [TermRow(term.text, term.frequency) for term in terms if term.frequency > least]


def _facets(documents: Iterable[Document]) -> list[Facet]:
    return [
        facet for document in documents for facet in (document.category, document.subcategory, *document.tags) if facet
    ]
