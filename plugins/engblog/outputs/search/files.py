"""The encoding of the index's files: words sorted as JavaScript sorts them, with checksums, and short."""

from __future__ import annotations

import json
from collections.abc import Iterable
from zlib import crc32

from engblog.outputs.search.postings import number


def in_javascript(term: str) -> bytes:
    """A key that sorts as JavaScript compares text: by UTF-16 code units."""
    return term.encode("utf-16-be")


def separator(before: str, first: str) -> str:
    """The shortest beginning of *first* that comes after *before*."""
    for length in range(1, len(first)):
        if in_javascript(first[:length]) > in_javascript(before):
            return first[:length]
    return first


def front_coded(words: Iterable[str], notes: Iterable[str] | None = None) -> str:
    """Lines of sorted *words*, each without the prefix that it shares with the one before: the prefix's length as one
    character from ``0``, then the word's note, then the rest."""
    lines: list[str] = []
    last = ""
    for word, note in zip(words, notes, strict=True) if notes is not None else ((word, "") for word in words):
        shared = 0
        for one, other in zip(word, last, strict=False):
            if one != other or shared == 60 or ord(one) > 0xFFFF:
                break
            shared += 1
        lines.append(f"{chr(48 + shared)}{note}{word[shared:]}")
        last = word
    return "\n".join(lines)


def with_length(text: str) -> bytes:
    """Text, preceded by its length in bytes."""
    data = text.encode()
    return number(len(data)) + data


def checked(data: bytes | bytearray) -> bytes:
    """Data, preceded by a checksum."""
    return crc32(data).to_bytes(4, "little") + bytes(data)


def to_json(value: object) -> bytes:
    """*value* as JSON, as short as possible."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
