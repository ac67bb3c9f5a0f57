"""What feeds are made from: an article's text for a reader elsewhere, names that last, and XML without surprises."""

from __future__ import annotations

from pathlib import Path

from engblog.model.publication import Identity, Publication
from engblog.outputs.feeds.select import feeds_of
from engblog.site.views import build_views
from support.sources import article, read_articles

ROOT = "https://mini.example/blog/"


def publication(root: Path, **texts: str) -> Publication:
    site = read_articles(root, **texts).site
    bodies = {each.src_uri: "<p>Text.</p>" for each in site.articles}
    name, about = 'A "site" <b> & ]]> more', "About & <more>."
    identity = Identity(name, ROOT, about, copyright="<CC>", authority="x.example,2026")
    return Publication(identity, site, build_views(site, page_size=1), bodies, feed_size=2)


def test_a_list_over_many_pages_has_one_feed_of_its_newest(tmp_path: Path) -> None:
    made = publication(tmp_path, **{f"a{n}": article(date=f"2026-11-{n:02}") for n in range(10, 15)})
    feeds = {feed.page: feed for feed in feeds_of(made)}
    assert sorted(feeds) == ["", "categories/database/", "corrections/", "tags/go/", "tags/mysql/", "tags/redis/"]
    assert [entry.url[-4:] for entry in feeds["tags/redis/"].entries] == ["a14/", "a13/"]
    assert feeds["tags/redis/"].updated.day == 14


def test_an_empty_feed_has_a_date_too(tmp_path: Path) -> None:
    feeds = {feed.page: feed for feed in feeds_of(publication(tmp_path))}
    assert sorted(feeds) == ["", "corrections/"]
    assert {feed.updated.isoformat() for feed in feeds.values()} == {"2026-01-01T00:00:00+00:00"}


def test_a_series_feed_has_its_newest_part_first(tmp_path: Path) -> None:
    made = publication(
        tmp_path,
        one=article(series="{name: S, part: 1}", date="2026-11-01"),
        two=article(series="{name: S, part: 2}", date="2026-11-02"),
    )
    (feed,) = (feed for feed in feeds_of(made) if feed.folder == "Series")
    assert [entry.url.split("/")[-2] for entry in feed.entries] == ["two", "one"]
