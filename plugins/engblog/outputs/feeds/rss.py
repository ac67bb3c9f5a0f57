"""RSS 2.0 (https://www.rssboard.org/rss-specification), with later additions that readers expect: the whole text in
``content:encoded``, names in ``dc:creator`` (``author`` takes a mail address), a picture in ``media:content``
(https://www.rssboard.org/media-rss), the last change in ``atom:updated``, and the feed's own address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape as html_escape

from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.media import MEDIA, picture
from engblog.outputs.feeds.model import Entry, Feed
from engblog.outputs.feeds.shown import notice, sheet_instructions
from engblog.outputs.feeds.times import rfc822, rfc3339
from engblog.outputs.feeds.xml import Markup, document, element

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": MEDIA,
}


def rss(feed: Feed, identity: Identity, items: Iterable[Markup], path: str, sheets: Sequence[str] = ()) -> bytes:
    """The file of *feed* at *path*; *items* are those of its entries (:func:`rss_item`). A browser shows it with
    *sheets*."""
    own = {
        "href": identity.whole(feed.files[Format.RSS]),
        "rel": "self",
        "type": Format.RSS.media_type,
    }
    channel = element(
        "channel",
        element("title", feed.title),
        element("link", identity.whole(feed.page)),
        element("description", html_escape(feed.description, quote=False)),
        element("language", identity.language),
        *([element("copyright", identity.copyright)] if identity.copyright else []),
        element("pubDate", rfc822(feed.updated)),
        element("lastBuildDate", rfc822(feed.updated)),
        *([element("ttl", str(feed.minutes))] if feed.minutes else []),
        *([_logo(feed, identity)] if feed.logo else []),
        element("generator", "engblog"),
        element("atom:link", attributes=own),
        *([notice(feed, identity, Format.RSS)] if sheets else []),
        *items,
    )
    root = element("rss", channel, attributes={"version": "2.0", **_NAMESPACES})
    return document(root, sheet_instructions(path, sheets))


def rss_item(entry: Entry, *, by_update: bool = False) -> Markup:
    """One entry, dated by its publication or, with *by_update*, by its last change. Its id is marked as not being an
    address; its description is HTML by the specification, so it is escaped once more."""
    return element(
        "item",
        element("title", entry.title),
        element("link", entry.url),
        element("guid", entry.id, attributes={"isPermaLink": "false"}),
        element("pubDate", rfc822(entry.updated if by_update else entry.published)),
        element("atom:updated", rfc3339(entry.updated)),
        *(element("dc:creator", author.name) for author in entry.authors),
        *(element("category", term) for term in entry.terms),
        element("description", html_escape(entry.summary, quote=False)),
        *picture(entry),
        element("content:encoded", entry.content),
    )


def _logo(feed: Feed, identity: Identity) -> Markup:
    about = (element("title", feed.title), element("link", identity.whole(feed.page)))
    return element("image", element("url", feed.logo), *about)
