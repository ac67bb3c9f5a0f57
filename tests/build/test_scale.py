"""A thousand articles: built in seconds, each rendered once, in time that grows with their number."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import markdown
import pytest
from support.hosts import Page, build_here, config, mini, pages
from support.sources import DESCRIPTION

TAGS = ["Caching", "Go", "Kubernetes", "MySQL", "Node.js", "PostgreSQL", "Redis", "Replication", "Signals"]


def short_articles(count: int) -> dict[str, str]:
    texts = {}
    for n in range(count):
        tags = ", ".join(TAGS[(n + step) % 9] for step in range(3))
        category, sub = [("Database", "Storage"), ("System Design", "Architecture")][n % 2]
        texts[f"docs/articles/a{n}/index.md"] = (
            f"---\ntitle: Article {n}\ndescription: {DESCRIPTION}\n"
            f"date: {2010 + n % 16}-{n % 12 + 1:02}-{n % 28 + 1:02}\n"
            f"category: {category}\nsubcategory: {sub}\ntags: [{tags}]\nauthors: [ada]\n---\n"
            f"Marker{n} and a few words on {tags.lower()}.\n"
        )
    return texts


def seconds(root: Path, count: int) -> float:
    mini(root, {**short_articles(count), "mkdocs.yml": config("page_size: 20")})
    start = time.process_time()
    build_here(root)
    return time.process_time() - start


def test_a_thousand_articles_are_built_and_each_is_rendered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    rendered: Counter[str] = Counter()
    converted: Counter[str] = Counter()
    render, convert = Page.render, markdown.Markdown.convert

    def counting_render(page: Page, *arguments: object) -> None:
        rendered[page.file.src_uri] += 1
        render(page, *arguments)  # type: ignore[arg-type]

    def counting_convert(self: markdown.Markdown, source: str) -> str:
        converted[source] += 1
        return convert(self, source)

    monkeypatch.setattr(Page, "render", counting_render)
    monkeypatch.setattr(markdown.Markdown, "convert", counting_convert)
    mini(tmp_path, {**short_articles(1000), "docs/about.md": "# About\n\nWho we are.\n"})
    site = build_here(tmp_path)
    assert len([url for url in pages(site) if url.startswith("articles/")]) == 1000
    assert set(rendered) == {*(f"articles/a{n}/index.md" for n in range(1000)), "about.md"}
    assert set(rendered.values()) == {1}
    assert len(converted) == 1001
    assert set(converted.values()) == {1}


def test_the_time_grows_with_the_number_of_articles(tmp_path: Path) -> None:
    """Four times as many take four times as long, sixteen times if each were compared with each; nine lies between."""
    few = min(seconds(tmp_path / name, 100) for name in ("warm", "a", "b"))
    many = min(seconds(tmp_path / name, 400) for name in ("c", "d"))
    assert many < 9 * few, f"{few:.2f} s for 100 articles, {many:.2f} s for 400"
