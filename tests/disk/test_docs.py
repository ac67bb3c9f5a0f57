"""Disk and clock: what is found, what is read, when it is now, and how a build takes its place."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engblog.disk import clock
from engblog.disk.docs import DocsSettings, display_path, read_site
from engblog.disk.project import ProjectError, find_project
from engblog.disk.staging import Staging
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, codes, places, read, write

# The clock


def test_now_is_source_date_epoch_where_it_is_set() -> None:
    assert clock.now({"SOURCE_DATE_EPOCH": "1796126400"}) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert clock.now({"SOURCE_DATE_EPOCH": "0"}) == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("environment", [{}, {"SOURCE_DATE_EPOCH": ""}])
def test_now_is_else_the_end_of_today_in_utc(environment: dict[str, str]) -> None:
    before = datetime.now(UTC)
    now = clock.now(environment)
    after = datetime.now(UTC)
    assert now.utcoffset() == UTC.utcoffset(None)
    assert (now.hour, now.minute, now.second, now.microsecond) == (23, 59, 59, 999999)
    assert before.date() <= now.date() <= after.date()


@pytest.mark.parametrize("wrong", ["soon", "1.5", "2026-12-01", "9" * 30, " "])
def test_a_source_date_epoch_that_is_no_time_says_what_to_set(wrong: str) -> None:
    with pytest.raises(clock.ClockError, match="whole seconds"):
        clock.now({"SOURCE_DATE_EPOCH": wrong})


def test_what_is_published_does_not_depend_on_the_zone_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    outcomes = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796126400")
        time.tzset()
        texts = {f"articles/a{day}/index.md": article(date=f"2026-{day}") for day in ("11-30", "12-01", "12-02")}
        outcomes.add(tuple(each.slug for each in read(tmp_path, texts).site.articles))
    monkeypatch.undo()
    time.tzset()
    assert outcomes == {("a12-01", "a11-30")}


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
    assert places(read(tmp_path, {}), tmp_path) == ["articles/a/index.md:1:1 S006"]


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


# The project


@pytest.mark.parametrize(
    ("config", "docs", "settings"),
    [
        ("site_name: X\n", "docs", DocsSettings()),
        ("plugins:\n  - engblog\n", "docs", DocsSettings()),
        ("plugins: [search, {engblog: {articles_dir: posts}}]\n", "docs", DocsSettings("posts")),
        (
            "plugins:\n  engblog:\n    taxonomy: a.yml\n    authors: b.yml\n",
            "docs",
            DocsSettings("articles", "a.yml", "b.yml"),
        ),
        ("docs_dir: text\nextra: !ENV [HOME, x]\nx: !!python/name:os.system\n", "text", DocsSettings()),
        ("plugins:\n  - engblog:\n      page_size: 3\n", "docs", DocsSettings(page_size=3)),
    ],
)
def test_a_project_is_read_from_the_hosts_configuration(
    tmp_path: Path, config: str, docs: str, settings: DocsSettings
) -> None:
    project = find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")
    assert (project.root, project.docs, project.settings) == (tmp_path, tmp_path / docs, settings)


@pytest.mark.parametrize(
    ("config", "said"), [(b"a: [", "mkdocs.yml:"), (b"[]", "no keys"), (b"", "no keys"), (b"\xff", "utf-8")]
)
def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path, config: bytes, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        find_project(write(tmp_path, {"mkdocs.yml": config}) / "mkdocs.yml")


def test_a_missing_configuration_says_where_to_stand(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="run this where"):
        find_project(tmp_path / "mkdocs.yml")


# Staging


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_finished_build_takes_the_place_of_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    assert tree(site) == {"old.html": "old"}
    staging.promote()
    assert tree(site) == {"a/new.html": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert site.stat().st_mode & 0o777 == 0o755, "a web server may read it"


def test_a_first_build_makes_the_site_and_the_folders_above(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "a" / "b" / "site")
    write(staging.folder, {"new.html": "new"})
    staging.promote()
    assert tree(tmp_path) == {"a/b/site/new.html": "new"}


def test_an_abandoned_build_leaves_no_trace(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    write(staging.folder, {"a/new.html": "new"})
    staging.discard()
    staging.discard()
    assert tree(tmp_path) == {"site/old.html": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_that_cannot_take_its_place_leaves_the_site(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"old.html": "old"})
    staging = Staging(site)
    staging.folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        staging.promote()
    assert tree(site) == {"old.html": "old"}
