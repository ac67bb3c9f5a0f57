"""Which articles a site shows, in a preview and in a build."""

from __future__ import annotations

from pathlib import Path

from engblog.model.site import Site
from engblog.site.selection import as_built
from support.sources import article, read_articles

SOURCES = {
    "a": article(),
    "d": article(status="draft", featured="true"),
    "f": article(date="2027-01-01"),
}


def slugs(site: Site) -> tuple[list[str], list[str]]:
    return [each.slug for each in site.articles], [each.slug for each in site.hidden]


def test_a_preview_shows_all_articles_and_a_build_hides_those_that_are_not_published(tmp_path: Path) -> None:
    built, preview = (read_articles(tmp_path, preview=preview, **SOURCES).site for preview in (False, True))
    assert slugs(built) == (["a"], ["f", "d"])
    assert slugs(preview) == (["f", "a", "d"], [])
    assert [site.featured.slug for site in (built, preview) if site.featured] == ["a", "d"]


def test_the_built_site_follows_from_its_preview(tmp_path: Path) -> None:
    built, preview = (read_articles(tmp_path, preview=preview, **SOURCES).site for preview in (False, True))
    assert as_built(preview) == built == as_built(built)
