"""What a build makes of a docs folder: the pages, their places, and what stays out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from engblog.lab.record import Recorder, write_record
from support.hosts import (
    CONFIG,
    THEME,
    Abort,
    BuildError,
    build_here,
    config,
    content,
    log,
    mini,
    pages,
    snapshot,
    view,
)
from support.pictures import PNG
from support.sources import BODY, DRAWING, article

GERMAN = {
    "mkdocs.yml": """\
site_name: Ursache und Wirkung
site_url: https://mini.example/
docs_dir: texte
site_dir: ausgabe
theme: {name: null, custom_dir: theme}
plugins:
  - engblog: {articles_dir: artikel, taxonomy: begriffe.yml, authors: leute.yml, page_size: 2, related: 1}
markdown_extensions: [engblog.markdown]
""",
    "texte/begriffe.yml": """\
categories:
  - name: Größe und Maß
    subcategories: [{name: Zähler}]
  - name: 数据库
tags:
  - {name: Prüfsumme, synonyms: [Checksumme]}
  - {name: Uhr}
  - {name: Plattenspeicher, slug: platte}
""",
    "texte/leute.yml": "jürgen-ist-kein-schlüssel: {name: X}\n",
    "texte/artikel/die-uhr/index.md": article(
        category="Größe und Maß", subcategory="Zähler", tags="[checksumme, Uhr, Plattenspeicher]", authors="[emmy]"
    ),
    "texte/artikel/ein-zaehler/index.md": article(
        category="数据库", tags="[Prüfsumme, Uhr, Plattenspeicher]", date="2026-11-19"
    ),
    "texte/artikel/noch-einer/index.md": article(
        category="数据库", tags="[Prüfsumme, Uhr, Plattenspeicher]", date="2026-11-18"
    ),
}  # fmt: skip
GERMAN["texte/leute.yml"] = "emmy:\n  name: Emmy Noether\n"


def lab(root: Path, slug: str = "a", docs: str = "docs", data: Sequence[str] = ("blob.bin",)) -> None:
    """Give the article a recorded lab."""
    folder = root / docs / "articles" / slug / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test_wait.py").write_text('"""A lab."""\n\n\ndef test_it_waits():\n    """It waits."""\n')
    (folder / "server.go").write_text("package main // <&>\n")
    (folder / "blob.bin").write_bytes(b"\xff\x00")
    (folder / "lab.toml").write_text(f"[files]\ndata = {[*data]}\n")
    recorder = Recorder()
    recorder.number("wait", 12.5, unit="ms", note="from SIGTERM to exit")
    recorder.tests["test_it_waits"] = {"file": "test_wait.py", "line": 4, "claim": "It waits."}
    write_record(folder, recorder, ran="2026-11-23")


def test_a_site_in_another_language_under_names_of_its_own(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, GERMAN))
    assert site == tmp_path / "ausgabe"
    assert pages(site) == [
        "",
        "archive/",
        "archive/2026/",
        "archive/2026/page/2/",
        "artikel/2026/11/18/noch-einer/",
        "artikel/2026/11/19/ein-zaehler/",
        "artikel/2026/11/20/die-uhr/",
        "authors/",
        "authors/emmy/",
        "categories/grosse-und-mass/",
        "categories/grosse-und-mass/zahler/",
        "categories/数据库/",
        "corrections/",
        "feeds/",
        "tags/",
        "tags/platte/",
        "tags/platte/page/2/",
        "tags/prufsumme/",
        "tags/prufsumme/page/2/",
        "tags/uhr/",
        "tags/uhr/page/2/",
    ]
    shown = view(site, "artikel/2026/11/20/die-uhr/")["article"]
    assert [tag["name"] for tag in shown["tags"]] == ["Prüfsumme", "Uhr", "Plattenspeicher"]
    assert shown["people"][0]["name"] == "Emmy Noether"
    assert len(shown["related"]) == 1


def test_articles_may_lie_two_folders_deep(tmp_path: Path) -> None:
    mini(
        tmp_path,
        {
            "docs/blog/posts/a/index.md": article("![A](a.png)\n\n[b](../b/index.md)\n"),
            "docs/blog/posts/a/a.png": PNG,
            "docs/blog/posts/b/index.md": article(),
            "mkdocs.yml": config("articles_dir: blog/posts"),
        },
    )
    site = build_here(tmp_path)
    assert [url for url in pages(site) if url.startswith("blog")] == [
        "blog/posts/2026/11/20/a/",
        "blog/posts/2026/11/20/b/",
    ]
    assert (site / "blog/posts/2026/11/20/a/a.png").read_bytes() == PNG
    assert 'href="../b/"' in content(site, "blog/posts/2026/11/20/a/")


@pytest.mark.parametrize("wrong", ["/articles", "articles/", "../articles", "", ".", "a//b"])
def test_a_folder_that_articles_cannot_lie_in_is_an_error(tmp_path: Path, wrong: str) -> None:
    mini(tmp_path, {"mkdocs.yml": config(f"articles_dir: '{wrong}'")})
    with pytest.raises(Abort), log() as lines:
        build_here(tmp_path)
    assert any("not a folder inside the docs folder" in line for line in lines)
    assert not (tmp_path / "site").exists()


DRAFT = "![A](secret.svg) ![B](deep/er.svg) ![C](../stray/secret.svg)\n"


def test_drafts_and_the_future_stay_out_with_all_they_have(tmp_path: Path) -> None:
    mini(
        tmp_path,
        {
            "docs/articles/a/index.md": article(date="2026-11-20"),
            "docs/articles/draft/index.md": article(DRAFT, status="draft", tags="[Signals, k8s, Node]"),
            "docs/articles/draft/secret.svg": DRAWING,
            "docs/articles/draft/deep/er.svg": DRAWING,
            "docs/articles/next/index.md": article("![A](secret.png)\n", date="2026-12-02"),
            "docs/articles/next/secret.png": PNG,
            "docs/articles/stray/secret.svg": DRAWING,
        },
    )
    lab(tmp_path, "draft")
    lab(tmp_path, "next")
    site = build_here(tmp_path)
    everything = list(snapshot(site))
    assert not [
        name
        for name in everything
        if re.search(r"secret|draft|next|deep|stray|lab|wait|go$|signals", name.lower())
        and not name.startswith("tags/go/")
    ]
    text = "".join((site / name).read_text(errors="replace") for name in everything)
    assert "draft" not in text
    assert "2026/12/02" not in text


def test_a_preview_shows_drafts_and_the_future_with_a_mark(tmp_path: Path) -> None:
    mini(
        tmp_path,
        {"docs/articles/a/index.md": article(status="draft"), "docs/articles/b/index.md": article(date="2027-01-01")},
    )
    site = build_here(tmp_path, command="serve", site_dir=str(tmp_path / "preview"))
    assert view(site, "articles/2026/11/20/a/")["article"]["status"] == "draft"
    assert view(site, "articles/2027/01/01/b/")["article"]["status"] == "scheduled"


def test_a_preview_may_hide_drafts(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(status="draft"), "mkdocs.yml": config("preview_drafts: false")})
    site = build_here(tmp_path, command="serve", site_dir=str(tmp_path / "preview"))
    assert not [url for url in pages(site) if url.startswith("articles")]


def test_pictures_and_lab_files_move_beside_their_article(tmp_path: Path) -> None:
    mini(
        tmp_path,
        {
            "docs/articles/a/index.md": article(
                "![A](photo.png)\n\nText ![B](deep/er.png), [code](lab/server.go), [b](../b/index.md#part) and "
                "[about](../../about.md).\n\n![C](../b/other.png)\n"
            ),
            "docs/articles/a/photo.png": PNG,
            "docs/articles/a/deep/er.png": PNG + b"deeper",
            "docs/articles/b/index.md": article("## Part\n\nText.\n", date="2025-01-02"),
            "docs/articles/b/other.png": PNG + b"other",
            "docs/about.md": "# About\n\nSee [a](articles/a/index.md) and ![p](articles/a/photo.png).\n",
        },
    )
    lab(tmp_path)
    site = build_here(tmp_path)
    folder = site / "articles/2026/11/20/a"
    assert (folder / "photo.png").read_bytes() == PNG
    assert (folder / "deep/er.png").read_bytes() == PNG + b"deeper"
    assert (folder / "lab/server.go").is_file()
    assert not (site / "articles/a").exists()
    targets = re.findall(r'(?:src|href)="([^"]+)"', content(site, "articles/2026/11/20/a/"))
    assert targets == [
        "photo.png", "deep/er.png", "lab/server.go", "../../../../2025/01/02/b/#part", "../../../../../about/",
        "../../../../2025/01/02/b/other.png",
    ]  # fmt: skip
    for target in targets:
        path = folder / target.partition("#")[0]
        assert (path / "index.html" if target.endswith("/") or "#" in target else path).is_file(), target
    about = re.findall(r'(?:src|href)="([^"#]+)"', content(site, "about/"))
    assert about == ["../articles/2026/11/20/a/", "../articles/2026/11/20/a/photo.png"]


@pytest.mark.parametrize("extension", ["", "  - pymdownx.snippets: {base_path: [docs/articles/a]}\n"])
def test_includes_are_read_once_whatever_the_configuration_lists(tmp_path: Path, extension: str) -> None:
    """What an included file says is code, even if it looks like another include."""
    code = '```text\n--8<-- "note.txt"\n;--8<-- "key.txt"\n```\n'
    mini(
        tmp_path,
        {
            "mkdocs.yml": CONFIG.replace("  - pymdownx.superfences\n", f"{extension}  - pymdownx.superfences\n"),
            "docs/articles/a/index.md": article(
                f"{code}\n> {code.rstrip().replace(chr(10), chr(10) + '> ')}\n\n[It](key.txt)\n"
            ),
            "docs/articles/a/note.txt": ';--8<-- "key.txt"\n',
            "docs/articles/a/key.txt": "the password\n",
        },
    )
    found = content(build_here(tmp_path), "articles/2026/11/20/a/")
    lines = re.sub("<[^>]*>", "", found)
    assert unescape(lines).split() == ["--8<--", '"key.txt"'] * 4 + ["It"]


def test_a_lab_has_a_page_that_claims_lead_to(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article("It waits {lab:wait}.{claim:test_it_waits}\n")})
    lab(tmp_path)
    site = build_here(tmp_path)
    url = "articles/2026/11/20/a/"
    claim = re.search(r'<a [^>]*class="claim"[^>]*href="([^"]+)"', content(site, url))
    assert claim is not None
    assert claim[1] == "lab/#test-it-waits"
    data = view(site, f"{url}lab/")
    assert data["kind"] == "lab"
    assert data["article"] == {"title": "When the server stops", "url": url}
    (test,) = data["lab"]["tests"]
    assert (test["anchor"], test["claim"], test["file"], test["line"]) == (
        "test-it-waits",
        "It waits.",
        "test_wait.py",
        4,
    )
    html = content(site, f"{url}lab/")
    assert f'id="{test["line_anchor"]}"' in html, "the line of the test can be linked to"
    assert [each["name"] for each in data["lab"]["files"]] == ["lab.toml", "server.go", "test_wait.py"], (
        "what is no text is not shown"
    )
    assert re.findall(r'<details class="file" id="([^"]+)"', html) == [
        "file-lab-toml",
        "file-server-go",
        "file-test-wait-py",
    ]
    assert "&lt;&amp;&gt;" in html
    (number,) = data["lab"]["numbers"]
    assert (number["key"], number["text"], number["note"]) == ("wait", "12.5\u00a0ms", "from SIGTERM to exit")
    assert f'href="lab/#{number["anchor"]}"' in content(site, url), "a value leads to its row"
    assert test["place"] == {"url": f"{url}#claim-test-it-waits"}
    assert 'id="claim-test-it-waits"' in content(site, url), "the claim leads back to its sentence"
    assert test["sentence"] == "It waits 12.5\u00a0ms."
    assert view(site, url)["article"]["verified"]


def test_every_file_that_a_lab_page_lists_is_on_it(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article()})
    lab(tmp_path)
    site = build_here(tmp_path)
    url = "articles/2026/11/20/a/lab/"
    ids = re.findall(r'id="([^"]+)"', content(site, url))
    assert len(set(ids)) == len(ids)
    data = view(site, url)["lab"]
    assert {each["anchor"] for each in data["files"]} <= set(ids)
    assert {each["line_anchor"] for each in data["tests"]} <= set(ids)


def test_the_lines_of_a_lab_page_are_those_of_the_file(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/articles/a/lab/b.py": "\n\n\nlast = 4\n"})
    mini(tmp_path, {"docs/articles/a/lab/c.unknown": "\n\nlast\n"})
    lab(tmp_path, data=["blob.bin", "c.unknown"])
    html = content(build_here(tmp_path), "articles/2026/11/20/a/lab/")
    assert re.search(r'id="file-b-py-4">(?:<a[^>]*></a>)?<span[^>]*>last', html)
    assert re.search(r'id="file-c-unknown-3">(?:<a[^>]*></a>)?last', html)


def test_lab_pages_may_be_left_out(tmp_path: Path) -> None:
    text = article("It waits.{claim:test_it_waits}\n")
    mini(tmp_path, {"docs/articles/a/index.md": text, "mkdocs.yml": config("lab_pages: false")})
    lab(tmp_path)
    site = build_here(tmp_path)
    assert not (site / "articles/2026/11/20/a/lab/index.html").exists()
    html = content(site, "articles/2026/11/20/a/")
    assert html.strip() == "<p>It waits.</p>", "neither a mark that leads nowhere nor the braces as they stand"
    assert view(site, "articles/2026/11/20/a/")["article"]["lab"]["url"] is None


def test_the_vocabulary_is_not_published(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article()}))
    published = [name for name in snapshot(site) if name.endswith((".yml", ".md"))]
    assert published == ["articles/2026/11/20/a/index.md"], "the article's Markdown twin, and no source"


def test_a_home_page_of_the_sites_own_gives_the_hero(tmp_path: Path) -> None:
    index = "---\ntitle: Start\nkicker: K\nheadline: H\ndescription: D\n---\n\n"
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/index.md": index}))
    assert view(site, "")["hero"] == {"kicker": "K", "headline": "H", "tagline": "D"}
    assert content(site, "").strip() == ""
    assert "<title>Start</title>" in (site / "index.html").read_text()


HOME = """\
---
title: Start
---
Written by *hand*: [an article](articles/a/index.md), [a page](about.md#here).

![A](photo.png)

## A part

```sh title="how"
make
```
"""


def test_the_text_of_the_home_page_is_rendered_like_any_other(tmp_path: Path) -> None:
    articles = {f"docs/articles/{slug}/index.md": article(date=f"2026-11-0{n}") for n, slug in enumerate("abc", 1)}
    others = {"docs/about.md": "## Here\n", "docs/photo.png": PNG, "mkdocs.yml": config("page_size: 1")}
    site = build_here(mini(tmp_path, {**articles, **others, "docs/index.md": HOME}))
    shown = content(site, "")
    assert "Written by <em>hand</em>" in shown
    assert 'href="articles/2026/11/01/a/"' in shown
    assert 'href="about/#here"' in shown
    assert 'src="photo.png"' in shown
    assert '<h2 id="a-part">' in shown
    assert (site / "photo.png").exists()
    assert view(site, "")["rows"]
    assert content(site, "page/2/").strip() == "", "it is on the first page only"


@pytest.mark.parametrize(
    ("line", "code"),
    [("<script>alert(1)</script>", "R007"), ("![a](https://x.example/a.png)", "R002")],
)
def test_the_text_of_the_home_page_is_checked_like_any_other(tmp_path: Path, line: str, code: str) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/index.md": f"---\ntitle: X\n---\nText.\n\n{line}\n"})
    with pytest.raises(BuildError, match=rf"docs/index\.md:6:\d+ {code} "):
        build_here(tmp_path)


def test_a_hero_without_words_stays_empty(tmp_path: Path) -> None:
    site = build_here(mini(tmp_path, {"docs/index.md": "---\ntitle:\nkicker:\n---\n"}))
    assert view(site, "")["hero"] == {"kicker": "", "headline": "", "tagline": ""}
    assert "<title>Home</title>" in (site / "index.html").read_text()


def test_previous_and_next_are_older_and_newer(tmp_path: Path) -> None:
    dates = {"b": "2026-11-01", "a": "2026-11-02", "c": "2026-11-03"}
    files = {f"docs/articles/{slug}/index.md": article(date=day) for slug, day in dates.items()}
    theme = {**THEME, "theme/article.html": "{{ page.previous_page.url }} {{ page.next_page.url }}"}
    site = build_here(mini(tmp_path, {**theme, **files, "docs/about.md": "# About\n"}))
    url = "articles/2026/11/{:02}/{}/".format
    shown = [(site / url(day, slug) / "index.html").read_text() for day, slug in ((1, "b"), (2, "a"), (3, "c"))]
    assert shown == [f" {url(2, 'a')}", f"{url(1, 'b')} {url(3, 'c')}", f"{url(2, 'a')} "]


def test_what_tools_leave_in_a_lab_is_not_published(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/articles/a/lab/__pycache__/x.pyc": b"x"})
    lab(tmp_path)
    assert not [name for name in snapshot(build_here(tmp_path)) if "pyc" in name]


def test_a_page_by_hand_stays_and_is_offered(tmp_path: Path) -> None:
    theme = {**THEME, "theme/main.html": "{{ config.extra.engblog | tojson }}"}
    site = build_here(mini(tmp_path, {**theme, "docs/about.md": "# About\n"}))
    links = json.loads((site / "about/index.html").read_text())["links"]
    assert (links["about"], links["search"]) == ("about/", None)


def test_an_article_without_title_in_the_text_has_the_front_matters(tmp_path: Path) -> None:
    body = "## First\n\nText.\n"
    site = build_here(mini(tmp_path, {"docs/articles/a/index.md": article(body, title="A <b> & c")}))
    assert "<title>A &lt;b&gt; &amp; c</title>" in (site / "articles/2026/11/20/a/index.html").read_text()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tags/index.md", "# Tags\n"),
        ("tags.md", "# Tags\n"),
        ("Tags.md", "# Tags\n"),
        ("tags/redis/index.md", "# Redis\n"),
        ("archive/2026.md", "# 2026\n"),
        ("categories/database.md", "# D\n"),
        ("articles/2026/11/20/a/index.md", None),
    ],
)
def test_two_pages_of_one_address_are_an_error_that_names_the_file(tmp_path: Path, path: str, text: str | None) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(BODY)})
    lab(tmp_path)
    target = tmp_path / "docs" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text or article())
    with pytest.raises(BuildError) as raised:
        build_here(tmp_path)
    code = "S005" if text is None else "C001"
    (head,) = [line for line in str(raised.value).splitlines() if f" {code} " in line]
    assert head.startswith(f"{tmp_path}/docs/{path}:1:1 ")


def test_several_clashes_are_named_at_once(tmp_path: Path) -> None:
    mini(tmp_path, {"docs/articles/a/index.md": article(), "docs/tags.md": "# T\n", "docs/archive/index.md": "# A\n"})
    with pytest.raises(BuildError, match="2 problems in 2 files"):
        build_here(tmp_path)


def test_the_parent_themes_files_are_left_out_of_a_standalone_theme(tmp_path: Path) -> None:
    mini(tmp_path, {"theme/assets/own.css": "own", "docs/articles/a/index.md": article()})
    (tmp_path / "mkdocs.yml").write_text(config().replace("name: null", "name: mkdocs"))
    assert [name for name in snapshot(build_here(tmp_path)) if name.endswith(".css")] != ["assets/own.css"]
    (tmp_path / "mkdocs.yml").write_text(config("standalone_theme: true").replace("name: null", "name: mkdocs"))
    built = snapshot(build_here(tmp_path))
    assert [name for name in built if name.endswith((".css", ".js", ".png", ".woff2"))] == ["assets/own.css"]


def test_the_assets_version_changes_with_the_assets_alone(tmp_path: Path) -> None:
    def version() -> str:
        site = build_here(tmp_path)
        found = re.search(r'"assets_version": ?"(\w+)"', (site / "about/index.html").read_text())
        assert found is not None
        return found[1]

    theme = {**THEME, "theme/main.html": "{{ config.extra.engblog | tojson }}", "theme/a.css": "a", "theme/b.js": "b"}
    mini(tmp_path, {**theme, "docs/about.md": "# About\n"})
    first = version()
    (tmp_path / "docs/about.md").write_text("# Other\n")
    assert version() == first
    (tmp_path / "theme/a.css").write_text("other")
    assert version() != first
