"""Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.media import MEDIA, picture
from engblog.outputs.feeds.model import Author, Entry, Feed
from engblog.outputs.feeds.shown import notice, sheet_instructions
from engblog.outputs.feeds.times import rfc3339
from engblog.outputs.feeds.xml import Markup, document, element


def atom(feed: Feed, identity: Identity, items: Iterable[Markup], path: str, sheets: Sequence[str] = ()) -> bytes:
    """The file of *feed* at *path*; *items* are those of its entries (:func:`atom_entry`). A browser shows it with
    *sheets*."""
    root = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:media": MEDIA, "xml:lang": identity.language}
    return document(
        element(
            "feed",
            element("id", feed.id),
            element("title", feed.title),
            element("subtitle", feed.description) if feed.description else Markup(),
            element("updated", rfc3339(feed.updated)),
            _link("self", identity.whole(feed.files[Format.ATOM]), Format.ATOM.media_type),
            _link("alternate", identity.whole(feed.page), "text/html"),
            _author(Author(identity.name, identity.url)),  # for entries without an author: section 4.1.2
            element("rights", identity.copyright) if identity.copyright else Markup(),
            *([element("logo", feed.logo)] if feed.logo else []),
            element("generator", "engblog"),
            *([notice(feed, identity, Format.ATOM)] if sheets else []),
            *items,
            attributes=root,
        ),
        sheet_instructions(path, sheets),
    )


def atom_entry(entry: Entry) -> Markup:
    """One entry."""
    return element(
        "entry",
        element("id", entry.id),
        element("title", entry.title),
        _link("alternate", entry.url, "text/html"),
        element("published", rfc3339(entry.published)),
        element("updated", rfc3339(entry.updated)),
        *(_author(author) for author in entry.authors),
        *(element("category", attributes={"term": term}) for term in entry.terms),
        element("summary", entry.summary) if entry.summary else Markup(),
        *picture(entry),
        element("content", entry.content, attributes={"type": "html"}),
    )


def _link(relation: str, address: str, media_type: str) -> Markup:
    return element("link", attributes={"rel": relation, "type": media_type, "href": address})


def _author(author: Author) -> Markup:
    return element("author", element("name", author.name), element("uri", author.url))
