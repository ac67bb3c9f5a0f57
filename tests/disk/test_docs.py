"""Disk and clock: what is found, what is read, when it is now, and how a build takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, check_docs, display_path, publication_hours, read_site
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, codes, places, read, write

# Finding articles


def test_a_markdown_file_beside_the_folders_is_misplaced(tmp_path: Path) -> None:
    catalogue = read(tmp_path, {"articles/fsync.md": article(), "articles/index.md": "# Articles\n"})
    assert places(catalogue, tmp_path) == ["articles/fsync.md:1:1 S005", "articles/index.md:1:1 S005"]
    assert "articles/fsync/index.md" in str(catalogue.problems[0])
    assert "articles/<slug>/index.md" in str(catalogue.problems[1])


def test_an_article_that_lies_too_deep_is_misplaced(tmp_path: Path) -> None:
    files = {"articles/2026/fsync/index.md": article(), "articles/why/README.md": "# Why\n", "articles/b/b.md": "x"}
    catalogue = read(tmp_path, files)
    assert places(catalogue, tmp_path) == [
        "articles/2026/fsync/index.md:1:1 S005",
        "articles/b/b.md:1:1 S005",
        "articles/why/README.md:1:1 S005",
    ]
    assert "articles/fsync/index.md" in str(catalogue.problems[0])


def test_notes_beside_an_article_and_in_its_lab_are_no_articles(tmp_path: Path) -> None:
    files = {"articles/a/index.md": article(), "articles/a/notes.md": "x", "articles/a/lab/README.md": "x"}
    catalogue = read(tmp_path, files)
    assert codes(catalogue) == []
    assert [each.slug for each in catalogue.site.articles] == ["a"]


def test_hidden_files_and_what_tools_leave_are_not_looked_at(tmp_path: Path) -> None:
    files = {
        "articles/.hidden/index.md": "broken", "articles/a/.cache/x.md": "broken", ".x.md": "broken",
        "articles/node_modules/index.md": "broken", "articles/a/index.md": article("[x](.x.png)\n"),
        "articles/a/.x.png": "x",
    }  # fmt: skip
    assert places(read(tmp_path, files), tmp_path) == ["articles/a/index.md:8:1 R004"]


def test_the_vocabulary_and_the_articles_may_lie_elsewhere(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "meta/begriffe.yml": TAXONOMY, "meta/leute.yml": AUTHORS,
            "blog/posts/a/index.md": article("![A](a.svg)\n\n```\n--8<-- \"lab/x.txt\"\n```\n", authors="[ada]"),
            "blog/posts/a/a.svg": DRAWING, "blog/posts/a/lab/x.txt": "x",
        },
    )  # fmt: skip
    catalogue = read_site(tmp_path, DocsSettings("blog/posts", "meta/begriffe.yml", "meta/leute.yml"))
    assert codes(catalogue) == []
    assert [each.url for each in catalogue.site.articles] == ["blog/posts/2026/11/20/a/"]


def test_a_folder_named_like_an_article_file_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, {"articles/a/x.png": ""})
    (tmp_path / "articles/a/index.md").symlink_to("nowhere.md")
    assert places(read(tmp_path, {}), tmp_path) == ["articles/a/index.md:1:1 S006", "articles/a/index.md:1:1 S008"]


def test_an_include_larger_than_a_mebibyte_is_not_read(tmp_path: Path) -> None:
    files = {"articles/a/index.md": article('```\n--8<-- "big.txt"\n```\n'), "articles/a/big.txt": "x\n" * 600_000}
    assert codes(read(tmp_path, files)) == ["R005"]


def test_paths_are_shown_from_where_the_author_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = tmp_path / "site" / "docs"
    docs.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "site")
    assert display_path(docs) == "docs/"
    assert display_path(Path("docs")) == "docs/"
    assert display_path(Path()) == ""
    monkeypatch.chdir("/")
    assert display_path(docs) == f"{docs.as_posix()[1:]}/"
    monkeypatch.chdir(tmp_path / "site" / "docs")
    assert display_path(tmp_path) == f"{tmp_path.as_posix()}/"


def test_reading_a_site_writes_nothing(tmp_path: Path) -> None:
    read(tmp_path, {"articles/a/index.md": article(), "articles/b/index.md": "broken"})
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    read_site(tmp_path, DocsSettings())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


# Hand-written pages


def test_hand_written_pages_are_checked_as_the_host_reads_them(tmp_path: Path) -> None:
    broken = "---\ntitle: One #1\nupdated: soon\n---\n"
    files = {
        "taxonomy.yml": TAXONOMY, "index.md": broken, "more/about.markdown": broken, "more/README.md": broken,
        "README.md": broken, "articles/a/notes.md": broken, "templates/x.md": broken, "more/templates/x.md": broken,
        ".x.md": broken, "drafts/x.md": broken, "notes.txt": broken, "articles/a/index.md": article(),
        "old/gone.md": broken, "old/kept.md": broken,
    }  # fmt: skip
    write(tmp_path, files)
    left_out = "drafts/\n# a remark\n/old/*\n!/old/kept.md\n"
    catalogue = check_docs(tmp_path, DocsSettings(exclude_docs=left_out))
    named = ("index.md", "more/README.md", "more/about.markdown", "more/templates/x.md", "old/kept.md")
    of_front_matter = [place for place in places(catalogue, tmp_path) if place.endswith((" Y009", " F005"))]
    assert of_front_matter == [f"{name}:{place}" for name in named for place in ("2:12 Y009", "3:10 F005")]
    # README.md is not shown beside index.md


# Hours of publication


def test_the_hours_of_publication_are_read_from_every_article_that_has_one(tmp_path: Path) -> None:
    texts = {"a": article(date="2026-11-28 18:00 +01:00"), "b": article(date="2026-11-20"), "c": article(date="soon")}
    texts |= {"d": "no front matter", "e": article(date=None, titel="x"), "f": article("", date="2026-11-21T00:00Z")}
    write(
        tmp_path, {f"articles/{slug}/index.md": text for slug, text in texts.items()} | {"articles/g/index.md": b"\xff"}
    )
    hours = publication_hours(tmp_path, DocsSettings())
    assert [f"{hour:%d %H:%M}" for hour in hours] == ["28 17:00", "20 00:00", "21 00:00"]
