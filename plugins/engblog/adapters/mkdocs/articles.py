"""Places articles among the host's files: each at its address, with its pictures, its lab and the page of that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engblog.adapters.mkdocs.feeds import feed_meta
from engblog.adapters.mkdocs.files import add_article, add_generated, move_beside_article
from engblog.adapters.mkdocs.sources import text_of
from engblog.core.head import LabPage, Subject
from engblog.core.labpage import lab_html
from engblog.core.model import Article, Lab
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


def place_labs(articles: tuple[Article, ...], files: Files, data: PageData, config: MkDocsConfig) -> dict[str, Subject]:
    """Add to *files* a page for the lab of each of *articles* that has one; what each is about, by the path of its
    file."""
    return dict(
        _place_lab(article, article.lab, files, data, config) for article in articles if article.lab is not None
    )


def _place_lab(article: Article, lab: Lab, files: Files, data: PageData, config: MkDocsConfig) -> tuple[str, LabPage]:
    folder = f"{article.src_uri.rpartition('/')[0]}/lab"
    texts = [(name, text_of(Path(config.docs_dir, folder, name))) for name in lab.files]
    page = data.lab(article, lab)
    page["lab"]["files"] = [each for each, (_, text) in zip(page["lab"]["files"], texts, strict=True) if text]
    description = f"The code, the tests and the measurements behind “{article.title}”."
    meta = {"template": "views/lab.html", "title": page["title"], "description": description, "view": page}
    html = lab_html([(name, text) for name, text in texts if text])
    file = add_generated(f"{article.url}lab/", meta, config, files, html=html, src_uri=f"{folder}/index.md")
    return file.src_uri, LabPage(article, lab)


def _meta(article: Article, data: PageData) -> dict[str, Any]:
    """Front matter as templates and other plugins see it."""
    return {
        "template": "article.html",
        "title": article.title,
        "description": article.description,
        **feed_meta(article),
        "view": data.article(article),
    }
