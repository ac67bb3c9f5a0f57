"""Files are fixed completely or not at all, and never over somebody's change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engblog.disk import fix
from engblog.disk.docs import DocsSettings
from engblog.disk.fix import fix_texts
from engblog.disk.part import part_of
from support.sources import TAXONOMY, article, write

A, B, PAGE = "articles/a/index.md", "articles/b/index.md", "about.md"
WRONG, RIGHT = article("One. \n", tags="[redis, Go, MySQL]"), article("One.\n", tags="[Redis, Go, MySQL]")


def site(root: Path) -> Path:
    return write(root, {"taxonomy.yml": TAXONOMY, A: WRONG, B: WRONG, PAGE: "---\ntitle: A\n---\nOne. \n"})


def test_every_text_is_fixed_once(tmp_path: Path) -> None:
    docs = site(tmp_path)
    assert [Path(each.path).relative_to(docs).as_posix() for each in fix_texts(docs, DocsSettings())] == [PAGE, A, B]
    assert (docs / A).read_text() == (docs / B).read_text() == RIGHT
    assert (docs / PAGE).read_text() == "---\ntitle: A\n---\nOne.\n"
    assert list(fix_texts(docs, DocsSettings())) == []
    assert sorted(each.name for each in (docs / "articles/a").iterdir()) == ["index.md"]


def test_only_what_was_named_is_fixed(tmp_path: Path) -> None:
    docs = site(tmp_path)
    part = part_of(docs, "articles", [docs / "articles/a"])
    assert len(list(fix_texts(docs, DocsSettings(), part))) == 1
    assert (docs / B).read_text() == WRONG


def test_permissions_and_line_ends_stay(tmp_path: Path) -> None:
    docs = site(tmp_path)
    (docs / A).write_bytes(WRONG.replace("\n", "\r\n").encode())
    (docs / A).chmod(0o640)
    list(fix_texts(docs, DocsSettings()))
    assert (docs / A).read_bytes() == RIGHT.replace("\n", "\r\n").encode()
    assert (docs / A).stat().st_mode & 0o777 == 0o640


def test_a_file_that_was_saved_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = site(tmp_path)
    fixes = fix.fixes

    def saved_meanwhile(text: str, taxonomy: object) -> object:
        (docs / A).write_text(WRONG + "More.\n")
        return fixes(text, taxonomy)  # type: ignore[arg-type]

    monkeypatch.setattr(fix, "fixes", saved_meanwhile)
    part = part_of(docs, "articles", [docs / "articles/a"])
    (fixed,) = fix_texts(docs, DocsSettings(), part)
    assert fixed.edits == ()
    assert fixed.refused == "the file has changed meanwhile; run this again"
    assert (docs / A).read_text() == WRONG + "More.\n"
    assert sorted(each.name for each in (docs / "articles/a").iterdir()) == ["index.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    docs = site(tmp_path)
    (docs / "articles/a").chmod(0o500)
    refused = [each.refused for each in fix_texts(docs, DocsSettings()) if each.refused]
    (docs / "articles/a").chmod(0o700)
    assert refused == ["the file cannot be written: Permission denied"]


def test_a_link_out_of_the_docs_folder_is_not_followed(tmp_path: Path) -> None:
    docs = site(tmp_path / "docs")
    outside = tmp_path / "outside.md"
    outside.write_text(WRONG)
    (docs / A).unlink()
    (docs / A).symlink_to(outside)
    list(fix_texts(docs, DocsSettings()))
    assert outside.read_text() == WRONG
