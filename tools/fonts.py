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
from fontTools.ttLib.tables import otTables  # type: ignore[import-untyped]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
FONTS = ROOT / "overrides/assets/fonts"
STYLE = ROOT / "overrides/assets/css/fonts.css"

FIRST_LOAD_LIMIT = 64_000
"""Bytes of fonts that a reader's first article may cost."""
KERNING_STEP = 5
"""Thousandths of an em that kerning is rounded to."""
_X_ADVANCE = 4  # as the format of values in GPOS numbers it


def span(*ranges: tuple[int, int]) -> str:
    """The characters from the first to the last code point of each range, both included."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


BASIC = span((0x20, 0x7E)) + "\xa0«»©§°·×µ¹²³éöü–—‘’‚“”„…•−€™"
"""What English is set in, with the commonest accents: every page fetches these."""
WESTERN = "".join(sorted({*span((0xA0, 0xFF)), *"‹›ıŒœ"} - {*BASIC}))
LATIN_EXTENDED = span((0x100, 0x130), (0x132, 0x151), (0x154, 0x17F), (0x218, 0x21B))
CODE_SIGNS = span((0x2500, 0x256C), (0x2580, 0x2593)) + "→←↑↓↔⇒✓✗≥≤≈≠∞▲▼▶◀●○■□◆◇"
MONO_BASIC = span((0x20, 0x7E)) + "\xa0·×µ–—‘’“”…−→←↑↓✓"
COMMON_SIGNS = "→←↑↓↔↗↩✓≥≤≈±²³µ"
RARE_SIGNS = "⇒⇐↘≠≡∞√∑∏∂∆∈∉∩¬≪≫■†‡"

SAMPLE = (
    "The client sends a request, the server accepts it, and both believe that the work is done. One is wrong. "
    "Which one depends on when the process was asked to stop, and on how long it was given to do so: 30 seconds."
)
"""What the mean width is measured over: prose with the letters, spaces and signs in their usual proportion."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A design of a family: what fonts.css calls it, and the part of each axis that is kept."""

    family: str
    weight: str
    style: str = "normal"
    axes: dict[str, float | tuple[float, float]] = field(default_factory=dict)
    kerned_from: int = 12
    """Thousandths of an em: pairs that move by less are not kerned."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: where it comes from, and which characters are kept."""

    cut: Cut
    source: str
    output: str
    text: str
    on_demand: bool = False
    """True where the browser is to fetch the file only for pages that have one of these characters."""


NEWSREADER = "@fontsource-variable/newsreader/files/newsreader-{}.woff2"
INSTRUMENT = "@fontsource-variable/instrument-sans/files/instrument-sans-{}.woff2"
COMMIT = "@fontsource/commit-mono/files/commit-mono-latin-400-normal.woff2"
STIX = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"

# Two optical sizes of the serif as two files: the whole optical-size axis costs more than both together.
DISPLAY = Cut("Journal Display", "300 700", axes={"opsz": 60, "wght": 380})
NUMERALS = Cut("Journal Numerals", "200 700", axes={"opsz": 72, "wght": 200})
TEXT = Cut("Journal Text", "400 600", axes={"opsz": 18, "wght": (400, 600)})
ITALIC = Cut("Journal Text", "400 600", "italic", {"opsz": 18, "wght": 400}, kerned_from=30)
SANS = Cut("Journal Sans", "400 600", axes={"wght": (400, 600)}, kerned_from=30)  # 0.4 px in what it sets
MONO = Cut("Journal Mono", "400 700")
SIGNS = Cut("Journal Signs", "300 700")

FACES = [
    Face(DISPLAY, NEWSREADER.format("latin-opsz-normal"), "display", BASIC),
    Face(NUMERALS, NEWSREADER.format("latin-opsz-normal"), "numerals", "0123456789"),
    Face(TEXT, NEWSREADER.format("latin-opsz-normal"), "text", BASIC),
    Face(ITALIC, NEWSREADER.format("latin-opsz-italic"), "text-italic", BASIC),
    Face(SANS, INSTRUMENT.format("latin-wght-normal"), "sans", BASIC),
    Face(MONO, COMMIT, "mono", MONO_BASIC),
    Face(SIGNS, STIX, "signs", COMMON_SIGNS, on_demand=True),
    # Fetched by the pages that have them: the rest of Western Europe, names and places beyond, drawings in code.
    Face(DISPLAY, NEWSREADER.format("latin-opsz-normal"), "display-western", WESTERN, on_demand=True),
    Face(TEXT, NEWSREADER.format("latin-opsz-normal"), "text-western", WESTERN, on_demand=True),
    Face(ITALIC, NEWSREADER.format("latin-opsz-italic"), "text-italic-western", WESTERN, on_demand=True),
    Face(SANS, INSTRUMENT.format("latin-wght-normal"), "sans-western", WESTERN, on_demand=True),
    Face(DISPLAY, NEWSREADER.format("latin-ext-opsz-normal"), "display-extended", LATIN_EXTENDED, on_demand=True),
    Face(TEXT, NEWSREADER.format("latin-ext-opsz-normal"), "text-extended", LATIN_EXTENDED, on_demand=True),
    Face(SANS, INSTRUMENT.format("latin-ext-wght-normal"), "sans-extended", LATIN_EXTENDED, on_demand=True),
    Face(
        MONO, COMMIT, "mono-extended", "".join(sorted({*BASIC, *WESTERN, *CODE_SIGNS} - {*MONO_BASIC})), on_demand=True
    ),
    Face(SIGNS, STIX, "signs-extended", RARE_SIGNS, on_demand=True),
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
    options.layout_features = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "rvrn"]
    if face.cut.family == "Journal Sans":
        options.layout_features.append("tnum")  # the only one that tables and counters are set in
    options.hinting = False
    options.drop_tables += ["ltag"]
    subsetter = Subsetter(options)
    subsetter.populate(text=face.text)
    subsetter.subset(font)
    if face.cut.axes:
        font = instantiateVariableFont(font, face.cut.axes)
    simplify_kerning(font, face.cut.kerned_from)
    # Two of the licences reserve the original's name for unmodified copies.
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16, 25}:
            name = f"{face.cut.family} {face.output}"
            record.string = name.replace(" ", "-") if record.nameID in {6, 25} else name
    return font


def simplify_kerning(font: TTFont, least: int) -> None:
    """Round the kerning of *font* to what can be seen, from *least* thousandths of an em, the same for every weight.

    It was a third of each file. Thousandths of an em at the size of the text, 20 px, are fiftieths of a pixel.
    """
    if "GPOS" not in font:
        return
    em = font["head"].unitsPerEm
    for table in (table for lookup in font["GPOS"].table.LookupList.Lookup for table in lookup.SubTable):
        pairs = table.ExtSubTable if isinstance(table, otTables.ExtensionPos) else table
        if isinstance(pairs, otTables.PairPos):
            pairs.ValueFormat1, pairs.ValueFormat2 = _X_ADVANCE, 0
            if pairs.Format == 1:
                for first in pairs.PairSet:
                    for record in first.PairValueRecord:
                        record.Value1, record.Value2 = _rounded(record.Value1, em, least), None
                    first.PairValueRecord = [each for each in first.PairValueRecord if each.Value1.XAdvance]
                    first.PairValueCount = len(first.PairValueRecord)
            else:
                for record in (record for first in pairs.Class1Record for record in first.Class2Record):
                    record.Value1, record.Value2 = _rounded(record.Value1, em, least), None


def _rounded(value: otTables.ValueRecord | None, em: int, least: int) -> otTables.ValueRecord:
    """A move of *value* along the line in whole steps, 0 where it is too small to be seen."""
    moved = getattr(value, "XAdvance", 0) * 1000 / em
    steps = round(moved / KERNING_STEP) if abs(moved) >= least else 0
    rounded = otTables.ValueRecord()
    rounded.XAdvance = round(steps * KERNING_STEP * em / 1000)
    return rounded


def mean_width(font: TTFont) -> float:
    """The mean advance over the sample, in em."""
    glyphs, widths = font.getBestCmap(), font["hmtx"].metrics
    advances = [widths[glyphs[ord(character)]][0] for character in SAMPLE]
    return float(sum(advances)) / len(advances) / float(font["head"].unitsPerEm)


def ranges(text: str) -> str:
    """The characters of *text*, as ``unicode-range`` has them."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, text)):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in runs)


def declare(face: Face) -> str:
    """The @font-face rule of a cut font."""
    limit = f"\n  unicode-range: {ranges(face.text)};" if face.on_demand else ""
    style = "" if face.cut.style == "normal" else f"\n  font-style: {face.cut.style};"
    return f"""@font-face {{
  font-family: "{face.cut.family}";
  src: url("../fonts/{face.output}.woff2") format("woff2");
  font-weight: {face.cut.weight};{style}
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
        first_load += 0 if face.on_demand else size
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
