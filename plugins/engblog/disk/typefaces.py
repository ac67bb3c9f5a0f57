"""The typefaces of cards, measured and drawn letter by letter.

FreeType draws in whole numbers, so a letter looks the same on every machine. The positions of letters are computed
here, because Pillow kerns only if it finds FriBiDi, which some machines lack.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files as package_files
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from engblog.outputs.cards.card import CardError

_EM = 1000
_QUARTERS = 4
"""Letters are drawn at quarters of a pixel; finer steps are invisible."""
_MANY = 20_000
"""The number of measured pieces of text that are cached."""
_NO_LETTER = "\uffff"
_FACES: Mapping[str, tuple[str, int]] = {
    "display": ("display", 0),
    "name": ("text", 600),
    "text": ("text", 400),
    "label": ("sans", 600),
    "sans": ("sans", 500),
}
_FILES: Mapping[str, tuple[tuple[str, int], ...]] = {
    face: (
        *((f"{family}{part}", weight) for part in ("", "-western", "-extended")),
        ("signs", 0),
        ("signs-extended", 0),
    )
    for face, (family, weight) in _FACES.items()
} | {"numerals": (("numerals", 0),)}
"""Files and weights of each face; the first file that has a letter sets it. Weight 0: the file has only one."""
_KERNED_AS = {"name": "text", "label": "sans"}
"""Faces that differ only in weight; the difference in kerning is invisible."""


class Typefaces:
    """The fonts of one folder, each loaded once. It is a :class:`engblog.outputs.cards.layout.Measure`."""

    def __init__(self, folder: Path) -> None:
        """Read the fonts in *folder*. Raises :class:`~engblog.outputs.cards.card.CardError`."""
        names = dict.fromkeys(name for face in _FILES.values() for name, _ in face)
        self._data = {name: _read(folder / f"{name}.woff2") for name in names}
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in self._data.items()}
        table = (package_files("engblog.disk") / "kerning.txt").read_text(encoding="utf-8")
        self._kerning = _kerning(table, digests, folder)
        self._kerning |= {face: self._kerning[other] for face, other in _KERNED_AS.items()}
        self.digest = hashlib.sha256("".join([*digests.values(), table]).encode()).hexdigest()
        """A digest of the fonts and their kerning."""
        self._fonts: dict[tuple[str, int, int], ImageFont.FreeTypeFont] = {}
        self._glyphs: dict[tuple[str, int, str, int], tuple[Image.Image, int, int]] = {}
        self._advances: dict[tuple[str, str], float] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._homes: dict[tuple[str, str], tuple[str, int] | None] = {}
        self._empty: dict[tuple[str, int], bytes] = {}

    def width(self, text: str, face: str, size: float, tracking: float = 0) -> float:
        """The width of *text* in pixels, with *tracking* (em) after each letter."""
        return (self._ems(text, face) + tracking * len(text)) * size

    def covers(self, text: str, face: str) -> bool:
        """True if *face* has every letter of *text*."""
        return all(self._home(letter, face) is not None for letter in text)

    def draw(self, layer: Image.Image, text: str, face: str, size: float, x: float, y: float, tracking: float) -> None:
        """Set *text* on *layer*, of mode ``L``, from *x* on the baseline *y*."""
        kerning = self._kerning.get(face, {})
        whole = round(size)
        base_y = round(y)
        before = ""
        for letter in text:
            base = _base(letter)
            x += kerning.get(before + base, 0.0) * size
            at, quarter = divmod(round(x * _QUARTERS), _QUARTERS)
            if letter != " ":
                mask, dx, dy = self._glyph(letter, face, whole, quarter)
                layer.paste(255, (at + dx, base_y + dy), mask)
            x += (self._advance(letter, face) + tracking) * size
            before = base

    def _ems(self, text: str, face: str) -> float:
        """The width of *text* in em, cached because a title is measured in the same pieces for many sizes."""
        found = self._widths.get((face, text))
        if found is None:
            if len(self._widths) >= _MANY:
                self._widths.clear()
            kerning = self._kerning.get(face, {})
            found, before = 0.0, ""
            for letter in text:
                found += self._advance(letter, face) + kerning.get(before + (base := _base(letter)), 0.0)
                before = base
            self._widths[face, text] = found
        return found

    def _advance(self, letter: str, face: str) -> float:
        found = self._advances.get((face, letter))
        if found is None:
            name, weight = self._home(letter, face) or _FILES[face][0]
            found = self._advances[face, letter] = self._font(name, weight, _EM).getlength(letter) / _EM
        return found

    def _glyph(self, letter: str, face: str, size: int, quarter: int) -> tuple[Image.Image, int, int]:
        key = (face, size, letter, quarter)
        if key not in self._glyphs:
            font = self._font(*(self._home(letter, face) or _FILES[face][0]), size)
            room = size
            sheet = Image.new("L", (3 * room, 3 * room), 0)
            ImageDraw.Draw(sheet).text((room + quarter / _QUARTERS, 2 * room), letter, 255, font, anchor="ls")
            box = sheet.getbbox() or (room, room, room + 1, room + 1)
            self._glyphs[key] = (sheet.crop(box), box[0] - room, box[1] - 2 * room)
        return self._glyphs[key]

    def _home(self, letter: str, face: str) -> tuple[str, int] | None:
        """The file that has *letter*, and its weight."""
        if (face, letter) not in self._homes:
            has = (file for file in _FILES[face] if letter == " " or self._has(letter, *file))
            self._homes[face, letter] = next(has, None)
        return self._homes[face, letter]

    def _has(self, letter: str, name: str, weight: int) -> bool:
        """True if the font draws *letter* and not the sign for a missing letter."""
        font = self._font(name, weight, 64)
        if (name, weight) not in self._empty:
            self._empty[name, weight] = bytes(font.getmask(_NO_LETTER))
        drawn = bytes(font.getmask(letter))
        return any(drawn) and drawn != self._empty[name, weight]

    def _font(self, name: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
        key = (name, weight, size)
        if key not in self._fonts:
            self._fonts[key] = _load(name, self._data[name], weight, size)
        return self._fonts[key]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CardError(f"the font {path.name} cannot be read from {path.parent}: {error.strerror or error}") from None


def _load(name: str, data: bytes, weight: int, size: int) -> ImageFont.FreeTypeFont:
    try:
        font = ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
        if weight:
            font.set_variation_by_axes([weight])
    except OSError as error:
        raise CardError(f"the font {name}.woff2 cannot be used: {error}") from None
    return font


def _base(letter: str) -> str:
    """*letter* without its accents, as in the table of kerning."""
    return letter if letter.isascii() else unicodedata.normalize("NFD", letter)[0]


def _kerning(table: str, digests: Mapping[str, str], folder: Path) -> dict[str, dict[str, float]]:
    """Kerning in em by pair of letters, by face. Raises if the table was measured on other fonts."""
    faces: dict[str, dict[str, float]] = {}
    for block in table.split("\n\n")[1:]:
        head, *lines = block.splitlines()
        face, measured_on = head.split(" ")
        if digests[face] != measured_on:
            raise CardError(f"{folder / face}.woff2 does not match the recorded kerning: run tools/kerning.py")
        pairs = faces[face] = {}
        for line in lines:
            first, move, seconds = line.split(" ", 2)
            pairs.update((first + second, int(move) / _EM) for second in seconds)
    return faces
