"""A site: its articles and vocabulary, the pages that list them, and the addresses that redirect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engblog.model.article import Article, Category, Person, Taxonomy, Term
from engblog.model.kinds import Kind
from engblog.model.urls import is_feed_path, page_file


@dataclass(frozen=True, slots=True)
class View:
    """A generated page that lists articles: one page of home, a category, a tag, an author, …"""

    kind: Kind
    url: str
    title: str
    articles: tuple[Article, ...] = ()
    """The articles on this page, newest first."""
    total: int = 0
    """The number of articles on all pages of the list."""
    page: int = 1
    page_count: int = 1
    key: str = ""
    """The key of the list: a slug, an author's key or a year."""
    first: int = 1
    """The number of the first article on this page, counted over all pages of the list."""
    category: Category | None = None
    """The category that it lists, or the one that contains the subcategory."""
    term: Term | None = None
    """The category, subcategory or tag whose articles it lists."""
    person: Person | None = None
    """The person whose articles it lists."""

    @property
    def base_url(self) -> str:
        """The address of the list's first page."""
        return self.url.removesuffix(f"page/{self.page}/") if self.page > 1 else self.url


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that one build knows: the published articles, in order, and the vocabulary they use."""

    articles: tuple[Article, ...]
    """The articles to show, newest first, ties by slug."""
    hidden: tuple[Article, ...]
    """Drafts and articles of the future that this build leaves out."""
    taxonomy: Taxonomy
    people: Mapping[str, Person]
    featured: Article | None
    now: datetime


@dataclass(frozen=True, slots=True, order=True)
class Redirect:
    """An old address, and the page or the feed that it leads to."""

    path: str
    """From the site's root: ``tags/k8s/``, or a file, ``2019/old.html``."""
    target: str
    """The address of a page or the path of a feed, from the site's root; or of a file of the repository, in full."""
    anchor: str = ""

    @property
    def is_feed(self) -> bool:
        """True if it leads to a feed, which is then served at the old address as well."""
        return is_feed_path(self.target)

    @property
    def file(self) -> str:
        """The file that answers for the old address, as a path from the site's root."""
        return page_file(self.path)
