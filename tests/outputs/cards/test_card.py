"""What a card says, where it is, and that all of it fits."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from engblog.disk.typefaces import Typefaces
from engblog.lab.record import Recorder, write_record
from engblog.model.publication import Identity
from engblog.model.site import Redirect
from engblog.model.urls import site_path
from engblog.outputs.cards.card import (
    SITE_CARD,
    Card,
    CardError,
    Palette,
    article_card,
    card_address,
    card_path,
    card_paths,
    clean,
    digest,
    read_palette,
    site_card,
)
from engblog.outputs.cards.layout import lay_out
from engblog.site.catalogue import Catalogue
from hypothesis import given
from hypothesis import strategies as st
from support.sources import article, only, read, read_articles

OVERRIDES = Path(__file__).parents[3] / "overrides"
FACES = Typefaces(OVERRIDES / "assets/fonts")
TOKENS = (OVERRIDES / "assets/css/tokens.css").read_text()


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


def test_the_query_changes_with_the_content_and_with_typefaces_and_colours() -> None:
    addresses = {
        card_address("assets/cards/a.png", each, materials)
        for each in (card(), card(title="Other"), card(minutes=21), card(tests=0), card(accent="teal"))
        for materials in ("m", "n")
    }
    assert len(addresses) == 10
    assert all(re.fullmatch(r"assets/cards/a\.png\?v=[0-9a-f]{8}", each) for each in addresses)
    assert digest(card(), "m") == digest(card(), "m")


FIRST = "articles/2026/11/20/why-fsync-lies/"
PATH = re.compile(r"assets/cards/(?:[a-z0-9-]+-)?[0-9a-f]{8}\.png")


def test_a_card_is_named_after_the_address_of_its_article() -> None:
    assert re.fullmatch(r"assets/cards/why-fsync-lies-[0-9a-f]{8}\.png", card_path(FIRST))
    assert re.fullmatch(r"assets/cards/old-html-[0-9a-f]{8}\.png", card_path("2019/old.html"))
    assert re.fullmatch(r"assets/cards/[0-9a-f]{8}\.png", card_path("2019/\u6570\u636e/"))
    assert SITE_CARD == "assets/cards/site.png" != card_path("site/")


@given(st.lists(st.text(min_size=1, max_size=300).map(lambda text: site_path(f"/{text}/")), unique=True))
def test_every_address_has_a_card_of_its_own_whose_name_every_disk_takes(addresses: list[str | None]) -> None:
    paths = [card_path(each) for each in addresses if each]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(PATH.fullmatch(path) and len(path) < 150 for path in paths)


KEYS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text("abc XYZ &<é", min_size=3, max_size=60).map(json.dumps),
        "category": st.sampled_from(["Database", "System Design"]),
        "tags": st.sampled_from(["[Go, MySQL, Redis]", "[Kubernetes, Signals, Caching]"]),
        "authors": st.sampled_from(["[ada]", "[grace, ada]"]),
        "status": st.sampled_from(["draft", "published"]),
        "updated": st.just("2026-11-25"),
        "review_by": st.just("2027-11-25"),
        "featured": st.sampled_from(["true", "false"]),
        "series": st.just("{name: Shutdown, part: 2}"),
        "requires": st.just("[b]"),
        "corrections": st.just('[{date: 2026-11-28, text: "The unit was MB."}]'),
        "applies_to": st.just('{Redis: "7"}'),
    },
)
"""Edits of the front matter that leave an article the one that it is."""


@given(edits=st.lists(KEYS, min_size=1, max_size=4), moved=st.booleans())
def test_no_edit_but_one_of_its_identity_changes_the_path_of_a_card(edits: list[dict[str, str]], moved: bool) -> None:
    identity = {"date": "2026-11-20", **({"aliases": "[/articles/2026/11/19/first/]"} if moved else {})}
    texts = [article(**{**identity, **edit}) for edit in [{}, *edits]]  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        found = [paths_of(read_articles(Path(folder), preview=True, a=text, b=article())) for text in texts]
    assert all(each == found[0] for each in found)


def paths_of(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    assert catalogue.problems == ()
    articles = catalogue.site.articles
    old = [Redirect(alias.path, each.url) for each in articles for alias in each.aliases]
    return card_paths(articles, old)


def test_a_card_stays_at_every_address_that_its_article_ever_had(tmp_path: Path) -> None:
    texts = {
        "a": article(aliases="[/articles/2026/11/18/x/, /articles/2026/11/19/y/, /blog/old.html]"),
        "b": article(id="/articles/2026/11/17/z/"),
    }
    paths = paths_of(read_articles(tmp_path, **texts))
    own = {slug: f"articles/2026/11/20/{slug}/" for slug in "ab"}
    a, b = (f"articles/{slug}/index.md" for slug in "ab")
    assert paths[a] == tuple(map(card_path, ("articles/2026/11/18/x/", own["a"], "articles/2026/11/19/y/")))
    assert paths[b] == tuple(map(card_path, ("articles/2026/11/17/z/", own["b"])))


def test_an_article_keeps_its_path_when_another_claims_it(tmp_path: Path) -> None:
    """One moved away from an address that a later article names as its id."""
    old = "articles/2026/11/20/a/"
    texts = {"a": article(aliases="[/articles/2026/11/18/x/]"), "b": article(id=f"/{old}")}
    paths = paths_of(read_articles(tmp_path, **texts))
    assert paths["articles/b/index.md"][0] == card_path(old)
    assert paths["articles/a/index.md"] == (card_path("articles/2026/11/18/x/"),)


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
