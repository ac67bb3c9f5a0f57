"""The files beside pages: what a build publishes, what it leaves out, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hosts import BuildError, build_here, config, log, mini, run, snapshot
from support.pictures import LFS_POINTER, PNG
from support.sources import article

A = "articles/2026/11/20/a/"
USED = {
    "docs/articles/a/index.md": article("![A](photo.png) [Rows](rows.csv) [Key](../../.well-known/security.txt)\n"),
    "docs/articles/a/photo.png": PNG,
    "docs/articles/a/rows.csv": "a,b\n",
    "docs/.well-known/security.txt": "Contact: mailto:a@example.org\n",
    "docs/.well-known/.DS_Store": b"\0",
    "docs/.hidden.txt": "x",
    "docs/articles/a/.env": "x",
    "docs/articles/a/__pycache__/x.pyc": b"x",
    "docs/assets/logo.png": PNG,
    "docs/CNAME": "mini.example\n",
    "docs/about.md": "# About\n",
}
STRAYS: dict[str, str | bytes] = {
    "docs/articles/a/index.md~": "x",
    "docs/articles/a/secret.pem": "x",
    "docs/notes.txt": "x",
}


def test_exactly_what_something_refers_to_is_published(tmp_path: Path) -> None:
    built = snapshot(build_here(mini(tmp_path, USED)))
    kinds = (".png", ".csv", ".txt", ".pyc", "CNAME", ".env", ".DS_Store")
    sources = {name for name in built if name.endswith(kinds) and not name.startswith("search/")}
    assert sources == {
        f"{A}photo.png", f"{A}rows.csv", ".well-known/security.txt", "assets/logo.png", "CNAME", "robots.txt",
        "llms.txt",
    }  # fmt: skip


def test_files_that_nothing_refers_to_end_a_build_all_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        build_here(mini(tmp_path, {**USED, **STRAYS}))
    for name in STRAYS:
        assert f"{name}:1:1 S009 nothing refers to" in str(raised.value)
    assert "3 problems in 3 files" in str(raised.value)
    assert not (tmp_path / "site").exists()


def test_a_preview_leaves_them_out_and_warns(tmp_path: Path) -> None:
    """An editor's backup must not keep its author from seeing the text."""
    mini(tmp_path, {**USED, **STRAYS, "docs/articles/a/lab/dump.rdb": b"\0"})
    with log() as lines:
        built = snapshot(build_here(tmp_path, command="serve"))
    assert not [name for name in built if name.endswith(("~", ".pem", "notes.txt", ".rdb"))]
    warned = "\n".join(line for line in lines if line.startswith("WARNING"))
    assert warned.count(" S009 ") == len(STRAYS)
    assert [line for line in lines if "dump.rdb:1:1 S010" in line]


def test_what_the_configuration_leaves_out_stays_out_without_a_word(tmp_path: Path) -> None:
    lab: dict[str, str | bytes] = {"docs/articles/a/lab/test_a.py": "", "docs/articles/a/lab/secret.pem": "x"}
    text: dict[str, str | bytes] = {"docs/articles/a/index.md": article("Text.\n", status="draft")}
    settings = config(before="exclude_docs: |\n  *~\n  *.pem\n  /notes.txt\n")
    mini(tmp_path, {**STRAYS, **lab, **text, "mkdocs.yml": settings})
    site = build_here(tmp_path, command="serve")
    built = snapshot(site)
    assert f"{A}lab/test_a.py" in built
    assert not [name for name in built if name.endswith(("~", ".pem", "notes.txt"))]


def test_pictures_are_refused_where_articles_pages_and_the_theme_show_them(tmp_path: Path) -> None:
    files = {
        **USED,
        "docs/articles/a/photo.png": LFS_POINTER,
        "docs/about.md": "# About\n\nText ![A](assets/cut.png)\n",
        "docs/assets/cut.png": PNG[:-1],
        "theme/icons/mark.png": PNG[:20],
    }
    with pytest.raises(BuildError) as raised:
        build_here(mini(tmp_path, files))
    said = str(raised.value)
    for place in (
        "docs/articles/a/index.md:8:1 R014",
        "docs/about.md:3:6 R011",
        "docs/assets/cut.png:1:1 R011",
        "theme/icons/mark.png:1:1 R011",
    ):
        assert place in said
    assert "run: git lfs pull" in said


def test_a_strict_build_takes_a_page_that_links_what_is_not_a_page_of_markdown(tmp_path: Path) -> None:
    files = {
        **USED,
        "docs/demo/rows.csv": "a,b\n",
        "docs/demo/p.png": PNG,
        "docs/about.md": "# About\n\n[Rows](demo/rows.csv) [p](demo/p.png), [security](.well-known/security.txt)\n",
    }
    done = run(mini(tmp_path, files), "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"demo/rows.csv", "demo/p.png", ".well-known/security.txt"} <= {*snapshot(tmp_path / "site")}
