"""What a build writes beside its pages: one line for each kind of file, in the order in which they are written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from mkdocs.exceptions import PluginError

from engblog.core.buildinfo import write_build_info
from engblog.core.feeds.write import write_feeds
from engblog.core.llms import llms_txt
from engblog.core.offline import offline_files
from engblog.core.publication import Publication, Tree, Written
from engblog.core.redirectpage import redirect_pages
from engblog.core.twin import twins
from engblog.io.archive import lab_archives
from engblog.io.tree import SiteTree

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
