"""Old addresses: chains are followed to their end, circles and clashes are named with their places."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from engblog.disk.docs import DocsSettings, check_docs, read_redirects, read_site
from engblog.lab.record import Recorder, write_record
from engblog.model.problems import Mark, Problems
from engblog.site.catalogue import Catalogue
from engblog.site.planned_files import plan_files, planned_origins
from engblog.site.redirects import resolve_redirects
from engblog.source.redirects import Move, read_moves
from support.sources import AUTHORS, TAXONOMY, article, places, write

A = "articles/2026/11/20/a/"


def site(root: Path, redirects: str = "", more: Mapping[str, str] | None = None, **aliases: str) -> Catalogue:
    """Check a site of articles given by slug with their aliases, and a file of redirects."""
    articles = {f"articles/{slug}/index.md": article(aliases=each or None) for slug, each in aliases.items()}
    files = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, **articles, **(more or {})}
    write(root, {**files, **({"redirects.yml": redirects} if redirects else {})})
    return check_docs(root, DocsSettings())


def leads(root: Path) -> dict[str, str]:
    """Where each old address of the site in *root* leads."""
    catalogue = read_site(root, DocsSettings())
    problems = Problems()
    data = (root / "redirects.yml").read_bytes() if (root / "redirects.yml").exists() else None
    moves = read_moves(data, "redirects.yml", problems)
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    planned = plan_files(
        catalogue.site,
        [name for name in names if not name.endswith(".yml")],
        articles_dir="articles",
        page_size=20,
        lab_pages=True,
        path_prefix="",
    )
    files = planned_origins(planned)
    found = resolve_redirects(catalogue.site, moves, files, path_prefix="", problems=problems)
    assert not problems.found, "\n".join(map(str, problems.found))
    return {each.path: each.target + (f"#{each.anchor}" if each.anchor else "") for each in found}


def test_an_alias_leads_to_its_article_and_a_redirect_to_its_page(tmp_path: Path) -> None:
    redirects = "/tags/k8s/: /tags/go/\n/colophon/: /about/#us\n/start: /\n/2019/old.html: /tags/\n"
    catalogue = site(tmp_path, redirects, {"about.md": "# About\n"}, a="[/old/, /older.html]")
    assert catalogue.problems == ()
    assert leads(tmp_path) == {
        "2019/old.html": "tags/",
        "colophon/": "about/#us",
        "old/": A,
        "older.html": A,
        "start/": "",
        "tags/k8s/": "tags/go/",
    }


def test_a_chain_is_followed_to_its_end(tmp_path: Path) -> None:
    redirects = "/one/: /two/\n/two/: /three/#part\n/three/: /old/\n"
    assert site(tmp_path, redirects, a="[/old/]").problems == ()
    assert leads(tmp_path) == {"one/": f"{A}#part", "two/": f"{A}#part", "three/": A, "old/": A}


def test_the_last_anchor_on_the_way_counts(tmp_path: Path) -> None:
    assert site(tmp_path, "/one/: /two/#first\n/two/: /tags/#last\n", a="").problems == ()
    assert leads(tmp_path) == {"one/": "tags/#last", "two/": "tags/#last"}


def test_where_an_article_was_its_lab_was_too(tmp_path: Path) -> None:
    lab = tmp_path / "articles/a/lab"
    write(tmp_path, {"articles/a/lab/test_a.py": ""})
    write_record(lab, Recorder(), ran="2026-11-23")
    assert site(tmp_path, "/old/lab/: /tags/\n", a="[/old/, /older/, /2019/a.html]", b="[/was/]").problems == ()
    found = leads(tmp_path)
    assert found["older/lab/"] == f"{A}lab/"
    assert found["old/lab/"] == "tags/", "what somebody wrote goes before"
    assert set(found) == {"old/", "old/lab/", "older/", "older/lab/", "2019/a.html", "was/"}, "pictures stay behind"


def test_a_circle_names_every_member_with_its_place(tmp_path: Path) -> None:
    catalogue = site(tmp_path, "/in/: /c/\n/a/: /b/\n/b/: /c/\n/c/: /a/\n/self/: /self/\n", a="")
    lead = f"{tmp_path.as_posix()}/"
    assert [str(problem).replace(lead, "").splitlines()[0] for problem in catalogue.problems] == [
        "redirects.yml:2:1 A001 redirects lead in a circle: /a/ (redirects.yml:2:1) → /b/ (redirects.yml:3:1) → "
        "/c/ (redirects.yml:4:1) → /a/",
        "redirects.yml:5:1 A001 redirects lead in a circle: /self/ (redirects.yml:5:1) → /self/",
    ]


@pytest.mark.parametrize(
    ("redirects", "place", "said"),
    [
        (f"/{A}: /tags/\n", "1:1 C007", "belongs to articles/a/index.md"),
        (
            "/Tags/: /archive/\n",
            "1:1 C007",
            "differs only by letter case from /tags/, which belongs to a generated page",
        ),
        ("/about/: /tags/\n", "1:1 C007", "belongs to about.md"),
        ("/about/index.html: /tags/\n", "1:1 C007", "belongs to about.md"),
        ("/404.html: /tags/\n", "1:1 C007", "belongs to the page for unknown addresses"),
        ("/old/: /tags/\n", "1:1 C007", "belongs to articles/a/index.md:7:11"),
        ("/OLD/: /tags/\n", "1:1 C007", "only by letter case from /old/"),
        ("/x/: /tags/\n/X/: /tags/\n", "2:1 C007", "belongs to redirects.yml:1:1"),
        ("/page.html/x/: /tags/\n/page.html: /tags/\n", "2:1 C007", "is a folder: it contains /page.html/x/index.html"),
        ("/page.html: /tags/\n/page.html/x/: /tags/\n", "2:1 C007", "is below /page.html"),
        ("/x.pdf: /tags/\n", "1:1 A003", "nothing can redirect"),
        ("/x/: /abuot/\n", "1:6 A002", "not a page"),
        ("/x/: /x.png\n", "1:6 A002", "not a page"),
        ("/x/: /draft/\n/y/: /articles/2026/11/20/draft/\n", "2:6 A002", "not a page"),
        ("/x/: https://elsewhere.example/\n", "1:6 A002", "not a path of this site"),
        ("/x/: //elsewhere.example/\n", "1:6 A002", "not a path of this site"),
        ("/x/: /tags/#\n", "1:6 A002", "not a path of this site"),
        ("/x/: /tags/?page=2\n", "1:6 A002", "not a path of this site"),
        ("x/: /tags/\n", "1:1 F010", "not a path of this site"),
        ("/x/:\n", "1:5 F003", "needs exactly one new address"),
        ("/x/: [/tags/]\n", "1:6 F003", "needs exactly one new address"),
        ("/x/: /tags/\n/x/: /archive/\n", "2:1 Y005", "appears twice"),
        ("- /x/\n", "1:1 Y007", "no keys"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, redirects: str, place: str, said: str) -> None:
    more = {"about.md": "# About\n", "articles/draft/index.md": article(status="draft"), "x.png": ""}
    catalogue = site(tmp_path, redirects, more, a="[/old/]")
    assert f"redirects.yml:{place}" in places(catalogue, tmp_path)
    lead = f"{tmp_path.as_posix()}/"
    problem = next(
        each for each in catalogue.problems if place.endswith(each.code.id) and said in str(each).replace(lead, "")
    )
    assert problem.hint


def test_the_hint_names_the_page_that_was_meant(tmp_path: Path) -> None:
    more = {"about.md": "# About\n", "articles/draft/index.md": article(status="draft")}
    catalogue = site(tmp_path, "/x/: /abuot/\n/y/: /articles/2026/11/20/draft/\n", more, a="")
    assert "did you mean “/about/”?" in catalogue.problems[0].hint
    assert "only once it is published" in catalogue.problems[1].hint


def test_all_is_named_at_once_beside_the_articles_problems(tmp_path: Path) -> None:
    more = {"articles/c/index.md": article(titel="x")}
    catalogue = site(tmp_path, "/x/: /gone/\n/y/: /y/\n", more, a="[/tags/]", b="[/old/]", d="[/old/]")
    assert places(catalogue, tmp_path) == [
        "redirects.yml:1:6 A002",
        "redirects.yml:2:1 A001",
        "articles/a/index.md:7:11 C007",
        "articles/c/index.md:7:1 F001",
        "articles/d/index.md:7:11 C007",
    ]


def test_an_alias_of_what_is_held_back_is_claimed_and_not_made(tmp_path: Path) -> None:
    more = {
        "articles/draft/index.md": article(status="draft", aliases="[/draft-was/]"),
        "articles/next/index.md": article(date="2027-01-01", aliases="[/next-was/]"),
    }
    assert site(tmp_path, "", more, a="[/old/]").problems == ()
    assert list(leads(tmp_path)) == ["old/"]
    catalogue = site(tmp_path, "/draft-was/: /tags/\n", more, a="[/old/]")
    assert places(catalogue, tmp_path) == ["redirects.yml:1:1 C007"]


def test_a_file_of_redirects_that_is_named_must_be_there(tmp_path: Path) -> None:
    site(tmp_path, a="")
    assert check_docs(tmp_path, DocsSettings()).problems == ()
    catalogue = check_docs(tmp_path, replace(DocsSettings(), redirects="moved.yml"))
    assert places(catalogue, tmp_path) == ["moved.yml:1:1 T006"]


def test_an_empty_file_of_redirects_is_none(tmp_path: Path) -> None:
    assert site(tmp_path, "# /old/: /new/\n", a="").problems == ()
    assert leads(tmp_path) == {}


def test_ten_thousand_links_of_a_chain_take_no_square_of_time(tmp_path: Path) -> None:
    catalogue = read_site(write(tmp_path, {"taxonomy.yml": TAXONOMY}), DocsSettings())
    count = 10_000
    moves = tuple(
        Move(f"old/{n}/", f"old/{n + 1}/" if n + 1 < count else "tags/", Mark("r", n + 1)) for n in range(count)
    )
    start = time.process_time()
    found = resolve_redirects(
        catalogue.site, moves, {"tags/index.html": ""}, path_prefix="", problems=(problems := Problems())
    )
    assert not problems.found
    assert {each.target for each in found} == {"tags/"}
    assert len(found) == count
    assert time.process_time() - start < 2


def test_a_redirect_leads_to_a_file_that_the_repository_has(tmp_path: Path) -> None:
    repository = "https://host.example/o/r/blob/main/"
    redirects = f"/how/: {repository}guide/deploying.md\n/chain/: /how/\n/gone/: {repository}guide/deployng.md\n"
    docs = write(tmp_path / "docs", {"taxonomy.yml": TAXONOMY, "redirects.yml": redirects})
    write(tmp_path, {"guide/deploying.md": "# How\n"})
    settings = replace(DocsSettings(), root=tmp_path, repository=repository)
    (problem,) = check_docs(docs, settings).problems
    assert (problem.code.id, problem.mark.line) == ("A002", 3)
    assert "“guide/deployng.md”" in problem.message
    assert "“guide/deploying.md”" in problem.hint
    problems = Problems()
    moves = read_redirects(docs, settings, problems)
    found = resolve_redirects(read_site(docs, settings).site, moves, {}, path_prefix="", problems=Problems())
    assert {each.path: each.target for each in found} == dict.fromkeys(
        ("how/", "chain/"), f"{repository}guide/deploying.md"
    )


# Feeds


FEEDS = frozenset({"atom.xml", "tags/go/feed.xml", "tags/go/atom.xml", "tags/go/feed.json", "all.json"})


def of_feeds(root: Path, redirects: str) -> tuple[dict[str, str], list[str]]:
    """Where old addresses lead on a site that has FEEDS, and the problems."""
    site(root, a="[]")
    problems = Problems()
    moves = read_moves(redirects.encode(), "redirects.yml", problems)
    owners = {"index.html": "", "tags/go/index.html": "", "tags/index.html": ""}
    made = resolve_redirects(
        read_site(root, DocsSettings()).site, moves, owners, feeds=FEEDS, path_prefix="", problems=problems
    )
    return {each.path: each.target for each in made if each.is_feed}, [str(each) for each in problems.sorted()]


def test_an_old_address_of_a_feed_leads_to_a_feed(tmp_path: Path) -> None:
    redirects = "\n".join(f"/{old}: /atom.xml" for old in ("feed.xml", "rss.xml", "index.xml", "2019/atom.xml"))
    made, problems = of_feeds(tmp_path, f"{redirects}\n/older.xml: /rss.xml\n/feed.json: /all.json\n")
    assert problems == []
    assert made == {
        **dict.fromkeys(("feed.xml", "rss.xml", "index.xml", "2019/atom.xml", "older.xml"), "atom.xml"),
        "feed.json": "all.json",
    }


def test_the_feeds_of_a_list_stay_when_its_page_moves(tmp_path: Path) -> None:
    made, problems = of_feeds(tmp_path, "/tags/golang/: /tags/g/\n/tags/g/: /tags/go/\n/tags/g/feed.xml: /atom.xml\n")
    assert problems == []
    assert made == {
        **{f"tags/golang/{name}": f"tags/go/{name}" for name in ("feed.xml", "atom.xml", "feed.json")},
        **{f"tags/g/{name}": f"tags/go/{name}" for name in ("atom.xml", "feed.json")},
        "tags/g/feed.xml": "atom.xml",  # what somebody wrote counts
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/feed.xml: /tags/go/", "A003 nothing can redirect from “/feed.xml”"),
        ("/picture.png: /atom.xml", "A003 nothing can redirect from “/picture.png”"),
        ("/feed.xml: /atm.xml", "A002 “/atm.xml” is not a feed of this site"),
        ("/feed.json: /atom.xml", "A002 “/atom.xml” is a feed, and the old address does not end with .xml"),
        ("/feed/: /atom.xml", "A002 “/atom.xml” is a feed, and the old address does not end with .xml"),
        ("/feed.xml: /atom.xml#a", "A002 “/atom.xml” is a feed, which has no #a"),
        ("/atom.xml: /tags/go/atom.xml", "C007 the old address “/atom.xml” belongs to a feed that the build writes"),
        ("/Atom.xml: /tags/go/atom.xml", "C007 the old address “/Atom.xml” differs only by letter case from /atom.xml"),
        ("/sitemap.xml: /atom.xml", "C007 the old address “/sitemap.xml” has the name of a file"),
        ("/feed.xml/a.xml: /atom.xml", "C007 the old address “/feed.xml/a.xml” has the name of a file"),
        ("/a.xml: /b.xml\n/b.xml: /a.xml", "A001 redirects lead in a circle"),
    ],
)
def test_an_address_that_cannot_be_that_of_a_feed_is_named(tmp_path: Path, line: str, said: str) -> None:
    made, (problem, *others) = of_feeds(tmp_path, f"{line}\n")
    assert (made, others) == ({}, [])
    assert said in problem
