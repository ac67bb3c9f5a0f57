"""The passages' texts as files, from which the engine takes excerpts: each with those of a few articles.

A file is an object: for each article, by its address, rows of anchor, heading and text. A long article has several
separate files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engblog.html.sections import Section
from engblog.outputs.search.files import to_json
from engblog.outputs.search.parts import runs, size_for

_BYTES = 6000
_MOST_FILES = 235
"""Beside the other files of the index, so that a thousand articles have fewer than 600 in all."""
_ROW = 20
"""Bytes of a passage beside its text, about."""


def text_files(addresses: Sequence[str], articles: Sequence[Sequence[Section]]) -> Iterator[tuple[bytes, int]]:
    """Files with the passages of *articles*, in order, and how many passages each has."""
    sizes = [sum(map(_size, passages)) for passages in articles]
    target = size_for(sum(sizes), _BYTES, _MOST_FILES)
    for run in runs(addresses, sizes, target):
        for pieces in _parted(articles[run.start], target) if len(run) == 1 else [None]:
            chosen = {addresses[each]: articles[each] if pieces is None else pieces for each in run}
            rows = {
                address: [(each.anchor, each.heading, each.text) for each in passages]
                for address, passages in chosen.items()
            }
            yield to_json(rows), sum(map(len, rows.values()))


def _parted(passages: Sequence[Section], target: int) -> Iterator[Sequence[Section]]:
    """The passages of one article in pieces of at most twice *target* bytes, unless one passage has more."""
    start, size = 0, 0
    for place, passage in enumerate(passages):
        if size and size + _size(passage) > 2 * target:
            yield passages[start:place]
            start, size = place, 0
        size += _size(passage)
    yield passages[start:]


def _size(passage: Section) -> int:
    return len(passage.text.encode()) + len(passage.heading) + len(passage.anchor) + _ROW
