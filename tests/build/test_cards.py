"""A build draws a card for every article: the same bytes everywhere, kept in a cache, and never missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from engblog.disk.png import is_whole
from PIL import Image
from support.hosts import BuildError, build, build_here, config, leftovers, mini, run, snapshot, view
from support.sources import article
from support.themed import themed

REPOSITORY = Path(__file__).parents[2]
OVERRIDES = REPOSITORY / "overrides"

MADE_OF = {
    f"theme/{path.relative_to(OVERRIDES).as_posix()}": path.read_bytes()
    for path in (OVERRIDES / "assets/css/tokens.css", *(OVERRIDES / "assets/fonts").glob("*.woff2"))
}

TWO: Mapping[str, str | bytes] = {
    "mkdocs.yml": config("cards: true"),
    "docs/articles/a/index.md": article(title="Why fsync lies"),
    "docs/articles/b/index.md": article(title=("The quick brown fox jumps over the lazy dog, " * 4)[:140].strip()),
    **MADE_OF,
}

HOSTILE = '</title><script>alert(1)</script> "&" ]]> 数'


def cards(site: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((site / "assets/cards").iterdir())}


def cached(root: Path) -> list[Path]:
    return sorted((root / ".cache/engblog/cards").iterdir())


def decoded(data: Path) -> Image.Image:
    with Image.open(data) as image:
        image.load()
        return image


def test_every_article_and_the_site_have_a_card_of_1200_by_630(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    names = [name.rpartition("-")[0] for name in cards(site)]
    assert names == ["a", "b", "site"]
    for path in (site / "assets/cards").iterdir():
        image = decoded(path)
        assert (image.format, image.size, image.mode, image.info) == ("PNG", (1200, 630), "P", {})
        assert image.convert("RGB").getpixel((0, 0)) == (0xF8, 0xF5, 0xEF)
        assert len(image.convert("RGB").getcolors(10_000) or []) > 20, "something is drawn on the paper"
        assert path.stat().st_size < 60_000


def test_pages_are_told_their_card_and_its_whole_address(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, TWO))
    card = view(site, "articles/2026/11/20/a/")["card"]
    assert (site / card["url"]).is_file()
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
    text = article(title=json.dumps(HOSTILE), category="Datenbanken", tags="[Uhr, Redis, Checksumme]")
    site = build(themed(tmp_path, {"texte/artikel/erster/index.md": text}))
    cases = {"": "site", "404.html": "site", "artikel/2026/11/20/erster/": "erster", "tags/": "site"}
    for address, name in cases.items():
        page = site / address
        reader = Metas()
        reader.feed((page if page.is_file() else page / "index.html").read_text())
        metas = reader.found
        path = metas["og:image"].removeprefix("https://mini.example/heft/")
        assert path.startswith(f"assets/cards/{name}-")
        assert decoded(site / path).size == (int(metas["og:image:width"]), int(metas["og:image:height"]))
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
    assert len(first.keys() - second.keys()) == 1, "the changed article's card has another address"


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
    root = mini(tmp_path, TWO, **{"docs/assets/cards": "a file where cards go"})
    with pytest.raises(BuildError, match="the build writes /assets/cards, and so does something else"):
        build_here(root)
    assert not (root / "site").exists()


def test_the_preview_draws_cards_too(tmp_path: Path) -> None:
    root = mini(tmp_path, TWO, **{"docs/articles/c/index.md": article(title="A draft", status="draft")})
    site = build_here(root, command="serve")
    assert [name.rpartition("-")[0] for name in cards(site)] == ["a", "b", "c", "site"]
