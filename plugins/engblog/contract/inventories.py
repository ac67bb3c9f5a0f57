"""Checks that a site's pages, lists, feeds, sitemap and search index have the same articles as its model.

Each check is a generator of :class:`Finding`; only :mod:`engblog.contract.check` makes problems of them.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree

from engblog.html.links import Addresses, Where
from engblog.html.page import ReadPage
from engblog.model.article import Article
from engblog.model.article import is_public as public
from engblog.model.kinds import ARCHIVE, HOME
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication, Tree
from engblog.outputs.search.base import PATH as BASE
from engblog.outputs.search.base import BaseError, article_key, read_base, with_version
from engblog.outputs.search.index import index_version
from engblog.site.history import last_change, last_written

CARD_SIZE = (1200, 630)
"""Width and height, in pixels, of the picture that represents an article where it is shared."""
_PNG = b"\x89PNG\r\n\x1a\n"
_SITEMAP = "sitemap.xml"


class Finding(NamedTuple):
    """A problem: its file, its offset in characters (None for the whole file), a message and a hint."""

    code: Code
    path: str
    offset: int | None
    message: str
    hint: str
    key: object = None
    """Equal for findings that are the same mistake on many pages, such as a link in every footer."""


@dataclass(frozen=True, slots=True)
class SiteFeed:
    """A feed of all articles that the site says it has."""

    path: str
    kind: Literal["rss", "json"]
    by_update: bool = False
    """True if its dates are those of the last update, newest first."""
    length: int = 1 << 30
    """The most items that it may hold."""


def wrong_pages(publication: Publication, documents: Mapping[str, ReadPage]) -> Iterator[Finding]:
    """Articles and lists without their page, and lists that do not lead to their articles."""
    for article in publication.site.articles:
        path = f"{article.url}index.html"
        document = documents.get(path)
        if document is None:
            message = f"{quote(article.title)} has no page"
            yield Finding(Code.P001_NO_PAGE, path, None, message, "a plugin dropped it, or an error was ignored")
        elif " ".join(article.title.split()) not in document.title:
            message = f"the page of {quote(article.title)} is titled {quote(document.title)}"
            yield Finding(
                Code.P001_NO_PAGE,
                path,
                None,
                message,
                "the template must set the title; check that the file is complete",
            )
        elif public(article, publication.site.now) and not is_findable(path, document):
            message = f"the page of {quote(article.title)} is hidden from search engines or redirects its readers"
            yield Finding(Code.P001_NO_PAGE, path, None, message, "a published page must do neither")
        elif gone := _ids_gone(publication, article, document):
            message = f"the text of {quote(article.title)} is not on its page: #{gone} is missing"
            yield Finding(Code.P001_NO_PAGE, path, None, message, "the template must set all of `page.content`")
    for view in publication.views:
        if f"{view.url}index.html" not in documents:
            message = f"the list {quote(view.title or 'home')} has no page"
            hint = "a plugin dropped it, or an error was ignored"
            yield Finding(Code.P001_NO_PAGE, f"{view.url}index.html", None, message, hint)


def _ids_gone(publication: Publication, article: Article, document: ReadPage) -> str:
    """The first heading of the article's body that is not on its page."""
    body = publication.bodies.get(article.src_uri, "")
    at = body.find('<h2 id="')
    while at >= 0:
        start = at + 8
        name = unescape(body[start : body.find('"', start)])
        if name not in document.ids:
            return name
        at = body.find('<h2 id="', start)
    return ""


def wrong_lists(publication: Publication, reached: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Lists that do not lead to each of their articles; *reached* are the files that each page links to."""
    home: set[str] = set()
    for view in publication.views:
        path = f"{view.url}index.html"
        if path not in reached:
            continue
        linked = reached[path]
        if view.kind is HOME:
            home |= linked
        if view.kind is ARCHIVE:
            continue  # it shows the newest of each year and leads to the years, which have their own lists
        for article in view.articles:
            if f"{article.url}index.html" not in linked:
                message = f"{quote(article.title)} is not in this list"
                yield Finding(
                    Code.P002_LIST, path, None, message, f"link to {article.url} in {view.kind.template}", "list"
                )
    for article in publication.site.articles:
        if home and f"{article.url}index.html" not in home:
            message = f"{quote(article.title)} is on none of the pages of the home page's list"
            yield Finding(Code.P002_LIST, "index.html", None, message, "give it a row there, or feature it")


class _Item(NamedTuple):
    address: str
    published: datetime | None
    updated: datetime | None


def wrong_feeds(
    publication: Publication, feeds: Iterable[SiteFeed], tree: Tree, addresses: Addresses
) -> Iterator[Finding]:
    """Feeds of the whole site whose items are not the articles, or have other dates."""
    files = frozenset(tree.paths)
    for feed in feeds:
        if feed.path not in files:
            yield Finding(
                Code.P003_FEED,
                feed.path,
                None,
                "the feed is missing",
                "the build's log has the reason, from the plugin that writes it",
            )
            continue
        try:
            items = list(_items(feed, tree.read(feed.path)))
        except (ValueError, TypeError, KeyError, LookupError, AttributeError, ElementTree.ParseError) as error:
            message = f"the feed cannot be read: {quote(str(error), 120)}"
            yield Finding(
                Code.P003_FEED,
                feed.path,
                None,
                message,
                "the build's log has the reason, from the plugin that writes it",
            )
            continue
        yield from _wrong_items(publication, feed, items, addresses)


def _wrong_items(
    publication: Publication, feed: SiteFeed, items: list[_Item], addresses: Addresses
) -> Iterator[Finding]:
    articles = {f"{article.url}index.html": article for article in publication.site.articles}
    hint = "the feed must match the articles: check the options of the plugin that writes it"
    counted: Counter[str] = Counter()
    for item in items:
        target = addresses.target("index.html", item.address)
        article = articles.get(target.path) if target.where is Where.SITE else None
        if article is None:
            yield Finding(
                Code.P003_FEED, feed.path, None, f"an item leads to {item.address}, which is not an article", hint
            )
            continue
        counted[target.path] += 1
        updated = last_written(article).instant
        published = updated if feed.kind == "rss" and feed.by_update else article.published.instant
        if item.published != published:
            message = f"{quote(article.title)} is dated {_dates(item.published, published)}"
            yield Finding(Code.P003_FEED, feed.path, None, message, hint, ("published", feed.path))
        if feed.kind == "json" and item.updated != updated:
            message = f"{quote(article.title)} was updated {_dates(item.updated, updated)}"
            yield Finding(Code.P003_FEED, feed.path, None, message, hint, ("updated", feed.path))
    for path, count in counted.items():
        if count > 1:
            message = f"{quote(articles[path].title)} is in the feed {count} times"
            yield Finding(Code.P003_FEED, feed.path, None, message, hint, ("twice", feed.path))
    missing = [article for path, article in articles.items() if path not in counted]
    enough = len(counted) >= min(feed.length, len(articles))
    oldest = min((_moment(articles[path], feed) for path in counted), default=None)
    for article in missing:  # a short feed has the newest: one that lacks an article among them has lost it
        if not enough or (oldest is not None and _moment(article, feed) > oldest):
            yield Finding(
                Code.P003_FEED, feed.path, None, f"{quote(article.title)} is not in the feed", hint, ("gone", feed.path)
            )


def _moment(article: Article, feed: SiteFeed) -> datetime:
    return (article.updated or article.published).instant if feed.by_update else article.published.instant


def _items(feed: SiteFeed, data: bytes) -> Iterator[_Item]:
    if feed.kind == "json":
        for item in json.loads(data)["items"]:
            yield _Item(str(item["url"]), _iso(item.get("date_published")), _iso(item.get("date_modified")))
        return
    for element in ElementTree.fromstring(data).iter("item"):  # noqa: S314  (this build wrote it)
        date_text = element.findtext("pubDate")
        published = parsedate_to_datetime(date_text).astimezone(UTC) if date_text else None
        yield _Item(element.findtext("link") or "", published, None)


def _iso(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None


def _dates(in_feed: datetime | None, in_article: datetime) -> str:
    return f"{_said(in_feed)} in the feed, but {_said(in_article)} in the article"


def _said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "not at all"


class _Entry(NamedTuple):
    address: str
    modified: str


def wrong_sitemap(
    publication: Publication, tree: Tree, documents: Mapping[str, ReadPage], addresses: Addresses
) -> Iterator[Finding]:
    """A sitemap that does not list each public page once, and nothing else."""
    if not publication.identity.url:
        return  # a sitemap has whole addresses: a site that does not know its own has none
    if _SITEMAP not in tree.paths:
        yield Finding(
            Code.P004_SITEMAP,
            _SITEMAP,
            None,
            "there is no sitemap",
            "something removed sitemap.xml after the build wrote it",
        )
        return
    data = tree.read(_SITEMAP)
    try:
        entries = list(_entries(data))
    except (ValueError, ElementTree.ParseError) as error:
        message = f"the sitemap cannot be read: {quote(str(error), 120)}"
        yield Finding(Code.P004_SITEMAP, _SITEMAP, None, message, "write it as XML, with `&` and `<` escaped")
        return
    yield from _wrong_entries(publication, entries, documents, addresses)
    packed = f"{_SITEMAP}.gz"
    if packed in tree.paths and _unpacked(tree.read(packed)) != data:
        message = "sitemap.xml.gz does not match sitemap.xml"
        yield Finding(Code.P004_SITEMAP, packed, None, message, "write both from the same text")


def _wrong_entries(
    publication: Publication, entries: list[_Entry], documents: Mapping[str, ReadPage], addresses: Addresses
) -> Iterator[Finding]:
    articles = {f"{article.url}index.html": article for article in publication.site.articles}
    public = [path for path, document in documents.items() if is_findable(path, document)]
    counted: Counter[str] = Counter()
    for entry in entries:
        target = addresses.target("index.html", entry.address)
        if target.where is not Where.SITE or target.path not in documents:
            message = f"{entry.address} is not a page of the site"
            yield Finding(Code.P004_SITEMAP, _SITEMAP, None, message, "list only pages", "no page")
            continue
        counted[target.path] += 1
        if not is_findable(target.path, documents[target.path]):
            message = f"{entry.address} is not for search engines"
            yield Finding(
                Code.P004_SITEMAP, _SITEMAP, None, message, "leave out redirects, `noindex` pages and the 404 page"
            )
        elif entry.address != addresses.of(target.path) and addresses.target("index.html", entry.address).fragment:
            yield Finding(Code.P004_SITEMAP, _SITEMAP, None, f"{entry.address} has a fragment", "list the page itself")
        article = articles.get(target.path)
        if article is not None and not _is_day(entry.modified, article):
            expected = last_change(article).iso
            message = f"{quote(article.title)} was modified {entry.modified or 'never'}; the article says {expected}"
            yield Finding(
                Code.P004_SITEMAP,
                _SITEMAP,
                None,
                message,
                "set `lastmod` to the day of the last update or correction",
                "day",
            )
    for path in public:
        if (count := counted[path]) != 1:
            message = (
                f"/{path.removesuffix('index.html')} is listed {count} times"
                if count
                else (f"/{path.removesuffix('index.html')} is not listed")
            )
            hint = "list each public page once; mark other pages `noindex`"
            yield Finding(Code.P004_SITEMAP, _SITEMAP, None, message, hint, ("listed", min(count, 2)))


def is_findable(path: str, document: ReadPage) -> bool:
    """True if search engines may show the page and readers should find it."""
    return path != "404.html" and not document.hidden and not document.redirects


def _entries(data: bytes) -> Iterator[_Entry]:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    for element in ElementTree.fromstring(data).iter(f"{namespace}url"):  # noqa: S314  (this build wrote it)
        location, modified = element.findtext(f"{namespace}loc"), element.findtext(f"{namespace}lastmod")
        yield _Entry((location or "").strip(), (modified or "").strip())


def _is_day(text: str, article: Article) -> bool:
    moment = last_change(article)
    try:
        if len(text) <= len("2026-11-20"):
            return date.fromisoformat(text) in {moment.day, moment.instant.date()}
        return datetime.fromisoformat(text).astimezone(UTC) == moment.instant
    except ValueError:
        return False


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data, wbits=31)
    except zlib.error:
        return b""


def wrong_search(publication: Publication, tree: Tree) -> Iterator[Finding]:
    """A search index that does not hold every article, whole."""
    hint = "something removed or changed a file below /search/ after the build wrote it"
    files = frozenset(tree.paths)
    if BASE not in files:
        yield Finding(Code.P005_SEARCH, BASE, None, "there is no search index", hint)
        return
    data = tree.read(BASE)
    try:
        base = read_base(data)
    except BaseError as error:
        message = f"the search index cannot be read: {quote(str(error), 120)}"
        yield Finding(Code.P005_SEARCH, BASE, None, message, hint)
        return
    rows = [(row.title, row.address) for row in base.articles]
    expected = [article_key(article) for article in publication.site.articles]
    for title, url in sorted(set(expected) - set(rows)):
        message = f"{quote(title)} ({url}) is not in the search index"
        yield Finding(Code.P005_SEARCH, BASE, None, message, hint, "gone")
    for title, url in sorted(set(rows) - set(expected)):
        yield Finding(Code.P005_SEARCH, BASE, None, f"{quote(title)} ({url}) is not an article", hint, "more")
    if len(rows) != len(expected):
        message = f"the search index has {len(rows)} records for {len(expected)} articles"
        yield Finding(Code.P005_SEARCH, BASE, None, message, hint)
    folder = f"search/{base.version}/"
    shards = {path.removeprefix(folder): tree.read(path) for path in tree.paths if path.startswith(folder)}
    if index_version(shards, with_version(data, "")) != base.version:
        message = "the files of the search index differ from those that the build wrote"
        yield Finding(Code.P005_SEARCH, folder, None, message, hint)


def wrong_cards(
    publication: Publication, tree: Tree, documents: Mapping[str, ReadPage], addresses: Addresses, *, needed: bool
) -> Iterator[Finding]:
    """Articles without the picture that represents them where they are shared.

    Unless they are *needed*, articles may do without as long as all of them do.
    """
    pages = [
        (article, path, document)
        for article in publication.site.articles
        if (document := documents.get(path := f"{article.url}index.html")) is not None
    ]
    needed = needed and bool(publication.identity.url)  # the address of a card is a whole one
    if not needed and all(document.named("meta og:image") is None for _, _, document in pages):
        return
    owners = dict.fromkeys(_card_of("index.html", documents, addresses), "the site")
    for article, path, document in pages:
        named = document.named("meta og:image")
        if named is None:
            message = f"{quote(article.title)} has no card: the page has no og:image"
            yield Finding(Code.P011_CARD, path, None, message, "give each article its own card", "none")
            continue
        target = addresses.target(path, named.address)
        if target.where is not Where.SITE or not target.found:
            message = f"the card of {quote(article.title)} does not exist: {named.address}"
            yield Finding(Code.P011_CARD, path, named.offset, message, "a card must be a file of the site", "gone")
            continue
        other = owners.setdefault(target.path, article.title)  # articles of one title may look the same
        if other != article.title:
            message = f"{quote(article.title)} shows the card of {quote(other)}"
            yield Finding(Code.P011_CARD, path, named.offset, message, "give each article its own card", "shared")
        if said := _wrong_png(tree.read(target.path)):
            message = f"the card {target.path} {said}"
            width, height = CARD_SIZE
            yield Finding(
                Code.P011_CARD, path, named.offset, message, f"a card must be a PNG of {width}×{height}", "picture"
            )


def _card_of(path: str, documents: Mapping[str, ReadPage], addresses: Addresses) -> Iterator[str]:
    document = documents.get(path)
    if document is not None and (named := document.named("meta og:image")) is not None:
        yield addresses.target(path, named.address).path


def _wrong_png(data: bytes) -> str:
    """Describe a fault in a card's file. PNG, third edition: the signature, then IHDR, and IEND comes last."""
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or len(data) < 33:
        return "is not a PNG"
    size: tuple[Any, ...] = struct.unpack(">II", data[16:24])
    if size != CARD_SIZE:
        return f"is {size[0]}×{size[1]}"
    return "" if data.endswith(b"IEND\xaeB`\x82") else "is truncated"
