"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engblog.model.publication import Identity
from engblog.model.text import xml_safe
from engblog.model.urls import Format
from engblog.outputs.feeds.model import Author, Entry, Feed
from engblog.outputs.feeds.shown import comment
from engblog.outputs.feeds.times import rfc3339


def json_feed(feed: Feed, identity: Identity, items: Iterable[str]) -> bytes:
    """The file of *feed*; *items* are those of its entries (:func:`json_item`)."""
    address = identity.whole(feed.files[Format.JSON])
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "user_comment": comment(address),
        "home_page_url": identity.whole(feed.page),
        "feed_url": address,
        "description": feed.description,
        "language": identity.language,
        **({"icon": feed.logo} if feed.logo else {}),
        "authors": [{"name": identity.name, "url": identity.url}],
    }
    # Items come as text, each encoded once for all the feeds that it is in.
    return "".join((_json(head)[:-1], ', "items": [\n', ",\n".join(items), "\n]}\n")).encode()


def json_item(entry: Entry) -> str:
    """One entry, encoded."""
    found: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "image": entry.picture.address if entry.picture else "",
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "authors": [_author(author) for author in entry.authors],
        "tags": list(entry.terms),
    }
    return _json({key: value for key, value in found.items() if value})


def _author(author: Author) -> dict[str, str]:
    return {"name": author.name, "url": author.url}


def _json(value: dict[str, Any]) -> str:
    return xml_safe(json.dumps(value, ensure_ascii=False))
