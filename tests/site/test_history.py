"""What was corrected and updated, in order."""

from __future__ import annotations

from pathlib import Path

from engblog.site.history import all_corrections, updated_articles
from support.sources import article, read_articles


def test_corrections_are_in_one_order_and_have_names_of_their_own(tmp_path: Path) -> None:
    several = "{date: 2026-11-21, text: A1}, {date: 2026-11-25, text: A3}, {date: 2026-11-21, text: A2}"
    site = read_articles(
        tmp_path,
        a=article(corrections=f"[{several}]"),
        b=article(corrections="[{date: 2026-11-25, text: B1}]", date="2026-11-18", updated="2026-11-26"),
    ).site
    found = all_corrections(site.articles)
    assert [each.correction.text for each in found] == ["A3", "B1", "A2", "A1"]
    assert [each.name for each in found] == [
        "correction-2026-11-25-1", "correction-2026-11-25-1", "correction-2026-11-21-2", "correction-2026-11-21-1"
    ]  # fmt: skip
    assert [each.slug for each in updated_articles(site.articles)] == ["b"]
