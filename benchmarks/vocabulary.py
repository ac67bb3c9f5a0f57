"""Words for generated articles, in the proportions of real text: a few everywhere, most of them rarely."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from random import Random

_WORDS = Path(__file__).parent / "words"
_ONSETS = (
    "b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "g", "gl", "gr", "h", "j", "k", "l", "m", "n",
    "p", "pl", "pr", "qu", "r", "s", "sc", "sh", "sl", "sp", "st", "t", "th", "tr", "v", "w",
)  # fmt: skip
_NUCLEI = (
    "a", "a", "ai", "e", "e", "ea", "ee", "i", "i", "io", "o", "o", "oa", "ou", "u",
)  # fmt: skip
_CODAS = (
    "b", "ck", "d", "g", "l", "ll", "m", "mp", "n", "nd", "ng", "nt", "p", "r", "rd", "rn", "rt", "s", "ss", "st",
    "t", "th", "x",
)  # fmt: skip
_ENDINGS = (
    "s", "ed", "ing", "er", "tion", "ly", "al", "ive", "ment", "ness", "able", "ity", "ize", "ous",
)  # fmt: skip
_SIZE = 9_000
_TOPIC_WORDS = 60


class Vocabulary:
    """Words with Zipf's frequencies: that of rank *r* is drawn in proportion to *1/(r + 2.7)*, Mandelbrot's form."""

    def __init__(self, random: Random) -> None:
        common, field = ((_WORDS / f"{name}.txt").read_text(encoding="utf-8").split() for name in ("common", "field"))
        invented: dict[str, None] = {}
        while len(common) + len(field) + len(invented) < _SIZE:
            word = _invent(random)
            if word not in common and word not in field:
                invented[word] = None
        random.shuffle(field)
        self._field, self._tail = field, list(invented)
        self.words = [*common, *field, *invented]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(self.words) + 1)))

    def draw(self, random: Random, count: int, topic: list[str]) -> list[str]:
        """*count* words; one in twelve is of the *topic*."""
        drawn = random.choices(self.words, cum_weights=self._weights, k=count)
        for index in range(random.randrange(12), count, 12):
            drawn[index] = random.choice(topic)
        return drawn

    def topic(self, random: Random) -> list[str]:
        """The words that one article keeps coming back to."""
        return random.sample(self._field, _TOPIC_WORDS // 2) + random.sample(self._tail, _TOPIC_WORDS // 2)

    def identifier(self, random: Random, separator: str = "_") -> str:
        """A name as code has them, of two words."""
        return separator.join(random.sample(self._field, 2))


def _invent(random: Random) -> str:
    syllables = random.choices((1, 2, 3), weights=(4, 5, 1))[0]
    parts = (random.choice(_ONSETS) + random.choice(_NUCLEI) + _sometimes(random, _CODAS) for _ in range(syllables))
    return "".join(parts) + _sometimes(random, _ENDINGS)


def _sometimes(random: Random, parts: Sequence[str]) -> str:
    return random.choice(parts) if random.random() < 0.5 else ""
