"""Data for machines in a page's ``<head>``: the last change, whether to list the page, a description, JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engblog.model.article import Article, Lab
from engblog.model.kinds import AUTHOR, HOME
from engblog.model.publication import Identity
from engblog.model.site import Site, View
from engblog.model.text import shortened
from engblog.pages import jsonld
from engblog.pages.jsonld import Node
from engblog.site.history import last_change, newest_change
from engblog.source.handwritten import HandWritten

SUMMARY = 300
"""Length of a description, in characters, that is worth sending to social networks, which cut it much earlier."""


@dataclass(frozen=True, slots=True)
class LabPage:
    """The page that shows the lab of an article."""

    article: Article
    lab: Lab


Subject = Article | View | LabPage | HandWritten


@dataclass(frozen=True, slots=True)
class Heads:
    """Makes the data that the head of each page of one site needs."""

    identity: Identity
    site: Site
    search: str | None = None
    """The path of the search page from the site's root, if there is one."""

    def of(self, subject: Subject, path: str, view: Mapping[str, Any], description: str) -> dict[str, Any]:
        """Return additions to *view*, the dict of the page at *path* (``tags/redis/``), which is about *subject*."""
        hidden = self._is_hidden(subject)
        changed = self._changed(subject)
        return {
            "modified": changed.isoformat() if changed else None,
            "noindex": hidden,
            "summary": shortened(description, SUMMARY),
            "structured": jsonld.jsonld_script(self._nodes(subject, path, view, description))
            if self.identity.url and not hidden
            else None,
            "share": self._share(subject),
        }

    def _is_hidden(self, subject: Subject) -> bool:
        """True if search engines should not list the page: its author says so, or only previews show it."""
        if isinstance(subject, HandWritten):
            return subject.noindex
        if isinstance(subject, View):
            return False
        article = subject.article if isinstance(subject, LabPage) else subject
        return article.status != "published" or article.published.instant > self.site.now

    def _changed(self, subject: Subject) -> date | None:
        if isinstance(subject, Article):
            return last_change(subject).day
        if isinstance(subject, LabPage):
            return subject.lab.ran
        if isinstance(subject, HandWritten):
            return subject.updated
        if subject.kind.tells_of_all:
            return newest_change(self.site.articles)
        featured = self.site.featured if subject.kind is HOME and subject.page == 1 else None
        return newest_change([*subject.articles, *([featured] if featured else [])])

    def _share(self, subject: Subject) -> dict[str, Any]:
        """The Open Graph type of the page, and the properties that belong to that type."""
        if isinstance(subject, Article):
            return {"type": "article", "modified": last_change(subject).iso if _has_changed(subject) else None}
        if isinstance(subject, View) and subject.kind is AUTHOR:
            return {"type": "profile", "username": subject.key}
        return {"type": "website"}

    def _nodes(self, subject: Subject, path: str, view: Mapping[str, Any], description: str) -> list[Node]:
        identity, title, crumbs = self.identity, str(view["title"]), view["breadcrumbs"]
        if isinstance(subject, View) and subject.kind is HOME and subject.page == 1:
            return jsonld.home_nodes(identity, description=description, search=self.search)
        if isinstance(subject, View) and subject.kind is HOME:
            title, crumbs = f"Page {subject.page}", [{"title": identity.name, "url": ""}]
        way = jsonld.breadcrumbs(identity, crumbs, title, path)
        if isinstance(subject, Article):
            card = view.get("card") or {}
            return [jsonld.article_node(identity, subject, image=card.get("url")), way]
        if isinstance(subject, LabPage):
            return [jsonld.lab_node(identity, subject.article, path, title, description=description), way]
        if isinstance(subject, HandWritten):
            return [jsonld.plain_node(identity, path, title, description=description), way]
        if subject.person and subject.page == 1:
            return [jsonld.profile_node(identity, subject, subject.person, title, description=description), way]
        return [jsonld.list_node(identity, subject, title, description=description), way]


def _has_changed(article: Article) -> bool:
    return last_change(article) is not article.published
