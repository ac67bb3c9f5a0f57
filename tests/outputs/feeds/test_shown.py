"""A feed in a browser: which style sheets it names from where it is served, and what it says of itself."""

from __future__ import annotations

import posixpath
from datetime import UTC, datetime

import pytest
from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.atom import atom
from engblog.outputs.feeds.model import Feed
from engblog.outputs.feeds.rss import rss
from engblog.outputs.feeds.shown import notice, sheet_instructions
from engblog.outputs.feeds.xml import Markup
from hypothesis import given
from hypothesis import strategies as st
from support.feeds import XHTML, xml

IDENTITY = Identity("Mini", "https://mini.example/blog/")
FILES = {Format.RSS: "tags/ü/feed.xml", Format.ATOM: "tags/ü/atom.xml"}
FEED = Feed("tag:x", "<T> & ]]>", "About.", "tags/ü/", datetime(2026, 11, 20, tzinfo=UTC), FILES)
SHEETS = ("assets/css/tokens.css?v=1", "assets/css/feed.css?v=1")
MEANT = {
    "title", "link", "guid", "id", "name", "uri", "author", "updated", "published", "summary", "content", "description",
    "category", "source", "image", "enclosure", "comments", "entry", "item", "logo", "icon", "rights", "subtitle",
    "generator", "url",
}  # fmt: skip
"""Names that feed readers know, some of them in whatever namespace."""


@given(st.lists(st.sampled_from(["a", "b-c", "2019", "ü"]), max_size=4))
def test_a_sheet_is_found_from_wherever_the_feed_is_served(folders: list[str]) -> None:
    path = "/".join([*folders, "feed.xml"])
    (line,) = sheet_instructions(path, SHEETS[:1]).splitlines()
    href = line.split('href="')[1].split('"')[0]
    assert posixpath.normpath(posixpath.join(posixpath.dirname(path), href)) == SHEETS[0]
    assert line.startswith('<?xml-stylesheet type="text/css"'), "no XSLT: browsers are removing it"


@pytest.mark.parametrize("format_", [Format.RSS, Format.ATOM])
def test_it_gives_its_own_address_as_text_to_copy(format_: Format) -> None:
    root = xml(notice(FEED, IDENTITY, format_).encode())
    address = IDENTITY.whole(FILES[format_])
    assert [code.text for code in root.iter(f"{XHTML}code")] == [address]
    assert (root.findtext(f"{XHTML}h1"), root.get("class")) == (FEED.title, "notice")
    links = [link.get("href") for link in root.iter(f"{XHTML}a")]
    assert links == ["https://mini.example/blog/tags/%C3%BC/", "https://mini.example/blog/feeds/"]


def test_no_element_in_it_has_a_name_that_a_feed_reader_knows() -> None:
    names = {element.tag.removeprefix(XHTML) for element in xml(notice(FEED, IDENTITY, Format.RSS).encode()).iter()}
    assert not names & MEANT


def test_without_a_style_sheet_of_the_theme_there_is_only_the_feed() -> None:
    for made in (rss(FEED, IDENTITY, [Markup()], "feed.xml"), atom(FEED, IDENTITY, [], "atom.xml")):
        assert b"xhtml" not in made
        assert b"<?xml-stylesheet" not in made
