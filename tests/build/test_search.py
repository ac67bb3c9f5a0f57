"""The search index that a build writes: every article, no draft, the same bytes, and never half of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from engblog.disk.search import search_site
from engblog.outputs.search.base import read_base
from support.hosts import CONFIG, build, mini, run, snapshot
from support.sources import article

COMMAND = "```sh\nredis-cli DBSIZE\n```\n"
ARTICLES = {
    "docs/articles/one/index.md": article("## The clock\n\nIt waits for SIGTERM.\n", title="A pod is stopped"),
    "docs/articles/two/index.md": article(
        "```sh\nredis-cli DBSIZE\n```\n", title="Keys that are gone", tags="[Redis, Caching, Go]", authors="[grace]"
    ),
    "docs/articles/three/index.md": article("Written, not read: heisenbug.\n", title="Not yet", status="draft"),
}


def base(site: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((site / "search/base.json").read_text(encoding="utf-8"))
    return told


def found(site: Path, query: str, **options: object) -> list[str]:
    return [result["title"] for result in search_site(site, query, options)["results"]]


def test_every_article_is_in_the_index_and_no_other(tmp_path: Path) -> None:
    site = build(mini(tmp_path, ARTICLES))
    assert [row[0] for row in base(site)["articles"]] == ["Keys that are gone", "A pod is stopped"]
    assert found(site, "heisenbug") == []


def test_text_code_people_tags_and_synonyms_are_found(tmp_path: Path) -> None:
    site = build(mini(tmp_path, ARTICLES))
    assert found(site, "sigterm") == ["A pod is stopped"]
    assert found(site, "dbsize") == ["Keys that are gone"]
    assert found(site, "grace hopper")[0] == "Keys that are gone"
    assert found(site, "cache", tag="cache") == found(site, "caching", tag="caching") != []


def test_a_result_leads_to_a_page_and_a_heading_that_are_there(tmp_path: Path) -> None:
    site = build(mini(tmp_path, ARTICLES))
    [result] = search_site(site, "SIGTERM")["results"]
    page = (site / result["url"] / "index.html").read_text(encoding="utf-8")
    assert result["href"] == f"{result['url']}#the-clock"
    assert 'id="the-clock"' in page


def test_only_what_the_index_names_is_in_its_folder(tmp_path: Path) -> None:
    site = build(mini(tmp_path, ARTICLES))
    build(mini(tmp_path, {"docs/articles/one/index.md": article("Another text.\n", title="A pod is started")}))
    parts = {path.relative_to(site).as_posix() for path in (site / "search/parts").iterdir()}
    assert parts == read_base((site / "search/base.json").read_bytes()).parts


def test_the_same_sources_give_the_same_index(tmp_path: Path) -> None:
    sites = [build(mini(tmp_path / name, ARTICLES), PYTHONHASHSEED=seed) for name, seed in (("a", "1"), ("b", "2"))]
    assert snapshot(sites[0] / "search") == snapshot(sites[1] / "search")


@pytest.mark.parametrize(
    ("language", "stems"), [("en", "english"), ("en-GB", "english"), ("de", "plain"), ("", "english")]
)
def test_words_are_stemmed_in_the_language_of_the_site(tmp_path: Path, language: str, stems: str) -> None:
    theme = "theme: {name: null, custom_dir: theme"
    assert theme in CONFIG
    root = mini(tmp_path, ARTICLES)
    said = f", language: {language}" if language else ""
    (root / "mkdocs.yml").write_text(CONFIG.replace(theme, theme + said), encoding="utf-8")
    assert base(build(root))["stem"] == stems


def test_a_page_that_is_no_article_is_found_on_a_site_without_articles(tmp_path: Path) -> None:
    site = build(mini(tmp_path, {"docs/about.md": "# About\n"}))
    assert [(row[0], row[5], row[7]) for row in base(site)["articles"]] == [("About", 0, 0)], "no minutes, no date"
    assert found(site, "anything at all") == []
    assert found(site, "about") == ["About"]


TAKE_AWAY = """
def on_nav(nav, config, files):
    files.remove(files.get_file_from_path("articles/one/index.md"))
"""


def test_an_article_that_something_else_takes_away_ends_the_build(tmp_path: Path) -> None:
    root = mini(tmp_path, ARTICLES, **{"hook.py": TAKE_AWAY, "mkdocs.yml": f"{CONFIG}\nhooks: [hook.py]\n"})
    done = run(root, "build")
    assert done.returncode == 1
    assert "no page was rendered for these articles" in done.stderr
    assert "articles/one/index.md" in done.stderr
    assert not (root / "site").exists()


def test_a_dirty_build_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    root = mini(tmp_path, ARTICLES)
    site = build(root)
    before = snapshot(site / "search")
    path = root / "docs/articles/one/index.md"
    path.write_text(path.read_text(encoding="utf-8").replace("SIGTERM", "SIGINT"), encoding="utf-8")
    build(root, "--dirty")
    assert snapshot(site / "search") == before


def test_an_index_that_cannot_be_written_leaves_the_last_site(tmp_path: Path) -> None:
    root = mini(tmp_path, ARTICLES)
    site = build(root)
    before = snapshot(site)
    mini(root, {"docs/search/base.json/index.md": "# In the way\n"})
    done = run(root, "build")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "search/base.json" in done.stderr
    assert snapshot(site) == before
    shutil.rmtree(root / "docs/search")
    build(root)
