"""The feeds of a site as files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engblog.model.publication import Identity, Publication
from engblog.outputs.feeds.write import write_feeds
from engblog.site.views import build_views
from support.feeds import check_atom, check_json, check_rss
from support.sources import article, read_articles

ROOT = "https://mini.example/blog/"


def publication(root: Path, **texts: str) -> Publication:
    site = read_articles(root, **texts).site
    bodies = {each.src_uri: "<p>Text.</p>" for each in site.articles}
    name, about = 'A "site" <b> & ]]> more', "About & <more>."
    identity = Identity(name, ROOT, about, copyright="<CC>", authority="x.example,2026")
    return Publication(identity, site, build_views(site, page_size=1), bodies, feed_size=2)


def test_a_site_with_a_hostile_name_has_valid_feeds(tmp_path: Path) -> None:
    title = '"]]> <script>alert(1)</script> & \\u202e \\U0001F600"'
    text = article(title=title, corrections="[{date: 2026-11-21, text: '<x> ]]>'}]")
    made = publication(tmp_path, a=text)
    checks = {"feed.xml": check_rss, "atom.xml": check_atom, "feed.json": check_json}
    for path, data in write_feeds(made):
        if path != "feeds.opml":
            checks[path.rpartition("/")[2]](data, ROOT, path)
            assert b"<script" not in data or path.endswith(".json")


def test_a_site_without_an_address_has_none(tmp_path: Path) -> None:
    made = publication(tmp_path, a=article())
    assert list(write_feeds(replace(made, identity=replace(made.identity, url="")))) == []
