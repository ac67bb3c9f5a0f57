"""Typing errors of authors: a rare form of a word that is one edit from a frequent one, and no word itself.

A form that one article has must not make that article the only one on the word that was meant, so it counts as the
frequent word, in the index and in a query. A form is kept that is an English word (``built/english.txt`` has fourteen
thousand stems), or written with a capital, in a title or in a heading; and one that differs at its first or its last
letter, as the names of programs and functions often do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

_LEAST_LETTERS = 6
_MORE = 20
"""So many times more often the frequent word is written."""
_LEAST_ARTICLES = 3
_MOST_ARTICLES_OF_RARE = 400
"""A form is rare in one of so many articles, or in one."""


def mistakes_of(
    surfaces: Mapping[int, Sequence[str]],
    frequencies: Sequence[int],
    amounts: Sequence[int],
    articles: int,
    words: Collection[int],
) -> dict[int, tuple[int, str]]:
    """For each term that is an error, the term that was meant, and the word.

    *surfaces* has each term's forms as written; *frequencies* and *amounts* say in how many of all *articles* each term
    is, and how often; *words* are terms of correct words.
    """
    most = max(1, articles // _MOST_ARTICLES_OF_RARE)
    frequent: dict[str, int] = {}
    rare: dict[str, int] = {}
    for term, forms in surfaces.items():
        plain = [form for form in forms if len(form) >= _LEAST_LETTERS - 1 and form.isascii() and form.isalpha()]
        if not frequencies[term] or not plain:
            continue
        if frequencies[term] <= most:
            if (
                term not in words
                and len(plain) == len(forms)
                and all(form.islower() and len(form) >= _LEAST_LETTERS for form in forms)
            ):
                rare.update(dict.fromkeys(plain, term))
        elif frequencies[term] >= _LEAST_ARTICLES:
            frequent.update(dict.fromkeys((form.lower() for form in plain), term))
    shortened = defaultdict(list)
    for form in frequent:
        for short in _shortened(form):
            shortened[short].append(form)
    meant: dict[int, tuple[int, str]] = {}
    for form, term in rare.items():
        near = {other for short in _shortened(form) for other in shortened.get(short, ()) if _is_slip(form, other)}
        word = max(sorted(near), key=lambda other: amounts[frequent[other]], default=None)
        if word is not None and amounts[frequent[word]] >= _MORE * amounts[term]:
            meant[term] = (frequent[word], word)
    return meant


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two words within one edit share one."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _is_slip(one: str, other: str) -> bool:
    """True if one edit inside of the words makes *other* of *one*: a letter more, less or another, or two swapped."""
    if one[0] != other[0] or one[-1] != other[-1] or one == other:
        return False
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
