"""The feeds of whole sites: valid by every rule, complete, of permanent ids, and offered where their articles are."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pytest
from browser.stress import NOW, PAGES, write_stress_site
from browser.stress_text import HOSTILE_AUTHOR, HOSTILE_CORRECTION, HOSTILE_DESCRIPTION, HOSTILE_TAG, HOSTILE_TITLE
from engblog.disk.docs import check_docs
from engblog.disk.project import find_project
from engblog.site.planned_files import feed_files
from engblog.site.views import build_views
from support.feeds import (
    ATOM,
    CONTENT,
    CREATOR,
    MEDIA,
    check_content,
    check_opml,
    check_parsed,
    check_site,
    moment,
    own_feeds,
    xml,
)
from support.hosts import REPOSITORY, Abort, build, build_here, config, log, mini, pages, view
from support.sources import DRAWING, article
from support.themed import themed

STRESS_URL = "https://stress.example/deep/er/"
REAL_URL = "https://real-engineering.github.io/blog/"
THEMED_URL = "https://mini.example/heft/"


RSS, JSON = "feed_rss_created.xml", "feed_json_created.json"
_PLUGIN = """\
  - rss:
      match_path: "articles/[^/]+/index\\\\.md$"
      use_git: false
      use_material_blog: false
      use_material_social_cards: false
      date_from_meta: {as_creation: published, as_update: modified, datetime_format: "%Y-%m-%dT%H:%M:%S%z"}
"""


class Item(NamedTuple):
    """What an item says, in whatever format."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    published: str
    updated: str
    people: tuple[str, ...]
    terms: tuple[str, ...]
    picture: str


def of_rss(item: Element) -> Item:
    texts = [item.findtext(name) or "" for name in ("guid", "link", "title", "description", CONTENT)]
    texts[3] = html.unescape(texts[3])
    moments = [moment(item.findtext(name) or "").isoformat() for name in ("pubDate", f"{ATOM}updated")]
    terms = tuple(each.text or "" for each in item.findall("category"))
    return Item(*texts, *moments, tuple(each.text or "" for each in item.findall(CREATOR)), terms, picture_of(item))


def of_atom(entry: Element) -> Item:
    one = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "summary", "content")}
    moments = [moment(entry.findtext(f"{ATOM}{name}") or "").isoformat() for name in ("published", "updated")]
    link = entry.find(f"{ATOM}link")
    assert link is not None
    people = tuple(each.text or "" for each in entry.findall(f"{ATOM}author/{ATOM}name"))
    terms = tuple(each.get("term") or "" for each in entry.findall(f"{ATOM}category"))
    texts = (one["id"], link.get("href") or "", one["title"], one["summary"], one["content"])
    return Item(*texts, *moments, people, terms, picture_of(entry))


def of_json(item: dict[str, Any]) -> Item:
    texts = [item.get(name, "") for name in ("id", "url", "title", "summary", "content_html")]
    moments = [moment(item[name]).isoformat() for name in ("date_published", "date_modified")]
    people = tuple(each["name"] for each in item.get("authors", []))
    return Item(*texts, *moments, people, tuple(item.get("tags", [])), item.get("image", ""))


def picture_of(item: Element) -> str:
    picture = item.find(f"{MEDIA}content")
    return "" if picture is None else picture.get("url") or ""


@pytest.fixture(scope="module")
def stress(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of everything that breaks layouts."""
    folder = tmp_path_factory.mktemp("stress")
    write_stress_site(folder, site_url=STRESS_URL)
    return build(folder, "--strict", SOURCE_DATE_EPOCH=NOW)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's site."""
    target = tmp_path_factory.mktemp("real") / "site"
    build(REPOSITORY, "--strict", "-d", str(target))
    return target


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site in another language."""
    return build(themed(tmp_path_factory.mktemp("themed")), "--strict")


@pytest.fixture(params=["stress", "real", "small"])
def site(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Each of the three, and its address."""
    url = {"stress": STRESS_URL, "real": REAL_URL, "small": THEMED_URL}[request.param]
    return request.getfixturevalue(request.param), url


def own_pages(folder: Path) -> list[str]:
    """The pages of a themed site that are no redirects."""
    return [page for page in pages(folder) if 'http-equiv="refresh"' not in (folder / page / "index.html").read_text()]


def listed(site: Path, page: str) -> list[str]:
    """The articles on a list's first page, in order."""
    text = (site / page / "index.html").read_text()
    rows = re.findall(r'<h3 class="row__title"><a class="stretched" href="([^"]+)"', text)
    return [row.replace("../", "") for row in rows]


def items(site: Path, feed: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((site / feed).read_text())["items"]
    return found


# Every rule


def test_every_feed_keeps_every_rule_of_its_specification(site: tuple[Path, str]) -> None:
    folder, url = site
    ids = check_site(folder, url)
    assert len(ids) > 20
    for path, found in ids.items():
        if path.endswith("/atom.xml"):
            base = path.removesuffix("atom.xml")
            names = ("feed_rss_created.xml", "feed_json_created.json") if not base else ("feed.xml", "feed.json")
            assert found == ids[base + names[0]] == ids[base + names[1]], "three formats, one list"


def test_the_list_of_feeds_names_each_feed_once(site: tuple[Path, str]) -> None:
    folder, url = site
    listed = check_opml((folder / "feeds.opml").read_bytes(), folder, url)
    assert sorted(listed) == sorted(path.relative_to(folder).as_posix() for path in own_feeds(folder)["atom"])


def test_every_term_and_person_has_its_three_feeds(site: tuple[Path, str]) -> None:
    folder, _ = site
    lists = [
        page for page in own_pages(folder) if re.fullmatch(r"(categories|tags|authors|series)/[^/]+/([^/]+/)?", page)
    ]
    lists = [page for page in lists if "/page/" not in page]
    assert lists
    for page in [*lists, "corrections/"]:
        assert all((folder / page / name).is_file() for name in ("feed.xml", "atom.xml", "feed.json")), page
    assert not (folder / "feed.xml").exists(), "the RSS of the whole site is mkdocs-rss-plugin's"


def test_addresses_in_the_text_lead_to_files_of_the_site(site: tuple[Path, str]) -> None:
    folder, url = site
    found: set[str] = set()
    for path in own_feeds(folder)["json"]:
        for item in json.loads(path.read_text())["items"]:
            found |= set(check_content(item["content_html"], url))
    assert found
    for address in found:
        path = folder / unquote(address.removeprefix(url).partition("#")[0])
        assert path.is_file() or (path / "index.html").is_file(), address


# What stands in them


def test_a_lists_feed_has_its_newest_articles_newest_first(stress: Path) -> None:
    for page in ("categories/systems/", "tags/linux/", "authors/ada/", "categories/数据/"):
        found = [item["url"].removeprefix(STRESS_URL) for item in items(stress, f"{page}feed.json")]
        assert found == listed(stress, page)[:10], page
        dates = [item["date_published"] for item in items(stress, f"{page}feed.json")]
        assert dates == sorted(dates, reverse=True)


def test_the_sites_feed_has_the_newest_articles(stress: Path) -> None:
    entries = check_parsed((stress / "atom.xml").read_bytes()).entries
    plugins = json.loads((stress / "feed_json_created.json").read_text())["items"]
    assert [entry.link for entry in entries] == [item["url"] for item in plugins]


def test_an_article_is_there_with_its_whole_text(stress: Path) -> None:
    (item,) = (
        item
        for item in items(stress, "categories/systems/feed.json")
        if item["url"].endswith(PAGES["article: every feature"])
    )
    text = html.unescape(re.sub(r"<[^>]*>", "", item["content_html"]))
    for words in (
        "The opening says what broke.", "The unit was", "server.close()", "lab/server.py", "One, one, one", "☑ done",
        "☐ to do", "EXPLAIN ANALYZE", "A diagram with every class", "A small one in the text", "HyperText",
        "More words that fill a screen",
    ):  # fmt: skip
        assert (words in text) == (words != "HyperText"), words
    assert "drain.svg" in item["content_html"]
    assert "__span" not in item["content_html"]
    assert "headerlink" not in item["content_html"]


def test_hostile_words_come_out_as_words(stress: Path) -> None:
    address = STRESS_URL + PAGES["article: hostile"]
    for path in ("tags/b-tag-b-and-co-n/atom.xml", "authors/bobby/atom.xml", "atom.xml"):
        (entry,) = (entry for entry in check_parsed((stress / path).read_bytes()).entries if entry.link == address)
        root = xml((stress / path).read_bytes())
        names = {name.text for name in root.iter("{http://www.w3.org/2005/Atom}name")}
        assert HOSTILE_AUTHOR in names
        assert html.unescape(entry.title) == html.unescape(HOSTILE_TITLE)
        assert HOSTILE_TAG in [tag.term for tag in entry.tags]
        titles = [each.text for each in root.iter("{http://www.w3.org/2005/Atom}title")]
        assert HOSTILE_TITLE in titles
    rss = xml((stress / "authors/bobby/feed.xml").read_bytes())
    (found,) = (each for each in rss.iter("item") if each.findtext("link") == address)
    assert found.findtext("title") == HOSTILE_TITLE
    assert html.unescape(found.findtext("description") or "") == HOSTILE_DESCRIPTION
    (item,) = (item for item in items(stress, "authors/bobby/feed.json") if item["url"] == address)
    assert item["summary"] == HOSTILE_DESCRIPTION


# What was corrected


def test_corrections_and_updates_have_a_feed_and_a_page(stress: Path) -> None:
    ids = {item["url"].removeprefix(STRESS_URL): item["id"] for item in items(stress, "authors/ada/feed.json")}
    base = ids[PAGES["article: every feature"]]
    found = items(stress, "corrections/feed.json")
    assert [item["id"] for item in found] == [f"{base}#correction-2026-11-25-1", f"{base}#correction-2026-11-24-1"]
    assert html.unescape(re.sub(r"</?(p|a)\b[^>]*>", "", found[1]["content_html"])).startswith(HOSTILE_CORRECTION)
    page = (stress / "corrections/index.html").read_text()
    target = found[0]["url"].removeprefix(STRESS_URL)
    assert f'href="../{target}"' in page
    path, _, fragment = target.partition("#")
    assert f'id="{fragment}"' in (stress / path / "index.html").read_text()
    assert "&lt;script&gt;" in page
    assert "2 corrections" in page
    assert "1 updated article" in page


def test_an_update_without_a_correction_is_told_of_in_the_feed(small: Path) -> None:
    (item,) = items(small, "corrections/feed.json")
    assert item["id"].endswith("/erster/#updated-2026-11-22")
    assert item["date_published"] == "2026-11-22T00:00:00Z"


def test_a_site_without_a_correction_promises_the_page_all_the_same(real: Path) -> None:
    assert "corrections/" in pages(real)
    assert 'href="../corrections/"' in (real / "about/index.html").read_text()


def test_an_article_says_at_its_head_that_it_was_corrected(stress: Path, small: Path) -> None:
    text = (stress / PAGES["article: every feature"] / "index.html").read_text()
    (said,) = re.findall(r'<a href="#page--corrections">(Corrected .*)</a>', text)
    assert said == 'Corrected <time datetime="2026-11-25">25 November 2026</time>'
    assert "Corrected <time" not in (small / "artikel/2026/11/20/erster/index.html").read_text()


def test_a_correction_makes_an_article_newer_and_a_build_does_not(tmp_path: Path) -> None:
    corrected = article(corrections="[{date: 2026-11-24, text: Not 12.}]", date="2026-11-20T09:00:00+02:00")
    folder = mini(tmp_path, {"docs/articles/a/index.md": corrected, "docs/articles/b/index.md": article()})
    site = build_here(folder)
    by_title = {entry.id[-2:]: entry for entry in check_parsed((site / "atom.xml").read_bytes()).entries}
    assert (by_title["a/"].published, by_title["a/"].updated) == ("2026-11-20T07:00:00Z", "2026-11-24T00:00:00Z")
    assert by_title["b/"].updated == by_title["b/"].published
    before = {path: path.read_bytes() for paths in own_feeds(site).values() for path in paths}
    build(folder, SOURCE_DATE_EPOCH="1796212800")
    assert {path: path.read_bytes() for path in before} == before


# Ids


def ids(site: Path, url: str) -> dict[str, list[str]]:
    return {path: sorted(found) for path, found in check_site(site, url).items()}


def test_an_article_that_moves_keeps_its_id(tmp_path: Path) -> None:
    correction = "[{date: 2026-11-24, text: One.}, {date: 2026-11-24, text: Two.}]"
    site = build_here(mini(tmp_path / "a", {"docs/articles/old/index.md": article(corrections=correction)}))
    before = ids(site, "https://mini.example/blog/")
    assert before["atom.xml"] == ["tag:mini.example,2026:articles/2026/11/20/old/"]
    moved = article(
        corrections=correction, date="2026-11-21", aliases="[/articles/2026/11/20/old/, /articles/2026/11/20/newer/]"
    )
    site = build_here(mini(tmp_path / "b", {"docs/articles/new/index.md": moved}))
    assert ids(site, "https://mini.example/blog/") == before
    assert check_parsed((site / "atom.xml").read_bytes()).entries[0].link.endswith("/articles/2026/11/21/new/")


def test_an_article_that_moves_back_or_without_an_alias_keeps_its_id(tmp_path: Path) -> None:
    correction = "[{date: 2026-11-24, text: One.}]"
    site = build_here(mini(tmp_path / "a", {"docs/articles/old/index.md": article(corrections=correction)}))
    before = ids(site, "https://mini.example/blog/")
    for name, aliases in (("old", "[/articles/2026/11/20/new/]"), ("new", "[]")):
        moved = article(corrections=correction, aliases=aliases, id="/articles/2026/11/20/old/")
        site = build_here(mini(tmp_path / name, {f"docs/articles/{name}/index.md": moved}))
        assert ids(site, "https://mini.example/blog/") == before


def test_a_site_that_moves_keeps_its_ids(tmp_path: Path) -> None:
    options = 'feed_authority: "mini.example,2026"'
    files = {"docs/articles/a/index.md": article(authors="[ada]"), "mkdocs.yml": config(options)}
    before = ids(build_here(mini(tmp_path / "a", files)), "https://mini.example/blog/")
    other = config(options).replace("https://mini.example/blog/", "https://www.other.example/")
    site = build_here(mini(tmp_path / "b", {**files, "mkdocs.yml": other}))
    assert ids(site, "https://www.other.example/") == before


@pytest.mark.parametrize("wrong", ["example.org", "Example.org,2026", "example.org,26", "-x.org,2026", "a b,2026"])
def test_an_authority_that_is_none_is_an_error(tmp_path: Path, wrong: str) -> None:
    mini(tmp_path, {"mkdocs.yml": config(f'feed_authority: "{wrong}"')})
    with pytest.raises(Abort), log() as lines:
        build_here(tmp_path)
    assert any("write: example.org,2026" in line for line in lines)


# What readers are offered


def test_a_page_offers_the_feeds_of_its_own_list_first(small: Path) -> None:
    text = (small / "tags/uhr/page/2/index.html").read_text()
    offered = re.findall(r'<link rel="alternate" type="application/(?:rss|atom|feed)\+\w+"[^>]* href="([^"]+)"', text)
    own = ["../../feed.xml", "../../atom.xml", "../../feed.json"]
    assert [address.replace("../../../../tags/uhr/", "../../") for address in offered[:3]] == own
    assert [address.rpartition("/")[2] for address in offered[3:]] == [
        "feed_rss_created.xml", "atom.xml", "feed_json_created.json"
    ]  # fmt: skip
    assert text.count('class="subscribe"') == 1


def test_every_feed_that_a_page_offers_is_there(site: tuple[Path, str]) -> None:
    folder, _ = site
    for page in own_pages(folder):
        text = (folder / page / "index.html").read_text()
        kind = r'type="application/(?:rss|atom|feed)\+\w+"'
        offered = re.findall(rf'<link rel="alternate" {kind}[^>]* href="([^"]+)"', text)
        offered += re.findall(rf'<a href="([^"]+)" {kind}', text)
        assert offered, page
        for address in offered:
            assert (folder / page / unquote(html.unescape(address))).resolve().is_file(), (page, address)


def test_the_page_of_all_feeds_leads_to_all_feeds(site: tuple[Path, str]) -> None:
    folder, _ = site
    text = (folder / "feeds/index.html").read_text()
    offered = re.findall(r'<a href="../([^"]+)" type="application/', text)
    found = {unquote(html.unescape(address)) for address in offered}
    ours = {path.relative_to(folder).as_posix() for paths in own_feeds(folder).values() for path in paths}
    assert found == ours - {"feed_rss_updated.xml", "feed_json_updated.json"}
    assert 'href="../feeds.opml"' in text


def test_a_site_that_does_not_know_its_address_has_no_feeds(tmp_path: Path) -> None:
    plain = config().replace("site_url: https://mini.example/blog/\n", "")
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article(), "mkdocs.yml": plain}))
    assert own_feeds(site) == {"rss": [], "atom": [], "json": []}
    assert not (site / "feeds.opml").exists()
    assert "feeds/" not in pages(site)
    assert view(site, "tags/redis/")["feeds"] == view(site, "corrections/")["feeds"] == []


def test_the_size_of_a_feed_is_an_option(tmp_path: Path) -> None:
    files = {f"docs/articles/a{n}/index.md": article(date=f"2026-11-{n:02}") for n in range(1, 15)}
    site = build_here(mini(tmp_path, {**files, "mkdocs.yml": config("feed_size: 3")}))
    assert [item["url"].split("/")[-2] for item in items(site, "tags/redis/feed.json")] == ["a14", "a13", "a12"]
    other = build_here(mini(tmp_path / "other", files))
    assert len(items(other, "tags/redis/feed.json")) == 10


@pytest.mark.parametrize(
    ("option", "whole"),
    [
        ("", {"categories/database/"}),
        ("feed_texts: site", set()),
        ("feed_texts: all", {"categories/database/", "tags/redis/", "authors/ada/"}),
    ],
)
def test_which_feeds_have_whole_texts_is_an_option(option: str, whole: set[str], tmp_path: Path) -> None:
    about = "What <b>this</b> is about, in as many words as a description has to have, which are eighty characters."
    text = article("What broke.\n\nWords of the text.\n", description=about, authors="[ada]")
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": text, "mkdocs.yml": config(option)}))
    for page in ("categories/database/", "tags/redis/", "authors/ada/"):
        (item,) = items(site, f"{page}feed.json")
        assert ("Words of the text." in item["content_html"]) == (page in whole), page
        if page not in whole:
            assert item["content_html"].startswith("<p>What &lt;b&gt;this&lt;/b&gt; is about,")
            assert f'<a href="{item["url"]}">{item["title"]}</a>' in item["content_html"]
        for name in ("feed.xml", "atom.xml"):
            assert ("Words of the text." in (site / page / name).read_text()) == (page in whole), page
    assert "Words of the text." in (site / "atom.xml").read_text()


# The site's own feeds, which mkdocs-rss-plugin plans


def test_the_plugins_feeds_have_the_models_articles_and_dates(stress: Path) -> None:
    newest = {entry.link: entry for entry in check_parsed((stress / "atom.xml").read_bytes()).entries}
    everything = [page for page in own_pages(stress) if re.fullmatch(r"articles/\d{4}/\d\d/\d\d/[^/]+/", page)]
    plugins = json.loads((stress / "feed_json_created.json").read_text())["items"]
    rss = list(xml((stress / "feed_rss_created.xml").read_bytes()).iter("item"))
    assert sorted(item["url"] for item in plugins) == sorted(STRESS_URL + page for page in everything)
    assert [item.findtext("link") for item in rss] == [item["url"] for item in plugins]
    for item, shown in zip(plugins, rss, strict=True):
        day = "-".join(item["url"].split("/articles/")[1].split("/")[:3])
        assert item["date_published"] == f"{day}T00:00:00Z"
        assert moment(shown.findtext("pubDate") or "") == moment(item["date_published"])
        if item["url"] in newest:
            assert moment(newest[item["url"]].published) == moment(item["date_published"])


def in_every_format(site: Path, names: tuple[str, str, str]) -> list[list[Item]]:
    """The items of the feeds called *names*, in RSS, Atom and JSON Feed."""
    rss, atom, feed = (site / name for name in names)
    return [
        [of_rss(item) for item in xml(rss.read_bytes()).iter("item")],
        [of_atom(entry) for entry in xml(atom.read_bytes()).iter(f"{ATOM}entry")],
        [of_json(item) for item in json.loads(feed.read_text())["items"]],
    ]


def is_whole(page: str) -> bool:
    """True if the feeds of *page* have whole texts: those of the site, of corrections, and of categories."""
    return page in {"", "corrections/"} or (page.startswith("categories/") and page.count("/") == 2)


def test_whatever_address_a_reader_subscribes_to_brings_the_same(site: tuple[Path, str]) -> None:
    """Id, title, link, summary, moments, terms, people and picture: in each format, and in each feed; and the text, in
    all that have whole texts."""
    folder, url = site
    rss, atom, feed = in_every_format(folder, (RSS, "atom.xml", JSON))
    assert rss == atom == feed
    known = {item.id: item for item in rss}
    by_update = [of_json(item) for item in items(folder, "feed_json_updated.json")]
    assert by_update == sorted(rss, key=lambda item: item.updated, reverse=True) or len(known) == len(by_update)
    assert {item.id: item for item in by_update} == known
    for path in folder.rglob("feed.json"):
        page = path.parent.relative_to(folder).as_posix()
        of_list = in_every_format(folder, (f"{page}/feed.xml", f"{page}/atom.xml", f"{page}/feed.json"))
        assert of_list[0] == of_list[1] == of_list[2], page
        whole = is_whole(unquote(json.loads(path.read_text())["home_page_url"].removeprefix(url)))  # not an old address
        for item in of_list[0]:
            of_site = known.get(item.id, item)
            assert item == (of_site if whole else of_site._replace(content=item.content)), page
            assert whole or item.content.count("<p>") == 2, page


def test_the_plugin_decides_what_is_in_them_and_what_they_are_called(tmp_path: Path) -> None:
    files = {f"docs/articles/a{n}/index.md": article(date=f"2026-11-{n:02}") for n in range(1, 6)}
    own = (
        "      length: 3\n      feed_title: Everything\n      feed_description: All of it.\n      feed_ttl: 60\n"
        "      image: https://mini.example/blog/logo.png\n      json_feed_enabled: false\n      feeds_filenames: "
        "{rss_created: all.xml, rss_updated: new.xml}\n"
    )
    plugin = _PLUGIN + own
    site = build_here(mini(tmp_path, {**files, "mkdocs.yml": config().replace("plugins:\n", f"plugins:\n{plugin}")}))
    channel = xml((site / "all.xml").read_bytes())[0]
    said = [channel.findtext(name) for name in ("title", "description", "ttl", "image/url", "generator")]
    assert said == ["Everything", "All of it.", "60", "https://mini.example/blog/logo.png", "engblog"]
    assert [item.findtext("link", "").split("/")[-2] for item in channel.iter("item")] == ["a5", "a4", "a3"]
    atom = check_parsed((site / "atom.xml").read_bytes())
    assert (atom.feed.title, len(atom.entries)) == ("Everything", 3), "the third format too"
    assert (site / "new.xml").is_file()
    assert not list(site.glob("*.json.json")) + list(site.glob("feed_*"))


def test_a_feed_is_as_old_as_its_newest_entry(small: Path) -> None:
    for name in (RSS, "feed_rss_updated.xml"):
        channel = xml((small / name).read_bytes())[0]
        assert channel.findtext("pubDate") == channel.findtext("lastBuildDate") == "Sun, 22 Nov 2026 00:00:00 GMT"


def test_an_update_on_the_day_of_publication_is_told(tmp_path: Path) -> None:
    files = {
        "docs/articles/a/index.md": article(date="2026-11-20T09:00+02:00", updated="2026-11-20T18:30Z"),
        "docs/articles/b/index.md": article(
            date="2026-11-20T09:00+02:00", corrections="[{date: 2026-11-20, text: Not 12.}]"
        ),
        "mkdocs.yml": config().replace("plugins:\n", f"plugins:\n{_PLUGIN}"),
    }
    site = build_here(mini(tmp_path, files))
    for found in in_every_format(site, (RSS, "atom.xml", JSON)):
        moments = {item.url.split("/")[-2]: (item.published, item.updated) for item in found}
        assert moments == {
            "a": ("2026-11-20T07:00:00+00:00", "2026-11-20T18:30:00+00:00"),
            "b": ("2026-11-20T07:00:00+00:00", "2026-11-20T07:00:00+00:00"),  # a correction has no hour
        }
    changes = {item["id"].rpartition("#")[2]: item for item in items(site, "corrections/feed.json")}
    assert changes.keys() == {"updated-2026-11-20", "correction-2026-11-20-1"}
    assert changes["updated-2026-11-20"]["date_published"] == "2026-11-20T18:30:00Z"
    assert changes["updated-2026-11-20"]["summary"].startswith("Updated on 20 November 2026 at 18:30 UTC; ")


# Old addresses


def test_an_old_address_of_a_feed_serves_the_feed_itself(tmp_path: Path) -> None:
    files = {
        "docs/articles/a/index.md": article(),
        "docs/redirects.yml": f"/feed.xml: /{RSS}\n/2019/index.xml: /atom.xml\n/feed.json: /{JSON}\n"
        "/tags/cache/: /tags/redis/\n",
        "theme/assets/css/feed.css": ":root { }\n",
        "mkdocs.yml": config().replace("plugins:\n", f"plugins:\n{_PLUGIN}"),
    }
    site = build_here(mini(tmp_path, files))
    served = {"feed.xml": RSS, "2019/index.xml": "atom.xml", "feed.json": JSON}
    served |= {f"tags/cache/{name}": f"tags/redis/{name}" for name in ("feed.xml", "atom.xml", "feed.json")}
    for old, new in served.items():
        assert without_sheets(site / old) == without_sheets(site / new), old
        assert_sheets(site, old)
    assert f"https://mini.example/blog/{RSS}" in (site / "feed.xml").read_text(), "readers learn the new address"


def test_the_check_knows_the_feeds_that_the_build_writes(site: tuple[Path, str]) -> None:
    """An old address may lead to each of them, and to nothing else."""
    folder, url = site
    config_file = REPOSITORY / "mkdocs.yml" if url == REAL_URL else folder.parent / "mkdocs.yml"
    project = find_project(config_file)
    views = build_views(check_docs(project.docs, project.settings).site, page_size=project.settings.page_size)
    found = {path.relative_to(folder).as_posix() for paths in own_feeds(folder).values() for path in paths}
    assert feed_files(views) | project.settings.whole_feeds == found


def test_the_feeds_of_a_tag_that_was_renamed_stay(stress: Path) -> None:
    moved = {path for path in stress.rglob("atom.xml") if path not in own_feeds(stress)["atom"]}
    assert len(moved) >= 3
    for path in moved:
        (address,) = re.findall(r'<link rel="self" [^>]*href="([^"]+)"', path.read_text())
        own = stress / unquote(address.removeprefix(STRESS_URL))
        assert own in own_feeds(stress)["atom"]
        for name in ("feed.xml", "atom.xml", "feed.json"):
            assert without_sheets(path.with_name(name)) == without_sheets(own.with_name(name))


# Opened in a browser


def without_sheets(path: Path) -> str:
    return re.sub(r"<\?xml-stylesheet[^>]*>\n", "", path.read_text())


def assert_sheets(site: Path, feed: str) -> None:
    """The style sheets of *feed* are files of the site, and none is a program."""
    text = (site / feed).read_text()
    found = re.findall(r'<\?xml-stylesheet type="text/css" href="([^"?]+)\?v=\w+"\?>', text)
    assert len(found) == text.count("<?xml-stylesheet")
    assert bool(found) == feed.endswith(".xml")
    assert all(((site / feed).parent / sheet).resolve().is_file() for sheet in found), (feed, found)


def test_every_feed_names_style_sheets_of_the_site_and_explains_itself(site: tuple[Path, str]) -> None:
    folder, url = site
    for format_, paths in own_feeds(folder).items():
        for path in paths:
            name = path.relative_to(folder).as_posix()
            assert_sheets(folder, name)
            if format_ != "json":
                (address,) = re.findall(r"<code>([^<]+)</code></p>", path.read_text().partition("<ol>")[0])
                assert unquote(address) == url + name
    assert not list(folder.rglob("*.xsl")), "browsers are removing XSLT"


def test_a_theme_without_a_style_sheet_for_feeds_leaves_them_to_the_browser(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article()}))
    assert "xml-stylesheet" not in (site / "atom.xml").read_text()
    assert "xhtml" not in (site / "atom.xml").read_text()


# What the page of all feeds promises


def words(markup: str) -> list[str]:
    """The words of *markup*, without tags and signs."""
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", markup)))


def _in_full(folder: Path, url: str) -> None:
    """Each paragraph of the page's text is in the item, with its words in their order."""
    seen = 0
    for item in items(folder, JSON):
        page = (folder / unquote(item["url"].removeprefix(url)) / "index.html").read_text()
        told = " ".join(words(item["content_html"]))
        text = page.partition('class="prose')[2].partition("</article>")[0]
        paragraphs = [" ".join(words(each)) for each in re.findall(r"<p>([^<]+)</p>", text)]
        seen += len(paragraphs)
        assert [each for each in paragraphs if each not in told] == [], item["url"]
    assert seen


def _every_article(folder: Path, url: str) -> None:
    pages_ = [page for page in own_pages(folder) if 'data-kind="article"' in (folder / page / "index.html").read_text()]
    assert sorted(unquote(item["url"]) for item in items(folder, JSON)) == sorted(url + page for page in pages_)


def _untracked(folder: Path, url: str) -> None:
    """Nothing is loaded from elsewhere (`check_content`), and no address of the site's tells who follows it."""
    for paths in own_feeds(folder).values():
        for path in paths:
            for address in re.findall(rf"{re.escape(url)}[^\s\"'<>&]*", path.read_text()):
                query = address.partition("#")[0].partition("?")[2]
                assert re.fullmatch(r"(v=\w+)?", query), address


def _as_one_list(folder: Path, url: str) -> None:
    assert len(check_opml((folder / "feeds.opml").read_bytes(), folder, url)) == len(own_feeds(folder)["atom"])


def _shown_elsewhere(_folder: Path, _url: str) -> None:
    """By a test of its own."""


PROMISES: Mapping[str, tuple[Callable[[Path, str], None], ...]] = {
    "A feed delivers every new article in full to the feed reader that you already use: no account, no e-mail, no "
    "tracking.": (_every_article, _in_full, _untracked),
    # test_whatever_address_a_reader_subscribes_to_brings_the_same
    "RSS, Atom and JSON Feed bring the same articles.": (_shown_elsewhere,),
    # test_an_article_that_moves_keeps_its_id, test_a_correction_makes_an_article_newer_and_a_build_does_not
    "An article that moves or changes stays the same article to your reader.": (_shown_elsewhere,),
    # test_every_feed_names_style_sheets_of_the_site_and_explains_itself, and tests/browser/test_feeds.py
    "Open a feed in your browser to see its address.": (_shown_elsewhere,),
    "All feeds as one list to import (OPML)": (_as_one_list,),
}


def test_the_page_promises_nothing_that_is_not_tested(real: Path) -> None:
    head = (real / "feeds/index.html").read_text().partition("<h1")[2].partition("</header>")[0].partition("</h1>")[2]
    said = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", head)).split())
    assert said == " ".join(PROMISES)


def test_what_the_page_promises_is_true(site: tuple[Path, str]) -> None:
    for checks in PROMISES.values():
        for check in checks:
            check(*site)


# Pictures


def test_each_item_has_its_card_as_picture(real: Path) -> None:
    for path in own_feeds(real)["json"]:
        for item in json.loads(path.read_text())["items"]:
            page = item["url"].removeprefix(REAL_URL).partition("#")[0]
            (shown,) = re.findall(
                r'<meta property="og:image" content="([^"]+)"', (real / page / "index.html").read_text()
            )
            assert html.unescape(shown) == item["image"]
            assert (real / item["image"].removeprefix(REAL_URL).partition("?")[0]).is_file()


def test_a_diagram_is_shown_by_its_file_wherever_that_lies(tmp_path: Path) -> None:
    body = "![A](drain.svg)\n\n![B](../b/other.svg)\n\n![C](../../shared/three.svg)\n"
    files = {
        "docs/articles/a/index.md": article(body),
        "docs/articles/a/drain.svg": DRAWING,
        "docs/articles/b/index.md": article(date="2026-11-19"),
        "docs/articles/b/other.svg": DRAWING,
        "docs/shared/three.svg": DRAWING,
    }
    site = build_here(mini(tmp_path, files))
    (item,) = (item for item in items(site, "categories/database/feed.json") if item["url"].endswith("/a/"))
    sources = re.findall(r'<img src="https://mini.example/blog/([^"]+)" alt="Drain. A drain"', item["content_html"])
    assert sources == ["articles/2026/11/20/a/drain.svg", "articles/2026/11/19/b/other.svg", "shared/three.svg"]
    assert all((site / source).is_file() for source in sources)
