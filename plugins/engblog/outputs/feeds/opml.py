"""OPML 2.0 (http://opml.org/spec2.opml): every feed of a site as one list that readers import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.model import Feed
from engblog.outputs.feeds.times import rfc822
from engblog.outputs.feeds.xml import Markup, document, element


def opml(feeds: Iterable[Feed], identity: Identity) -> bytes:
    """The list of *feeds*, each in one format: Atom if there is a choice, because its ids and dates say the most."""
    every = list(feeds)
    newest = max((feed.updated for feed in every), default=None)
    head = element(
        "head",
        element("title", identity.name),
        *([element("dateModified", rfc822(newest))] if newest else []),
        element("ownerName", identity.name),
        element("docs", "http://opml.org/spec2.opml"),
    )
    return document(element("opml", head, element("body", *_outlines(every, identity)), attributes={"version": "2.0"}))


def _outlines(feeds: list[Feed], identity: Identity) -> Iterator[Markup]:
    yield from (_outline(feed, identity) for feed in feeds if not feed.folder)
    for name in dict.fromkeys(feed.folder for feed in feeds if feed.folder):
        inner = [_outline(feed, identity) for feed in feeds if feed.folder == name]
        yield element("outline", *inner, attributes={"text": name, "title": name})


def _outline(feed: Feed, identity: Identity) -> Markup:
    kept = {
        "text": feed.title,
        "title": feed.title,
        "type": "rss",
        "xmlUrl": identity.whole(feed.files[Format.ATOM]),
        "htmlUrl": identity.whole(feed.page),
        "description": feed.description,
        "language": identity.language,
    }
    return element("outline", attributes={name: value for name, value in kept.items() if value})
