"""A check of one article finds everything that a check of the whole site finds about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, check_docs
from engblog.disk.part import PartError, part_of
from support.broken import BROKEN
from support.sources import TAXONOMY, article, write

SETTINGS = DocsSettings()
NEIGHBOUR = article("As [the other article](../a/index.md) says, and [its list](../a/list.txt).\n")
FOLDERS = ("articles/a", "articles/b", "articles/fs")


def found(docs: Path, *paths: str) -> set[str]:
    """What a check of *paths* says about them, or a check of everything about each of FOLDERS."""
    part = part_of(docs, SETTINGS.articles_dir, [docs / path for path in paths]) if paths else None
    problems = check_docs(docs, SETTINGS, part=part).problems
    return {str(each) for each in problems if each.mark.path.startswith(tuple(f"{docs}/{each}/" for each in FOLDERS))}


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.id)
def test_one_article_has_the_problems_that_it_has_among_all(tmp_path: Path, code: object) -> None:
    files: Mapping[str, str | bytes] = {"taxonomy.yml": TAXONOMY, "articles/z/index.md": NEIGHBOUR, **BROKEN[code][0]}  # type: ignore[index]
    docs = write(tmp_path, files)
    folders = [folder for folder in FOLDERS if (docs / folder).is_dir()]
    whole = found(docs)
    for folder in folders:
        of_folder = {each for each in whole if each.startswith(f"{docs}/{folder}/")}
        assert of_folder <= found(docs, folder)
    assert whole == found(docs, *folders) or not folders


def test_a_file_that_only_another_article_refers_to_is_no_stray(tmp_path: Path) -> None:
    for reference in ("../a/list.txt", r"..\/a/list.txt", "../%61/list.txt", "../&#97;/list.txt"):
        docs = write(
            tmp_path,
            {
                "taxonomy.yml": TAXONOMY,
                "articles/a/index.md": article(),
                "articles/a/list.txt": "One.\n",
                "articles/z/index.md": article(f"See [the list]({reference}).\n"),
            },
        )
        assert found(docs, "articles/a") == {each for each in found(docs) if "/articles/a/" in each.split(" ")[0]}


def test_a_clash_with_another_article_is_told_whichever_of_the_two_is_named_for_it(tmp_path: Path) -> None:
    docs = write(
        tmp_path,
        {
            "taxonomy.yml": TAXONOMY,
            "articles/a/index.md": article(featured="true"),
            "articles/b/index.md": article(featured="true"),
        },
    )
    for folder in ("articles/a", "articles/b"):
        part = part_of(docs, SETTINGS.articles_dir, [docs / folder])
        assert [each.code.id for each in check_docs(docs, SETTINGS, part=part).problems] == ["C003"]


def test_the_vocabulary_is_looked_at_with_any_article(tmp_path: Path) -> None:
    docs = write(tmp_path, {"taxonomy.yml": "", "articles/a/index.md": article()})
    part = part_of(docs, SETTINGS.articles_dir, [docs / "articles/a"])
    assert [each.code.id for each in check_docs(docs, SETTINGS, part=part).problems] == ["T006"]


@pytest.mark.parametrize(
    ("path", "folders", "pages"),
    [
        ("docs/articles/a", {"articles/a"}, set()),
        ("docs/articles/a/index.md", {"articles/a"}, set()),
        ("docs/articles/a/lab/test_a.py", {"articles/a"}, set()),
        ("docs/articles/../articles/a/", {"articles/a"}, set()),
        ("a", {"articles/a"}, set()),
        ("docs/about.md", set(), {"about.md"}),
    ],
)
def test_a_path_names_an_article_or_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, folders: set[str], pages: set[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"docs/articles/a/index.md": "", "docs/articles/a/lab/test_a.py": "", "docs/about.md": ""})
    part = part_of(Path("docs"), "articles", [Path(path)])
    assert part is not None
    assert (part.folders, part.pages) == (folders, pages)


@pytest.mark.parametrize("path", [".", "docs", "docs/articles", "docs/articles/"])
def test_a_folder_of_all_articles_means_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"docs/articles/a/index.md": ""})
    assert part_of(Path("docs"), "articles", [Path(path)]) is None


def test_every_path_that_is_no_article_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"docs/articles/why-fsync-lies/index.md": "", "docs/articles/empty/x.txt": "", "mkdocs.yml": ""})
    with pytest.raises(PartError) as raised:
        part_of(
            Path("docs"), "articles", map(Path, ["docs/articles/why-fsync-lie", "mkdocs.yml", "docs/articles/empty"])
        )
    lines = str(raised.value).splitlines()
    assert lines[0] == "docs/articles/why-fsync-lie does not exist: did you mean “why-fsync-lies”?"
    assert [line.partition(" ")[0] for line in lines[1:]] == ["mkdocs.yml", "docs/articles/empty"]
