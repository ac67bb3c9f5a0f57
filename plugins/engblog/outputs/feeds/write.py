"""The files of all feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from engblog.model.publication import Identity, Publication, Written
from engblog.model.urls import OPML, Format
from engblog.outputs.feeds.atom import atom, atom_entry
from engblog.outputs.feeds.jsonfeed import json_feed, json_item
from engblog.outputs.feeds.model import Entry, Feed
from engblog.outputs.feeds.opml import opml
from engblog.outputs.feeds.rss import rss, rss_item
from engblog.outputs.feeds.select import feeds_of
from engblog.outputs.feeds.xml import Markup

Text = TypeVar("Text", bound=str)


class _Once(Generic[Text]):
    """The entries in one format: each is encoded once, however many feeds it is in."""

    def __init__(self, encode: Callable[[Entry], Text]) -> None:
        self._encode = encode
        self._known: dict[str, Text] = {}

    def all(self, feed: Feed) -> Iterator[Text]:
        """The entries of *feed*, encoded."""
        for entry in feed.entries:
            if entry.id not in self._known:
                self._known[entry.id] = self._encode(entry)
            yield self._known[entry.id]


def write_feeds(publication: Publication) -> Written:
    """Every feed in its formats, and the list of all feeds; nothing for a site without an address."""
    encoders = (_Once(rss_item), _Once(atom_entry), _Once(json_item))
    feeds = []
    for feed in feeds_of(publication):
        yield from _files(feed, publication.identity, *encoders)
        feeds.append(feed)
    if feeds:
        yield OPML, opml(feeds, publication.identity)


def _files(
    feed: Feed, identity: Identity, rss_once: _Once[Markup], atom_once: _Once[Markup], json_once: _Once[str]
) -> Written:
    for format_, path in feed.files.items():
        match format_:
            case Format.RSS:
                yield path, rss(feed, identity, rss_once.all(feed))
            case Format.ATOM:
                yield path, atom(feed, identity, atom_once.all(feed))
            case Format.JSON:
                yield path, json_feed(feed, identity, json_once.all(feed))
