"""Adds articles and generated pages to the host's files, each at its address; an article's pictures and the files of
its lab move with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from engblog.disk.docs import DocsSettings
from engblog.hosts.mkdocs.renditions import Making, Rendition
from engblog.hosts.mkdocs.rss_plugin import feed_meta
from engblog.hosts.mkdocs.sources import is_below
from engblog.model.article import Article
from engblog.model.kinds import HOME
from engblog.model.site import View
from engblog.model.urls import WELL_KNOWN
from engblog.pages import PageData, list_description
from engblog.pages.head import Subject
from engblog.source.diagram import with_ground
from engblog.source.handwritten import HandWritten


def keep_published(files: Files, published: frozenset[str], config: MkDocsConfig) -> None:
    """Remove every file of the docs folder from *files* that is not *published*, and include those that are and that
    the host would leave out."""
    docs = Path(config.docs_dir)
    for file in [*files]:
        if not is_below(docs, file):
            continue  # another plugin or the theme brings it
        if file.src_uri not in published:
            files.remove(file)
        elif file.src_uri.startswith(WELL_KNOWN):
            file.inclusion = InclusionLevel.NOT_IN_NAV


def place_articles(
    articles: tuple[Article, ...], files: Files, settings: DocsSettings, data: PageData, config: MkDocsConfig
) -> dict[str, Subject]:
    """Give *articles* and the files in their folders their addresses.

    Returns the subject of each page by the path of its file.
    """
    subjects: dict[str, Subject] = {}
    by_folder = {article.src_uri.rpartition("/")[0]: article for article in articles}
    lead = f"{settings.articles_dir}/"
    for file in [file for file in files if file.src_uri.startswith(lead)]:
        folder = lead + file.src_uri.removeprefix(lead).partition("/")[0]
        article = by_folder.get(folder)
        if article is None:
            continue
        if file.src_uri == article.src_uri:
            subjects[file.src_uri] = article
            add_article(article, file, _article_meta(article, data), config)
        else:
            move_beside_article(file, folder, article)
            _give_ground(file)
    return subjects


def _article_meta(article: Article, data: PageData) -> dict[str, Any]:
    """The front matter for templates and other plugins."""
    return {
        "template": "article.html",
        "title": article.title,
        "description": article.description,
        **feed_meta(article),
        "view": data.article(article),
    }


class ModelPage(Page):
    """A page whose front matter and text come from the model, without parsing the file again."""

    model_meta: Mapping[str, Any]
    model_markdown: str
    model_html: str | None = None
    """A finished body, because only articles are rendered from Markdown."""
    making: Making | None = None
    """Notes what the rendering looks up, if the result is to be kept."""
    rendition: Rendition | None = None
    """The result of an earlier build for the same text."""

    def read_source(self, config: MkDocsConfig) -> None:
        """Take front matter and text from the model."""
        self.markdown = self.model_markdown
        self.meta = dict(self.model_meta)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the text, unless the body is already finished, or an earlier build has done it."""
        if (kept := self.rendition) is not None:
            self.content, self.toc, self.present_anchor_ids = kept.html, kept.toc, {*kept.ids}
            self.links_to_anchors = kept.links_among(files)
        elif self.model_html is None:
            super().render(config, self.making.files(files) if self.making else files)
        else:
            self.content = self.model_html
            self.present_anchor_ids = None


def add_article(article: Article, file: File, meta: Mapping[str, Any], config: MkDocsConfig) -> None:
    """Give *file* the article's address and page."""
    file.dest_uri = f"{article.url}index.html"
    file.inclusion = InclusionLevel.INCLUDED
    _page(file, config, meta, article.body)


def add_generated(
    url: str, meta: Mapping[str, Any], config: MkDocsConfig, files: Files, *, html: str = "", src_uri: str | None = None
) -> File:
    """Add a page at *url* (``tags/redis/``, empty for the home page) that has no source file."""
    source = src_uri or f"{url}index.md"
    if files.get_file_from_path(source) is not None:  # appended under the same name, the hand-written page would vanish
        source = f"{url}generated/index.md"
    file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
    file.dest_uri = f"{url}index.html"
    _page(file, config, meta, "").model_html = html
    files.append(file)
    return file


def join_with_view(file: File, meta: Mapping[str, Any], config: MkDocsConfig, body: str) -> None:
    """Make *file* (``index.md``) show a view, and its text *body* as a part of it."""
    page = _page(file, config, meta, body)
    if not body.strip():
        page.model_html = ""


def _page(file: File, config: MkDocsConfig, meta: Mapping[str, Any], markdown: str) -> ModelPage:
    page = ModelPage(None, file, config)
    page.model_meta = meta
    page.model_markdown = markdown
    return page


def _give_ground(file: File) -> None:
    """Let the *file* of a drawing be seen on any background: readers open it, and feeds show it."""
    if file.src_uri.endswith(".svg"):
        text = file.content_bytes.decode("utf-8", "replace")
        if (grounded := with_ground(text)) != text:
            file.content_string = grounded


def move_beside_article(file: File, folder: str, article: Article) -> None:
    """Give a picture or a lab file of the article in *folder* an address below the article's own."""
    file.dest_uri = article.url + file.src_uri.removeprefix(f"{folder}/")


def place_views(
    views: tuple[View, ...],
    files: Files,
    data: PageData,
    config: MkDocsConfig,
    *,
    home: File | None,
    front: HandWritten,
) -> dict[str, Subject]:
    """Add a page for each of *views* to *files*; the first home page takes the place of *home*, the file of the page
    *front*, and shows its texts.

    Returns the subject of each page by the path of its file.
    """
    subjects: dict[str, Subject] = {}
    for view in views:
        meta = _home_meta(view, data, front.texts, config) if view.kind is HOME else _list_meta(view, data)
        if view.url == "" and home is not None:
            join_with_view(home, meta, config, front.body)
            subjects[home.src_uri] = view
        else:
            subjects[add_generated(view.url, meta, config, files).src_uri] = view
    return subjects


def _home_meta(view: View, data: PageData, hero: Mapping[str, Any], config: MkDocsConfig) -> dict[str, Any]:
    page = data.home(view, hero)
    title = hero.get("title") or "Home" if view.page == 1 else f"Articles, page {view.page}"
    return _view_meta(view, page, title, page["hero"]["tagline"] or config.site_description or "")


def _list_meta(view: View, data: PageData) -> dict[str, Any]:
    page = data.listing(view) if view.kind.lists_articles else data.index(view)
    return _view_meta(view, page, page["title"], list_description(view, page))


def _view_meta(view: View, page: Mapping[str, Any], title: str, description: str) -> dict[str, Any]:
    """Front matter of a generated page."""
    return {"template": view.kind.template, "title": title, "description": description, "view": page}
