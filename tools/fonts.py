"""Cut the typefaces down to what the site sets, and write fonts.css to match.

    npm ci && .venv/bin/python tools/fonts.py && .venv/bin/python tools/kerning.py

Reads the whole families from node_modules (package.json names them), keeps the glyphs, weights and optical sizes that
the style sheets use, and writes overrides/assets/fonts/*.woff2 with each family's licence beside it. The fallback
faces in fonts.css are scaled to the cut fonts, so that text does not move when they arrive; measuring them here means
the two cannot drift apart.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
FONTS = ROOT / "overrides/assets/fonts"
STYLE = ROOT / "overrides/assets/css/fonts.css"

FIRST_LOAD_LIMIT = 150_000
"""Bytes of fonts that a reader's first article may cost."""


def span(*ranges: tuple[int, int]) -> str:
    """The characters from the first to the last code point of each range, both included."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


LATIN = (
    span(
        (0x20, 0x7E),
        (0xA0, 0xFF),
        (0x2013, 0x2014),
        (0x2018, 0x201A),
        (0x201C, 0x201E),
        (0x2039, 0x203A),
        (0x2212, 0x2212),
    )
    + "ıŒœ•…€™"
)
LATIN_EXTENDED = span((0x100, 0x130), (0x132, 0x151), (0x154, 0x17F), (0x218, 0x21B))
CODE_SIGNS = span((0x2500, 0x256C), (0x2580, 0x2593)) + "→←↑↓↔⇒✓✗≥≤≈≠∞▲▼▶◀●○■□◆◇"
SIGNS = "→←↑↓↔⇒⇐↗↘↩✓≥≤≈≠≡∞√∑∏∂∆∈∉∩¬≪≫■µ±²³†‡"

SAMPLE = (
    "The client sends a request, the server accepts it, and both believe that the work is done. One is wrong. "
    "Which one depends on when the process was asked to stop, and on how long it was given to do so: 30 seconds."
)
"""What the mean width is measured over: prose with the letters, spaces and signs in their usual proportion."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: where it comes from, what is kept, and how fonts.css declares it."""

    family: str
    source: str
    output: str
    text: str
    weight: str = "400"
    style: str = "normal"
    axes: dict[str, float | tuple[float, float]] = field(default_factory=dict)
    unicode_range: str = ""
    """Set where the browser should fetch the file only for these characters; empty: always."""
    first_load: bool = True


NEWSREADER = "@fontsource-variable/newsreader/files/newsreader-{}.woff2"
INSTRUMENT = "@fontsource-variable/instrument-sans/files/instrument-sans-{}.woff2"
COMMIT = "@fontsource/commit-mono/files/commit-mono-latin-400-{}.woff2"
EXTENDED_RANGE = "U+100-130, U+132-151, U+154-17F, U+218-21B"

# Two optical sizes of the serif as two files: the whole optical-size axis costs 50 KB more than both together.
TEXT: dict[str, float | tuple[float, float]] = {"opsz": 18, "wght": (400, 600)}
DISPLAY: dict[str, float | tuple[float, float]] = {"opsz": 60, "wght": 380}
NUMERALS: dict[str, float | tuple[float, float]] = {"opsz": 72, "wght": 200}

FACES = [
    Face("Journal Display", NEWSREADER.format("latin-opsz-normal"), "display", LATIN, "300 700", axes=DISPLAY),
    Face(
        "Journal Numerals", NEWSREADER.format("latin-opsz-normal"), "numerals", "0123456789", "200 700", axes=NUMERALS
    ),
    Face("Journal Text", NEWSREADER.format("latin-opsz-normal"), "text", LATIN, "400 600", axes=TEXT),
    Face(
        "Journal Text",
        NEWSREADER.format("latin-opsz-italic"),
        "text-italic",
        LATIN,
        "400 600",
        "italic",
        {"opsz": 18, "wght": 400},
    ),
    Face("Journal Sans", INSTRUMENT.format("latin-wght-normal"), "sans", LATIN, "400 600", axes={"wght": (400, 600)}),
    Face("Journal Mono", COMMIT.format("normal"), "mono", LATIN + CODE_SIGNS, "400 700"),
    Face(
        "Journal Signs",
        "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2",
        "signs",
        SIGNS,
        "300 700",
        unicode_range=", ".join(f"U+{ord(sign):X}" for sign in sorted(SIGNS)),
    ),
    # Names and places beyond Western Europe: fetched by the pages that have them.
    Face(
        "Journal Display",
        NEWSREADER.format("latin-ext-opsz-normal"),
        "display-extended",
        LATIN_EXTENDED,
        "300 700",
        axes=DISPLAY,
        unicode_range=EXTENDED_RANGE,
        first_load=False,
    ),
    Face(
        "Journal Text",
        NEWSREADER.format("latin-ext-opsz-normal"),
        "text-extended",
        LATIN_EXTENDED,
        "400 600",
        axes=TEXT,
        unicode_range=EXTENDED_RANGE,
        first_load=False,
    ),
    Face(
        "Journal Sans",
        INSTRUMENT.format("latin-ext-wght-normal"),
        "sans-extended",
        LATIN_EXTENDED,
        "400 600",
        axes={"wght": (400, 600)},
        unicode_range=EXTENDED_RANGE,
        first_load=False,
    ),
]

LICENCES = {
    "newsreader": "@fontsource-variable/newsreader/LICENSE",
    "instrument-sans": "@fontsource-variable/instrument-sans/LICENSE",
    "commit-mono": "@fontsource/commit-mono/LICENSE",
    "stix-two-math": "@fontsource/stix-two-math/LICENSE",
}

GEORGIA = ("Georgia", "Gelasio Regular"), "@fontsource/gelasio/files/gelasio-latin-400-normal.woff2"
ARIAL = ("Arial", "Liberation Sans", "Arimo Regular"), "@fontsource/arimo/files/arimo-latin-400-normal.woff2"
"""System fonts by their full names, as local() wants them, and a font with the advance widths of the first."""

FALLBACKS = [
    ("Journal Display", "display", GEORGIA),
    ("Journal Text", "text", GEORGIA),
    ("Journal Sans", "sans", ARIAL),
]


def cut(face: Face) -> TTFont:
    """The face with only its characters and its part of each axis."""
    font = TTFont(PACKAGES / face.source, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "pnum", "tnum", "lnum", "onum", "rvrn"]
    options.hinting = False
    options.drop_tables += ["ltag"]
    subsetter = Subsetter(options)
    subsetter.populate(text=face.text)
    subsetter.subset(font)
    if face.axes:
        font = instantiateVariableFont(font, face.axes)
    # Two of the licences reserve the original's name for unmodified copies.
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16, 25}:
            name = f"{face.family} {face.output}"
            record.string = name.replace(" ", "-") if record.nameID in {6, 25} else name
    return font


def mean_width(font: TTFont) -> float:
    """The mean advance over the sample, in em."""
    glyphs, widths = font.getBestCmap(), font["hmtx"].metrics
    advances = [widths[glyphs[ord(character)]][0] for character in SAMPLE]
    return float(sum(advances)) / len(advances) / float(font["head"].unitsPerEm)


def declare(face: Face) -> str:
    """The @font-face rule of a cut font."""
    limit = f"\n  unicode-range: {face.unicode_range};" if face.unicode_range else ""
    style = "" if face.style == "normal" else f"\n  font-style: {face.style};"
    return f"""@font-face {{
  font-family: "{face.family}";
  src: url("../fonts/{face.output}.woff2") format("woff2");
  font-weight: {face.weight};{style}
  font-display: swap;{limit}
}}
"""


def declare_fallback(family: str, font: TTFont, names: tuple[str, ...], stand_in: TTFont) -> str:
    """A system font scaled to the width and line height of the cut font."""
    scale = mean_width(font) / mean_width(stand_in)
    em = font["head"].unitsPerEm
    ascent, descent, gap = (
        value / em / scale for value in (font["hhea"].ascent, -font["hhea"].descent, font["hhea"].lineGap)
    )
    sources = ", ".join(f'local("{name}")' for name in names)
    return f"""@font-face {{
  font-family: "{family} Fallback";
  src: {sources};
  size-adjust: {scale:.2%};
  ascent-override: {ascent:.2%};
  descent-override: {descent:.2%};
  line-gap-override: {gap:.2%};
}}
"""


def main() -> int:
    """Write the fonts, their licences and fonts.css; 1 if the first load is over its limit."""
    FONTS.mkdir(parents=True, exist_ok=True)
    cuts: dict[str, TTFont] = {}
    first_load = 0
    for face in FACES:
        font = cuts[face.output] = cut(face)
        font.flavor = "woff2"
        path = FONTS / f"{face.output}.woff2"
        font.save(path)
        size = path.stat().st_size
        first_load += size if face.first_load else 0
        missing = "".join(character for character in face.text if ord(character) not in font.getBestCmap())
        print(f"{path.name:24} {size:7,} B" + (f"  not in the font: {missing}" if missing.strip("\xad") else ""))
    for name, licence in LICENCES.items():
        text = (PACKAGES / licence).read_text(encoding="utf-8")
        (FONTS / f"OFL-{name}.txt").write_text(text, encoding="utf-8", newline="\n")  # as git lays it into every clone
    rules = [declare(face) for face in FACES]
    rules += [
        declare_fallback(family, cuts[output], names, TTFont(PACKAGES / stand_in))
        for family, output, (names, stand_in) in FALLBACKS
    ]
    header = "/* Written by tools/fonts.py: change it there. */\n\n"
    STYLE.write_text(header + "\n".join(rules), encoding="utf-8")
    print(f"first load {first_load:,} B of {FIRST_LOAD_LIMIT:,}")
    return int(first_load > FIRST_LOAD_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
