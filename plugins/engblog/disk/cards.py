"""Draws cards and caches them: a card whose content has not changed is copied, not drawn again."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import PIL
from PIL import Image, ImageChops, ImageDraw, features

from engblog.disk.png import encode, sealed, unsealed
from engblog.disk.typefaces import Typefaces
from engblog.model.publication import Written
from engblog.outputs.cards.card import HEIGHT, WIDTH, Card, CardError, Palette, digest, read_palette
from engblog.outputs.cards.layout import SIGN_RATIO, Box, lay_out

STYLE = "assets/css/tokens.css"
FONTS = "assets/fonts"
"""The folder of a theme's typefaces."""

CACHE_LIMIT = 64 * 1024 * 1024
"""Limit of the cache in bytes; above it, cards that the build did not use are dropped."""

_LEVELS = 24
"""Steps between paper and ink at the edge of a letter."""
_INKS = ("ink", "muted", "rule", "accent")
_RAMPS = {
    ink: [number * _LEVELS + step if (step := round(amount * _LEVELS / 255)) else 0 for amount in range(256)]
    for number, ink in enumerate(_INKS)
}
"""By ink: the place in the palette for each amount of ink from 0 to 255; 0 is paper, whatever the ink."""
_FINE = 4
"""The mark is drawn this many times larger and scaled down: Pillow's polygons have hard edges."""
# The mark of partials/mark.html, from its left and top edge (3, 1).
_WHOLE = ((0.0, 0.0), (18.0, 0.0), (18.0, 11.6), (0.0, 19.2))
_PART = ((0.0, 22.4), (18.0, 14.8), (18.0, 30.0), (0.0, 30.0))


class CardMaker:
    """Draws the cards of one site, with the typefaces and colours of its theme; made once for a build."""

    def __init__(self, theme: Path) -> None:
        """Read the typefaces and colours of *theme*, a folder; raises
        :class:`~engblog.outputs.cards.card.CardError`."""
        try:
            css = (theme / STYLE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CardError(f"the colours of cards cannot be read from {theme / STYLE}: {error}") from None
        self.palette: Palette = read_palette(css)
        self.faces = Typefaces(theme / FONTS)
        colours = sorted(self.palette.colours.items())
        self.materials = hashlib.sha256(f"{self.faces.digest}{colours}".encode()).hexdigest()
        """A digest of typefaces and colours."""
        self._signs: dict[float, Image.Image] = {}

    def key(self, card: Card) -> str:
        """The name of *card* in the cache, made from its content and from the versions of the tools that draw and pack
        it."""
        tools = f"{PIL.__version__} {features.version('freetype2')} {zlib.ZLIB_RUNTIME_VERSION}"
        return hashlib.sha256(f"{digest(card, self.materials)} {tools}".encode()).hexdigest()

    def draw(self, card: Card) -> bytes:
        """*card* as a PNG. Raises :class:`~engblog.outputs.cards.card.CardError` for an accent that the theme lacks."""
        inks = self.palette.inks(card.accent)
        layout = lay_out(card, self.faces)
        picture = Image.new("L", (WIDTH + 1, HEIGHT), 0)  # the first column is each row's filter: none
        for ink in {run.ink: None for run in layout.runs}:
            layer = Image.new("L", picture.size, 0)
            for run in layout.runs:
                if run.ink == ink:
                    self.faces.draw(layer, run.text, run.face, run.size, run.x + 1, run.y, run.tracking)
            picture = ImageChops.add(picture, layer.point(_RAMPS[ink]))
        for bar in layout.bars:
            picture.paste(_RAMPS[bar.ink][255], _pixels(bar.box))
        for sign in layout.signs:
            picture.paste(self._sign(sign.height), (round(sign.x) + 1, round(sign.y)))
        paper = _rgb(self.palette.colours["paper"])
        palette = [paper]
        for ink in _INKS:
            palette += [_mixed(paper, _rgb(inks[ink]), level / _LEVELS) for level in range(1, _LEVELS + 1)]
        return encode(WIDTH, HEIGHT, picture.tobytes(), palette)

    def _sign(self, height: float) -> Image.Image:
        """The mark, as places in the palette."""
        if height not in self._signs:
            size = round(height * SIGN_RATIO), round(height)
            scale = _FINE * height / 30
            sign = Image.new("L", size, 0)
            for polygon, ink in ((_WHOLE, "ink"), (_PART, "accent")):
                large = Image.new("L", (size[0] * _FINE, size[1] * _FINE), 0)
                ImageDraw.Draw(large).polygon([(x * scale, y * scale) for x, y in polygon], fill=255)
                sign = ImageChops.add(sign, large.reduce(_FINE).point(_RAMPS[ink]))
            self._signs[height] = sign
        return self._signs[height]


def card_files(cards: Mapping[str, tuple[Card, Iterable[str]]], maker: CardMaker, cache: Path) -> Written:
    """The pictures of *cards*, which are listed by the page they belong to, each with its paths; those in *cache* are
    not drawn again.

    Raises :class:`~engblog.outputs.cards.card.CardError` naming whose card is missing.
    """
    used: set[str] = set()
    for owner, (card, paths) in cards.items():
        kept = cache / f"{maker.key(card)}.png"
        used.add(kept.name)
        try:
            data = _kept(kept)
            if data is None:
                data = maker.draw(card)
                _keep(kept, sealed(data, kept.name))
        except (CardError, OSError) as error:
            raise CardError(f"{owner}: its card could not be drawn: {error}") from None
        for path in paths:
            yield path, data
    _trim(cache, used)


def _kept(path: Path) -> bytes | None:
    """The card in the cache; None if it is missing or damaged, or if another program or another card put it there."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return unsealed(data, path.name)


def _keep(path: Path, data: bytes) -> None:
    """Put a card into the cache, completely or not at all. A cache that cannot be written only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".card-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return


def _trim(cache: Path, used: Iterable[str]) -> None:
    """Drop the cards that this build did not use, once the cache exceeds its limit."""
    try:
        sizes = {path: path.stat().st_size for path in cache.iterdir() if path.is_file()}
        if sum(sizes.values()) > CACHE_LIMIT:
            for path in sizes.keys() - {cache / name for name in used}:
                path.unlink(missing_ok=True)
    except OSError:
        return


def _pixels(box: Box) -> tuple[int, int, int, int]:
    return round(box.left) + 1, round(box.top), round(box.right) + 1, round(box.bottom)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(paper: tuple[int, int, int], ink: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(paper, ink, strict=True))
    return red, green, blue
