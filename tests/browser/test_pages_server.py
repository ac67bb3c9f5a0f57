"""The server that stands for GitHub Pages behaves as it does; what the other tests see rests on it."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.pages import BuiltSite, PagesServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PagesServer]:
    """A site of few files under a sub-path."""
    (tmp_path / "secret.txt").write_text("not part of the site")
    site = tmp_path / "site"
    (site / "tags/数据").mkdir(parents=True)
    (site / "index.html").write_text('<body data-kind="home">' + "home " * 100)
    (site / "404.html").write_text("missing")
    (site / "tags/数据/index.html").write_text('<body class="x" data-kind="tag">')
    (site / "font.woff2").write_bytes(b"font")
    with PagesServer(BuiltSite(site, "https://org.github.io/blog/")) as server:
        yield server


def ask(server: PagesServer, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for a GET of *path*, redirects not followed."""
    connection = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_text_is_compressed_for_who_accepts_it(server: PagesServer) -> None:
    status, headers, body = ask(server, "/blog/", **{"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert b"home home" in gzip.decompress(body)
    assert "content-encoding" not in ask(server, "/blog/")[1]
    assert "content-encoding" not in ask(server, "/blog/font.woff2", **{"Accept-Encoding": "gzip"})[1]


def test_files_may_be_kept_for_ten_minutes_and_come_without_a_policy(server: PagesServer) -> None:
    _, headers, body = ask(server, "/blog/font.woff2")
    assert (headers["cache-control"], headers["content-type"], body) == ("max-age=600", "font/woff2", b"font")
    assert "content-security-policy" not in headers


def test_a_folder_without_its_slash_is_redirected(server: PagesServer) -> None:
    status, headers, _ = ask(server, "/blog/tags/%E6%95%B0%E6%8D%AE?a=1")
    assert (status, headers["location"]) == (301, "/blog/tags/%E6%95%B0%E6%8D%AE/?a=1")
    assert ask(server, "/blog/tags/%E6%95%B0%E6%8D%AE/")[0] == 200


@pytest.mark.parametrize("path", ["/", "/tags/", "/blog/no", "/blog/tags/", "/blog/font.woff2/", "/blog/../secret.txt"])
def test_what_is_not_there_gets_the_sites_own_page_and_404(path: str, server: PagesServer) -> None:
    status, _, body = ask(server, path)
    assert (status, body) == (404, b"missing")


def test_the_pages_of_a_site_are_found_with_their_kinds(server: PagesServer) -> None:
    assert server.site.pages == ("", "404.html", "tags/数据/")
    assert server.site.kinds == {"home": ("",), "unknown": ("404.html",), "tag": ("tags/数据/",)}
