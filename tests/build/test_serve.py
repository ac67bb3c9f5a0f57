"""The preview as an author uses it: a real process that rebuilds after an edit and survives a broken one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hosts import mini
from support.previews import FIXED, Preview
from support.sources import article, write

DAY = "2020-01-02"
"""Long past: a preview goes by the real clock."""
ADDRESS = "articles/2020/01/02/a/"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    root = mini(
        tmp_path / "site",
        {
            "docs/articles/a/index.md": article("The first text.\n", date=DAY),
            "docs/articles/draft/index.md": article("Not yet.\n", status="draft", date=DAY),
            "docs/articles/next/index.md": article("Next year.\n", date="2099-01-01"),
        },
    )
    with Preview(root, tmp_path / "tmp") as running:
        yield running


def test_an_author_writes_breaks_and_mends_an_article(preview: Preview) -> None:
    assert '"status": "published"' in preview.wait(ADDRESS, "The first text.")
    assert '"status": "draft"' in preview.get("articles/2020/01/02/draft/")
    assert '"status": "scheduled"' in preview.get("articles/2099/01/01/next/")

    write(preview.root, {"docs/articles/a/index.md": article("The second text.\n", title="Another title", date=DAY)})
    assert "Another title" in preview.wait(ADDRESS, "The second text.")

    write(preview.root, {"docs/articles/a/index.md": article("The third text.\n", date="soon")})
    preview.wait_for_log("F005")
    assert "docs/articles/a/index.md:4:7 F005" in preview.said()
    preview.wait_for_log(FIXED)
    assert "The second text." in preview.get(ADDRESS), "the last good page is served"
    assert "Another title" in preview.get("")

    write(preview.root, {"docs/articles/a/index.md": article("Still wrong.\n", date="soon")})
    preview.wait_for_log(FIXED, 2)
    assert preview.said().count("docs/articles/a/index.md:4:7 F005") == 2, "a mistake is named as long as it is there"

    write(preview.root, {"docs/articles/a/index.md": article("The fourth text.\n", date=DAY)})
    preview.wait(ADDRESS, "The fourth text.")

    write(preview.root, {"docs/articles/new/index.md": article("A new one.\n", date=DAY)})
    preview.wait("articles/2020/01/02/new/", "A new one.")

    assert preview.stop() == 0
    assert "Traceback" not in preview.said()
    assert list((preview.root.parent / "tmp").iterdir()) == [], "nothing is left behind"
    assert not (preview.root / "site").exists(), "a preview is no build"
