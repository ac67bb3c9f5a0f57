"""Hands the feeds that mkdocs-rss-plugin has written to our own writer.

The plugin decides which articles are in the feeds of the whole site, how many, and in which files. Its items have
only the description, and ids that change when an article moves. Our writer fills the same files with what all other
feeds have. A file that breaks the contract stays as the plugin wrote it, for the contract to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engblog.contract.feeds import SiteFeed, articles_of_feed
from engblog.disk.tree import SiteTree
from engblog.hosts.mkdocs.contract import site_feeds_of
from engblog.model.publication import CardPicture, FeedHead, Publication, WholeFeed
from engblog.model.urls import Format

_SHEET = "assets/css/feed.css"
"""The style sheet with which a browser shows a feed; a theme without it leaves feeds to the browser."""


def take_whole_feeds(publication: Publication, config: MkDocsConfig) -> Publication:
    """*publication* with the whole site's feeds that the plugin has written into ``site_dir``, from which their files
    are removed, because they will be written again."""
    if not publication.identity.url:
        return publication
    site = Path(config.site_dir)
    taken = tuple(_taken(publication, site_feeds_of(config), SiteTree(site)))
    for feed in taken:
        (site / feed.path).unlink()
    return replace(publication, whole_feeds=taken, feed_head=_head_of(config))


def _taken(publication: Publication, feeds: Iterable[SiteFeed], tree: SiteTree) -> Iterator[WholeFeed]:
    for feed in feeds:
        if (articles := articles_of_feed(publication, feed, tree)) is not None:
            format_ = Format.RSS if feed.kind == "rss" else Format.JSON
            yield WholeFeed(feed.path, format_, articles, feed.by_update)


def _head_of(config: MkDocsConfig) -> FeedHead:
    plugin = config.plugins.get("rss")
    if plugin is None:
        return FeedHead()
    own = plugin.config
    return FeedHead(own["feed_title"] or "", own["feed_description"] or "", own["image"] or "", own["feed_ttl"])


def feed_sheets(files: Files, version: str) -> tuple[str, ...]:
    """The addresses of the theme's style sheets for feeds, from the site's root; *version* is that of its assets."""
    return (f"{_SHEET}?v={version}",) if files.get_file_from_path(_SHEET) is not None else ()


def card_pictures(pictures: Mapping[str, Mapping[str, Any]]) -> dict[str, CardPicture]:
    """The cards of articles for feeds, by ``src_uri``; *pictures* are the same for pages."""
    return {
        owner: CardPicture(shown["src"], shown["alt"], shown["width"], shown["height"])
        for owner, shown in pictures.items()
        if owner and shown["src"]
    }
