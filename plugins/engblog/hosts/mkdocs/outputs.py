"""Writes the files besides the pages of a build: one line for each kind of file, in the order of writing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mkdocs.exceptions import PluginError

from engblog.disk.cards import card_files
from engblog.disk.lab_archives import lab_archives
from engblog.disk.memo import remembered
from engblog.disk.search import search_files
from engblog.disk.store import key_of
from engblog.disk.tree import SiteTree, write_files
from engblog.hosts.mkdocs.cards import Cards
from engblog.hosts.mkdocs.unchanged import Kept
from engblog.html.sections import Section
from engblog.model.article import Article
from engblog.model.publication import Publication, Tree, Written
from engblog.model.urls import twin_url
from engblog.outputs.build_info import write_build_info
from engblog.outputs.cards.card import CardError
from engblog.outputs.feeds.write import write_feeds
from engblog.outputs.offline import offline_files
from engblog.outputs.redirect_pages import redirect_pages
from engblog.outputs.robots import robots_txt
from engblog.outputs.search import documents_of, pages_of
from engblog.outputs.twins.llms import llms_txt
from engblog.outputs.twins.twin import twin, twins

log = logging.getLogger("mkdocs.plugins.engblog")


@dataclass(frozen=True, slots=True)
class RenderedSite:
    """A site whose pages are written: everything that the other files are made from."""

    publication: Publication
    folder: Path
    texts: Mapping[str, tuple[Section, ...]]
    """The sections of each article, and of each page that is written by hand, for the search, by ``src_uri``."""
    prefix: str
    """The prefix that turns a path below the docs folder into the path that people see."""
    cards: Cards | None = None
    cards_cache: Path | None = None
    kept: Kept | None = None
    """The results of earlier builds."""

    @property
    def tree(self) -> Tree:
        """The files written so far."""
        return SiteTree(self.folder)


Output = Callable[[RenderedSite], Written]


def _of_publication(make: Callable[[Publication], Written]) -> Output:
    return lambda site: make(site.publication)


def _of_files(make: Callable[[Publication, Tree], Written]) -> Output:
    return lambda site: make(site.publication, site.tree)


def _search(site: RenderedSite) -> Written:
    """The search index; an article without a text is an error, not a smaller index."""
    articles = site.publication.site.articles
    if silent := [article.src_uri for article in articles if article.src_uri not in site.texts]:
        raise PluginError("no page was rendered for these articles, so nobody would find them: " + ", ".join(silent))
    language = site.publication.identity.language
    documents = documents_of(articles, site.publication.site.taxonomy, site.texts, language)
    pages = pages_of(site.texts, site.publication, language)
    yield from search_files([*documents, *pages]).items()


def _cards(site: RenderedSite) -> Written:
    if site.cards is None or site.cards_cache is None:
        return
    paths = site.cards.paths(site.publication.site.articles, site.publication.redirects)
    owned = {
        site.prefix + owner if owner else "the site": (card, paths[owner]) for owner, card in site.cards.of.items()
    }
    try:
        yield from card_files(owned, site.cards.maker, site.cards_cache)
    except CardError as error:
        raise PluginError(str(error)) from None


def _twins(site: RenderedSite) -> Written:
    """The Markdown twins; those of articles that are the same, and whose links lead to the same addresses, are
    taken from earlier builds."""
    publication, kept = site.publication, site.kept
    if kept is None or not publication.identity.url:
        yield from twins(publication)
        return
    for article in publication.site.articles:

        def make(given: Sequence[Mapping[str, str]], article: Article = article) -> str:
            addresses, texts = given
            return twin(article, replace(publication, addresses=addresses, texts=texts))

        key = key_of("twin", kept.surroundings, repr(article), repr(publication.identity))
        text = remembered(kept.store, key, [publication.addresses, publication.texts], make)
        yield twin_url(article), text.encode()


def _robots(site: RenderedSite) -> Written:
    """robots.txt, unless the maintainer has written one."""
    if not (site.folder / "robots.txt").exists():
        yield from robots_txt(site.publication)


OUTPUTS: Mapping[str, Output] = {
    "search index": _search,
    "cards": _cards,
    "robots.txt": _robots,
    "redirects": _of_publication(redirect_pages),
    "twins": _twins,
    "llms.txt": _of_publication(llms_txt),
    "feeds": _of_publication(write_feeds),
    # The rest are made from other files; each sees everything written before it.
    "lab archives": _of_files(lab_archives),
    "lists for offline": _of_files(offline_files),
    "build.json": _of_files(write_build_info),  # last, because its digest covers all the others
}
"""Everything that is written besides the pages. A path that a page or an asset already has is an error."""


def write_outputs(site: RenderedSite) -> dict[str, str]:
    """Write the files of every output of *site*, and return the SHA-256 of each by its path. Raises ``PluginError``
    with the reason if that fails."""
    try:
        written = {name: write_files(site.folder, output(site)) for name, output in OUTPUTS.items()}
    except FileExistsError as error:
        name = Path(str(error.filename)).relative_to(site.folder).as_posix()
        raise PluginError(f"the build writes /{name}, and so does something else: rename the other file") from None
    except OSError as error:
        raise PluginError(f"the site could not be written: {error}") from None
    made = ", ".join(f"{len(files)} of {name}" for name, files in written.items() if files)
    log.info("%d files beside the pages: %s", sum(map(len, written.values())), made)
    return {path: digest for files in written.values() for path, digest in files.items()}
