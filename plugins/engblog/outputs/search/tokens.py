"""Turns text into terms: words and identifiers, whole and in parts. ``tokens.mjs`` is the same algorithm.

A *chunk* is a run of letters and digits with the joints that identifiers have (``chat.postMessage``,
``lazyfree-lazy-expire``, ``C++``). A chunk gives weighted terms: the whole of it without joints, so that
``AUTO_INCREMENT``, ``auto-increment`` and ``autoIncrement`` are one, and its parts. An option (``--force-with-lease``,
``-DskipTests``) also has a separate term with its dashes, because readers paste it from a command line, and ``--wait``
is rare where ``wait`` is not. Text written without spaces (Chinese, Japanese, Thai, …) gives pairs of neighbouring
characters.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from engblog.outputs.search.stem import stem

_JOINTS = r"(?:[-.'/:\u2019\u2010\u2011]:?+|->)"
_CHUNK = re.compile(rf"(?:(?<![-\w])--?+(?=[A-Za-z]))?+\w++(?:{_JOINTS}\w++)*+(?:\+\+|#(?!\w))?+")
_ASCII_CHUNK = re.compile(
    r"(?:(?<![-0-9A-Za-z_])--?+(?=[A-Za-z]))?+"
    r"[0-9A-Za-z_]++(?:(?:[-.'/:]:?+|->)[0-9A-Za-z_]++)*+(?:\+\+|#(?![0-9A-Za-z_]))?+"
)
_BIG_O = re.compile(r"\b[OΘΩ]\(([^()\n]{1,16}(?:\([^()\n]{1,12}\))?[^()\n]{0,8})\)")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711-\u08ff"
                    "\u0900-\u0903\u093a-\u0963\u0980-\u109f\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
                    "\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufe00-\ufe0f\ufe20-\ufe2f]")  # fmt: skip
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ς": "σ", "þ": "th", "ð": "d",
     "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D", "Ł": "L", "Þ": "TH", "Ð": "D",
     "\u0640": "", "\u200c": "", "\u200d": ""}
)  # fmt: skip
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fff\u3040-\u30ff\u3130-\u318f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SEGMENT = re.compile(r"/|(?<!:):(?!:)")
_NAME = re.compile(r"\.|::|->")
_PIECE = re.compile(r"[^\W_]+")
_VERSION = re.compile(r"([A-Za-z]*)([0-9]+(?:\.[0-9]+)+)(?:[-_]?([A-Za-z][0-9A-Za-z.]*))?")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+")
_POSSESSIVE = re.compile(r"['\u2019](?:s|S|re|ve|ll|d|m)$")
_QUOTE = re.compile(r"['\u2019]")
_LONGEST = 48
_PART = 0.5
_CUT = bytes(byte if byte > 127 or chr(byte).isalnum() or chr(byte) in "_-.'/:>+#" else 32 for byte in range(256))

Terms = tuple[tuple[str, float], ...]


def chunks_of(text: str) -> list[str]:
    """The chunks of running text, in order. Combining marks are composed; ``O(log n)`` has its own name in addition to
    its parts."""
    if "(" in text and ("O(" in text or "Θ(" in text or "Ω(" in text):
        text = _BIG_O.sub(_name_big_o, text)
    if text.isascii():
        return _ASCII_CHUNK.findall(text)
    return _CHUNK.findall(without_marks(text) if _MARKS.search(text) else text)


def rough(text: str) -> list[bytes]:
    """Quickly cut running text where no chunk can continue; each piece has no chunk, one or a few, in UTF-8."""
    if "(" in text and ("O(" in text or "Θ(" in text or "Ω(" in text):
        text = _BIG_O.sub(_name_big_o, text)
    return text.encode().translate(_CUT).split()


def without_marks(text: str) -> str:
    """Text without accents, vowel points and other combining marks."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c)[0] != "M"))


def fold(text: str) -> str:
    """Lower case without marks, for comparisons that ignore case and accents."""
    return without_marks(text).translate(_LETTERS).lower().replace("ς", "σ") if not text.isascii() else text.lower()


def expand(chunk: str, *, stemmed: bool) -> Terms:
    """The terms of a *chunk* with their weights: 1 for a word or a whole identifier, less for parts of a name."""
    if chunk.isascii():
        if chunk.isalpha() and (chunk.islower() or chunk[1:].islower()):
            word = chunk.lower()
            return ((stem(word) if stemmed else word, 1.0),) if len(word) <= _LONGEST else ()
        if chunk.isdigit():
            return ((chunk, 1.0),) if len(chunk) <= _LONGEST else ()
    else:
        chunk = without_marks(chunk).translate(_LETTERS)
    found: dict[str, float] = {}
    _expand(chunk, stemmed, found)
    return tuple(found.items())


def _expand(chunk: str, stemmed: bool, found: dict[str, float]) -> None:
    # The tests before the patterns are for speed: most of the chunks of a site that are unlike each other come here.
    if chunk.startswith("-"):
        name = chunk.lstrip("-")
        _expand(name, stemmed, found)
        joined = "".join(_PIECE.findall(name))
        if 0 < len(joined) <= _LONGEST:
            _add(chunk[: len(chunk) - len(name)] + joined, 1.0, False, found)
        return
    if chunk.isalnum():
        _add_piece(chunk, stemmed, found)
        return
    pieces = chunk.split("_")
    if chunk.islower() and chunk.isascii() and all(map(str.isalpha, pieces)):  # snake_case, the commonest name in code
        joined = "".join(pieces)
        if len(joined) <= _LONGEST:
            for name in (*pieces, joined):
                found.setdefault(stem(name) if stemmed else name, 1.0)
            return
    if "/" in chunk or ":" in chunk:
        segments = _SEGMENT.split(chunk)
        if len(segments) > 1:
            for segment in segments:
                _expand(segment, stemmed, found)
            if len(segments) < 4 and all(len(segment) < 5 and segment.isalpha() for segment in segments):
                _add("".join(segments), 1.0, stemmed, found)
            return
    dotted = "." in chunk
    if dotted and (version := _VERSION.fullmatch(chunk)):
        _add_version(version, stemmed, found)
        return
    if "'" in chunk or "\u2019" in chunk:
        chunk = _QUOTE.sub("", _POSSESSIVE.sub("", chunk))
    if chunk.endswith(("+", "#")):
        tail = chunk.rstrip("+#")
        last = _PIECE.findall(tail)[-1:]
        if last and len(last[0]) < 3 and tail.endswith(last[0]):
            _add(last[0] + chunk[len(tail) :], 1.0, False, found)
            tail = tail[: -len(last[0])]
        chunk = tail
    pieces = _PIECE.findall(chunk)
    for piece in pieces:
        _add_piece(piece, stemmed, found)
    if dotted or "::" in chunk or "->" in chunk:
        for name in _NAME.split(chunk):
            _add_joined(_PIECE.findall(name), stemmed, found)
    _add_joined(pieces, stemmed, found)


def _add_joined(pieces: list[str], stemmed: bool, found: dict[str, float]) -> None:
    if len(pieces) > 1:
        joined = "".join(pieces)
        if len(joined) <= _LONGEST and not joined.isdigit() and (joined.isascii() or not _IS_UNSPACED.search(joined)):
            _add(joined, 1.0, stemmed, found)


def _add_version(version: re.Match[str], stemmed: bool, found: dict[str, float]) -> None:
    name, number, rest = version.groups()
    _add(number, 1.0, False, found)
    steps = number.split(".")
    if len(steps) == 3:
        _add(".".join(steps[:2]), _PART, False, found)
    if len(name) > 1:
        _add(name, 1.0, stemmed, found)
        _add(name + number, 1.0, False, found)
    if rest:
        _add(number + rest, 1.0, False, found)
        if len(rest) > 2 and rest.isalpha():
            _add(rest, 1.0, stemmed, found)


def _add_piece(piece: str, stemmed: bool, found: dict[str, float]) -> None:
    if not piece.isascii() and _IS_UNSPACED.search(piece):
        for run in _UNSPACED_RUN.findall(piece):
            if not _IS_UNSPACED.match(run):
                _add_piece(run, stemmed, found)
            elif len(run) == 1:
                _add(run, 1.0, False, found)
            else:
                for first, second in pairwise(run):
                    _add(first + second, 1.0, False, found)
        return
    if len(piece) > _LONGEST:
        return
    _add(piece, 1.0, stemmed, found)
    if piece.islower() and piece.isalpha():
        return
    parts = _CAMEL.findall(piece)
    if 1 < len(parts) < 8:
        for part in parts:
            if len(part) > 2 or (len(part) == 2 and part.isalpha()):
                _add(part, _PART, stemmed, found)


def _add(text: str, weight: float, stemmed: bool, found: dict[str, float]) -> None:
    term = text.lower()
    if "ς" in term:
        term = term.replace("ς", "σ")
    if stemmed and term.isascii() and term.isalpha():
        term = stem(term)
    if term and found.get(term, 0.0) < weight:
        found[term] = weight


def _name_big_o(found: re.Match[str]) -> str:
    name = "".join(character for character in found[1].lower() if character.isalnum())
    return f"{found[0]} bigo{name}"
