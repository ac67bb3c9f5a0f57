"""Imports of small blogs that a test writes down, without a disk."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from engblog.disk.importing import DIALECTS
from engblog.importing.dialect import OldBlog
from engblog.importing.remarks import Effect
from engblog.importing.terms import with_people, with_terms
from engblog.importing.translate import Imported, NewArticle, Translation, Wishes
from engblog.model.article import Taxonomy
from engblog.model.problems import Problem, Problems
from engblog.source.docs_files import DocsFiles
from engblog.source.parse import Source, parse_article
from engblog.source.pictures import recognize
from engblog.source.schema import Vocabulary, read_article
from engblog.source.vocabulary import read_people, read_taxonomy

NOW = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
FRONT = "---\ntitle: One\ndate: 2020-01-02\ntags: [Go, Redis, Linux]\n---\n"
PLACES = {
    "hugo": ("content/blog/one.md", {"hugo.toml": 'baseURL = "https://old.example/"\n'}),
    "jekyll": ("_posts/2020-01-02-one.md", {"_config.yml": "url: https://old.example\n"}),
    "docusaurus": (
        "blog/2020-01-02-one.mdx",
        {"docusaurus.config.js": "module.exports = {url: 'https://old.example'};\n"},
    ),
    "material": ("docs/blog/posts/one.md", {"mkdocs.yml": "site_url: https://old.example/\nplugins: [blog]\n"}),
    "mkdocs": ("docs/posts/one.md", {"mkdocs.yml": "site_url: https://old.example/\n"}),
}
"""The path of a post, and the configuration, of a small blog of each system."""


def bring(
    system: str,
    files: Mapping[str, str | bytes],
    *,
    url: str = "",
    posts: tuple[str, ...] = (),
    fetch: Callable[[str], bytes | None] | None = None,
) -> Imported:
    """Import the blog that *files* are."""
    return translation(system, files, url=url, posts=posts, fetch=fetch).result()


def translation(
    system: str,
    files: Mapping[str, str | bytes],
    *,
    url: str = "",
    posts: tuple[str, ...] = (),
    fetch: Callable[[str], bytes | None] | None = None,
) -> Translation:
    """The translation of the blog that *files* are."""
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    blog = OldBlog(frozenset(data), data.get, url=url, posts=posts)
    return Translation(DIALECTS[system](blog), Wishes(Taxonomy(), {}, "Blog", NOW, fetch=fetch))


def bring_one(
    system: str, text: str, more: Mapping[str, str | bytes] | None = None, *, front: str = FRONT
) -> NewArticle:
    """Import the post with the body *text*, as the only one of a blog that has also the files *more*."""
    path, settings = PLACES[system]
    found = bring(system, {**settings, path: front + text, **(more or {})})
    assert not found.remarks, found.remarks
    return next(article for article in found.articles if article.path == path)


def body(system: str, text: str, more: Mapping[str, str | bytes] | None = None) -> str:
    """The body of that article."""
    return bring_one(system, text, more).body.strip()


def left(article: NewArticle) -> list[str]:
    """What is left to a person: ``line: message``; without the length of the description, which is short in tests."""
    found = [each for each in article.remarks.found if each.effect is Effect.LEFT]
    return [f"{each.line}: {each.message}" for each in found if not each.message.startswith("the description has")]


def changed(article: NewArticle) -> list[str]:
    """What was changed: ``line: message``."""
    return [f"{each.line}: {each.message}" for each in article.remarks.found if each.effect is Effect.CHANGED]


def problems_of(imported: Imported) -> dict[str, list[Problem]]:
    """What the check of articles finds in each of *imported*, by its old file."""
    tags = sorted({tag for article in imported.articles for tag in article.tags})
    categories = sorted({article.category for article in imported.articles})
    noted = Problems()
    taxonomy = read_taxonomy((with_terms(None, categories, tags) or "").encode(), "taxonomy.yml", noted)
    people = read_people(with_people(None, imported.new_people.new).encode(), "authors.yml", noted)
    assert noted.found == []
    names = frozenset(
        f"articles/{each.slug}/{name}" for each in imported.articles for name in [*each.files, "index.md"]
    )
    vocabulary = Vocabulary(taxonomy, people, DocsFiles(names), sourced_figures=False, now=NOW)
    found: dict[str, list[Problem]] = {}
    for article in imported.articles:
        parsed = parse_article(article.text().encode(), f"articles/{article.slug}/index.md")
        pictures = {f"articles/{article.slug}/{name}": recognize(data) for name, data in article.files.items()}
        problems = Problems()
        read_article(Source(parsed, {}, None, pictures), vocabulary, problems)
        found[article.path] = problems.found
    return found
