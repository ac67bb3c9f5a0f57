"""A site with articles of several terms, people, series and years: what lists are made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from engblog.model.site import Site, View

from support.sources import article, read_articles


def site_of(root: Path, **texts: str) -> Site:
    catalogue = read_articles(root, **texts)
    assert catalogue.problems == ()
    return catalogue.site


def by_url(views: Sequence[View]) -> dict[str, View]:
    found = {view.url: view for view in views}
    assert len(found) == len(views), "two views have one address"
    return found


def slugs(view: View) -> list[str]:
    return [each.slug for each in view.articles]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_of(
        tmp_path,
        a=article(date="2026-11-20", subcategory="Storage", authors="[ada]", tags="[Redis, Go, MySQL]"),
        b=article(date="2026-11-20", authors="[ada, grace]", tags="[Redis, Go, PostgreSQL]"),
        c=article(date="2025-03-01", category="System Design", tags="[Redis, Signals, k8s]"),
        d=article(date="2024-01-01", subcategory="Storage", series="{name: Durability, part: 2}"),
        e=article(date="2023-12-31", series="{name: Durability, part: 1}"),
        f=article(status="draft", category="System Design", subcategory="Architecture", authors="[grace]"),
    )
