"""Places articles among the host's files: each at its address, with its pictures and the files of its lab."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engblog.adapters.mkdocs.feeds import feed_meta
from engblog.adapters.mkdocs.files import add_article, move_beside_article
from engblog.core.head import Subject
from engblog.core.model import Article
from engblog.core.pagedata import PageData
from engblog.io.sources import Settings

_LEFT_BY_TOOLS = frozenset({"__pycache__", "node_modules"})


def place_articles(
    articles: tuple[Article, ...], files: Files, settings: Settings, data: PageData, config: MkDocsConfig
) -> dict[str, Subject]:
    """Give *articles* and what lies in their folders their addresses, and take out of *files* what is not published.

    Returns what each page is about, by the path of its file.
    """
    for vocabulary in settings.vocabularies:
        if (file := files.get_file_from_path(vocabulary)) is not None:
            files.remove(file)
    subjects: dict[str, Subject] = {}
    by_folder = {article.src_uri.rpartition("/")[0]: article for article in articles}
    lead = f"{settings.articles_dir}/"
    for file in [file for file in files if file.src_uri.startswith(lead)]:
        folder = lead + file.src_uri.removeprefix(lead).partition("/")[0]
        article = by_folder.get(folder)
        left_by_tools = not _LEFT_BY_TOOLS.isdisjoint(file.src_uri.split("/"))
        if article is None or left_by_tools or (file.is_documentation_page() and file.src_uri != article.src_uri):
            files.remove(file)  # an article that is not shown takes its pictures and its lab with it
        elif file.src_uri == article.src_uri:
            subjects[file.src_uri] = article
            add_article(article, file, _meta(article, data), config)
        else:
            move_beside_article(file, folder, article)
    return subjects


def _meta(article: Article, data: PageData) -> dict[str, Any]:
    """Front matter as templates and other plugins see it."""
    return {
        "template": "article.html",
        "title": article.title,
        "description": article.description,
        **feed_meta(article),
        "view": data.article(article),
    }
