"""Media RSS (https://www.rssboard.org/media-rss): the picture of an entry, in RSS and in Atom."""

from __future__ import annotations

from collections.abc import Iterator

from engblog.outputs.feeds.model import Entry
from engblog.outputs.feeds.xml import Markup, element

MEDIA = "http://search.yahoo.com/mrss/"
"""The namespace of its elements, with the prefix ``media``."""


def picture(entry: Entry) -> Iterator[Markup]:
    """The picture of *entry*, if it has one."""
    if (shown := entry.picture) is not None:
        attributes = {
            "url": shown.address,
            "medium": "image",
            "type": "image/png",
            "width": str(shown.width),
            "height": str(shown.height),
        }
        alt = element("media:description", shown.alt, attributes={"type": "plain"})
        yield element("media:content", alt, attributes=attributes)
