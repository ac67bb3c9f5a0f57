"""A site with an article that is to be moved, and one beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.sources import AUTHORS, TAXONOMY, article, write

OLD = "docs/articles/old"
NEW = "docs/articles/new"
ALIAS = "/articles/2026/11/20/old/"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with an article that others link to, and the author standing in its folder."""
    monkeypatch.chdir(tmp_path)
    return write(
        tmp_path,
        {
            "mkdocs.yml": "plugins: [engblog]\n",
            "docs/taxonomy.yml": TAXONOMY,
            "docs/authors.yml": AUTHORS,
            f"{OLD}/index.md": article("Text, [itself](../old/index.md#a) and [other](../other/index.md).\n\n## A\n"),
            "docs/articles/other/index.md": article("Text.\n"),
        },
    )
