"""The golden queries over this repository's own articles meet what was promised of the search."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.search.__main__ import ask, own_articles, prepare

KINDS = ("identifier", "title", "prefix", "typo", "concept", "subject", "question", "error", "spelling", "script")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `make bench-search` tells of our engine."""
    folder = tmp_path_factory.mktemp("golden")
    assert prepare("ours", folder, own_articles(folder))
    report: dict[str, Any] = ask(folder, "ours")
    return report


def test_there_are_enough_queries_of_every_kind(told: dict[str, Any]) -> None:
    assert told["types"]["all"]["queries"] >= 100
    assert all(told["types"][kind]["queries"] >= 10 for kind in KINDS)


@pytest.mark.parametrize(
    ("kind", "success", "ndcg"),
    [
        ("all", 0.88, 0.90),
        ("identifier", 1, 1),
        ("title", 1, 1),
        ("prefix", 1, 1),
        ("typo", 0.9, 0.9),
        ("concept", 0.9, 0.95),
        ("subject", 0.9, 0.95),
        ("question", 0.5, 0.5),
        ("error", 0.9, 0.9),
        ("spelling", 1, 1),
        ("script", 1, 1),
    ],
)
def test_the_right_article_comes_first(told: dict[str, Any], kind: str, success: float, ndcg: float) -> None:
    of = told["types"][kind]
    missed = [miss["query"] for miss in told["missed"] if kind in {"all", miss["type"]}]
    assert of["success"] >= success, missed
    assert of["ndcg"] >= ndcg, missed


def test_something_is_always_found_and_little_is_loaded(told: dict[str, Any]) -> None:
    assert told["types"]["all"]["zero"] == 0
    assert told["firstMost"] <= 80 * 1024
    assert told["furtherMost"] <= 50 * 1024
    assert told["typedMost"] <= 130 * 1024
    assert told["requestsMost"] <= 30


def test_most_results_lead_to_the_right_section(told: dict[str, Any]) -> None:
    assert told["types"]["all"]["section"] >= 0.75
