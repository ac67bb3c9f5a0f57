"""Adds the pages of labs to the host's files, and completes them once the articles are rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engblog.hosts.mkdocs.place import add_generated
from engblog.hosts.mkdocs.sources import text_of
from engblog.model.article import Article, Lab
from engblog.pages import PageData, with_sentences
from engblog.pages.head import LabPage, Subject
from engblog.pages.labs import lab_html
from engblog.source.sentences import verified_sentences


def place_labs(articles: Iterable[Article], files: Files, data: PageData, config: MkDocsConfig) -> dict[str, Subject]:
    """Add a page to *files* for the lab of each of *articles* that has one; return the subject of each page by the path
    of its file."""
    return dict(
        _place_lab(article, article.lab, files, data, config) for article in articles if article.lab is not None
    )


def quote_articles(subjects: Mapping[str, Subject], bodies: Mapping[str, str], files: Files) -> None:
    """Give the page of each lab the sentences that it verifies, from *bodies*, the rendered articles by source;
    *subjects* has the subject of each page."""
    for source, subject in subjects.items():
        file = files.get_file_from_path(source) if isinstance(subject, LabPage) else None
        if isinstance(subject, LabPage) and file is not None and file.page is not None:
            body = bodies.get(subject.article.src_uri, "")
            sentences = verified_sentences(body, subject.lab.tests)
            file.page.meta["view"] = with_sentences(file.page.meta["view"], sentences)


def _place_lab(article: Article, lab: Lab, files: Files, data: PageData, config: MkDocsConfig) -> tuple[str, LabPage]:
    source = f"{article.src_uri.rpartition('/')[0]}/lab/index.md"
    folder = Path(config.docs_dir, source).parent
    texts = {name: text for name in lab.files if (text := text_of(folder / name))}
    page = data.lab(article, lab, texts)
    description = f"The code, the tests and the measurements behind “{article.title}”."
    meta = {"template": "views/lab.html", "title": page["title"], "description": description, "view": page}
    html = lab_html([*texts.items()])
    file = add_generated(f"{article.url}lab/", meta, config, files, html=html, src_uri=source)
    return file.src_uri, LabPage(article, lab)
