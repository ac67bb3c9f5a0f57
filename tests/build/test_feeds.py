"""The feeds of whole sites: valid by every rule, complete, of permanent ids, and offered where their articles are."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser.stress import NOW, PAGES, write_stress_site
from browser.stress_text import HOSTILE_AUTHOR, HOSTILE_CORRECTION, HOSTILE_DESCRIPTION, HOSTILE_TAG, HOSTILE_TITLE
from support.feeds import check_content, check_opml, check_parsed, check_site, moment, own_feeds, xml
from support.hosts import REPOSITORY, Abort, build, build_here, config, log, mini, pages, view
from support.sources import DRAWING, article
from support.themed import themed

STRESS_URL = "https://stress.example/deep/er/"
REAL_URL = "https://real-engineering.github.io/blog/"
THEMED_URL = "https://mini.example/heft/"


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
            assert found == ids[f"{base}feed.xml"] == ids[f"{base}feed.json"], "three formats, one list"


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
    assert [entry.link for entry in entries] == [item["url"] for item in plugins[:10]]


def test_an_article_is_there_with_its_whole_text(stress: Path) -> None:
    (item,) = (
        item for item in items(stress, "tags/redis/feed.json") if item["url"].endswith(PAGES["article: every feature"])
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
    (said,) = re.findall(r"Corrected</dt>\s*<dd>(.*)</dd>", text)
    assert said == '<a href="#page--corrections"><time datetime="2026-11-25">25 November 2026</time></a>'
    assert "Corrected</dt>" not in (small / "artikel/2026/11/20/erster/index.html").read_text()


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
    assert text.count('class="follow"') == 1


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
    ours = [path for paths in own_feeds(folder).values() for path in paths]
    assert found == {
        *(path.relative_to(folder).as_posix() for path in ours), "feed_rss_created.xml", "feed_json_created.json"
    }  # fmt: skip
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


# The site's own feeds, which are mkdocs-rss-plugin's


def test_the_plugins_feeds_have_the_models_articles_and_dates(stress: Path) -> None:
    newest = {entry.link: entry for entry in check_parsed((stress / "atom.xml").read_bytes()).entries}
    everything = [page for page in own_pages(stress) if re.fullmatch(r"articles/\d{4}/\d\d/\d\d/[^/]+/", page)]
    plugins = json.loads((stress / "feed_json_created.json").read_text())["items"]
    rss = list(xml((stress / "feed_rss_created.xml").read_bytes()).iter("item"))
    assert sorted(item["url"] for item in plugins) == sorted(STRESS_URL + page for page in everything)
    assert [item.findtext("link") for item in rss] == [item["url"] for item in plugins]
    for item, shown in zip(plugins, rss, strict=True):
        day = "-".join(item["url"].split("/articles/")[1].split("/")[:3])
        assert item["date_published"] == f"{day}T00:00:00+00:00"
        assert moment(shown.findtext("pubDate") or "") == moment(item["date_published"])
        if item["url"] in newest:
            assert moment(newest[item["url"]].published) == moment(item["date_published"])


# Pictures


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
    (item,) = (item for item in items(site, "tags/redis/feed.json") if item["url"].endswith("/a/"))
    sources = re.findall(r'<img src="https://mini.example/blog/([^"]+)" alt="Drain. A drain"', item["content_html"])
    assert sources == ["articles/2026/11/20/a/drain.svg", "articles/2026/11/19/b/other.svg", "shared/three.svg"]
    assert all((site / source).is_file() for source in sources)
