"""Small pure helpers: addresses from names, dates as text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAMED = {"+": " plus", "#": " sharp", "&": " and ", "@": " at ", "%": " percent"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


LONGEST_SLUG = 100
"""The longest slug, in bytes; it names a folder, and files to which suffixes are added."""


def is_slug(text: str) -> bool:
    """True if *text* is lower-case ASCII letters and digits in groups joined by single hyphens."""
    return _SLUG.fullmatch(text) is not None


def slugify(name: str) -> str:
    """The address of a term.

    ``C++`` is ``c-plus-plus``, ``Node.js`` is ``node-js``, ``Größe`` is ``grosse``, and ``数据库`` stays unchanged.
    Names that differ get different slugs in all but contrived cases; the taxonomy refuses two terms with one slug.
    """
    spelled = "".join(_NAMED.get(character, character) for character in name)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", spelled.casefold()).casefold())  # ㎆ is MB
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    composed = unicodedata.normalize("NFC", plain)
    return re.sub(r"[\W_]+", "-", composed).strip("-")


def long_date(day: date | datetime) -> str:
    """``20 November 2026``: the same in every locale of the building machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def shortened(text: str, limit: int) -> str:
    """*text* in at most *limit* characters: cut where a word ends, if one does in the second half, and marked ``…``."""
    if len(text) <= limit:
        return text
    cut = text[:limit]  # one more than may stay, so that a word which just fits is kept
    head = cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut[:-1]
    return head.rstrip(" ,;:–—-") + "…"


DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that no one sees and that change the direction in which browsers show the text around them (UAX 9)."""
_UNSEEN = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs without a shape."""


def is_seen(text: str) -> bool:
    """True if a reader sees any character of *text*."""
    return any(
        unicodedata.category(each)[0] not in "CZ" and unicodedata.category(each) not in {"Mn", "Me"}
        for each in text
        if each not in _UNSEEN
    )


_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that an XML 1.0 document must not contain, even as a reference (section 2.2), and the carriage return,
which parsers turn into a line feed."""


def xml_safe(text: str) -> str:
    """Replace whatever XML forbids in *text* with U+FFFD; this also suits JSON, which has no lone surrogates."""
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
