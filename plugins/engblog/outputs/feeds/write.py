"""The files of all feeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

from engblog.model.publication import Publication, Written
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
        self._known: dict[tuple[str, str], Text] = {}  # some feeds have an article's text, others its description

    def all(self, feed: Feed) -> Iterator[Text]:
        """The entries of *feed*, encoded."""
        for entry in feed.entries:
            key = entry.id, entry.content
            if key not in self._known:
                self._known[key] = self._encode(entry)
            yield self._known[key]


class _Writer:
    """Writes feeds of one publication."""

    def __init__(self, publication: Publication) -> None:
        self._identity = publication.identity
        self._sheets = publication.feed_sheets
        self._rss = {by_update: _Once[Markup](partial(rss_item, by_update=by_update)) for by_update in (False, True)}
        self._atom = _Once[Markup](atom_entry)
        self._json = _Once[str](json_item)

    def file(self, feed: Feed, format_: Format, path: str) -> bytes:
        """The file of *feed* in *format_* that is served at *path*, its own or an old one."""
        match format_:
            case Format.RSS:
                return rss(feed, self._identity, self._rss[feed.by_update].all(feed), path, self._sheets)
            case Format.ATOM:
                return atom(feed, self._identity, self._atom.all(feed), path, self._sheets)
            case Format.JSON:
                return json_feed(feed, self._identity, self._json.all(feed))


def write_feeds(publication: Publication) -> Written:
    """Every feed in its formats, also at its old addresses, and the list of all feeds; nothing for a site without an
    address."""
    old: defaultdict[str, list[str]] = defaultdict(list)
    for redirect in publication.old_feeds:
        old[redirect.target].append(redirect.path)
    writer, feeds = _Writer(publication), []
    for feed in feeds_of(publication):
        for format_, path in feed.files.items():
            yield from ((served, writer.file(feed, format_, served)) for served in (path, *old[path]))
        feeds.append(feed)
    if feeds:
        yield OPML, opml((feed for feed in feeds if Format.ATOM in feed.files), publication.identity)
