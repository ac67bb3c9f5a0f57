"""Hand-written pages are taken apart as the host does, and what it would refuse or lose is named with its place."""

from __future__ import annotations

import pytest
from engblog.source.parse_page import page_folder, parse_page
from support.pictures import LFS_POINTER


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    found = parse_page(data, "about.md", "docs/").problems
    assert all(each.hint for each in found)
    return [f"{each.mark.path}:{each.mark.line}:{each.mark.column} {each.code.id}" for each in found]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"# About\n\n\xff\n", "docs/about.md:3:1 S001"),
        ("# About \x01\n", "docs/about.md:1:9 S007"),
        ("---\ntitle: [\nupdated: x\n---\n", "docs/about.md:2:8 Y003"),
        ("---\ntitle: x\nupdated: soon\n---\n", "docs/about.md:3:10 F005"),
        ("---\nnoindex: perhaps\n---\n", "docs/about.md:2:10 F003"),
    ],
)
def test_the_problems_of_a_page_start_with_its_front_matter(text: str | bytes, place: str) -> None:
    assert problems(text) == [place]


def test_a_page_that_git_lfs_has_not_fetched_is_named() -> None:
    assert problems(LFS_POINTER) == ["docs/about.md:1:1 R014"]


def test_a_page_that_cannot_be_read_is_named() -> None:
    assert [each.code.id for each in parse_page(None, "about.md").problems] == ["S006"]


def test_references_have_their_lines_in_the_file() -> None:
    parsed = parse_page(
        b'---\ntitle: x\n---\n\n[a](b.md)\n\n```\n--8<-- "c.txt"\n--8<-- "../d.txt"\n```\n', "e/about.md"
    )
    assert [(each.path, each.reference.line) for each in parsed.local] == [("e/b.md", 5), ("e/c.txt", 8), ("d.txt", 9)]
    assert parsed.wanted == ("c.txt",), "a page includes only files of its own folder"


@pytest.mark.parametrize(
    ("source", "folder"),
    [
        ("about.md", "about"),
        ("about.markdown", "about"),
        ("index.md", ""),
        ("README.md", ""),
        ("guide/index.md", "guide"),
        ("guide/deep.md", "guide/deep"),
    ],
)
def test_a_page_has_a_folder_in_the_site(source: str, folder: str) -> None:
    assert page_folder(source) == folder
