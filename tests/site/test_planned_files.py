"""Which files a site will have, before it is built, and which of its sources claim one address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engblog.disk.docs import DocsSettings, check_docs
from engblog.site.catalogue import Catalogue
from support.sources import AUTHORS, DRAWING, TAXONOMY, article, places, write


def site(root: Path, redirects: str = "", more: Mapping[str, str] | None = None, **aliases: str) -> Catalogue:
    """Check a site of articles given by slug with their aliases, and a file of redirects."""
    articles = {f"articles/{slug}/index.md": article(aliases=each or None) for slug, each in aliases.items()}
    files = {"taxonomy.yml": TAXONOMY, "authors.yml": AUTHORS, **articles, **(more or {})}
    write(root, {**files, **({"redirects.yml": redirects} if redirects else {})})
    return check_docs(root, DocsSettings())


def test_the_pages_of_lists_are_known_without_a_host(tmp_path: Path) -> None:
    site(tmp_path, "/tags/go/page/2/: /tags/\n", a="", b="")
    assert check_docs(tmp_path, DocsSettings()).problems == ()
    catalogue = check_docs(tmp_path, replace(DocsSettings(), page_size=1))
    assert places(catalogue, tmp_path) == ["redirects.yml:1:1 C007"]


def clashes(root: Path, **files: str) -> list[str]:
    """The problems of a site with an article, more *files* (``__`` stands for a slash) and a page that links them."""
    named = {name.replace("__", "/").replace("_md", ".md"): text for name, text in files.items()}
    links = "".join(f"[x]({name})\n" for name in named if not name.endswith(".md"))
    catalogue = site(root, "", {**named, "links.md": f"Links.\n\n{links}"}, a="")
    assert all("move or rename" in problem.hint for problem in catalogue.problems)
    return places(catalogue, root)


def test_two_sources_of_one_address_are_named(tmp_path: Path) -> None:
    assert clashes(tmp_path / "1", about_md="x", about__index_md="x") == ["about/index.md:1:1 C001"]
    assert clashes(tmp_path / "2", index_md="x", README_md="x") == ["README.md:1:1 C001"]
    assert clashes(tmp_path / "3", About_md="x", about_md="x") == ["about.md:1:1 C001"]
    assert clashes(tmp_path / "4", index_md="x") == [], "a home page by hand gives way to the list"


def test_a_source_at_the_address_of_a_generated_page_is_named(tmp_path: Path) -> None:
    assert clashes(tmp_path / "1", tags_md="x") == ["tags.md:1:1 C001"]
    assert clashes(tmp_path / "2", tags__redis__index_md="x") == ["tags/redis/index.md:1:1 C001"]
    assert clashes(tmp_path / "3", archive__2026_md="x") == ["archive/2026.md:1:1 C001"]
    assert clashes(tmp_path / "4", README_md="x") == ["README.md:1:1 C001"], "the list of articles is the home page"


def test_a_source_at_the_address_of_a_file_that_the_build_writes_is_named(tmp_path: Path) -> None:
    names = ("build.json", "sitemap.xml", "llms.txt", "feeds.opml", "404.html")
    html = "<meta name=robots content=noindex>"
    found = site(
        tmp_path,
        "",
        {**dict.fromkeys(names, html), "links.md": "".join(f"[x]({name})\n" for name in names)},
        a="",
    )
    unfit = ["404.html:1:1 S011", "feeds.opml:1:1 S011", "sitemap.xml:1:1 S011"]  # nobody may write such a file
    assert places(found, tmp_path) == sorted([*unfit, "build.json:1:1 C001"])
    knows_its_address = replace(DocsSettings(), site_url="https://mini.example/")
    assert len(check_docs(tmp_path, knows_its_address).problems) == len(names)


def test_pictures_that_differ_by_letter_case_are_named(tmp_path: Path) -> None:
    files = {"img/Plot.svg": DRAWING, "img/plot.svg": DRAWING, "links.md": "![a](img/Plot.svg) ![b](img/plot.svg)\n"}
    assert places(site(tmp_path, "", files, a=""), tmp_path) == ["img/plot.svg:1:1 C001"]
