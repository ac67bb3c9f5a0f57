"""The typefaces of cards."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engblog.disk.typefaces import Typefaces

OVERRIDES = Path(__file__).parents[2] / "overrides"
FACES = Typefaces(OVERRIDES / "assets/fonts")


def test_the_kerning_is_of_the_fonts_that_are_there() -> None:
    table = (Path(__file__).parents[2] / "plugins/engblog/disk/kerning.txt").read_text()
    for name in ("display", "text", "sans"):
        data = (OVERRIDES / f"assets/fonts/{name}.woff2").read_bytes()
        assert f"\n{name} {hashlib.sha256(data).hexdigest()}\n" in table
    assert FACES.width("AV", "display", 100) < FACES.width("A", "display", 100) + FACES.width("V", "display", 100) - 5
