"""The files that texts can refer to."""

from __future__ import annotations

import pytest
from engblog.source.docs_files import DocsFiles

DOCS = DocsFiles(frozenset({"about.md", "articles/a/index.md", "articles/a/lab/x.py"}), articles_dir="articles")


@pytest.mark.parametrize(
    ("path", "has_no_page"),
    [
        ("about.md", False),
        ("guide/notes.markdown", False),
        ("articles/a/index.md", False),
        ("articles/a/lab/index.md", False),
        ("articles/a/notes.md", True),
        ("articles/a/notes.markdown", True),
        ("articles/a/lab/README.md", True),
        ("articles/a/b/index.md", True),
        ("articles/notes.md", True),
        ("articles/a/notes.txt", False),
    ],
)
def test_beside_an_article_only_its_own_text_is_a_page(path: str, has_no_page: bool) -> None:
    assert DOCS.is_text_without_page(path) is has_no_page


def test_a_folder_has_files_and_is_none_of_them() -> None:
    assert "about.md" in DOCS
    assert "articles/a" not in DOCS
    assert DOCS.is_folder("articles/a")
    assert not DOCS.is_folder("articles/a/la")
    assert not DOCS.is_folder("about.md")
