"""Old addresses in a real build: a page at each, seen by readers alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.hosts import BuildError, build_here, config, mini, snapshot
from support.sources import article
from support.themed import themed

TITLE = '"Wait" & <see>'
SITE = {
    "docs/about.md": "# About us {#us}\n",
    "docs/redirects.yml": "/tags/golang/: /tags/go/\n/first/: /old/\n/2019/old.html: /about/#us\n/start/: /\n",
    "docs/articles/a/index.md": article(title=f"'{TITLE}'", aliases="[/old/, /2019/a.html]"),
    "docs/articles/draft/index.md": article(status="draft", aliases="[/draft-was/]"),
    "docs/articles/next/index.md": article(date="2027-01-01", aliases="[/next-was/]"),
}
REDIRECTS = ("old/", "2019/a.html", "2019/old.html", "first/", "start/", "tags/golang/")


def text(site: Path, address: str) -> str:
    return (site / (f"{address}index.html" if address.endswith("/") else address)).read_text()


def leads(site: Path, address: str) -> str:
    (found,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]*)"', text(site, address))
    return str(found)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_here(mini(tmp_path_factory.mktemp("redirects"), SITE))


def test_an_old_address_leads_on_under_any_sub_path(site: Path) -> None:
    assert {address: leads(site, address) for address in REDIRECTS} == {
        "old/": "../articles/2026/11/20/a/",
        "2019/a.html": "../articles/2026/11/20/a/",
        "2019/old.html": "../about/#us",
        "first/": "../articles/2026/11/20/a/",
        "start/": "../",
        "tags/golang/": "../go/",
    }


def test_a_redirect_page_is_whole_and_needs_no_script(site: Path) -> None:
    page = text(site, "old/")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert '<link rel="canonical" href="https://mini.example/blog/articles/2026/11/20/a/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<body data-kind="redirect">' in page
    assert "“Wait” &amp; &lt;see&gt;</a>" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert " src=" not in page
    assert "stylesheet" not in page


def test_it_calls_a_page_by_its_title(site: Path) -> None:
    assert ">About us</a>" in text(site, "2019/old.html")
    assert ">Articles tagged Go</a>" in text(site, "tags/golang/")


def test_it_stands_in_no_list_no_feed_and_no_index(site: Path) -> None:
    for name in ("sitemap.xml", "index.html", "archive/index.html", "tags/index.html"):
        content = (site / name).read_text()
        assert not [each for each in REDIRECTS if f"/{each}<" in content or f'"{each}"' in content], name
    index = json.dumps([path.name for path in (site / "search").rglob("*")])
    assert "golang" not in index


def test_the_file_of_redirects_is_not_published(site: Path) -> None:
    assert not (site / "redirects.yml").exists()


def test_what_is_held_back_has_no_old_address_yet(site: Path) -> None:
    assert not [path for path in site.rglob("*") if "was" in path.name]


def test_a_preview_has_it(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, SITE), command="serve")
    assert leads(site, "draft-was/") == "../articles/2026/11/20/draft/"


def test_the_file_may_have_another_name(tmp_path: Path) -> None:
    files = {**SITE, "mkdocs.yml": config("redirects: moved.yml"), "docs/moved.yml": "/x/: /tags/\n"}
    files["docs/redirects.yml"] = "a file like others\n"
    files["docs/about.md"] = "[A file](redirects.yml)\n"
    site = build_here(mini(tmp_path, files))
    assert leads(site, "x/") == "../tags/"
    assert (site / "redirects.yml").exists()
    assert not (site / "moved.yml").exists()


def test_an_old_address_leads_to_a_file_of_the_repository(tmp_path: Path) -> None:
    lines = "repo_url: https://github.com/o/r\nedit_uri: edit/main/docs/\n"
    there = "https://github.com/o/r/blob/main/guides/how.md"
    files = {
        "mkdocs.yml": config(before=lines),
        "docs/redirects.yml": f"/how/: {there}#x\n",
        "guides/how.md": "# How\n",
    }
    site = build_here(mini(tmp_path, files))
    assert leads(site, "how/") == f"{there}#x"
    (tmp_path / "guides/how.md").unlink()
    with pytest.raises(BuildError, match=r"redirects\.yml:1:8 A002 the repository has no file “guides/how\.md”"):
        build_here(tmp_path)


def test_all_problems_are_named_and_the_last_site_stays(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, SITE))
    before = snapshot(site)
    wrong = "/x/: /gone/\n/about/: /tags/\n/theme.css: /tags/\n/a/: /b/\n/b/: /a/\n/assets/own.css/x/: /tags/\n"
    mini(tmp_path, {**SITE, "docs/redirects.yml": wrong, "theme/assets/own.css": "of the theme"})
    with pytest.raises(BuildError) as raised:
        build_here(tmp_path)
    lead = f"{tmp_path.as_posix()}/"
    said = [line.replace(lead, "") for line in str(raised.value).splitlines() if re.match(r"\S+:\d+:\d+ ", line)]
    assert [line.split(" ")[:2] for line in said] == [
        ["docs/redirects.yml:1:6", "A002"],
        ["docs/redirects.yml:2:1", "C007"],
        ["docs/redirects.yml:3:1", "A003"],
        ["docs/redirects.yml:4:1", "A001"],
        ["docs/redirects.yml:6:1", "C007"],
    ]
    assert snapshot(site) == before


def test_a_renamed_tag_leads_on_under_the_real_templates(tmp_path: Path) -> None:
    site = build_here(themed(tmp_path, {"texte/redirects.yml": "/tags/pruefsumme/: /tags/prufsumme/\n"}))
    assert leads(site, "tags/pruefsumme/") == "../prufsumme/"
    assert '<link rel="canonical" href="https://mini.example/heft/tags/prufsumme/">' in text(site, "tags/pruefsumme/")
    assert '<html lang="de">' in text(site, "tags/pruefsumme/")
    for name in ("sitemap.xml", "feed_rss_created.xml", "feed_json_created.json"):
        assert "pruefsumme" not in (site / name).read_text()
