"""Keeps the result of a pure function for later runs, with what it looked up on the way.

A function that is given whole mappings depends only on the entries that it asks for. These are noted, and a result
holds as long as each of them is still the same, so a new page changes nothing that never asked about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from engblog.disk.store import Store, key_of


class Asked(Mapping[str, str]):
    """A mapping that notes what it is asked for. It cannot be walked through, because then everything would count."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.answers: dict[str, str | None] = {}

    def __getitem__(self, key: str) -> str:
        found = self._given.get(key)
        self.answers[key] = _answer(found)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        raise TypeError("this mapping can only be asked for a key")

    def __len__(self) -> int:
        raise TypeError("this mapping can only be asked for a key")


def remembered(
    store: Store, key: str, given: Sequence[Mapping[str, str]], make: Callable[[Sequence[Mapping[str, str]]], str]
) -> str:
    """Return what *make* makes of *given*, or what *store* has of it. Everything else that it needs is in *key*."""
    try:
        answers, made = json.loads(store.get(key) or b"")
        if isinstance(made, str) and all(
            _answer(mapping.get(name)) == answer
            for mapping, asked in zip(given, answers, strict=True)
            for name, answer in asked.items()
        ):
            return made
    except (ValueError, TypeError, AttributeError):
        pass
    asked = [Asked(mapping) for mapping in given]
    made = make(asked)
    store.put(key, json.dumps([[each.answers for each in asked], made]).encode())
    return made


def _answer(found: str | None) -> str | None:
    return None if found is None else key_of("answer", found)
