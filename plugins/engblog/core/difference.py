"""Where two files part, said in a line that a terminal may show whatever the bytes are."""

from __future__ import annotations

_AROUND = 40
"""Characters that are shown on each side of the first one that differs."""


def first_difference(here: bytes, there: bytes) -> str:
    """The first line, or the first byte where either is no text, at which *there* is not as *here*; both are shown."""
    ours, theirs = _text(here), _text(there)
    if ours is None or theirs is None:
        at = _parting(here, there)
        return f"byte {at + 1} ({len(here)} bytes here, {len(there)} there)"
    at = _parting(ours, theirs)
    line = ours.count("\n", 0, at) + 1
    column = at - (ours.rfind("\n", 0, at) + 1)
    return f"line {line}, column {column + 1}: {_shown(ours, at)} here, {_shown(theirs, at)} there"


def printable(text: str) -> str:
    """*text* with what is not printable escaped: a foreign site must not move the cursor or begin a line."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _parting(one: str | bytes, other: str | bytes) -> int:
    """The first place at which two unequal sequences are not the same.

    Halving: comparing slices is much faster than a loop over a megabyte.
    """
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _shown(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    if at >= len(text):
        end = len(text)
    else:
        newline = text.find("\n", at)
        end = min(len(text) if newline < 0 else newline, at + _AROUND)
    return f"“{printable(text[start:end])}”" if start < len(text) else "nothing"


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
