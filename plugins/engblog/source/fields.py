"""Reading typed values out of marked YAML: every method notes what is wrong and returns None rather than raise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engblog.model.article import Moment
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.text import is_seen
from engblog.source.dates import DateError, read_moment
from engblog.source.marked_yaml import Mapping, Scalar, Sequence, Value
from engblog.source.typography import typographic

_WHITE = re.compile(r"[ \t\r\n]+")
"""White space that YAML folds. Other spaces, such as one that does not break, are text."""

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that open or close a part of the text with another direction, beyond the value that they are in."""

Takes = Literal["text", "truth", "number", "day", "moment", "texts", "keys", "list of keys", "texts by name"]
"""A type of value: the method of :class:`Fields` that reads it has the same name, or nearly."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that authors can write, described for the reader of front matter, for editors and for the documentation."""

    name: str
    takes: Takes
    about: str
    """Its meaning to an author, in a sentence or two."""
    example: str = ""
    """A correct line. A key that has an example is required."""
    bounds: tuple[int, int] | None = None
    """Least and most: characters of a text, entries of a list."""
    among: tuple[str, ...] = ()
    """The values that it can have, if they are known."""
    inner: tuple[Key, ...] = ()
    """The keys below it."""


class Fields:
    """The keys of one mapping, with the problems of reading them."""

    def __init__(
        self,
        mapping: Mapping,
        problems: Problems,
        *,
        known: Iterable[str],
        what: str = "front matter",
        instead: dict[str, str] | None = None,
    ) -> None:
        """Note every key of *mapping* that is not *known*; *what* names the mapping in messages, and *instead* has
        hints for keys that authors know from elsewhere."""
        self.mark = mapping.mark
        self._values = {key.text: value for key, value in mapping.pairs}
        self._problems = problems
        known = tuple(known)
        self._noted: set[str] = set()
        for key, _ in mapping.pairs:
            if key.text not in known:
                message = f"unknown key {quote(key.text)} in the {what}"
                hint = (instead or {}).get(key.text) or did_you_mean(key.text, known)
                problems.add(key.mark, Code.F001_UNKNOWN_KEY, message, hint)

    def place(self, key: str) -> Mark:
        """The place of *key*'s value, or of the mapping if the key is missing."""
        value = self._values.get(key)
        return value.mark if value is not None else self.mark

    def value(self, key: str) -> Value | None:
        """The raw value; None for a missing key, an explicit null and an empty text."""
        value = self._values.get(key)
        empty = isinstance(value, Scalar) and (value.kind == "null" or not value.text.strip())
        return None if empty else value

    def require(self, key: str, example: str) -> bool:
        """Note a problem if *key* is missing or empty; *example* shows a right line."""
        if self.value(key) is None:
            if not self._is_null_word(key):
                self._problems.add(self.place(key), Code.F002_MISSING_KEY, f"{key!r} is missing", f"add `{example}`")
            return False
        return True

    def require_all(self, keys: Iterable[Key]) -> bool:
        """Note a problem for each of *keys* that is required and missing; return True if none is."""
        there = [
            self.require(key.name, key.example) for key in keys if key.example
        ]  # every key is checked, to report them all
        return all(there)

    def text(self, key: str) -> str | None:
        """Plain text on one line; numbers and yes/no count as the text they are."""
        return None if self._is_null_word(key) else self._text_of(self.value(key), key)

    def prose(self, key: str) -> str | None:
        """Text that readers see, set as printers do."""
        text = self.text(key)
        return None if text is None else typographic(text)

    def _is_null_word(self, key: str) -> bool:
        """True, and a problem once, if the value of *key* is a word that YAML takes for none: ``null`` or ``~``."""
        value = self._values.get(key)
        if not isinstance(value, Scalar) or value.kind != "null" or not value.text:
            return False
        if key not in self._noted:
            self._noted.add(key)
            hint = f'write `{key}: "{value.text}"` if it is text; otherwise delete the line'
            self._problems.add(value.mark, Code.F011_NULL, f"YAML takes {quote(value.text)} for no value", hint)
        return True

    def _text_of(self, value: Value | None, key: str) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Scalar):
            self._problems.add(value.mark, Code.F003_TYPE, f"{key!r} must be text", f"write `{key}: some text`")
            return None
        text = _WHITE.sub(" ", value.text).strip(" ")
        self._check_seen(text, value.mark, key)
        return text or None

    def _check_seen(self, text: str, mark: Mark, key: str) -> None:
        """Note a problem with a *text* that readers would not see, or that would turn the text around it."""
        if text and not is_seen(text):
            message = f"{key!r} has no character that readers see"
            self._add_once(mark, Code.F013_UNSEEN, message, "write text, or delete the line")
        elif found := _TURNS.search(text):
            message = f"U+{ord(found[0]):04X} in {key!r} changes the direction of the text around it"
            self._add_once(mark, Code.F014_DIRECTION, message, "delete it; browsers find the direction of each word")

    def _add_once(self, mark: Mark, code: Code, message: str, hint: str) -> None:
        """Note a problem, however often its value is read."""
        if not any(each.mark == mark and each.code is code for each in self._problems.found):
            self._problems.add(mark, code, message, hint)

    def boolean(self, key: str) -> bool:
        """``true`` or ``false``; a missing key is false."""
        value = self.value(key)
        if value is None:
            return False
        if isinstance(value, Scalar) and value.text in {"true", "false"}:
            return value.text == "true"
        shown = f", not {quote(value.text)}" if isinstance(value, Scalar) else ""
        self._problems.add(value.mark, Code.F003_TYPE, f"{key!r} must be true or false{shown}", f"write `{key}: true`")
        return False

    def integer(self, key: str, *, least: int) -> int | None:
        """A whole number of at least *least*."""
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, Scalar) and re.fullmatch(r"0|[1-9][0-9]{0,5}", value.text) and int(value.text) >= least:
            return int(value.text)
        self._problems.add(
            value.mark, Code.F003_TYPE, f"{key!r} must be a whole number, at least {least}", f"write `{key}: {least}`"
        )
        return None

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of *allowed*; *default* where the key is missing."""
        text = self.text(key)
        if text is None or text in allowed:
            return text or default
        self._problems.add(
            self.place(key), Code.F006_CHOICE, f"{quote(text)} is not a valid {key}", did_you_mean(text, allowed)
        )
        return default

    def items(self, key: str) -> Iterator[Value]:
        """The entries of a list; notes a problem and yields nothing if the value is not a list."""
        value = self.value(key)
        if isinstance(value, Sequence):
            yield from value.items
        elif value is not None:
            self._problems.add(value.mark, Code.F003_TYPE, f"{key!r} must be a list", f"write `{key}: [one, two]`")

    def texts(self, key: str) -> list[tuple[str, Mark]]:
        """The entries of a list of texts with their places."""
        found: list[tuple[str, Mark]] = []
        for item in self.items(key):
            text = self._text_of(item, key)
            if text is not None:
                found.append((text, item.mark))
            elif isinstance(item, Scalar):
                self._problems.add(item.mark, Code.F003_TYPE, f"an empty entry in {key!r}", "delete it")
        return found

    def proses(self, key: str) -> list[tuple[str, Mark]]:
        """The entries of a list of texts that readers see, set as printers do, with their places."""
        return [(typographic(text), mark) for text, mark in self.texts(key)]

    def mapping(self, key: str) -> Mapping | None:
        """A nested mapping."""
        value = self.value(key)
        if value is None or isinstance(value, Mapping):
            return value
        self._problems.add(
            value.mark, Code.F003_TYPE, f"{key!r} must be a set of keys and values", f"see {key!r} in CONTRIBUTING.md"
        )
        return None

    def day(self, key: str) -> date | None:
        """A date without a time."""
        moment = self.moment(key)
        if moment is not None and moment.at is not None:
            self._problems.add(
                self.place(key), Code.F005_DATE, f"{key!r} takes a date without a time", f"write `{key}: {moment.day}`"
            )
        return moment.day if moment else None

    def moment(self, key: str) -> Moment | None:
        """A date, or a date and time with a zone."""
        value = self.value(key)
        if value is None:
            return None
        text = value.text.strip() if isinstance(value, Scalar) else ""
        try:
            return read_moment(text)
        except DateError as error:
            shown = quote(text) if text else "this"
            self._problems.add(value.mark, Code.F005_DATE, f"{shown} {error}", error.hint(key))
        return None
