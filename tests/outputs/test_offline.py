"""The lists from which a reader's browser saves articles: all that is needed, at the addresses that pages ask for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from engblog.disk.tree import SiteTree
from engblog.model.kinds import CATEGORY
from engblog.model.publication import Identity, Publication
from engblog.model.site import Site
from engblog.outputs.offline import INDEX, offline_files, shown_pictures
from engblog.site.views import build_views
from support.sources import article, read_articles, write

PAGE = (
    '<link rel="stylesheet" href="../assets/css/base.css?v=12ab"><script src="../assets/js/site.js?v=12ab"></script>'
    '<link rel="icon" href="../assets/icons/mark.svg"><link rel="alternate" href="../feed.xml"><a href="../about/">'
)
BODY = '<p><img src="drain.png"> <img src="../shared/a%20b.png?x=1&amp;y=2"> <img src="https://evil.example/a.png">'


OWN = {"search/parts/a.json": [["", "", "Text."]], "search/parts/b.json": [["b", "B", "More."]]}
TEXTS = len(json.dumps(OWN, separators=(",", ":")))


def site(folder: Path) -> Site:
    """Three articles of two categories."""
    return read_articles(
        folder,
        one=article(title="One </script>", date="2026-11-20", subcategory="Storage"),
        two=article(title="Two", date="2026-11-19"),
        three=article(title="Three", date="2026-11-18", category="System Design"),
    ).site


@pytest.fixture
def published(tmp_path: Path) -> tuple[Publication, Path]:
    """A publication, and the folder of its site."""
    model = site(tmp_path / "docs")
    folder = tmp_path / "site"
    views = build_views(model, page_size=1)
    bodies = {each.src_uri: "<p>Text." for each in model.articles} | {model.articles[0].src_uri: BODY}
    files: dict[str, str | bytes] = {f"{each.url}index.html": bodies[each.src_uri] for each in model.articles}
    files |= {f"{view.url}index.html": view.title for view in views}
    files |= {
        f"{model.articles[0].url}drain.png": b"picture",
        f"{model.articles[0].url}unused.png": b"nobody shows it",
        f"{model.articles[0].url}lab/index.html": "the lab",
        "articles/2026/11/20/shared/a b.png": b"shared",
        "offline/index.html": PAGE,
        "search/index.html": "the search",
        "search/engine.mjs": "engine",
        "search/base.json": "the base",
        "search/parts/s.bin": b"\0\1\2",
        "search/parts/w.txt": b"word",
        "search/parts/a.json": '{"articles/2026/11/20/one/":[["","","Text."]],"elsewhere/":[["","","Not saved."]]}',
        "search/parts/b.json": '{"articles/2026/11/20/one/":[["b","B","More."]]}',
        "assets/css/base.css": "css",
        "assets/js/site.js": "js",
        "assets/js/late.js": "loaded by site.js",
        "assets/fonts/text.woff2": b"font",
        "assets/fonts/OFL.txt": "licence",
        "assets/icons/mark.svg": "icon",
        "assets/screenshot.png": b"large",
        "feed.xml": "feed",
        "about/index.html": "about",
        "sw.js": "worker",
    }
    write(folder, files)
    return Publication(Identity("Mini", "https://mini.example/blog/"), model, views, bodies), folder


def listed(publication: Publication, folder: Path) -> tuple[dict[str, bytes], Any]:
    """What is written, and the catalogue."""
    written = dict(offline_files(publication, SiteTree(folder)))
    return written, json.loads(written[json.loads(written[INDEX])["catalogue"]])


def addresses(written: dict[str, bytes], name: str) -> list[str]:
    """The addresses in a list."""
    return [address for address, _, _ in json.loads(written[name])["files"]]


def test_the_shell_is_what_every_page_asks_for_at_the_addresses_that_it_uses(
    published: tuple[Publication, Path],
) -> None:
    written, catalogue = listed(*published)
    assert addresses(written, catalogue["shell"][0]) == [
        "",
        "assets/css/base.css?v=12ab",
        "assets/fonts/text.woff2",
        "assets/icons/mark.svg",
        "assets/js/late.js?v=12ab",
        "assets/js/site.js?v=12ab",
        "offline/",
    ]


def test_an_article_brings_its_lab_and_the_pictures_that_it_shows(published: tuple[Publication, Path]) -> None:
    written, catalogue = listed(*published)
    url, title, name, size = catalogue["articles"][0]
    assert (url, title) == ("articles/2026/11/20/one/", "One </script>")
    assert addresses(written, name) == [
        "articles/2026/11/20/one/",
        "articles/2026/11/20/one/drain.png",
        "articles/2026/11/20/one/lab/",
        "articles/2026/11/20/shared/a%20b.png?x=1&y=2",
    ]
    assert size == len(BODY) + len("picture") + len("the lab") + len("shared") + TEXTS


def test_a_category_brings_all_its_pages_and_names_its_articles(published: tuple[Publication, Path]) -> None:
    written, catalogue = listed(*published)
    url, title, name, _, articles = catalogue["categories"][0]
    assert (url, title, articles) == ("categories/database/", "Database", [0, 1])
    assert addresses(written, name) == [
        "categories/database/",
        "categories/database/page/2/",
        "categories/database/storage/",
    ]


def test_every_file_is_listed_with_its_bytes_and_its_digest(published: tuple[Publication, Path]) -> None:
    written, catalogue = listed(*published)
    for name, data in written.items():
        if name != INDEX:
            assert hashlib.sha256(data).hexdigest()[:16] == name.removeprefix("offline/").partition(".")[0]
    files = json.loads(written[catalogue["articles"][0][2]])["files"]
    assert files[1][1:] == [7, hashlib.sha256(b"picture").hexdigest()[:16]]


def test_the_many_files_of_the_search_are_packed_into_one(published: tuple[Publication, Path]) -> None:
    written, catalogue = listed(*published)
    content = json.loads(written[catalogue["search"][0]])
    assert content["parts"] == [["search/parts/s.bin", 3], ["search/parts/w.txt", 4]]
    assert written[content["pack"]] == b"\0\1\2word"
    assert addresses(written, catalogue["search"][0]) == [
        "search/",
        "search/base.json",
        "search/engine.mjs",
        content["pack"],
    ]


def test_the_texts_that_the_search_shows_come_with_their_article(published: tuple[Publication, Path]) -> None:
    written, catalogue = listed(*published)
    texts = [json.loads(written[row[2]]).get("texts") for row in catalogue["articles"]]
    assert texts == [OWN, None, None]


def test_what_does_not_change_keeps_its_list(published: tuple[Publication, Path]) -> None:
    publication, folder = published
    before, old = listed(publication, folder)
    write(folder, {f"{publication.site.articles[1].url}index.html": "<p>Other text."})
    after, new = listed(publication, folder)
    assert before[INDEX] != after[INDEX]
    changed = [row[0] for row, was in zip(new["articles"], old["articles"], strict=True) if row != was]
    assert changed == ["articles/2026/11/19/two/"]
    assert (new["shell"], new["search"], new["categories"]) == (old["shell"], old["search"], old["categories"])


def test_a_site_without_the_page_of_what_is_saved_offers_nothing(published: tuple[Publication, Path]) -> None:
    publication, folder = published
    (folder / "offline/index.html").unlink()
    assert dict(offline_files(publication, SiteTree(folder))) == {}


def test_a_site_without_a_search_can_be_saved(published: tuple[Publication, Path]) -> None:
    publication, folder = published
    (folder / "search/base.json").unlink()
    _, catalogue = listed(publication, folder)
    assert catalogue["search"] is None


def test_pictures_are_all_that_a_body_shows_of_this_site() -> None:
    html = (
        '<img alt="src" src="a.png"><video poster="b.jpg"></video><img srcset="c.png 1x, ../d.png 2x" src="c.png">'
        '<a href="e.png">a link</a><img src="data:image/png;base64,AA"><img src="//evil.example/f.png"><img src="">'
        '<img src="../../../../../../g.png">'
    )
    found = shown_pictures("articles/2026/11/20/one/", html)
    assert found == {
        "articles/2026/11/20/one/a.png": "articles/2026/11/20/one/a.png",
        "articles/2026/11/20/one/b.jpg": "articles/2026/11/20/one/b.jpg",
        "articles/2026/11/20/one/c.png": "articles/2026/11/20/one/c.png",
        "articles/2026/11/20/d.png": "articles/2026/11/20/d.png",
        "g.png": "g.png",
    }


def test_addresses_are_written_as_browsers_write_them(tmp_path: Path) -> None:
    model = read_articles(tmp_path / "docs", one=article()).site
    folder = write(tmp_path / "site", {"offline/index.html": PAGE, "categories/数据/index.html": ""})
    views = tuple(
        type(view)(view.kind, "categories/数据/", "数据", (), 0, key=view.key)
        for view in build_views(model, page_size=9)
        if view.kind is CATEGORY
    )
    bodies = {each.src_uri: "" for each in model.articles}
    _, catalogue = listed(Publication(Identity("Mini", ""), model, views, bodies), folder)
    assert catalogue["categories"][0][0] == "categories/%E6%95%B0%E6%8D%AE/"
