"""What a card says, where it is, and that all of it fits."""

from __future__ import annotations

import hashlib
import itertools
import re
from pathlib import Path

import pytest
from engblog.disk.cards import _PART, _WHOLE
from engblog.disk.typefaces import Typefaces
from engblog.lab.record import Recorder, write_record
from engblog.model.publication import Identity
from engblog.outputs.cards.card import (
    Card,
    CardError,
    Palette,
    article_card,
    card_path,
    clean,
    digest,
    read_palette,
    site_card,
)
from engblog.outputs.cards.layout import SAFE, Box, Layout, break_lines, lay_out, settable
from support.sources import article, only, read

OVERRIDES = Path(__file__).parents[2] / "overrides"
FACES = Typefaces(OVERRIDES / "assets/fonts")
TOKENS = (OVERRIDES / "assets/css/tokens.css").read_text()
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
        "name": "why-fsync-lies",
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


def test_a_title_in_a_script_that_we_cannot_set_leaves_a_card_with_the_mark() -> None:
    layout = lay_out(card("数据库如何关闭"), FACES)
    assert not [run for run in layout.runs if run.face == "display"]
    assert max(sign.height for sign in layout.signs) > 200
    assert "SYSTEM DESIGN · ARCHITECTURE DECISIONS" in {run.text for run in layout.runs}


def test_a_name_in_another_script_is_left_out_and_the_date_stays() -> None:
    texts = {run.text for run in lay_out(card(byline=("עדה לאבלייס", "23 November 2026")), FACES).runs}
    assert "23 November 2026" in texts


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


def test_a_card_says_what_the_article_is_and_how_many_tests_prove_it(tmp_path: Path) -> None:
    lab = {"articles/a/lab/test_a.py": "def test_it():\n    '''It holds.'''\n"}
    for name, text in lab.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    recorder = Recorder()
    recorder.tests["test_it"] = {"file": "test_a.py", "line": 1, "claim": "It holds."}
    write_record(tmp_path / "articles/a/lab", recorder, ran="2026-11-23")
    text = article(title="A & B", authors="[ada, grace]", subcategory="Storage")
    found = only(read(tmp_path, {"articles/a/index.md": text}))
    made = article_card(found, "Mini")
    assert (made.title, made.kicker, made.accent, made.tests) == ("A & B", ("Database", "Storage"), "teal", 1)
    assert made.byline == ("Ada Lovelace, Grace Hopper", "20 November 2026")
    assert "A & B" in made.alt
    (tmp_path / "articles/a/lab/test_a.py").write_text("# changed\ndef test_it():\n    '''It holds.'''\n")
    changed = read(tmp_path, {"articles/a/index.md": text})
    (found,) = (*changed.site.articles, *changed.site.hidden)
    assert article_card(found, "Mini").tests == 0, "a lab that changed since its run proves nothing"


def test_the_card_of_the_site_shows_the_home_page_s_headline() -> None:
    identity = Identity("Mini", "https://mini.example/blog/", "A site.")
    made = site_card(identity, {"headline": "Cause & effect", "description": "What happens."})
    assert (made.title, made.text, made.byline) == ("Cause & effect", "What happens.", ("mini.example/blog",))
    assert site_card(identity, {}).title == "Mini"


def test_the_address_changes_with_the_content_and_with_typefaces_and_colours() -> None:
    paths = {
        card_path(each, materials)
        for each in (card(), card(title="Other"), card(minutes=21), card(tests=0), card(accent="teal"))
        for materials in ("m", "n")
    }
    assert len(paths) == 10
    assert all(re.fullmatch(r"assets/cards/why-fsync-lies-[0-9a-f]{8}\.png", path) for path in paths)
    assert digest(card(), "m") == digest(card(), "m")


def test_every_accent_of_the_style_sheet_is_one_of_cards_and_all_text_is_readable() -> None:
    palette = read_palette(TOKENS)
    assert set(re.findall(r'data-accent="([a-z]+)"\]', TOKENS)) | {"vermilion"} <= set(palette.accents)
    paper = palette.colours["paper"]
    for accent in palette.accents:
        inks = palette.inks(accent)
        for ink in ("ink", "muted", "accent"):
            assert contrast(inks[ink], paper) >= 4.5, (accent, ink)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_colours_that_are_not_there_are_named() -> None:
    with pytest.raises(CardError, match=r"--ink"):
        read_palette(TOKENS.replace("--ink:", "--tinte:"))
    with pytest.raises(CardError, match=r"'puce'.*indigo"):
        read_palette(TOKENS).inks("puce")
    assert isinstance(read_palette(TOKENS), Palette)


def test_the_mark_is_that_of_the_pages() -> None:
    drawn = (OVERRIDES / "partials/mark.html").read_text()
    paths = re.findall(r' d="([^"]+)"', drawn)
    assert [corners(path) for path in paths] == [{(x + 3, y + 1) for x, y in polygon} for polygon in (_WHOLE, _PART)]


def corners(path: str) -> set[tuple[float, float]]:
    """The corners of a path of M, l, h, v, V and H."""
    x = y = 0.0
    found = set()
    for command, given in re.findall(r"([MlLhHvV])([-0-9. ]*?(?:-?[0-9.]+)?)(?=[A-Za-z])", path):
        numbers = [float(each) for each in re.findall(r"-?[0-9.]+", given)]
        match command:
            case "M" | "L":
                x, y = numbers
            case "l":
                x, y = x + numbers[0], y + numbers[1]
            case "h" | "H":
                x = numbers[0] + (x if command == "h" else 0)
            case _:
                y = numbers[0] + (y if command == "v" else 0)
        found.add((round(x, 2), round(y, 2)))
    return found


def test_the_kerning_is_of_the_fonts_that_are_there() -> None:
    table = (Path(__file__).parents[2] / "plugins/engblog/disk/kerning.txt").read_text()
    for name in ("display", "text", "sans"):
        data = (OVERRIDES / f"assets/fonts/{name}.woff2").read_bytes()
        assert f"\n{name} {hashlib.sha256(data).hexdigest()}\n" in table
    assert FACES.width("AV", "display", 100) < FACES.width("A", "display", 100) + FACES.width("V", "display", 100) - 5
