"""Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engblog.model.publication import Identity
from engblog.model.urls import Format
from engblog.outputs.feeds.model import Author, Entry, Feed
from engblog.outputs.feeds.xml import Markup, document, element


def atom(feed: Feed, identity: Identity, items: Iterable[Markup]) -> bytes:
    """The file of *feed*; *items* are those of its entries (:func:`atom_entry`)."""
    root = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": identity.language}
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
            element("generator", "engblog"),
            *items,
            attributes=root,
        )
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
        element("content", entry.content, attributes={"type": "html"}),
    )


def rfc3339(moment: datetime) -> str:
    """*moment*, which is in UTC, as Atom and JSON Feed write dates."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year > 999 else f"{moment.year:04}-{moment:%m-%dT%H:%M:%SZ}"


def _link(relation: str, address: str, media_type: str) -> Markup:
    return element("link", attributes={"rel": relation, "type": media_type, "href": address})


def _author(author: Author) -> Markup:
    return element("author", element("name", author.name), element("uri", author.url))
