"""Names of feeds and articles that last."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.outputs.feeds.ids import article_id, default_authority, is_authority, tag_uri
from support.sources import article, read_articles


def test_an_authority_is_a_domain_and_a_date() -> None:
    good = ["example.org,2026", "a-b.example.org,2026-01", "localhost,2026-01-31", "a.b@example.org,2026"]
    bad = ["", "example.org", "example.org,", ",2026", "Ex.org,2026", "ex_.org,2026", "ex..org,2026", "ex.org,2026-1"]
    assert [text for text in [*good, *bad] if is_authority(text)] == good


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Real-Engineering.github.io/blog/", "real-engineering.github.io,2026"),
        ("http://127.0.0.1:8000/", "127.0.0.1,2026"),
        ("https://größe.example/", "xn--grsse-kua.example,2026"),
        ("http://[::1]:8000/", "1,2026"),
        ("https://a_b.example/", "a-b.example,2026"),
        ("", "localhost,2026"),
    ],
)
def test_a_site_without_an_authority_takes_its_host(url: str, authority: str) -> None:
    assert default_authority(url) == authority
    assert is_authority(authority)


def test_an_id_is_after_the_first_address(tmp_path: Path) -> None:
    texts = {
        "a": article(),
        "b": article(date="2026-11-19", aliases="[/2019/Größe.html, /b/]"),
        "c": article(date="2026-11-18", aliases="[/2019/c/]", id="/2018/c"),
    }
    site = read_articles(tmp_path, **texts).site
    assert [article_id("x.example,2026", each) for each in site.articles] == [
        "tag:x.example,2026:articles/2026/11/20/a/",
        "tag:x.example,2026:2019/Gr%C3%B6%C3%9Fe.html",
        "tag:x.example,2026:2018/c/",
    ]
    assert tag_uri("x.example,2026", "tags/数/") == "tag:x.example,2026:tags/%E6%95%B0/"
