"""Checks that the sitemap lists each public page once, with the day of its last change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple
from xml.etree import ElementTree

from engblog.contract.finding import Finding, in_file, is_findable
from engblog.html.links import Addresses, Where
from engblog.html.page import ReadPage
from engblog.model.article import Article
from engblog.model.packed import unpacked
from engblog.model.problems import Code, quote
from engblog.model.publication import Publication, Tree
from engblog.site.history import last_change

_SITEMAP = "sitemap.xml"


class _Entry(NamedTuple):
    address: str
    modified: str


def wrong_sitemap(
    publication: Publication, tree: Tree, documents: Mapping[str, ReadPage], addresses: Addresses
) -> Iterator[Finding]:
    """A sitemap that does not list exactly the public pages, each once."""
    if not publication.identity.url:
        return  # a sitemap has absolute addresses, so a site without an address has none
    if _SITEMAP not in tree.paths:
        yield in_file(
            Code.P004_SITEMAP, _SITEMAP, "there is no sitemap", "something removed sitemap.xml after the build wrote it"
        )
        return
    data = tree.read(_SITEMAP)
    try:
        entries = list(_entries(data))
    except (ValueError, ElementTree.ParseError) as error:
        message = f"the sitemap cannot be read: {quote(str(error), 120)}"
        yield in_file(Code.P004_SITEMAP, _SITEMAP, message, "write it as XML, with `&` and `<` escaped")
        return
    yield from _wrong_entries(publication, entries, documents, addresses)
    packed = f"{_SITEMAP}.gz"
    if packed in tree.paths and unpacked(tree.read(packed)) != data:
        message = "sitemap.xml.gz does not match sitemap.xml"
        yield in_file(Code.P004_SITEMAP, packed, message, "write both from the same text")


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
            yield in_file(Code.P004_SITEMAP, _SITEMAP, message, "list only pages", "no page")
            continue
        counted[target.path] += 1
        if not is_findable(target.path, documents[target.path]):
            message = f"{entry.address} is not for search engines"
            hint = "leave out redirects, `noindex` pages and the 404 page"
            yield in_file(Code.P004_SITEMAP, _SITEMAP, message, hint, about=target.path)
        elif entry.address != addresses.of(target.path) and addresses.target("index.html", entry.address).fragment:
            message = f"{entry.address} has a fragment"
            yield in_file(Code.P004_SITEMAP, _SITEMAP, message, "list the page itself", about=target.path)
        article = articles.get(target.path)
        if article is not None and not _is_day(entry.modified, article):
            expected = last_change(article).iso
            message = f"{quote(article.title)} was modified {entry.modified or 'never'}; the article says {expected}"
            yield in_file(
                Code.P004_SITEMAP,
                _SITEMAP,
                message,
                "set `lastmod` to the day of the last update or correction",
                "day",
                about=target.path,
            )
    for path in public:
        if (count := counted[path]) != 1:
            message = (
                f"/{path.removesuffix('index.html')} is listed {count} times"
                if count
                else (f"/{path.removesuffix('index.html')} is not listed")
            )
            hint = "list each public page once; mark other pages `noindex`"
            yield in_file(Code.P004_SITEMAP, _SITEMAP, message, hint, ("listed", min(count, 2)), about=path)


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
