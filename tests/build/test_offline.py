"""Saving for offline in whole builds: the same bytes for both hosts, sizes that are true, and none in a preview."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.hosts import REPOSITORY, build, build_here, snapshot
from support.themed import themed

PAGE = {"texte/offline.md": (REPOSITORY / "docs/offline.md").read_bytes()}
_OFFER = re.compile(r'data-keep="([^"]*)" data-own="(\d+)" data-first="(\d+)"(?: data-count="(\d+)")?')


def offered(site: Path, url: str) -> tuple[str, ...] | None:
    """What a page offers to save: address, bytes of its own and of what all pages need, and a category's articles."""
    found = _OFFER.search((site / url / "index.html").read_text())
    return found.groups() if found else None


def test_both_hosts_list_the_same_bytes(tmp_path: Path) -> None:
    sites = [build(themed(tmp_path / host, PAGE), "--strict", host=host) for host in ("mkdocs", "properdocs")]
    of_offline = [
        {name: digest for name, digest in snapshot(site).items() if name.startswith("offline/") or name == "sw.js"}
        for site in sites
    ]
    assert len(of_offline[0]) > 8
    assert of_offline[0] == of_offline[1]


def test_a_page_says_about_how_much_is_saved_there(tmp_path: Path) -> None:
    site = build_here(themed(tmp_path, PAGE))
    catalogue = json.loads((site / json.loads((site / "offline/index.json").read_text())["catalogue"]).read_text())
    first = catalogue["shell"][1] + catalogue["search"][1]
    by_address = {row[0]: row[3] for row in catalogue["articles"]}
    rows = [(row[0], row[3], None) for row in catalogue["articles"]]
    rows += [(r[0], r[3] + sum(catalogue["articles"][n][3] for n in r[4]), len(r[4])) for r in catalogue["categories"]]
    assert len(rows) == len(by_address) + 2
    for url, size, count in rows:
        said = offered(site, url)
        assert said is not None
        assert said[0] == url
        assert int(said[1]) == pytest.approx(size, rel=0.1, abs=12_000)
        assert int(said[2]) == pytest.approx(first, rel=0.1)
        assert said[3] == (str(count) if count else None)


def test_a_preview_offers_nothing_to_save(tmp_path: Path) -> None:
    site = build_here(themed(tmp_path, PAGE), command="serve")
    assert offered(site, "artikel/2026/11/20/erster/") is None
    assert "data-saving" not in (site / "index.html").read_text()
    assert (site / "offline/index.html").is_file()


def test_a_site_without_the_page_offers_nothing(tmp_path: Path) -> None:
    site = build_here(themed(tmp_path))
    assert offered(site, "artikel/2026/11/20/erster/") is None
    assert not (site / "offline").exists()
