"""What the specifications ask of a feed, as checks that name the rule: RSS 2.0, RFC 4287, JSON Feed 1.1, OPML 2.0.

Each function raises ``AssertionError``. They read bytes, with parsers that know nothing of our writers.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}"
XHTML = "{http://www.w3.org/1999/xhtml}"

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})")
_TAG_URI = re.compile(
    r"tag:[a-z0-9.@_-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:[A-Za-z0-9/%._~!$&'()*+,;=:@?-]*(?:#[A-Za-z0-9-]+)?"
)
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RUNS = frozenset(
    "script style iframe object embed form svg math input button link base meta".split()  # noqa: SIM905
)
"""Elements that run, load, or mean nothing outside their page."""


def xml(data: bytes) -> ElementTree.Element:
    """The root of a document."""
    return ElementTree.fromstring(data)  # noqa: S314  (we wrote it)


def is_absolute(address: str | None) -> bool:
    """Whether *address* is whole, and all of it characters that an address may have."""
    return bool(address) and urlsplit(address).scheme in {"http", "https"} and str(address).isascii()


def check_content(html: str, site_url: str) -> list[str]:
    """The text of an entry: well-formed, whole addresses, nothing that runs or comes from elsewhere. The addresses on
    the site itself."""
    xml(f'<!DOCTYPE div [<!ENTITY nbsp "&#160;">]><div>{html}</div>'.encode())
    reader = _Content(site_url)
    reader.feed(html)
    reader.close()
    assert not reader.wrong, reader.wrong
    return reader.own


class _Content(HTMLParser):
    def __init__(self, site_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._site_url = site_url
        self.wrong: list[str] = []
        self.own: list[str] = []
        """Addresses on the site itself."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUNS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name in {"href", "src", "poster"} and (value or "").startswith(self._site_url):
                self.own.append(value or "")
            if name.startswith("on") or name in {"style", "id", "srcset"}:
                self.wrong.append(f"{name} of <{tag}>")
            if name == "href" and urlsplit(value or "").scheme not in {"http", "https", "mailto"}:
                self.wrong.append(f"href={value!r}")
            if name in {"src", "poster"} and not (value or "").startswith(self._site_url):
                self.wrong.append(f"{name}={value!r}")


def check_parsed(data: bytes) -> Any:
    """A real feed reader's parser takes *data* without a doubt; what it made of it."""
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert parsed.bozo == 0, parsed.get("bozo_exception")
    assert "Copy this address" not in str([value for key, value in parsed.feed.items()]), "the notice is for browsers"
    return parsed


def check_pictures(item: ElementTree.Element) -> None:
    """Media RSS: one picture at most, complete."""
    pictures = item.findall(f"{MEDIA}content")
    assert len(pictures) <= 1
    for picture in pictures:
        assert is_absolute(picture.get("url"))
        assert (picture.get("medium"), picture.get("type")) == ("image", "image/png")
        assert int(picture.get("width") or 0) > int(picture.get("height") or 0) > 0
        assert picture.findtext(f"{MEDIA}description")


def check_rss(data: bytes, site_url: str, own: str) -> list[str]:
    """RSS 2.0; the ids of the items. *own* is the path of the file."""
    root = xml(data)
    assert not _NO_CHARACTER.search(data.decode())
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert channel.tag == "channel"
    for name in ("title", "link", "description"):  # required
        assert len(channel.findall(name)) == 1, name
        assert channel.findtext(name), name
    assert is_absolute(channel.findtext("link"))
    for name in ("pubDate", "lastBuildDate"):
        assert _RFC822.fullmatch(channel.findtext(name) or ""), name
    (link,) = channel.findall(f"{ATOM}link")  # RSS Advisory Board: a feed names its own address
    assert (link.get("rel"), link.get("type")) == ("self", "application/rss+xml")
    assert link.get("href") == _whole(site_url, own)
    ids = []
    for item in channel.findall("item"):
        for name in ("title", "link", "description", "guid", "pubDate", CONTENT):
            assert len(item.findall(name)) == 1, name
            assert item.findtext(name), name
        assert _RFC822.fullmatch(item.findtext("pubDate") or "")
        assert is_absolute(item.findtext("link"))
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        assert _TAG_URI.fullmatch(guid.text or ""), guid.text
        ids.append(guid.text or "")
        assert item.find("author") is None, "author takes a mail address"
        categories = [category.text for category in item.findall("category")]
        assert len(set(categories)) == len(categories), categories
        assert moment(item.findtext(f"{ATOM}updated") or "") >= moment(item.findtext("pubDate") or ""), "never before"
        check_pictures(item)
        check_content(item.findtext(CONTENT) or "", site_url)
    assert len(set(ids)) == len(ids)
    assert len(check_parsed(data).entries) == len(ids)
    return ids


def check_atom(data: bytes, site_url: str, own: str) -> list[str]:
    """RFC 4287; the ids of the entries."""
    root = xml(data)
    assert not _NO_CHARACTER.search(data.decode())
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):  # section 4.1.1: exactly one of each
        assert len(root.findall(f"{ATOM}{name}")) == 1, name
        assert root.findtext(f"{ATOM}{name}"), name
    for name in ("subtitle", "generator", "rights", "icon", "logo"):
        assert len(root.findall(f"{ATOM}{name}")) <= 1, name
    links = {link.get("rel"): link for link in root.findall(f"{ATOM}link")}
    assert len(root.findall(f"{ATOM}link")) == len(links)
    assert links["self"].get("href") == _whole(site_url, own)
    assert links["self"].get("type") == "application/atom+xml"
    assert is_absolute(links["alternate"].get("href"))
    assert root.findtext(f"{ATOM}author/{ATOM}name"), "section 4.1.1: an author, unless every entry has one"
    updated = [root.findtext(f"{ATOM}updated") or ""]
    ids = []
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "published", "content"):  # section 4.1.2
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
            assert entry.findtext(f"{ATOM}{name}"), name
        assert len(entry.findall(f"{ATOM}summary")) <= 1
        assert all(author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel") == "alternate"
        assert is_absolute(link.get("href"))
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert not list(content), "section 4.1.3.3: HTML is text here, not elements"
        check_pictures(entry)
        check_content(content.text or "", site_url)
        published, changed = (entry.findtext(f"{ATOM}{name}") or "" for name in ("published", "updated"))
        assert published <= changed
        updated += [published, changed]
        ids.append(entry.findtext(f"{ATOM}id") or "")
    assert all(_RFC3339.fullmatch(each) for each in updated), updated
    assert not ids or updated[0] == max(updated), "a feed is as new as its newest entry"
    assert len({*ids, root.findtext(f"{ATOM}id")}) == len(ids) + 1
    assert all(_TAG_URI.fullmatch(each) for each in ids), ids
    assert len(check_parsed(data).entries) == len(ids)
    return ids


def check_json(data: bytes, site_url: str, own: str) -> list[str]:
    """JSON Feed 1.1; the ids of the items."""
    feed = json.loads(data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert feed["title"]
    assert feed["feed_url"] == _whole(site_url, own)
    assert feed["feed_url"] in feed["user_comment"], "for who opens the file: its address"
    assert is_absolute(feed["home_page_url"])
    assert isinstance(feed["items"], list)
    for item in feed["items"]:
        assert isinstance(item["id"], str), "an id is a string"
        assert _TAG_URI.fullmatch(item["id"]), item["id"]
        assert item["content_html"], "content_html or content_text"
        assert is_absolute(item["url"])
        assert all(_RFC3339.fullmatch(item[name]) for name in ("date_published", "date_modified"))
        assert all(author.get("name") for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        assert len(set(item.get("tags", []))) == len(item.get("tags", []))
        assert moment(item["date_published"]) <= moment(item["date_modified"])
        assert "image" not in item or is_absolute(item["image"])
        check_content(item["content_html"], site_url)
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    return ids


def check_opml(data: bytes, site: Path, site_url: str) -> list[str]:
    """OPML 2.0; the paths of the feeds, every one a file of *site*."""
    root = xml(data)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"], "one head, then one body"
    assert root.findtext("head/title")
    changed = root.findtext("head/dateModified")
    assert changed is None or _RFC822.fullmatch(changed)
    outlines = root.findall(".//outline")
    assert outlines, "a body has one outline or more"
    found = []
    for outline in outlines:
        assert outline.get("text"), "every outline has a text"
        if list(outline):
            continue
        assert outline.get("type") == "rss"
        address, page = outline.get("xmlUrl") or "", outline.get("htmlUrl") or ""
        assert is_absolute(address)
        path = feed_path(address, site_url)
        assert (site / path).is_file(), path
        assert (site / feed_path(page, site_url) / "index.html").is_file(), page
        found.append(path)
    assert len(set(found)) == len(found)
    return found


def feed_path(address: str, site_url: str) -> str:
    """The path below the site's root that *address* leads to."""

    assert address.startswith(site_url), address
    return unquote(address.removeprefix(site_url))


def own_feeds(site: Path) -> dict[str, list[Path]]:
    """The feeds of *site* beside the pages of their lists, by format; those of the whole site in RSS and JSON are
    planned by mkdocs-rss-plugin. What is also served at an old address is not among them."""
    found = {
        "rss": (*site.rglob("feed.xml"), *site.glob("feed_rss_*.xml")),
        "atom": site.rglob("atom.xml"),
        "json": (*site.rglob("feed.json"), *site.glob("feed_json_*.json")),
    }
    return {format_: sorted(path for path in paths if _has_page(path.parent)) for format_, paths in found.items()}


def _has_page(folder: Path) -> bool:
    page = folder / "index.html"
    return page.is_file() and 'http-equiv="refresh"' not in page.read_text()


def check_site(site: Path, site_url: str) -> dict[str, list[str]]:
    """Every feed of *site* by every rule; ids by path of the feed."""
    checks = {"rss": check_rss, "atom": check_atom, "json": check_json}
    found = {}
    for format_, paths in own_feeds(site).items():
        for path in paths:
            own = path.relative_to(site).as_posix()
            found[own] = checks[format_](path.read_bytes(), site_url, own)
    return found


def moment(text: str) -> datetime:
    """A date of either kind, in UTC."""
    found = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    return found.astimezone(UTC)


def _whole(site_url: str, path: str) -> str:

    return f"{site_url}{quote(path)}"
