"""The same sources and our own templates under two hosts, on every machine: the same bytes; feeds and the sidebar."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.hosts import EPOCH, REPOSITORY, build, leftovers, pages, run, snapshot, start
from support.sources import write
from support.themed import article, themed

FIRST, SECOND = "artikel/2026/11/20/erster/", "artikel/2026/11/19/zweiter/"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small German site, built once by MkDocs in strict mode, and its log."""
    folder = themed(tmp_path_factory.mktemp("themed"))
    done = start(folder, "build", "--strict", "-f", "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "log").write_text(done.stdout + done.stderr)
    return folder


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    return root / "site"


def html(site: Path, url: str) -> str:
    return (site / url / "index.html").read_text()


class Links(HTMLParser):
    """Collects the texts and addresses of links, and which element of a class holds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
            self.found.append(("", self._address))

    def handle_data(self, data: str) -> None:
        if self._address is not None:
            text, address = self.found[-1]
            self.found[-1] = (f"{text}{data}".strip(), address)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._address = None


def quiet(log: str) -> list[str]:
    """The lines of a log that are no plain information of MkDocs or of ours."""
    return [line for line in log.splitlines() if line.strip() and not line.startswith("INFO ")]


def told_apart(one: Path, other: Path) -> set[str]:
    """The tools by which two sites say that they differ; all their bytes but these are the same."""
    ours, theirs = snapshot(one), snapshot(other)
    assert set(ours) == set(theirs)
    assert {name for name in ours if ours[name] != theirs[name]} == {"build.json"}
    made, made_there = (json.loads((folder / "build.json").read_text()) for folder in (one, other))
    assert {key for key in made if made[key] != made_there[key]} == {"tools"}
    return {name for name, _ in made["tools"].items() ^ made_there["tools"].items()}


# Both hosts


def test_mkdocs_says_nothing_but_what_it_does(root: Path) -> None:
    assert quiet((root / "log").read_text()) == []
    assert leftovers(root) == []


def test_the_fork_builds_the_same_bytes(root: Path, site: Path, tmp_path: Path) -> None:
    done = run(root, "build", "--strict", "-f", "mkdocs.yml", "-d", str(tmp_path / "other"), host="properdocs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert quiet(done.stdout + done.stderr) == []
    assert told_apart(site, tmp_path / "other") == {"mkdocs", "properdocs"}
    assert {"index.html", "feed_rss_created.xml", "sitemap.xml", "404.html"} <= set(snapshot(site))


def test_this_repositorys_site_is_the_same_under_both_hosts(tmp_path: Path) -> None:
    for host in ("mkdocs", "properdocs"):
        target = tmp_path / host
        done = start(REPOSITORY, "build", "--strict", "-f", "mkdocs.yml", "-d", str(target), host=host)
        assert done.returncode == 0, done.stdout + done.stderr
        assert quiet(done.stdout + done.stderr) == []
    assert told_apart(tmp_path / "mkdocs", tmp_path / "properdocs") == {"mkdocs", "properdocs"}
    assert len([name for name in snapshot(tmp_path / "mkdocs") if name.endswith(".html")]) > 20


def test_two_machines_build_the_same_bytes(site: Path, tmp_path: Path) -> None:
    folder = themed(tmp_path / "elsewhere" / "deep" / "er")
    strange = {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "HOME": str(tmp_path)}
    other = build(folder, "--strict", **strange)
    assert snapshot(other) == snapshot(site)


def test_the_moment_of_the_build_is_in_no_file_for_readers(root: Path, site: Path, tmp_path: Path) -> None:
    """A day later, with nothing new to publish."""
    later = str(int(EPOCH) + 86400)
    done = run(root, "build", "-f", "mkdocs.yml", "-d", str(tmp_path / "later"), SOURCE_DATE_EPOCH=later)
    assert done.returncode == 0, done.stdout + done.stderr
    before, after = snapshot(site), snapshot(tmp_path / "later")
    assert set(before) == set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"build.json"}
    one, other = (json.loads((folder / "build.json").read_text()) for folder in (site, tmp_path / "later"))
    assert {key for key in one if one[key] != other[key]} == {"epoch"}
    assert (one["epoch"], other["epoch"]) == (int(EPOCH), int(later))


# What is there


def test_the_pages_are_those_of_the_model(site: Path) -> None:
    assert pages(site) == [
        "",
        "about/",
        "archive/",
        "archive/2024/",
        "archive/2025/",
        "archive/2026/",
        "artikel/2024/01/02/vierter/",
        "artikel/2025/01/02/dritter/",
        "artikel/2026/11/19/zweiter/",
        "artikel/2026/11/20/erster/",
        "artikel/2026/11/20/erster/lab/",
        "authors/",
        "authors/emmy/",
        "authors/emmy/page/2/",
        "categories/datenbanken/",
        "categories/datenbanken/page/2/",
        "categories/datenbanken/speicher/",
        "categories/verteilte-systeme/",
        "corrections/",
        "feeds/",
        "page/2/",
        "tags/",
        "tags/fragen/",
        "tags/fragen/page/2/",
        "tags/prufsumme/",
        "tags/prufsumme/page/2/",
        "tags/uhr/",
        "tags/uhr/page/2/",
    ]


def test_nothing_of_a_draft_or_of_the_future_is_anywhere(site: Path) -> None:
    for path in site.rglob("*"):
        if path.suffix in {".html", ".xml", ".json"}:
            text = re.sub(r"\b[0-9a-f]{32,}\b", "digest", path.read_text())
            assert "Entwurf" not in text, path
            assert "morgen" not in text.lower().replace("montag", ""), path
            assert "2027" not in text, path


def test_every_link_within_the_site_leads_to_a_file(site: Path) -> None:
    for url in pages(site):
        for address in re.findall(r'(?:href|src)="([^"]*)"', html(site, url)):
            if re.match(r"[a-z]+:|#|data:", address) or not address:
                continue
            target = (site / url / address.partition("#")[0].partition("?")[0]).resolve()
            assert target.is_file() or (target / "index.html").is_file(), f"{url}: {address}"


def test_every_anchor_within_the_site_is_there(site: Path) -> None:
    for url in pages(site):
        for address in re.findall(r'href="([^"]*#[^"]+)"', html(site, url)):
            if not re.match(r"[a-z]+:", address):
                path, _, anchor = address.partition("#")
                target = (site / url / path).resolve()
                text = (target / "index.html" if target.is_dir() else target).read_text()
                assert f'id="{anchor}"' in text, f"{url}: {address}"


def test_text_of_authors_stays_text(site: Path) -> None:
    assert "Der erste &lt;b&gt; &amp; mehr" in html(site, FIRST)
    assert "<title>Der erste &lt;b&gt; &amp; mehr" in html(site, FIRST)
    assert "Q&amp;A &lt;Fragen&gt;" in html(site, "tags/fragen/")
    assert "Emmy &amp; Noether" in html(site, "authors/emmy/")
    for url in pages(site):
        assert "<Fragen>" not in html(site, url), url
        assert "ein <b> in der" not in html(site, url), url


def test_the_article_shows_what_its_lab_measured_and_proved(site: Path) -> None:
    text = html(site, FIRST)
    assert re.search(r'<a class="measured" href="lab/#number-wartezeit" title="[^"]*">12.5\u00a0ms</a>', text)
    assert 'href="lab/#test-sie-wartet"' in text
    assert 'id="test-sie-wartet"' in html(site, f"{FIRST}lab/")
    assert "Redis 7.0.15" in text
    assert "def" in text, "the code of the lab is included"
    assert (site / FIRST / "foto.png").is_file()


def test_the_language_and_the_address_are_the_sites(site: Path) -> None:
    assert '<html lang="de"' in html(site, FIRST)
    assert f'<link rel="canonical" href="https://mini.example/heft/{FIRST}"' in html(site, FIRST)


def test_the_page_needs_no_other_host(site: Path) -> None:
    for url in pages(site):
        loads = re.findall(r'<(?:script|img|iframe|source|video)[^>]*\bsrc="(https?:|//)', html(site, url))
        loads += re.findall(r'<link[^>]*rel="(?:stylesheet|preload|icon)"[^>]*href="(https?:|//)', html(site, url))
        assert loads == [], url


def test_the_parent_themes_scripts_and_styles_are_not_in_the_site(site: Path) -> None:
    assert not [name for name in snapshot(site) if re.search(r"assets/(javascripts|stylesheets)/", name)]


# Feeds


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes())  # noqa: S314  (we wrote it)


def rss(site: Path) -> Iterator[ElementTree.Element]:
    yield from xml(site / "feed_rss_created.xml").iter("item")


def test_the_feed_has_the_articles_alone_newest_first(site: Path) -> None:
    assert [item.findtext("link") for item in rss(site)] == [
        f"https://mini.example/heft/artikel/{path}/"
        for path in ("2026/11/20/erster", "2026/11/19/zweiter", "2025/01/02/dritter", "2024/01/02/vierter")
    ]


def test_the_feeds_dates_are_the_front_matters(site: Path) -> None:
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in rss(site)]
    assert [moment.isoformat() for moment in dates] == [
        "2026-11-20T00:00:00+00:00",
        "2026-11-19T14:30:00+00:00",
        "2025-01-02T00:00:00+00:00",
        "2024-01-02T00:00:00+00:00",
    ]


def test_the_feed_says_what_was_updated(site: Path) -> None:
    updated = xml(site / "feed_rss_updated.xml")
    first = next(updated.iter("item"))
    assert (first.findtext("link") or "").endswith(FIRST)
    assert parsedate_to_datetime(first.findtext("pubDate") or "").date().isoformat() == "2026-11-22"


def test_the_feeds_texts_are_the_articles(site: Path) -> None:
    item = next(item for item in rss(site) if (item.findtext("link") or "").endswith(FIRST))
    assert item.findtext("title") == "Der erste <b> & mehr"
    assert {each.text for each in item.iter("category")} == {
        "Datenbanken", "Speicher", "Prüfsumme", "Uhr", "Q&A <Fragen>"
    }  # fmt: skip
    assert "Emmy & Noether" in (item.findtext("{http://purl.org/dc/elements/1.1/}creator") or "")
    assert "beweist: dass ein" in (item.findtext("description") or "")


def test_the_json_feed_has_the_same_articles(site: Path) -> None:
    feed = json.loads((site / "feed_json_created.json").read_text())
    assert [item["url"] for item in feed["items"]] == [item.findtext("link") for item in rss(site)]
    titles = [item["title"] for item in feed["items"]]
    assert titles == ["Der erste <b> & mehr", "Der zweite", "Der dritte", "Der vierte"]


def test_every_page_names_the_feeds(site: Path) -> None:
    for url in pages(site):
        assert 'type="application/rss+xml"' in html(site, url), url


def test_the_sitemap_lists_the_pages(site: Path) -> None:
    listed = set(re.findall(r"<loc>https://mini.example/heft/([^<]*)</loc>", (site / "sitemap.xml").read_text()))
    assert listed == set(pages(site))


def test_the_sitemap_says_when_an_article_last_changed(site: Path) -> None:
    text = (site / "sitemap.xml").read_text()
    found = dict(re.findall(r"<loc>https://mini.example/heft/([^<]*)</loc>\s*<lastmod>([^<]*)</lastmod>", text))
    assert found[FIRST] == "2026-11-22"
    assert found[SECOND] == "2026-11-19"
    assert found[""] == "2026-11-22", "a list, when the latest of its articles did"
    assert found["archive/2025/"] == "2025-01-02"
    assert found[f"{FIRST}lab/"] == "2026-11-23", "a lab, when it ran"
    assert "about/" not in found, "nobody knows, and the day of the build would be a lie"


# The sidebar


def test_the_sidebar_lists_the_newest_articles_first(site: Path) -> None:
    """mkdocs-blog-plugin makes the section; three articles are asked for, so the fourth is not in it."""
    aside = re.search(
        r"<(nav|aside)[^>]*>(?:(?!</\1>).)*Der erste(?:(?!</\1>).)*Der zweite.*?</\1>", html(site, FIRST), re.DOTALL
    )
    assert aside is not None
    titles = [text for text, _ in Links(aside[0]).found if text.startswith("Der ")]
    assert titles == ["Der erste <b> & mehr", "Der zweite", "Der dritte"]


def test_a_new_article_comes_to_the_top_of_sidebar_home_and_feed(tmp_path: Path) -> None:
    folder = themed(tmp_path)
    write(folder, {"texte/artikel/neuester/index.md": article("Der neueste", "2026-11-30")})
    site = build(folder, "--strict")
    assert next(rss(site)).findtext("title") == "Der neueste"
    home = [text for text, _ in Links(html(site, "")).found]
    assert any("Der neueste" in text for text in home)
    order = [html(site, FIRST).find(title) for title in ("Der neueste", "Der zweite", "Der dritte")]
    assert -1 not in order
    assert order == sorted(order)


def test_a_site_without_articles_builds(tmp_path: Path) -> None:
    folder = themed(tmp_path)
    shutil.rmtree(folder / "texte/artikel")
    site = build(folder, "--strict")
    assert pages(site) == ["", "about/", "archive/", "corrections/", "feeds/", "tags/"]
