"""Related articles: computed once for the whole site, with the same result on every machine."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest

from engblog.model.article import Article

_WORD = re.compile(r"[^\W\d_]{4,24}")
_ASCII_WORD = re.compile(r"[a-z]{4,24}")  # the same on lower-case ASCII, in half the time
_WORDS_PER_ARTICLE = 256
_TERMS_PER_ARTICLE = 48
_NEAREST = 32
_SHARED_TAG = 1.0
_SAME_CATEGORY = 0.25
_SAME_SUBCATEGORY = 0.25
_TEXT = 2.0


def related(articles: Sequence[Article], count: int) -> Mapping[str, tuple[Article, ...]]:
    """For each slug, the *count* articles most like it, best first; *articles* are newest first.

    The score of a pair adds three things. *Tags*: each shared tag counts the less the more articles carry it (its
    inverse document frequency over the largest there is, 0 to 1). *Place*: a quarter for the same category, another
    for the same subcategory. *Text*: twice the cosine of the two articles' 48 weightiest words by tf-idf, chosen from
    an article's 256 most frequent words of four to 24 letters; words in half of all articles or more carry no weight
    once there are more than four. Ties go to the newer article.

    Of the articles that share a tag or a word, the 32 on either side in time are looked at, so the work grows with the
    number of articles and not with its square. Every sum runs in a fixed order: the result does not depend on the
    machine.
    """
    if count < 1:
        return {article.slug: () for article in articles}
    features = _Index(len(articles))
    _add_tags(articles, features)
    _add_text(articles, features)
    categories = _Index(len(articles))
    for index, article in enumerate(articles):
        categories.add(index, article.category.slug, 0.0)
    places = [(each.category.slug, each.subcategory.slug if each.subcategory else None) for each in articles]
    chosen: dict[str, tuple[Article, ...]] = {}
    for index, article in enumerate(articles):
        scores = features.scores(index)
        for other in categories.scores(index):  # the nearest of the category, where nothing else is shared
            scores.setdefault(other, 0.0)
        ranked = nsmallest(
            count, ((-round(score + _place(places[index], places[other]), 9), other) for other, score in scores.items())
        )
        chosen[article.slug] = tuple(articles[other] for _, other in ranked)
    return chosen


class _Index:
    """An inverted index: the articles that have a feature, and how much of it."""

    def __init__(self, size: int) -> None:
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._values: dict[str, list[float]] = defaultdict(list)
        self._features: list[list[tuple[str, int]]] = [[] for _ in range(size)]

    def add(self, index: int, feature: str, value: float) -> None:
        """Record that article *index* has *value* of *feature*; calls must come in the order of *index*."""
        self._features[index].append((feature, len(self._holders[feature])))
        self._holders[feature].append(index)
        self._values[feature].append(value)

    def scores(self, index: int) -> dict[int, float]:
        """The articles that share a feature with *index*, with the sums of the products of values."""
        found: dict[int, float] = defaultdict(float)
        for feature, position in self._features[index]:
            values = self._values[feature]
            window = slice(max(0, position - _NEAREST), position + _NEAREST + 1)
            mine = values[position]
            for other, value in zip(self._holders[feature][window], values[window], strict=True):
                found[other] += mine * value
        found.pop(index, None)
        return found


def _place(one: tuple[str, str | None], other: tuple[str, str | None]) -> float:
    if one[0] != other[0]:
        return 0.0
    return _SAME_CATEGORY + (_SAME_SUBCATEGORY if one[1] and one[1] == other[1] else 0.0)


def _add_tags(articles: Sequence[Article], features: _Index) -> None:
    carried = Counter(tag.slug for article in articles for tag in article.tags)
    most = math.log(len(articles) + 1)
    for index, article in enumerate(articles):
        for tag in article.tags:
            rarity = math.log((len(articles) + 1) / carried[tag.slug]) / most
            features.add(index, f"tag:{tag.slug}", math.sqrt(_SHARED_TAG * rarity))


def _add_text(articles: Sequence[Article], features: _Index) -> None:
    counted = [_frequent_words(article.body) for article in articles]
    frequency = Counter(word for words in counted for word, _ in words)
    most = len(articles) / 2 if len(articles) > 4 else len(articles)
    for index, words in enumerate(counted):
        kept = ((word, times) for word, times in words if 1 < frequency[word] <= most)
        weighed = [
            ((1 + math.log(times)) * math.log(1 + len(articles) / frequency[word]), word) for word, times in kept
        ]
        for weight, word in _unit(sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[:_TERMS_PER_ARTICLE]):
            features.add(index, word, math.sqrt(_TEXT) * weight)


def _frequent_words(body: str) -> list[tuple[str, int]]:
    lowered = body.lower()
    pattern = _ASCII_WORD if lowered.isascii() else _WORD
    return Counter(pattern.findall(lowered)).most_common(_WORDS_PER_ARTICLE)


def _unit(weighed: list[tuple[float, str]]) -> Iterable[tuple[float, str]]:
    norm = math.sqrt(math.fsum(weight * weight for weight, _ in weighed)) or 1.0
    return [(weight / norm, word) for weight, word in weighed]
