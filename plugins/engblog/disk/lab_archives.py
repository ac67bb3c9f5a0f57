"""Archives of labs: one download for readers who want to run a lab. The same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from engblog.model.publication import Publication, Tree, Written
from engblog.model.urls import LAB_ARCHIVE
from engblog.outputs.lab_archive import archive_members

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest date of the format, used because a file's own time is only that of its checkout."""
_REGULAR = 0o100644 << 16
_UNIX = 3


def lab_archives(publication: Publication, tree: Tree) -> Written:
    """The archive of each lab that has a page, next to that page."""
    for article in publication.site.articles:
        source = f"{article.src_uri.rpartition('/')[0]}/lab/index.md"
        if article.lab is not None and source in publication.addresses:
            members = archive_members(article, article.lab, publication, tree)
            yield f"{article.url}lab/{LAB_ARCHIVE}", zip_of(members)


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """A ZIP file of *members*, by path and in their order.

    They are stored, not compressed, because the output of zlib differs between versions and `engblog verify` compares
    every byte.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr, entry.create_system = _REGULAR, _UNIX
            archive.writestr(entry, data)
    return target.getvalue()
