"""What a text or the front matter of a page could do to a page: refused by name and place, and no site is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.hosts import CONFIG, REPOSITORY, BuildError, build_here, mini
from support.sources import article
from support.themed import themed

A = "docs/articles/a/index.md"
PAGE = "docs/about.md"


def refusal(root: Path, files: dict[str, str]) -> str:
    with pytest.raises(BuildError) as raised:
        build_here(mini(root, {A: article(), **files}))
    assert not (root / "site").exists()
    assert "Traceback" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("template: ../docs/evil.txt", "2:11 F012"),
        ("template: nope.html", "2:11 F012"),
        ("template: article.html", "2:11 F012"),
        ("view: x", "2:1 F001"),
        ("view: {kind: article, article: {title: x}}", "2:1 F001"),
        ("view: {structured: '</script><script src=evil.txt></script>'}", "2:1 F001"),
        ("title: &a [x, x]\nkicker: [*a, *a]", "2:8 Y006"),
        ("title: [a", "2:8 Y003"),
        ('title: "\u202e"', "2:8 F013"),
    ],
)
def test_the_front_matter_of_a_page_is_a_closed_list(tmp_path: Path, front: str, place: str) -> None:
    assert f"{PAGE}:{place}" in refusal(tmp_path, {PAGE: f"---\n{front}\n---\nText.\n", "docs/evil.txt": "x()"})


def test_the_host_never_reads_the_front_matter_of_a_page(tmp_path: Path) -> None:
    text = "---\ntitle: 010\nupdated: 2026-11-02\n---\nA text with ---\n\ntitle: x\n"
    page = (build_here(mini(tmp_path, {A: article(), PAGE: text})) / "about/index.html").read_text()
    assert "<title>010</title>" in page
    assert "title: x" in page


def test_a_template_escapes_what_does_not_say_that_it_is_markup(tmp_path: Path) -> None:
    main = "<!doctype html><title>{{ page.title }}</title><main>{{ page.meta.title }}{{ page.content }}</main>"
    title = "'</title><script>x()</script> & co'"
    files = {A: article(title=title), "theme/main.html": main, PAGE: f"---\ntitle: {title}\n---\n**b**\n"}
    site = build_here(mini(tmp_path, files))
    for name in ("about/index.html", "articles/2026/11/20/a/index.html"):
        page = (site / name).read_text()
        assert page.count("&lt;/title&gt;&lt;script&gt;x()&lt;/script&gt; &amp; co") == 2
        assert "<script>" not in page
    assert "<strong>b</strong>" in (site / "about/index.html").read_text()


def test_every_template_of_this_theme_is_escaped_and_its_pages_are_as_before(tmp_path: Path) -> None:
    marked = re.compile(r"\{\{[^}]*\|\s*safe\s*\)?\s*\}\}")
    found = {
        (path.relative_to(REPOSITORY / "overrides").as_posix(), each[0])
        for path in (REPOSITORY / "overrides").rglob("*.html")
        for each in marked.finditer(path.read_text())
    }
    assert {name for name, _ in found} == {
        "main.html", "article.html", "views/home.html", "views/offline.html", "views/search.html", "views/lab.html",
        "partials/proof.html", "partials/head.html", "partials/contents.html", "partials/colophon.html",
    }, "each place that shows markup is known"  # fmt: skip
    page = (build_here(themed(tmp_path)) / "artikel/2026/11/20/erster/index.html").read_text()
    assert '<h1 class="article__title">Der erste &lt;b&gt; &amp; mehr</h1>' in page
    assert "&amp;lt;" not in page


def test_a_page_runs_the_themes_scripts_and_no_others(tmp_path: Path) -> None:
    main = "<!doctype html><title>x</title><script src=\"{{ 'evil.txt' | url }}\"></script>{{ page.content }}"
    files = {A: article(), "theme/main.html": main, "theme/evil.txt": "x()", "mkdocs.yml": CONFIG}
    with pytest.raises(BuildError, match=r"P021 <script src> runs"):
        build_here(mini(tmp_path, files))
