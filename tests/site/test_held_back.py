"""Nobody is sent to an article that readers cannot open."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pictures import PNG
from support.sources import article, places, read

FILES = {
    "articles/open/index.md": article(),
    "articles/draft/index.md": article(status="draft"),
    "articles/draft/a.png": PNG,
    "articles/next/index.md": article(date="2027-01-01"),
    "articles/later/index.md": article(date="2027-02-01T09:00:00Z"),
}
A = "articles/a/index.md"


def found(root: Path, body: str, *, preview: bool = False, **keys: str) -> list[str]:
    return places(read(root, {**FILES, A: article(f"{body}\n", **keys)}, preview=preview), root)


@pytest.mark.parametrize("target", ["draft/index.md", "draft/index.md#part", "next/index.md", "draft/a.png"])
def test_a_published_article_refers_only_to_what_readers_can_open(tmp_path: Path, target: str) -> None:
    assert found(tmp_path, f"Text. [It](../{target})") == [f"{A}:8:7 R012"]
    assert found(tmp_path, f"[it]: ../{target}\n\nSee [it].") == [f"{A}:8:1 R012"]
    assert found(tmp_path, f"[It](../{target})", preview=True) == []


def test_a_picture_of_a_draft_is_not_published_either(tmp_path: Path) -> None:
    assert found(tmp_path, "![A](../draft/a.png)") == [f"{A}:8:1 R012"]
    assert found(tmp_path, "[A](../open/index.md)") == []


def test_a_draft_may_refer_to_anything(tmp_path: Path) -> None:
    assert found(tmp_path, "[A](../draft/index.md) [b](../later/index.md) ![c](../draft/a.png)", status="draft") == []


def test_an_article_of_the_future_refers_to_what_is_published_by_then(tmp_path: Path) -> None:
    links = "[a](../next/index.md)\n[b](../later/index.md)\n[c](../draft/index.md)"
    assert found(tmp_path, links, date="2027-01-01") == [f"{A}:9:1 R012", f"{A}:10:1 R012"]
    assert found(tmp_path, links, date="2027-03-01") == [f"{A}:10:1 R012"]


def test_a_page_by_hand_is_open_today(tmp_path: Path) -> None:
    pages = {"about.md": "# About\n\n[a](articles/next/index.md), [b](articles/open/index.md)\n"}
    assert places(read(tmp_path, {**FILES, **pages}), tmp_path) == ["about.md:3:1 R012"]


def test_the_message_says_what_it_is_and_since_when_it_is_not(tmp_path: Path) -> None:
    catalogue = read(tmp_path, {**FILES, A: article("[a](../draft/index.md) [b](../later/index.md)\n")})
    first, second = catalogue.problems
    assert first.message == "“../draft/index.md” is a draft, which readers cannot open"
    assert "publish that article first" in first.hint
    assert "is dated 2027-02-01T09:00:00+00:00, so readers cannot open it until then" in second.message


def test_an_article_with_other_problems_is_still_checked(tmp_path: Path) -> None:
    assert found(tmp_path, "[a](../draft/index.md) [b](../next/index.md)", date="soon") == [
        f"{A}:4:7 F005",
        f"{A}:8:1 R012",
    ]
