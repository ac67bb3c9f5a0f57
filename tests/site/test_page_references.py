"""The references of hand-written pages: what a strict build would refuse, the check refuses first, with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, check_docs
from support.pictures import PNG
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, places, write

FILES = {
    "taxonomy.yml": TAXONOMY,
    "authors.yml": AUTHORS,
    "articles/a/index.md": article(),
    "guide/deep.md": "# Deep\n\n[About](../about.md)\n",
    "guide/notes.txt": "x\n",
    "guide/pic.png": PNG,
    "assets/logo.svg": DRAWING,
}
SETTINGS = replace(DocsSettings(), site_url="https://mini.example/blog/")
STRICT = replace(SETTINGS, refused_links=frozenset({"absolute_links", "unrecognized_links"}))


def found(root: Path, text: str, settings: DocsSettings = SETTINGS, name: str = "about.md") -> list[str]:
    used = "\n\n[x](guide/notes.txt) ![x](guide/pic.png)\n" if name == "about.md" else "\n"
    write(root, {**FILES, "about.md": "# About\n", name: text + used})
    return [place.removeprefix(f"{name}:") for place in places(check_docs(root, settings), root)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](articles/a/index.md#part)",
        "[a](guide/deep.md)",
        "[a](tags/index.md) [b](tags/redis/index.md) [c](feeds/index.md) [d](archive/2026/index.md)",
        "![a](assets/logo.svg)",
        "[a](https://example.org/) [b](mailto:a@example.org) [c](#part) [d](?q) [e](about.md) [f](//example.org/x/)",
        "`[a](gone.md)`\n\n```\n[a](gone.md)\n```",
        "<a href='../tags/'>a</a> <a href='../articles/2026/11/20/a/'>b</a>",
        "<a href='/blog/tags/'>c</a> <a href='../'>d</a>",
        "<a href='../feed.xml'>a</a> <a href='https://example.org/'>b</a>",
        "<img src='../guide/pic.png' alt='a'> <img src='../assets/icons/of-the-theme.svg' alt='b'>",
        "```\n--8<-- \"guide/notes.txt\"\n```",
        "--8<-- \"guide/notes.txt\"",
        "[a](../tags/) [b](/blog/archive/) [c](../)",
    ],
)  # fmt: skip
def test_what_is_there_may_be_referred_to(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Text.\n\nText [a](gone.md)", "3:6 R004"),
        ("[a](guide/)", "1:1 R004"),
        ("[a](guide/gone.txt)", "1:1 R004"),
        ("[a](../tags.md)", "1:1 R004"),
        ("[a](taxonomy.yml)", "1:1 R004"),
        ("[a](tags/)", "1:1 R004"),
        ("[a](/tags/)", "1:1 R004"),
        ("[a](/blog/tag/)", "1:1 R004"),
        ("[a](javascript:go())", "1:1 R007"),
        ("![a](gone.png)", "1:1 R001"),
        ("![a](//example.org/a.png)", "1:1 R002"),
        ("<img src='https://example.org/a.png' alt='a'>", "1:1 R002"),
        ("<script>go()</script>", "1:1 R007"),
        ("<img src='guide/pic.png' alt='a'>", "1:1 R001"),
        ("<a href='guide/notes.txt'>a</a>", "1:1 R004"),
        ("<a href='../tags'>a</a>", "1:1 R004"),
        ("<p onclick='go()'>", "1:1 R007"),
        ("<a href='guide/deep.md'>a</a>", "1:1 R004"),
        ("<a href='tags/'>a</a>", "1:1 R004"),
        ("<a href='/tags/'>a</a>", "1:1 R004"),
        ("--8<-- \"gone.txt\"", "1:9 R005"),
        ("--8<-- \"guide/notes.txt:part\"", "1:9 R005"),
        ("--8<-- \"../x.txt\"", "1:9 R006"),
        ("text --8<-- \"guide/notes.txt\" ", ""),
        ("--8<-- \"guide/notes.txt\" ", ""),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    assert found(tmp_path, text) == ([place] if place else [])


@pytest.mark.parametrize("text", ["[a](../tags/)", "[a](/blog/tags/)", "[a](.)"])
def test_what_a_strict_host_leaves_unresolved_is_refused(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
    assert found(tmp_path, text, STRICT) == ["1:1 R004"]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<img src='../../../../../guide/pic.png' alt='a'>", ""),
        ("<a href='../../../../../archive/'>a</a>", ""),
        ("<img src='../../guide/pic.png' alt='a'>", "R001"),
        ("<a href='../b/notes.txt'>a</a>", "R004"),
        ("<a href='../b/'>a</a>", "R004"),
        ("<a href='../../../../../'>home</a>", ""),
        ("<img src='../../../../../assets/icons/of-the-theme.svg' alt='a'>", ""),
    ],
)
def test_html_in_an_article_starts_at_the_articles_address(tmp_path: Path, html: str, code: str) -> None:
    uses = "\n\n[x](../../guide/notes.txt) ![x](../../guide/pic.png)\n"
    write(tmp_path, {**FILES, "about.md": "# About\n", "articles/a/index.md": article(html + uses)})
    assert places(check_docs(tmp_path, SETTINGS), tmp_path) == ([f"articles/a/index.md:8:1 {code}"] if code else [])


def test_the_hint_names_the_file_that_was_meant(tmp_path: Path) -> None:
    text = "[a](guide/)\n[b](guide/deep)\n[c](tags/)\n[d](../tags/)\n[e](gudie/deep.md)\n[f](articles/a/)\n"
    write(tmp_path, {**FILES, "about.md": text, "guide/index.md": "[x](notes.txt) ![x](pic.png)\n"})
    said = [f"{each.message} | {each.hint}" for each in check_docs(tmp_path, STRICT).problems]
    meant = [
        "guide/index.md",
        "guide/deep.md",
        "tags/index.md",
        "tags/index.md",
        "path of a file",
        "articles/a/index.md",
    ]
    assert [name in each for name, each in zip(meant, said, strict=True)] == [True] * 6, said


def test_references_start_at_the_page(tmp_path: Path) -> None:
    text = "[a](deep.md) [b](../about.md) ![c](pic.png) [d](notes.txt) [e](about.md)"
    assert found(tmp_path, text, name="guide/index.md") == ["1:60 R004"]


def test_the_text_of_a_home_page_gives_way_to_the_list_and_is_not_checked(tmp_path: Path) -> None:
    assert found(tmp_path, "[a](gone.md) [x](guide/notes.txt) ![x](guide/pic.png)", name="index.md") == []
