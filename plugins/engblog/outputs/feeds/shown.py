"""A feed that somebody opens in a browser: a page that says what it is, with the address to copy.

Style sheets of the theme make it one. They hide the feed's own elements and show an XHTML element that feed readers
skip: RSS 2.0 and Atom (RFC 4287, section 6) both allow elements of other vocabularies. An XSLT could do more, but
Chrome switches XSLT off in version 158 (November 2026), Firefox and Safari have agreed to follow, and the HTML standard
has warned against it since August 2026 (https://github.com/whatwg/html/issues/11523).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from engblog.model.kinds import FEEDS
from engblog.model.publication import Identity
from engblog.model.text import long_date
from engblog.model.urls import Format
from engblog.outputs.feeds.model import Entry, Feed
from engblog.outputs.feeds.xml import Markup, element, instruction

_XHTML = "http://www.w3.org/1999/xhtml"
_WHAT = "This is a feed. A feed reader that knows its address shows you every new entry, with its whole text."


def sheet_instructions(path: str, sheets: Iterable[str]) -> Markup:
    """The instructions that name *sheets*, addresses from the site's root, in the file at *path*."""
    folder = posixpath.dirname(path)
    lead = "../" * (folder.count("/") + 1) if folder else ""
    return Markup(
        "".join(instruction("xml-stylesheet", {"type": "text/css", "href": f"{lead}{sheet}"}) for sheet in sheets)
    )


def notice(feed: Feed, identity: Identity, format_: Format) -> Markup:
    """The page in the file of *feed* in *format_*. None of its elements has a name that feeds give a meaning to."""
    address = identity.whole(feed.files[format_])
    return element(
        "div",
        element("meta", attributes={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("p", f"{format_.label} feed", attributes={"class": "kind"}),
        element("h1", feed.title),
        element("p", _WHAT),
        element("p", "Copy this address and paste it into your feed reader:"),
        element("p", element("code", address), attributes={"class": "address"}),
        element(
            "p",
            _link(identity.whole(feed.page), "The same list as a page"),
            " ",
            _link(identity.whole(FEEDS.url()), "All feeds of this site"),
            attributes={"class": "ways"},
        ),
        element("ol", *_rows(feed.entries)),
        attributes={"xmlns": _XHTML, "class": "notice", "lang": "en"},
    )


def comment(address: str) -> str:
    """The same in one sentence, for a reader who opens the JSON Feed at *address*."""
    return f"This is a feed. Paste its address, {address}, into a feed reader to see every new entry in full."


def _rows(entries: Iterable[Entry]) -> Iterator[Markup]:
    for entry in entries:
        day = entry.published.date()
        date = element("time", long_date(day), attributes={"datetime": day.isoformat()})
        yield element("li", _link(entry.url, entry.title), " ", date)


def _link(address: str, text: str) -> Markup:
    return element("a", text, attributes={"href": address})
