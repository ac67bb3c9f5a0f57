"""The words that a typing error may have meant, as files in which the engine looks for them.

Each word is in two files: in one by its first letter, and in one by its last two letters. One error leaves the first
letter right or the last two, so a word is found with one file, or with two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from zlib import crc32

from engblog.outputs.search.collect import Collector
from engblog.outputs.search.files import front_coded, in_javascript
from engblog.outputs.search.model import Facet
from engblog.outputs.search.tokens import fold

_MOST_WORDS = 16_000
_MOST_FILES = 16
"""Of each kind."""
_WORDS_IN_FILE = 500
_WORD = re.compile(r"[^\W\d_]{3,32}")


def word_files(
    found: Collector, facets: Iterable[Facet], frequencies: Mapping[int, int]
) -> tuple[list[bytes], list[bytes]]:
    """The files by the beginnings of words and those by their ends, as many of each, each word with its frequency:
    those of titles, headings and subjects, and as many others as there is room for, the most frequent first."""
    named: set[str] = set()
    names = [name for facet in facets for name in (facet.name, *facet.synonyms)]
    for name in (*found.named, *names):
        named.update(_WORD.findall(fold(name)))
    sizes: dict[str, int] = dict.fromkeys(named, 0)
    for memo in found.memos.values():
        for term, surfaces in memo.surfaces.items():
            size = 3 * frequencies.get(term, 0)
            for surface in surfaces if size else ():
                word = fold(surface)
                if _WORD.fullmatch(word):
                    sizes[word] = max(size, sizes.get(word, 0))
    chosen = sorted(sizes, key=lambda word: (word not in named, -sizes[word], word))[:_MOST_WORDS]
    count = min(_MOST_FILES, -(-len(chosen) // _WORDS_IN_FILE))
    begin: list[list[str]] = [[] for _ in range(count)]
    end: list[list[str]] = [[] for _ in range(count)]
    for word in chosen:
        begin[_file_of(word[0], count)].append(word)
        end[_file_of(word[-2:], count)].append(word)
    return [_written(words, sizes) for words in begin], [_written(words, sizes) for words in end]


def _file_of(letters: str, count: int) -> int:
    return crc32(letters.encode()) % count


def _written(words: list[str], sizes: Mapping[str, int]) -> bytes:
    words.sort(key=in_javascript)
    amounts = ("0123456789abcdef"[min(15, sizes[word].bit_length())] for word in words)
    data = front_coded(words, amounts).encode()
    return f"{crc32(data):08x}\n".encode() + data
