"""What there is to find of an article: its text, its subjects with their other names, its people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from engblog.html.sections import Section
from engblog.outputs.search.documents import documents_of
from engblog.outputs.search.model import Facet
from support.sources import article, read_articles


def test_a_document_has_all_that_an_article_is_found_by(tmp_path: Path) -> None:
    text = article(
        subcategory="Storage", authors="[ada]", series="{name: Durability, part: 1}", applies_to="{PostgreSQL: 14–17}",
        tags="[Kubernetes, Redis, Go]",
    )  # fmt: skip
    site = read_articles(tmp_path, a=text, b=article(date="2026-11-19")).site
    texts = {each.src_uri: (Section("", "", each.slug),) for each in site.articles}
    first, second = documents_of(site.articles, site.taxonomy, texts, "en-GB")
    assert (first.url, first.title) == ("articles/2026/11/20/a/", "When the server stops")
    assert first.sections == (Section("", "", "a"),)
    assert first.category == Facet("database", "Database")
    assert first.subcategory == Facet("storage", "Storage")
    assert Facet("kubernetes", "Kubernetes", ("k8s",)) in first.tags
    assert Facet("go", "Go", ("golang",)) in first.tags
    assert first.also == ("Ada Lovelace", "Durability", "PostgreSQL 14–17")
    assert (first.language, first.verified) == ("en-GB", False)
    assert first.minutes == site.articles[0].minutes > 0
    assert (first.authors, first.published) == ((Facet("ada", "Ada Lovelace"),), date(2026, 11, 20))
    assert first.description == site.articles[0].description
    assert (second.subcategory, second.also) == (None, ())


def test_an_article_without_a_text_is_an_error(tmp_path: Path) -> None:
    site = read_articles(tmp_path, a=article()).site
    with pytest.raises(KeyError):
        list(documents_of(site.articles, site.taxonomy, {}, "en"))
