"""What a card says, where it is, and that all of it fits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
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
from engblog.outputs.cards.layout import lay_out
from support.sources import article, only, read

OVERRIDES = Path(__file__).parents[3] / "overrides"
FACES = Typefaces(OVERRIDES / "assets/fonts")
TOKENS = (OVERRIDES / "assets/css/tokens.css").read_text()


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


def test_a_title_in_a_script_that_we_cannot_set_leaves_a_card_with_the_mark() -> None:
    layout = lay_out(card("数据库如何关闭"), FACES)
    assert not [run for run in layout.runs if run.face == "display"]
    assert max(sign.height for sign in layout.signs) > 200
    assert "SYSTEM DESIGN · ARCHITECTURE DECISIONS" in {run.text for run in layout.runs}


def test_a_name_in_another_script_is_left_out_and_the_date_stays() -> None:
    texts = {run.text for run in lay_out(card(byline=("עדה לאבלייס", "23 November 2026")), FACES).runs}
    assert "23 November 2026" in texts


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
