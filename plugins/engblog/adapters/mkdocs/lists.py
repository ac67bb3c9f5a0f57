"""Places generated pages among the host's files: the home page, lists of articles, indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engblog.adapters.mkdocs.files import add_generated, replace_with_view
from engblog.core.head import Subject
from engblog.core.model import View
from engblog.core.pagedata import PageData, list_description
from engblog.core.views import INDEXES


def place_views(
    views: tuple[View, ...],
    files: Files,
    data: PageData,
    config: MkDocsConfig,
    *,
    home: File | None,
    hero: Mapping[str, Any],
) -> dict[str, Subject]:
    """Add a page for each of *views* to *files*; the first home page takes the place of *home*, whose front matter
    *hero* is. Returns what each page is about, by the path of its file."""
    subjects: dict[str, Subject] = {}
    for view in views:
        meta = _home_meta(view, data, hero, config) if view.kind == "home" else _list_meta(view, data)
        if view.url == "" and home is not None:
            replace_with_view(home, meta, config)
            subjects[home.src_uri] = view
        else:
            subjects[add_generated(view.url, meta, config, files).src_uri] = view
    return subjects


def _home_meta(view: View, data: PageData, hero: Mapping[str, Any], config: MkDocsConfig) -> dict[str, Any]:
    page = data.home(view, hero)
    title = hero.get("title") or "Home" if view.page == 1 else f"Articles, page {view.page}"
    return _meta(view, page, title, page["hero"]["tagline"] or config.site_description or "")


def _list_meta(view: View, data: PageData) -> dict[str, Any]:
    page = data.index(view) if view.kind in INDEXES else data.listing(view)
    return _meta(view, page, page["title"], list_description(view, page))


def _meta(view: View, page: Mapping[str, Any], title: str, description: str) -> dict[str, Any]:
    """Front matter of a generated page."""
    return {"template": view.template, "title": title, "description": description, "view": page}
