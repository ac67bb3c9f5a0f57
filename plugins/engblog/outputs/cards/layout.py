"""The layout of a card: measured text in, places out.

The title is as large as fits, in lines of about the same length. Text that our typefaces cannot set is left out, never
shown as empty boxes: emoji are removed from a title, and a title in another script (Cyrillic, Hebrew, Chinese, …) is
left out completely, so its card shows category, site and figures around a large mark of the site. Therefore every line
runs from left to right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from engblog.outputs.cards.card import HEIGHT, WIDTH, Card


class Measure(Protocol):
    """The measurements of the typefaces."""

    def width(self, text: str, face: str, size: float, tracking: float = 0) -> float:
        """The width of *text* in pixels, with *tracking* (em) after each letter."""

    def covers(self, text: str, face: str) -> bool:
        """True if *face* has every letter of *text*."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text in one face, size and ink."""

    text: str
    face: str
    size: float
    ink: str
    x: float
    """The left end."""
    y: float
    """The baseline."""
    width: float
    tracking: float = 0

    @property
    def box(self) -> Box:
        """The area that its letters may cover."""
        top, bottom = (0.8, 0.0) if self.face == "numerals" else (_ASCENT, _DESCENT)
        return Box(self.x, self.y - top * self.size, self.x + self.width, self.y + bottom * self.size)


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    box: Box
    ink: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The site's mark."""

    x: float
    y: float
    height: float

    @property
    def box(self) -> Box:
        """The area that it covers."""
        return Box(self.x, self.y, self.x + self.height * SIGN_RATIO, self.y + self.height)


@dataclass(frozen=True, slots=True)
class Layout:
    """A card, ready to be drawn."""

    runs: tuple[Run, ...]
    bars: tuple[Bar, ...]
    signs: tuple[Sign, ...]


SAFE = Box(64, 40, WIDTH - 64, HEIGHT - 40)
"""The area for text, because some networks round or crop a picture's edges."""
SIGN_RATIO = 18 / 30
"""Width of the mark over its height."""

_ASCENT, _DESCENT = 0.76, 0.25
"""Height above and depth below the baseline of the letters of our faces, in em, without accents on capitals."""
_LEFT, _RIGHT = 72, WIDTH - 72
_TITLE_TOP, _TITLE_BOTTOM = 146, 452
_SIZES = (150, 136, 120, 108, 96, 88, 80, 74, 68, 62, 56, 50, 46, 42, 38, 34, 30)
_LEADING, _LEADING_OF_ACCENTS = 1.04, 1.22
"""Distance between lines in em; the second for titles with accents on capitals, which would touch the line above."""
_TRACKING = -0.02
_SEAMS = "_-/.:"
"""Characters after which a word may be broken if it must be."""
_FOOT = 558
"""The baseline of the last line."""


def lay_out(card: Card, measure: Measure) -> Layout:
    """Place all the text of *card*."""
    figures = list(_figures(card, measure))
    left = min((run.x for run in figures), default=float(_RIGHT))
    title = tuple(_title(card, measure))
    runs = [*_kicker(card, measure), *title, *_text(card, title, measure), *_foot(card, left - 40, measure), *figures]
    bars = (
        Bar(Box(_LEFT, 62, _RIGHT, 67), "accent"),
        Bar(Box(_LEFT, _FOOT - 90, _RIGHT, _FOOT - 88), "rule"),
    )
    signs = [Sign(_LEFT, _FOOT - 43, 45)]
    if not title:
        signs.append(Sign(_LEFT, _TITLE_TOP + 20, 240))
    return Layout(tuple(runs), bars, tuple(signs))


def settable(text: str, face: str, measure: Measure) -> str:
    """*text* as *face* can set it: without symbols that it lacks; empty if it lacks a letter, a digit or a
    currency sign."""
    kept = []
    for each in text:
        if each == " " or measure.covers(each, face):
            kept.append(each)
        elif unicodedata.category(each)[0] in "LN" or unicodedata.category(each) == "Sc":
            return ""
    return " ".join("".join(kept).split())


def break_lines(text: str, face: str, size: float, width: float, measure: Measure, tracking: float = 0) -> list[str]:
    """Break *text* into lines of at most *width*: between words, and within a word only if it is wider than a line."""
    lines: list[str] = []
    line = ""
    for word in _fitting(text.split(), face, size, width, measure, tracking):
        longer = f"{line} {word}" if line else word
        if line and measure.width(longer, face, size, tracking) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _fitting(
    words: Iterable[str], face: str, size: float, width: float, measure: Measure, tracking: float
) -> Iterator[str]:
    for word in words:
        start = 0
        while (least := _fits(word, start, face, size, width, measure, tracking)) < len(word) - start:
            cut = max(word.rfind(sign, start, start + least) for sign in _SEAMS) + 1 - start
            cut = cut if cut > least / 2 else least
            yield word[start : start + cut]
            start += cut
        yield word[start:]


def _fits(text: str, start: int, face: str, size: float, width: float, measure: Measure, tracking: float) -> int:
    """The number of letters of *text* from *start* that fit into *width*, at least one. Only about as many are measured
    as fit."""
    least, most = 1, 2
    while start + least < len(text) and measure.width(text[start : start + most], face, size, tracking) <= width:
        least, most = min(most, len(text) - start), 2 * most
    most = min(most, len(text) - start)
    while least + 1 < most:
        middle = (least + most) // 2
        if measure.width(text[start : start + middle], face, size, tracking) > width:
            most = middle
        else:
            least = middle
    return least


def _balanced(text: str, face: str, size: float, width: float, measure: Measure, tracking: float = 0) -> list[str]:
    """Make as few lines as :func:`break_lines`, but as even as possible, like ``text-wrap: balance``."""
    lines = break_lines(text, face, size, width, measure, tracking)
    least, most = width / 2, width
    while len(lines) > 1 and most - least > 8:
        middle = (least + most) / 2
        if len(break_lines(text, face, size, middle, measure, tracking)) > len(lines):
            least = middle
        else:
            most = middle
    return break_lines(text, face, size, most, measure, tracking)


def _title(card: Card, measure: Measure) -> Iterator[Run]:
    text = settable(card.title, "display", measure)
    bottom = _TITLE_BOTTOM - 90 if card.text else _TITLE_BOTTOM
    leading = _LEADING_OF_ACCENTS if any(map(_accented_capital, text)) else _LEADING
    for size in _SIZES:
        lines = break_lines(text, "display", size, _RIGHT - _LEFT, measure, _TRACKING)
        height = size * (_ASCENT + _DESCENT + leading * (len(lines) - 1))
        words = {piece for line in lines for piece in line.split()}
        whole = words <= set(text.split()) or size == _SIZES[-1] or size <= 62
        if height <= bottom - _TITLE_TOP and whole:
            break
    lines = _balanced(text, "display", size, _RIGHT - _LEFT, measure, _TRACKING)
    for number, line in enumerate(lines):
        y = _TITLE_TOP + size * (_ASCENT + leading * number)
        width = measure.width(line, "display", size, _TRACKING)
        yield Run(line, "display", size, "ink", _LEFT, y, width, _TRACKING)


def _accented_capital(letter: str) -> bool:
    return letter.isupper() and len(unicodedata.normalize("NFD", letter)) > 1


def _text(card: Card, title: tuple[Run, ...], measure: Measure) -> Iterator[Run]:
    text = settable(card.text, "text", measure)
    top = title[-1].box.bottom + 20 if title else _TITLE_TOP
    for size in (34, 30, 26, 22):
        lines = break_lines(text, "text", size, 900, measure)
        if top + size * (1 + 1.3 * (len(lines) - 1)) <= _FOOT - 108:
            for number, line in enumerate(_balanced(text, "text", size, 900, measure)):
                y = top + size * (_ASCENT + 1.3 * number)
                yield Run(line, "text", size, "muted", _LEFT, y, measure.width(line, "text", size))
            return


def _kicker(card: Card, measure: Measure) -> Iterator[Run]:
    parts = [settable(part.upper(), "label", measure) for part in card.kicker]
    text = " · ".join(part for part in parts if part)
    yield from _line(text, "label", 23, "accent", _LEFT, 110, _RIGHT - _LEFT, measure, tracking=0.07)


def _foot(card: Card, right: float, measure: Measure) -> Iterator[Run]:
    """The site's name, and below it the article's authors and date."""
    left = _LEFT + 45 * SIGN_RATIO + 20
    site = settable(card.site, "name", measure)
    parts = [part for each in card.byline if (part := settable(each, "sans", measure))]
    who, when = " · ".join(parts[:1]), "".join(f" · {part}" for part in parts[1:])
    if not who:
        yield from _line(site, "name", 27, "ink", left, _FOOT - 12, right - left, measure)
        return
    yield from _line(site, "name", 27, "ink", left, _FOOT - 24, right - left, measure)
    room = right - left - measure.width(when, "sans", 22, 0.01)
    for run in _line(who, "sans", 22, "muted", left, _FOOT + 6, room, measure, tracking=0.01):
        text = run.text + when
        yield replace(run, text=text, width=measure.width(text, "sans", run.size, 0.01))


def _line(
    text: str,
    face: str,
    size: float,
    ink: str,
    x: float,
    y: float,
    width: float,
    measure: Measure,
    *,
    tracking: float = 0,
) -> Iterator[Run]:
    """One line; if it is too long, it is set smaller and then shortened. Names can be too long; a title never is."""
    smaller = next((n for n in (size, size * 0.85, size * 0.75) if measure.width(text, face, n, tracking) <= width), 0)
    if not smaller:
        smaller = size * 0.75
        text = text[: _fits(text, 0, face, smaller, width, measure, tracking) + 1]
        while text and measure.width(f"{text}…", face, smaller, tracking) > width:
            text = text[:-1].rstrip(" ·,")
        text = f"{text}…" if text else ""
    if text:
        yield Run(text, face, smaller, ink, x, y, measure.width(text, face, smaller, tracking), tracking)


def _figures(card: Card, measure: Measure) -> Iterator[Run]:
    """Minutes and tests: thin numerals, as large as those of the site's lists, from the right."""
    x = float(_RIGHT)
    labels = [(card.tests, "verified claim" if card.tests == 1 else "verified claims"), (card.minutes, "min read")]
    for number, label in labels:
        if number:
            wide = measure.width(label, "sans", 22, 0.01)
            x -= wide
            yield Run(label, "sans", 22, "muted", x, _FOOT + 6, wide, 0.01)
            tall = measure.width(str(number), "numerals", 84, _TRACKING)
            x -= tall + 10
            yield Run(str(number), "numerals", 84, "accent", x, _FOOT + 6, tall, _TRACKING)
            x -= 44
