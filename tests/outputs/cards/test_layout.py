"""Where everything on a card is, and that all of it fits."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from engblog.disk.typefaces import Typefaces
from engblog.outputs.cards.card import (
    Card,
    clean,
)
from engblog.outputs.cards.layout import SAFE, Box, Layout, break_lines, lay_out, settable

OVERRIDES = Path(__file__).parents[3] / "overrides"
FACES = Typefaces(OVERRIDES / "assets/fonts")
ALPHABET = "The quick brown fox jumps over the lazy dog, "

TITLES = {
    "one letter": "X",
    "short": "Why fsync lies",
    "words": (ALPHABET * 4)[:140],
    "wide letters": "W" * 140,
    "wide words": ("WWWWWWWWW " * 14)[:140].strip(),
    "one long word in the middle": f"Why {'internationalization' * 5} matters",
    "accents on capitals": ("ÅÄÖ ŻÓŁĆ ÉÈ gjpqy " * 8)[:140].strip(),
    "markup": "</title><script>alert(1)</script> & \"quotes\" ]]> 'single' {{ jinja }} %s \\n",
    "line ends": "one\ntwo\r\nthree\ttab\x00nul",
    "pictures among letters": "Fast 🚀 path → slow 👩‍👩‍👧 path",
    "no word at all": "🚀🚀🚀",
    "Chinese": "数据库如何关闭而不丢失数据" * 10,
    "Hebrew": "איך מסד נתונים נסגר",
    "Arabic with a line from right to left": "\u202eكيف تغلق قواعد البيانات",
    "Cyrillic and Latin": "PostgreSQL и его сигналы",
    "combining marks": "Zalgo" + "\u0301\u0302\u0303" * 30,
    "empty": "",
}


def card(title: str = "Why fsync lies", **more: object) -> Card:
    fields: dict[str, object] = {
        "site": "Real Problems. Real Engineering.",
        "title": clean(title),
        "alt": "",
        "kicker": ("System Design", "Architecture Decisions"),
        "byline": ("Ada Lovelace, Grace Hopper", "23 November 2026"),
        "minutes": 20,
        "tests": 36,
    }
    return Card(**(fields | more))  # type: ignore[arg-type]


def boxes(layout: Layout) -> list[Box]:
    return [*(run.box for run in layout.runs), *(bar.box for bar in layout.bars), *(sign.box for sign in layout.signs)]


def overlap(one: Box, other: Box) -> bool:
    # The letters of neighbouring lines may share the empty part of each other's line.
    give = 0.12 * min(one.bottom - one.top, other.bottom - other.top)
    across = one.left < other.right and other.left < one.right
    return across and one.top + give < other.bottom and other.top + give < one.bottom


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_all_that_a_card_says_is_inside_the_safe_area_and_nothing_covers_another(title: str) -> None:
    found = boxes(lay_out(card(title), FACES))
    for box in found:
        assert SAFE.left <= box.left, box
        assert box.right <= SAFE.right, box
        assert SAFE.top <= box.top, box
        assert box.bottom <= SAFE.bottom, box
    for one, other in itertools.combinations(found, 2):
        assert not overlap(one, other), (one, other)


@pytest.mark.parametrize("title", [(ALPHABET * 4)[:140], "W" * 140, "i" * 140, ("Åg " * 47)[:140]])
def test_a_title_of_140_characters_is_set_whole_and_readable(title: str) -> None:
    lines = [run for run in lay_out(card(title), FACES).runs if run.face == "display"]
    assert "".join(run.text for run in lines).replace(" ", "") == title.replace(" ", "")
    assert lines[0].size >= 42


def test_a_title_is_set_as_large_as_it_fits_and_its_words_stay_whole() -> None:
    sizes = {title: lay_out(card(title), FACES).runs for title in ("Why fsync lies", (ALPHABET * 2)[:80].strip())}
    (short, *_), (long, *more) = ([run for run in runs if run.face == "display"] for runs in sizes.values())
    assert short.size > long.size
    assert " ".join(run.text for run in (long, *more)) == (ALPHABET * 2)[:80].strip()


def test_lines_are_of_about_one_length() -> None:
    title = "How Databases and Servers Shut Down Without Losing Your Data"
    widths = [run.width for run in lay_out(card(title), FACES).runs if run.face == "display"]
    assert len(widths) > 1
    assert min(widths) > 0.6 * max(widths)


def test_a_line_breaks_between_words_and_within_one_only_if_it_must() -> None:
    width = FACES.width("aaaa bbbb", "display", 50)
    assert break_lines("aaaa bbbb cccc", "display", 50, width, FACES) == ["aaaa bbbb", "cccc"]
    assert "".join(break_lines("a" * 99, "display", 50, width, FACES)) == "a" * 99


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("Fast 🚀 path", "Fast path"),
        ("→ and ≤ and ™", "→ and ≤ and ™"),
        ("Łódź, Ångström", "Łódź, Ångström"),
        ("数据库", ""),
        ("PostgreSQL и", ""),
        ("₿ 5", ""),
        ("\ufffd", ""),
    ],
)
def test_what_our_typefaces_lack_is_left_out_and_never_an_empty_box(text: str, set_as: str) -> None:
    assert settable(clean(text), "display", FACES) == set_as


def test_a_word_that_must_be_broken_is_broken_at_a_seam() -> None:
    width = FACES.width("pg_stat_progress_create", "display", 50)
    assert break_lines("pg_stat_progress_create_index", "display", 50, width, FACES) == [
        "pg_stat_progress_",
        "create_index",
    ]


def test_names_that_are_too_long_are_set_smaller_and_then_cut_but_stay_beside_the_figures() -> None:
    layout = lay_out(
        card(site="A Very Long Name " * 9, byline=("Ada Lovelace, " * 20, "23 November 2026"), kicker=("K" * 200,)),
        FACES,
    )
    assert sum("…" in run.text for run in layout.runs) == 3
    assert any(run.text.endswith("… · 23 November 2026") for run in layout.runs), "the date stays whole"
    for one, other in itertools.combinations(boxes(layout), 2):
        assert not overlap(one, other)


class Counting:
    """Measures like our typefaces, and counts the letters that it is given."""

    letters = 0

    def width(self, text: str, face: str, size: float, tracking: float = 0) -> float:
        self.letters += len(text)
        return FACES.width(text, face, size, tracking)

    def covers(self, text: str, face: str) -> bool:
        return FACES.covers(text, face)


@pytest.mark.parametrize("piece", ["W", "a ", "ab-", "Why fsync lies. ", "i", "\u2014"])
def test_a_long_title_takes_no_more_than_its_length(piece: str) -> None:
    """Measuring the rest of a word again for each line took twelve seconds for 8,000 letters."""

    def letters(count: int) -> int:
        measure = Counting()
        lay_out(card(title=(piece * count)[:count], byline=((piece * count)[:count], "1 May")), measure)
        return measure.letters

    assert letters(8000) < 3 * letters(4000)
