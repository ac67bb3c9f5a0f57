"""Every link and every resource of every page leads somewhere, at the root of a host and under a sub-path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from browser.documents import Document, read_documents
from tools.pages import BuiltSite

SITES = ("stress", "stress under a path", "real")
_ATOM = "{http://www.w3.org/2005/Atom}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_CSS_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)")


def wrong(site: BuiltSite, base: str, address: str, own: Document | None = None) -> str | None:
    """What is wrong with *address* on the page *own* at *base*; None for a good one, and for other hosts."""
    if own is not None and address.startswith("#"):
        return None if unquote(address[1:]) in own.ids else f"there is no {address} in this page"
    target = urljoin(base, address)
    split = urlsplit(target)
    if split.scheme in {"mailto", "data"}:
        return None
    if (split.scheme, split.netloc) != urlsplit(site.url)[:2]:
        return None if split.scheme == "https" else f"{address} is not https"
    status, file = site.find(unquote(split.path))
    if file is None:
        return f"{address} leads to {split.path}: {status.value} {status.phrase}"
    if split.fragment and file.suffix == ".html":
        page = file.relative_to(site.folder.resolve()).as_posix().removesuffix("index.html")
        if unquote(split.fragment) not in read_documents(site)[page].ids:
            return f"{address}: /{page} has no #{unquote(split.fragment)}"
    return None


@pytest.mark.parametrize("name", SITES)
def test_every_address_in_every_page_leads_somewhere(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    broken = []
    checked = 0
    for page, document in read_documents(site).items():
        # 404.html is shown at any address, however deep.
        base = site.url + ("no/such/deep/page" if page == "404.html" else page)
        for element, address in document.addresses:
            checked += 1
            if said := wrong(site, base, address, document):
                broken.append(f"/{page} line {element.line}: {said}")
    assert checked > 500
    assert not broken, f"{len(broken)} broken:\n" + "\n".join(broken[:40])


@pytest.mark.parametrize("name", SITES)
def test_every_address_in_the_style_sheets_leads_somewhere(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    found = [
        (sheet.relative_to(site.folder).as_posix(), address)
        for sheet in site.folder.rglob("*.css")
        for address in _CSS_URL.findall(sheet.read_text(encoding="utf-8"))
    ]
    assert found
    assert [said for sheet, address in found if (said := wrong(site, site.url + sheet, address))] == []


@pytest.mark.parametrize("name", SITES)
def test_the_feeds_parse_and_hold_every_article_once(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    articles = {site.url + page for page in site.kinds["article"]}
    links = read_documents(site)[""].all("link", rel="alternate")
    feeds = {link.attributes["type"]: urljoin(site.url, link.attributes["href"]) for link in links}
    assert feeds.keys() == {"application/rss+xml", "application/atom+xml", "application/feed+json"}
    texts = {}
    for kind, address in feeds.items():
        status, file = site.find(urlsplit(address).path)
        assert status == HTTPStatus.OK
        assert file is not None
        texts[kind] = file.read_text(encoding="utf-8")
    channel = ElementTree.fromstring(texts["application/rss+xml"]).find("channel")  # noqa: S314  (we wrote it)
    assert channel is not None
    own = channel.find(f"{_ATOM}link")
    assert own is not None
    assert own.get("href") == feeds["application/rss+xml"]
    in_rss = [item.findtext("link") for item in channel.findall("item")]
    in_json = [item["url"] for item in json.loads(texts["application/feed+json"])["items"]]
    atom = ElementTree.fromstring(texts["application/atom+xml"])  # noqa: S314
    in_atom = [link.get("href") for link in atom.findall(f"{_ATOM}entry/{_ATOM}link")]
    for found in (in_rss, in_json, in_atom):
        assert len(found) == len(articles)
        assert {unquote(address or "") for address in found} == {unquote(address) for address in articles}


@pytest.mark.parametrize("name", SITES)
def test_the_site_map_holds_every_page_to_be_found_once(name: str, built: Mapping[str, BuiltSite]) -> None:
    site = built[name]
    root = ElementTree.parse(site.folder / "sitemap.xml").getroot()  # noqa: S314  (we wrote it)
    listed = [unquote(found.text or "") for found in root.iter(f"{_SITEMAP}loc")]
    assert sorted(listed) == sorted(site.url + page for page in site.pages if page not in {"404.html", "search/"})


def test_a_link_that_leads_nowhere_is_seen(built: Mapping[str, BuiltSite]) -> None:
    site = built["stress under a path"]
    base = f"{site.url}tags/"
    assert wrong(site, base, "linux/") is None
    assert "301" in str(wrong(site, base, "linux"))
    assert "404" in str(wrong(site, base, "/tags/linux/"))
    assert "404" in str(wrong(site, base, "no-such-tag/"))
    assert "has no #nothing" in str(wrong(site, base, "linux/#nothing"))
    assert "no #nothing" in str(wrong(site, base, "#nothing", Document()))
    assert "not https" in str(wrong(site, base, "http://example.net/"))
