"""RSS 2.0 (https://www.rssboard.org/rss-specification), with later additions that readers expect: the whole text in
``content:encoded``, names in ``dc:creator`` (``author`` takes a mail address), and the feed's own address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape as html_escape

from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.model import Entry, Feed
from engblog.outputs.feeds.xml import Markup, document, element

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}


def rss(feed: Feed, identity: Identity, items: Iterable[Markup]) -> bytes:
    """The file of *feed*; *items* are those of its entries (:func:`rss_item`)."""
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
        element("generator", "engblog"),
        element("atom:link", attributes=own),
        *items,
    )
    return document(element("rss", channel, attributes={"version": "2.0", **_NAMESPACES}))


def rss_item(entry: Entry) -> Markup:
    """One entry. Its id is marked as not being an address; its description is HTML by the specification, so it is
    escaped once more."""
    return element(
        "item",
        element("title", entry.title),
        element("link", entry.url),
        element("guid", entry.id, attributes={"isPermaLink": "false"}),
        element("pubDate", rfc822(entry.published)),
        *(element("dc:creator", author.name) for author in entry.authors),
        *(element("category", term) for term in entry.terms),
        element("description", html_escape(entry.summary, quote=False)),
        element("content:encoded", entry.content),
    )


def rfc822(moment: datetime) -> str:
    """*moment*, which is in UTC, as RSS writes dates."""
    return format_datetime(moment, usegmt=True)
