"""The index: from articles to named files, the same bytes for the same articles.

=========================  =============================================================================================
``search/base.json``       what every query needs: a row for each article (title, address, subjects, length), the
                           vocabulary of filters with synonyms, the most frequent terms, and for each shard the shortest
                           text that its terms are not before. It names the folder below
``search/<v>/w<n>.txt``    words of *n* letters (the last file: and of more) that a typing error may have meant,
                           front-coded, with how much there is of each
``search/<v>/p<i>.bin``    shard *i* of the terms in order, each with its postings: in which articles, how much, and in
                           which passages
``search/<v>/m*.bin``      what articles are about (:mod:`~engblog.outputs.search.meaning`)
``search/<v>/t<a>-<c>.json``  the text of article *a*, chunk *c*: anchor, heading and text of each passage, for excerpts
=========================  =============================================================================================

``<v>`` is a digest of the whole folder, so that an engine never mixes files of two builds, and the files may be cached
for ever. A passage is a section, or a part of a long one. A posting is a varint of the article's distance from the last
one, shifted by four, and a weight: ``round(2 * log2(w)) + 5`` from 0 to 15, *w* being the term's frequency, counted
double in headings, over ``1 - b + b * length / average length``. Then comes each passage as a varint: its distance,
shifted by two, and two bits: it is in the heading, and another passage follows. At most eight passages are kept.
Titles, tags and categories have no postings: the engine reads them from the base.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32

import numpy as np

from engblog.outputs.search.base import PATH, TermRow, with_version, write_base
from engblog.outputs.search.collect import Collector
from engblog.outputs.search.files import checked, front_coded, in_javascript, separator, with_length
from engblog.outputs.search.meaning import Meanings, meaning_files
from engblog.outputs.search.model import Document, Facet
from engblog.outputs.search.postings import Postings, number
from engblog.outputs.search.tokens import fold

_SHARD_BYTES = 3072
_MOST_WORDS = 16_000
LONGEST_WORD = 16
"""Words of this length or more share a file."""
_FREQUENT = 0.2
_COMMON = 0.6
"""A term in more than this share of the articles distinguishes none; it keeps only its postings in headings."""
_FEW = 8
"""Sites with fewer articles than this keep all postings."""
_WORD = re.compile(r"[^\W\d_]{3,32}")


def build_index(documents: Iterable[Document], meanings: Meanings | None = None) -> dict[str, bytes]:
    """Build the files of the search index of *documents*, by path from the site's root. Earlier documents win ties.

    With *meanings*, which are of English words, questions in English are also answered by their meaning.
    """
    found = Collector(documents)
    postings = found.postings()
    terms = _terms(found, postings)
    shards, firsts = _shards(terms)
    files = {f"p{place}.bin": data for place, data in enumerate(shards)}
    words = _words(found, {found.numbers[term.text]: term.frequency for term in terms})
    files.update(words)
    files.update(found.texts)
    means = meanings is not None and True in found.languages
    if meanings is not None and means:
        files.update(meaning_files(meanings, postings, found.numbers, len(found.documents)))
    base = write_base(
        found,
        firsts=firsts,
        lengths=(int(name[1:-4]) for name in words),
        common=_common(terms, len(found.documents)),
        means=means,
    )
    version = index_version(files, base)
    placed = {f"search/{version}/{name}": files[name] for name in sorted(files)}
    return {PATH: with_version(base, version), **placed}


def index_version(files: Mapping[str, bytes], base: bytes) -> str:
    """The version of an index: a digest of its *files*, by name in their folder, and of *base* without a version."""
    digest = sha256()
    for name in sorted(files):
        digest.update(f"{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    digest.update(base)
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    frequency: int
    """The number of articles that have it."""
    cut: bool
    """True if only the articles with the term in a heading are listed."""
    postings: bytes


def _terms(found: Collector, postings: Postings) -> list[_Term]:
    """All terms, in the order of the shards."""
    frequency = np.bincount(postings.term, minlength=len(found.numbers))
    cut = frequency > (math.ceil(_COMMON * len(found.documents)) if len(found.documents) >= _FEW else 1 << 30)
    data, ends = postings.where(~cut[postings.term] | postings.headed).encoded(len(found.numbers))
    return [
        _Term(term, int(frequency[number]), bool(cut[number]), data[ends[number] : ends[number + 1]])
        for term, number in sorted(found.numbers.items(), key=lambda entry: in_javascript(entry[0]))
    ]


def _shards(terms: Iterable[_Term]) -> tuple[list[bytes], list[str]]:
    """The shards, and for each the shortest text that separates its terms from those before."""
    shards: list[bytes] = []
    firsts: list[str] = []
    chosen: list[_Term] = []
    size = 0
    before = ""
    for term in terms:
        cost = len(term.postings) + 4
        if chosen and size + cost > _SHARD_BYTES:
            shards.append(_shard(chosen))
            firsts.append(separator(before, chosen[0].text))
            before = chosen[-1].text
            chosen, size = [], 0
        chosen.append(term)
        size += cost
    if chosen:
        shards.append(_shard(chosen))
        firsts.append(separator(before, chosen[0].text))
    return shards, firsts


def _shard(terms: Sequence[_Term]) -> bytes:
    """A checksum, then the terms, then the size of each one's postings (shifted by one; odd when they are cut to
    headings, and then the number of articles follows), then the postings."""
    data = bytearray(with_length(front_coded(term.text for term in terms)))
    for term in terms:
        data += number(len(term.postings) << 1 | term.cut)
        if term.cut:
            data += number(term.frequency)
    for term in terms:
        data += term.postings
    return checked(data)


def _words(found: Collector, frequencies: Mapping[int, int]) -> dict[str, bytes]:
    """Words that a typing error may have meant, each with its frequency: those of titles, headings and subjects, and
    as many others as there is room for, the most frequent first."""
    named: set[str] = set()
    names = [name for facet in _facets(found.documents) for name in (facet.name, *facet.synonyms)]
    for name in (*found.named, *names):
        named.update(_WORD.findall(fold(name)))
    sizes: dict[str, int] = dict.fromkeys(named, 0)
    for memo in found.memos.values():
        for term, surfaces in memo.surfaces.items():
            size = 3 * frequencies[term]
            for surface in surfaces:
                word = fold(surface)
                if _WORD.fullmatch(word):
                    sizes[word] = max(size, sizes.get(word, 0))
    by_length: dict[int, list[str]] = {}
    for word in sorted(sizes, key=lambda word: (word not in named, -sizes[word], word))[:_MOST_WORDS]:
        by_length.setdefault(min(len(word), LONGEST_WORD), []).append(word)
    files: dict[str, bytes] = {}
    for length, words in sorted(by_length.items()):
        words.sort(key=in_javascript)
        amounts = ("0123456789abcdef"[min(15, sizes[word].bit_length())] for word in words)
        data = front_coded(words, amounts).encode()
        files[f"w{length}.txt"] = f"{crc32(data):08x}\n".encode() + data
    return files


def _common(terms: Iterable[_Term], count: int) -> list[TermRow]:
    """Terms that are in so many of *count* articles that a long query leaves them out, with the number of those
    articles. None if there are only a few articles."""
    least = math.ceil(count * min(_COMMON, max(_FREQUENT, 30 / (count or 1))))
    return [TermRow(term.text, term.frequency) for term in terms if term.frequency > least]


def _facets(documents: Iterable[Document]) -> list[Facet]:
    return [
        facet for document in documents for facet in (document.category, document.subcategory, *document.tags) if facet
    ]
