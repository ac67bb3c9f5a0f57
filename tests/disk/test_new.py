"""The draft that a new article starts from."""

from __future__ import annotations

import datetime
from functools import partial

import pytest
from engblog.disk.docs import DocsSettings, read_site
from engblog.disk.new import SkeletonError, Wish, new_article
from engblog.model.problems import Problems
from engblog.source.typography import typographic
from engblog.source.vocabulary import read_taxonomy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.sources import AUTHORS, TAXONOMY, write

WISH = partial(Wish, slug="odd", category="Database", subcategory="Storage", tags=("Go", "Redis", "MySQL"))
pytestmark = pytest.mark.usefixtures("epoch")


@given(st.text(max_size=30))
@example("null")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_title_makes_an_article_that_passes_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:

    docs = write(tmp_path_factory.mktemp("site"), {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS})
    taxonomy = read_taxonomy(TAXONOMY.encode(), "t", Problems())
    day = datetime.date(2026, 12, 1)
    try:
        new_article(docs / "articles", WISH(title), day=day, taxonomy=taxonomy, people={})
    except SkeletonError:
        assert not (docs / "articles" / "odd").exists()
        return
    catalogue = read_site(docs, DocsSettings())
    assert catalogue.problems == ()
    assert [each.title for each in catalogue.site.hidden] == [typographic(" ".join(title.split()))]
