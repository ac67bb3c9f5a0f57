"""What a build writes beside its pages: one line for each kind of file, in the order in which they are written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from mkdocs.exceptions import PluginError

from engblog.disk.lab_archives import lab_archives
from engblog.disk.search import write_search
from engblog.disk.tree import SiteTree
from engblog.html.sections import Section
from engblog.model.publication import Publication, Tree, Written
from engblog.model.site import Site
from engblog.outputs.build_info import write_build_info
from engblog.outputs.feeds.write import write_feeds
from engblog.outputs.offline import offline_files
from engblog.outputs.redirect_pages import redirect_pages
from engblog.outputs.search import documents_of
from engblog.outputs.twins.llms import llms_txt
from engblog.outputs.twins.twin import twins

log = logging.getLogger("mkdocs.plugins.engblog")

Output = Callable[[Publication], Written]
Inventory = Callable[[Publication, Tree], Written]

OUTPUTS: tuple[Output, ...] = (redirect_pages, twins, llms_txt, write_feeds)
"""Functions from a publication to files. A path that a page or an asset has already is an error, not a surprise."""

INVENTORIES: tuple[Inventory, ...] = (
    lab_archives,
    offline_files,
    write_build_info,  # the last: its digest is over all the others
)
"""Those whose files are made of the others: each sees all that is written before it."""


def write_beside(publication: Publication, folder: Path) -> None:
    """:func:`write_outputs`, with the reason as a ``PluginError`` if it cannot."""
    try:
        count = write_outputs(publication, folder)
    except FileExistsError as error:
        name = Path(str(error.filename)).relative_to(folder).as_posix()
        raise PluginError(f"/{name} is written by the build, and by something else too: rename the other") from None
    except OSError as error:
        raise PluginError(f"the site could not be written: {error}") from None
    log.info("%d files beside the pages", count)


def write_outputs(publication: Publication, folder: Path) -> int:
    """Write the files of every output below *folder*, the site as built so far; the number of files.

    Raises ``FileExistsError`` when a file is there already: two things claim one address.
    """
    count = sum(_write(folder, output(publication)) for output in OUTPUTS)
    return count + sum(_write(folder, inventory(publication, SiteTree(folder))) for inventory in INVENTORIES)


def _write(folder: Path, files: Written) -> int:
    count = 0
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
        count += 1
    return count


log = logging.getLogger("mkdocs.plugins.engblog")


def index_articles(site: Site, texts: Mapping[str, tuple[Section, ...]], language: str, folder: Path) -> None:
    """Write the index of the articles of *site* below *folder*, from what *texts* has of each by ``src_uri``.

    Raises ``PluginError``: an article that nobody finds is a failure, not a smaller index.
    """
    if silent := unread(site, texts):
        raise PluginError(
            "no page was rendered for these articles, so that nobody would find them: " + ", ".join(silent)
        )
    try:
        write_search(folder, documents_of(site.articles, site.taxonomy, texts, language))
    except OSError as error:
        raise PluginError(f"the search index could not be written: {error}") from None
    log.info("search index: %d articles", len(site.articles))


def unread(site: Site, texts: Mapping[str, tuple[Section, ...]]) -> list[str]:
    """The articles of *site* that *texts* lacks: their pages were not rendered."""
    return [article.src_uri for article in site.articles if article.src_uri not in texts]
