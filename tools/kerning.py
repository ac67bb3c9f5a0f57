"""Measure the kerning of the typefaces that cards are set in, and write it where the drawing of cards reads it.

    .venv/bin/python tools/kerning.py

Run it after tools/fonts.py. Pillow shapes text with kerning only where it finds FriBiDi on the machine, and the same
card must come out on every machine, so cards are set letter by letter from this table. Measuring needs FriBiDi once.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from PIL import ImageFont, features

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "overrides/assets/fonts"
TABLE = ROOT / "plugins/engblog/disk/kerning.txt"

FACES = {"display": ("display.woff2", 0), "text": ("text.woff2", 600), "sans": ("sans.woff2", 500)}
"""File and weight of each face that is kerned; weight 0 where the file has one alone."""
EM = 1000
"""Pixels to the em while measuring: the table's unit is a thousandth of an em."""
STEP = 4
"""Moves are rounded to this many units, so that letters share lines; at the largest title it is half a pixel."""
LEAST = 8
"""Pairs that move by less are left out."""
LETTERS = "".join(map(chr, range(0x21, 0x7F))) + "–—‘’“”…«»"
"""A letter with an accent is kerned as the letter without it."""


def measured(path: Path, weight: int) -> list[str]:
    """Lines ``<first letter> <thousandths of an em> <second letters>``."""
    font = ImageFont.truetype(path, EM, layout_engine=ImageFont.Layout.RAQM)
    if weight:
        font.set_variation_by_axes([weight])
    alone = {letter: font.getlength(letter) for letter in LETTERS}
    lines = []
    for first in LETTERS:
        by_move: dict[int, str] = {}
        for second in LETTERS:
            both = font.getlength(first + second, features=["-liga", "-clig", "-dlig"])
            move = STEP * round((both - alone[first] - alone[second]) / STEP)
            if abs(move) >= LEAST:
                by_move[move] = by_move.get(move, "") + second
        lines += [f"{first} {move} {seconds}" for move, seconds in sorted(by_move.items())]
    return lines


def main() -> int:
    """Write the table; 1 where it cannot be measured."""
    if not features.check("raqm"):
        print("Pillow finds no FriBiDi here: install it (Debian: apt-get install libfribidi0)", file=sys.stderr)
        return 1
    lines = ["Kerning in thousandths of an em. Written by tools/kerning.py: change it there."]
    for face, (name, weight) in FACES.items():
        path = FONTS / name
        lines += ["", f"{face} {hashlib.sha256(path.read_bytes()).hexdigest()}", *measured(path, weight)]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)} {TABLE.stat().st_size:,} B")
    return 0


if __name__ == "__main__":
    sys.exit(main())
