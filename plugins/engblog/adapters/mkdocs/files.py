"""MkDocs' files and pages for the article model: addresses, generated pages, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from engblog.core.model import Article


class ModelPage(Page):
    """A page whose front matter and text come from the model, not from parsing the file once more."""

    model_meta: Mapping[str, Any]
    model_markdown: str
    model_html: str | None = None
    """A body that needs no rendering: Markdown is made for articles alone."""

    def read_source(self, config: MkDocsConfig) -> None:
        """Take front matter and text from the model."""
        self.markdown = self.model_markdown
        self.meta = dict(self.model_meta)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the text, unless the body is made already."""
        if self.model_html is None:
            super().render(config, files)
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
    """Add a page at *url* (``tags/redis/``, empty for the home page) that stands in no file."""
    source = src_uri or f"{url}index.md"
    if files.get_file_from_path(source) is not None:  # appended under one name, the hand-written page would vanish
        source = f"{url}generated/index.md"
    file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
    file.dest_uri = f"{url}index.html"
    _page(file, config, meta, "").model_html = html
    files.append(file)
    return file


def replace_with_view(file: File, meta: Mapping[str, Any], config: MkDocsConfig) -> None:
    """Let *file* (``index.md``) show a view in place of its text."""
    _page(file, config, meta, "").model_html = ""


def _page(file: File, config: MkDocsConfig, meta: Mapping[str, Any], markdown: str) -> ModelPage:
    page = ModelPage(None, file, config)
    page.model_meta = meta
    page.model_markdown = markdown
    return page


def move_beside_article(file: File, folder: str, article: Article) -> None:
    """Give a picture or a lab file of the article in *folder* an address below the article's own."""
    file.dest_uri = article.url + file.src_uri.removeprefix(f"{folder}/")
