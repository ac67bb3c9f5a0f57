"""Checks that the feeds of the whole site have its articles, with their dates."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from engblog.contract.finding import Finding, in_file
from engblog.html.links import Addresses, Where
from engblog.model.article import Article
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication, Tree
from engblog.site.history import last_change


@dataclass(frozen=True, slots=True)
class SiteFeed:
    """A feed of all articles that the site says it has."""

    path: str
    kind: Literal["rss", "json"]
    by_update: bool = False
    """True if its dates are those of the last update, newest first."""
    length: int = 1 << 30
    """The most items that it may hold."""


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
            yield in_file(
                Code.P003_FEED,
                feed.path,
                "the feed is missing",
                "the build's log has the reason, from the plugin that writes it",
            )
            continue
        try:
            items = list(_items(feed, tree.read(feed.path)))
        except (ValueError, TypeError, KeyError, LookupError, AttributeError, ElementTree.ParseError) as error:
            message = f"the feed cannot be read: {quote(str(error), 120)}"
            yield in_file(
                Code.P003_FEED, feed.path, message, "the build's log has the reason, from the plugin that writes it"
            )
            continue
        yield from _wrong_items(publication, feed, items, addresses)


def articles_of_feed(publication: Publication, feed: SiteFeed, tree: Tree) -> tuple[Article, ...] | None:
    """The articles in the file of *feed*, in its order; None if it has not kept the contract, as :func:`wrong_feeds`
    will say."""
    addresses = Addresses(publication.identity.url, tree.paths)
    if any(wrong_feeds(publication, [feed], tree, addresses)):
        return None
    articles = {f"{article.url}index.html": article for article in publication.site.articles}
    items = _items(feed, tree.read(feed.path))
    return tuple(articles[addresses.target("index.html", item.address).path] for item in items)


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
            yield in_file(Code.P003_FEED, feed.path, f"an item leads to {item.address}, which is not an article", hint)
            continue
        counted[target.path] += 1
        updated = last_change(article).instant
        published = updated if feed.kind == "rss" and feed.by_update else article.published.instant
        if item.published != published:
            message = f"{quote(article.title)} is dated {_dates(item.published, published)}"
            yield in_file(Code.P003_FEED, feed.path, message, hint, ("published", feed.path), about=target.path)
        if feed.kind == "json" and item.updated != updated:
            message = f"{quote(article.title)} was updated {_dates(item.updated, updated)}"
            yield in_file(Code.P003_FEED, feed.path, message, hint, ("updated", feed.path), about=target.path)
    for path, count in counted.items():
        if count > 1:
            message = f"{quote(articles[path].title)} is in the feed {count} times"
            yield in_file(Code.P003_FEED, feed.path, message, hint, ("twice", feed.path), about=path)
    missing = [article for path, article in articles.items() if path not in counted]
    enough = len(counted) >= min(feed.length, len(articles))
    oldest = min((_moment(articles[path], feed) for path in counted), default=None)
    for article in missing:  # a short feed has the newest: one that lacks an article among them has lost it
        if not enough or (oldest is not None and _moment(article, feed) > oldest):
            message = f"{quote(article.title)} is not in the feed"
            page = f"{article.url}index.html"
            yield in_file(Code.P003_FEED, feed.path, message, hint, ("gone", feed.path), about=page)


def _moment(article: Article, feed: SiteFeed) -> datetime:
    return (last_change(article) if feed.by_update else article.published).instant


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
