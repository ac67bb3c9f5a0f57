"""A build draws a card for every article: the same bytes everywhere, kept in a cache, and never missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from engblog.disk.png import is_whole
from PIL import Image
from support.hosts import (
    CARD_MATERIALS,
    EPOCH,
    BuildError,
    build,
    build_here,
    config,
    leftovers,
    mini,
    pages,
    run,
    snapshot,
    view,
)
from support.pictures import PNG
from support.shell import engblog
from support.sources import article, write
from support.themed import TEXT, themed

TWO: Mapping[str, str | bytes] = {
    "mkdocs.yml": config("cards: true"),
    "docs/articles/a/index.md": article(title="Why fsync lies"),
    "docs/articles/b/index.md": article(title=("The quick brown fox jumps over the lazy dog, " * 4)[:140].strip()),
    **CARD_MATERIALS,
}

HOSTILE = '</title><script>alert(1)</script> "" & ]]> 数'


def cards(site: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((site / "assets/cards").iterdir())}


def whose(name: str) -> str:
    """The slug in the name of a card's file."""
    return name.removesuffix(".png").rpartition("-")[0] or name.removesuffix(".png")


def cached(root: Path) -> list[Path]:
    return sorted((root / ".cache/engblog/cards").iterdir())


def decoded(data: Path) -> Image.Image:
    with Image.open(data) as image:
        image.load()
        return image


def test_every_article_and_the_site_have_a_card_of_1200_by_630(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    assert [whose(name) for name in cards(site)] == ["a", "b", "site"]
    for path in (site / "assets/cards").iterdir():
        image = decoded(path)
        assert (image.format, image.size, image.mode, image.info) == ("PNG", (1200, 630), "P", {})
        assert image.convert("RGB").getpixel((0, 0)) == (0xF8, 0xF5, 0xEF)
        assert len(image.convert("RGB").getcolors(10_000) or []) > 20, "something is drawn on the paper"
        assert path.stat().st_size < 60_000


def test_pages_are_told_their_card_and_its_whole_address(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    card = view(site, "articles/2026/11/20/a/")["card"]
    path, _, query = card["url"].partition("?v=")
    assert (site / path).is_file()
    assert len(query) == 8
    assert card["src"] == f"https://mini.example/blog/{card['url']}"
    assert (card["width"], card["height"], card["alt"]) == (1200, 630, "Why fsync lies · Mini")


def test_a_site_that_asks_for_no_cards_has_none(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article()}))
    assert not (site / "assets/cards").exists()
    assert "card" not in view(site, "articles/2026/11/20/a/")


class Metas(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            self.found[name] = given.get("content") or ""


def test_the_pages_of_the_real_theme_name_their_card(tmp_path: Path) -> None:
    text = article(TEXT, title=json.dumps(HOSTILE), category="Datenbanken", tags="[Uhr, Redis, Checksumme]")
    site = build(themed(tmp_path, {"texte/artikel/erster/index.md": text}))
    cases = {"": "site", "404.html": "site", "artikel/2026/11/20/erster/": "erster", "tags/": "site"}
    for address, name in cases.items():
        page = site / address
        reader = Metas()
        reader.feed((page if page.is_file() else page / "index.html").read_text())
        metas = reader.found
        path = metas["og:image"].removeprefix("https://mini.example/heft/assets/cards/").partition("?")[0]
        assert whose(path) == name
        assert decoded(site / "assets/cards" / path).size == (
            int(metas["og:image:width"]),
            int(metas["og:image:height"]),
        )
        assert metas["og:image:type"] == "image/png"
        assert metas["twitter:image"] == metas["og:image"]
        if name == "erster":
            assert HOSTILE in metas["og:image:alt"]


def test_cards_are_the_same_bytes_wherever_and_under_whatever_they_are_drawn(tmp_path: Path) -> None:
    one = cards(build(mini(tmp_path / "one", TWO), PYTHONHASHSEED="1", LC_ALL="C", TZ="UTC"))
    other = cards(build(mini(tmp_path / "an other/place", TWO), PYTHONHASHSEED="2", LC_ALL="C.UTF-8", TZ="Asia/Tokyo"))
    assert one == other
    assert len(one) == 3


def test_a_card_that_is_kept_is_not_drawn_again(tmp_path: Path) -> None:
    first = cards(build_here(mini(tmp_path, TWO)))
    before = {path: path.stat().st_mtime_ns for path in cached(tmp_path)}
    assert len(before) == 3
    assert cards(build_here(tmp_path)) == first
    assert {path: path.stat().st_mtime_ns for path in cached(tmp_path)} == before
    mini(
        tmp_path,
        {"docs/articles/a/index.md": article(title="Why fsync lies more")},
        **{"mkdocs.yml": TWO["mkdocs.yml"]},
    )
    second = cards(build_here(tmp_path))
    assert len(set(cached(tmp_path)) - before.keys()) == 1
    assert [whose(name) for name in first if first[name] != second[name]] == ["a"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda _data: b"",
        lambda _data: b"<html>",
        lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        lambda data: data + b"more",
    ],
)
def test_a_damaged_card_in_the_cache_is_drawn_again(tmp_path: Path, damage: object) -> None:
    first = cards(build_here(mini(tmp_path, TWO)))
    for path in cached(tmp_path):
        path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cards(build_here(tmp_path)) == first
    assert all(is_whole(path.read_bytes()) for path in cached(tmp_path))


def test_another_picture_in_the_cache_is_never_published(tmp_path: Path) -> None:
    before = snapshot(build_here(mini(tmp_path, TWO)))
    one, other, *_ = cached(tmp_path)
    one_data, other_data = one.read_bytes(), other.read_bytes()
    drawn = one_data[:-56] + one_data[-12:]  # what another version of this program would have kept
    for foreign in (PNG, other_data, drawn, one_data[:-12] + PNG[8:]):
        one.write_bytes(foreign)
        other.write_bytes(one_data)
        assert snapshot(build_here(tmp_path)) == before
        assert (one.read_bytes(), other.read_bytes()) == (one_data, other_data)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    first = cards(build_here(mini(tmp_path / "one", TWO)))
    root = mini(tmp_path / "two", TWO, **{".cache": "a file stands in the way"})
    assert cards(build_here(root)) == first


def test_the_cache_folder_can_be_chosen(tmp_path: Path) -> None:
    build_here(mini(tmp_path, TWO, **{"mkdocs.yml": config("cards: true, cards_cache: kept/here")}))
    assert len(list((tmp_path / "kept/here").glob("*.png"))) == 3
    assert not (tmp_path / ".cache").exists()


def failed(root: Path) -> str:
    before = snapshot(root / "site")
    done = run(root, "build")
    assert done.returncode == 1
    assert snapshot(root / "site") == before
    assert leftovers(root) == []
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_missing_or_broken_font_fails_the_build_and_leaves_the_last_site(tmp_path: Path) -> None:
    build(mini(tmp_path, TWO))
    font = tmp_path / "theme/assets/fonts/display.woff2"
    data = font.read_bytes()
    font.unlink()
    assert "the font display.woff2 cannot be read" in failed(tmp_path)
    font.write_bytes(b"no font")
    assert "run tools/kerning.py" in failed(tmp_path)
    font.write_bytes(data)
    numerals = tmp_path / "theme/assets/fonts/numerals.woff2"
    numerals.write_bytes(b"no font")
    said = failed(tmp_path)
    assert "docs/articles/" in said
    assert "the font numerals.woff2 cannot be used" in said


def test_missing_colours_fail_the_build_and_leave_the_last_site(tmp_path: Path) -> None:
    build(mini(tmp_path, TWO))
    tokens = tmp_path / "theme/assets/css/tokens.css"
    tokens.write_text(tokens.read_text().replace("--teal:", "--petrol:"))
    said = failed(tmp_path)
    assert "docs/articles/a/index.md: its card could not be drawn: the accent 'teal' is not a colour" in said
    tokens.unlink()
    assert "the colours of cards cannot be read from" in failed(tmp_path)


def test_a_file_where_cards_go_fails_the_build_and_is_named(tmp_path: Path) -> None:
    root = mini(tmp_path, TWO, **{"docs/assets/cards/site.png": PNG})
    with pytest.raises(BuildError, match=r"the build writes /assets/cards/site\.png, and so does something else"):
        build_here(root)
    assert not (root / "site").exists()


def test_the_preview_draws_cards_too(tmp_path: Path) -> None:
    root = mini(tmp_path, TWO, **{"docs/articles/c/index.md": article(title="A draft", status="draft")})
    site = build_here(root, command="serve")
    assert [whose(name) for name in cards(site)] == ["a", "b", "c", "site"]


# Shared links keep their picture


def shared(site: Path, slug: str) -> str:
    """The address of the card that a page names, as whoever shares it takes it along."""
    (page,) = (each for each in pages(site) if each.endswith(f"/{slug}/"))
    return str(view(site, page)["card"]["url"])


def shown(site: Path, address: str) -> bytes:
    """The picture that a server sends for *address*, whose query it ignores."""
    return (site / address.partition("?")[0]).read_bytes()


def retitled(root: Path, slug: str, title: str) -> Path:
    return build_here(write(root, {f"docs/articles/{slug}/index.md": article(title=title)}))


def test_a_card_keeps_its_address_when_its_article_gets_another_title_twice(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    addresses, pictures = [shared(site, "a")], [shown(site, shared(site, "a"))]
    for title in ("Why fsync lies to you", "When fsync lies"):
        site = retitled(tmp_path, "a", title)
        addresses.append(shared(site, "a"))
        pictures.append(shown(site, shared(site, "a")))
        assert {shown(site, each) for each in addresses} == {pictures[-1]}, "old addresses show the article as it is"
    assert len({each.partition("?")[0] for each in addresses}) == 1
    assert len(set(addresses)) == len(set(pictures)) == 3, "a network that keeps a picture by its address asks again"
    site = retitled(tmp_path, "a", "Why fsync lies")
    assert (shared(site, "a"), shown(site, shared(site, "a"))) == (addresses[0], pictures[0])


def test_articles_that_swap_their_titles_swap_their_pictures_and_keep_their_addresses(tmp_path: Path) -> None:
    titles = {"a": "Why fsync lies", "b": "When the server stops"}
    root = mini(tmp_path, TWO, **{f"docs/articles/{slug}/index.md": article(title=titles[slug]) for slug in "ab"})
    before = build_here(root)
    addresses = {slug: shared(before, slug) for slug in "ab"}
    pictures = {slug: shown(before, addresses[slug]) for slug in "ab"}
    retitled(root, "a", titles["b"])
    after = retitled(root, "b", titles["a"])
    assert [shown(after, addresses[slug]) for slug in "ab"] == [pictures["b"], pictures["a"]]
    assert pictures["a"] != pictures["b"]


@pytest.mark.parametrize("redirects", [True, False], ids=["with an alias", "without one"])
def test_a_moved_article_keeps_its_card_and_that_of_each_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], redirects: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    site = build_here(mini(tmp_path, TWO))
    addresses = [shared(site, "a")]
    monkeypatch.chdir(tmp_path)
    for old, new in (("a", "fsync"), ("fsync", "fsync-again")):
        assert engblog(capsys, "move", old, new, "--alias" if redirects else "--no-alias")[0] == 0
        site = build_here(tmp_path)
        addresses.append(shared(site, new))
    site = retitled_moved(tmp_path, "fsync-again")
    addresses.append(shared(site, "fsync-again"))
    assert len({each.partition("?")[0] for each in addresses}) == 1
    assert {shown(site, each) for each in addresses} == {shown(site, addresses[-1])}
    names = {whose(name) for name in cards(site)}
    assert names == {"a", "b", "fsync-again", "site"} | ({"fsync"} if redirects else set())


def retitled_moved(root: Path, slug: str) -> Path:
    path = root / f"docs/articles/{slug}/index.md"
    path.write_text(path.read_text().replace("title: Why fsync lies", "title: Why fsync lied"))
    return build_here(root)


def test_the_address_of_an_article_that_became_part_of_another_shows_its_card(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    address = shared(site, "a")
    (tmp_path / "docs/articles/a/index.md").unlink()
    site = build_here(write(tmp_path, {"docs/redirects.yml": "/articles/2026/11/20/a/: /articles/2026/11/20/b/\n"}))
    assert shown(site, address) == shown(site, shared(site, "b"))


def test_a_slug_that_is_used_again_does_not_take_the_card_of_its_first_article(tmp_path: Path) -> None:
    first = "/articles/2026/11/20/a/"
    texts = {
        "docs/articles/moved/index.md": article(title="Why fsync lies", aliases=f"[{first}]"),
        "docs/articles/a/index.md": article(title="Another", date="2026-11-21"),
    }
    before = build_here(mini(tmp_path / "before", TWO))
    after = build_here(mini(tmp_path / "after", {**TWO, **texts}))
    address = shared(before, "a")
    assert shared(after, "moved") == address
    assert shown(after, address) == shown(before, address)
    assert shown(after, shared(after, "a")) != shown(before, address)
