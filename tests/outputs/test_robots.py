"""robots.txt lets everybody read, and names the site map where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from engblog.model.publication import Identity, Publication
from engblog.outputs.robots import robots_txt
from support.sources import read


@pytest.mark.parametrize(
    ("url", "remark", "site_map"),
    [
        ("", False, ""),
        ("https://mini.example/", False, "https://mini.example/sitemap.xml"),
        ("https://mini.example/blog/", True, "https://mini.example/blog/sitemap.xml"),
    ],
)
def test_it_says_what_a_crawler_may_do(tmp_path: Path, url: str, remark: bool, site_map: str) -> None:
    ((name, data),) = robots_txt(Publication(Identity("Mini", url), read(tmp_path, {}).site))
    text = data.decode()
    assert name == "robots.txt"
    assert "User-agent: *\nAllow: /\n" in text
    assert text.startswith("#") is remark
    assert ("https://mini.example/robots.txt" in text) is remark
    assert [line.removeprefix("Sitemap: ") for line in text.splitlines() if line.startswith("Sitemap")] == (
        [site_map] if site_map else []
    )
