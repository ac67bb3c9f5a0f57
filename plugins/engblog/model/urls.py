"""Addresses as authors write them and as files: ``/old/``, ``old/`` and ``old/index.html`` are one."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from urllib.parse import unquote

from engblog.model.article import Article
from engblog.model.text import slugify

_ODD = re.compile(r"[\s?#\\<>\"%\x00-\x1f\x7f-\x9f]")
_LONGEST_NAME, _LONGEST_PATH = 200, 1000
"""Bytes: file systems take 255 for a name and some 4,000 for a whole path, the folder of the site included."""


def site_path(text: str) -> str | None:
    """*text*, a path of this site as an author writes it, as an address from the site's root.

    ``/old`` and ``/old/`` are ``old/``; a last part with a dot is a file's name, ``/2019/old.html``. Returns None if
    the text is not a path, if a server or disk would reject it (a name that begins with a dot or is too long), and for
    the site's root, which always exists.
    """
    segments = text.strip("/").split("/")
    odd = not text.startswith("/") or text.startswith("//") or text == "/" or _ODD.search(text)
    if odd or len(text.encode()) > _LONGEST_PATH:
        return None
    if any(not segment or segment[0] == "." or len(segment.encode()) > _LONGEST_NAME for segment in segments):
        return None
    plain = text.removeprefix("/")
    return plain if text.endswith("/") or "." in segments[-1] else f"{plain}/"


def page_file(address: str) -> str:
    """The file of the page at *address*, a path from the site's root: ``old/`` is in ``old/index.html``."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def page_address(file: str) -> str:
    """The address of the page in *file*, a path from the site's root."""
    folder, _, name = file.rpartition("/")
    return (f"{folder}/" if folder else "") if name == "index.html" else file


def fold_path(path: str) -> str:
    """*path* as seen by a file system that ignores letter case and the different encodings of accents."""
    return unicodedata.normalize("NFC", path).casefold()


class Format(Enum):
    """The formats of feeds: the name that readers see, the file next to the list's page, and the media type."""

    RSS = ("RSS", "feed.xml", "application/rss+xml")
    ATOM = ("Atom", "atom.xml", "application/atom+xml")
    JSON = ("JSON Feed", "feed.json", "application/feed+json")

    def __init__(self, label: str, file: str, media_type: str) -> None:
        self.label = label
        self.file = file
        self.media_type = media_type


def files_beside(page: str) -> Mapping[Format, str]:
    """The files of the feed that follows the list at *page*, in every format."""
    return {format_: f"{page}{format_.file}" for format_ in Format}


def is_feed_path(path: str) -> bool:
    """True if a file of the site at *path* can be a feed, by its ending."""
    return path.endswith((".xml", ".json")) and not is_elsewhere(path)


def is_elsewhere(target: str) -> bool:
    """True if *target*, that of a redirect, is not a page of the site but a full address."""
    return target.startswith("https://")


MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""The endings of the names of Markdown files, of which the host makes pages."""
WELL_KNOWN = ".well-known/"
"""The folder in which other programs look for a site's files (RFC 8615)."""

LAB_ARCHIVE = "lab.zip"
"""Name of the archive of a lab's files, beside its page."""
OPML = "feeds.opml"
"""The file that lists every feed."""


def page_url(base: str, page: int) -> str:
    """The address of one page of the list at *base*."""
    return f"{base}page/{page}/" if page > 1 else base


TWIN = "index.md"
"""Name of an article's Markdown twin, in the folder of its page."""


def twin_url(article: Article) -> str:
    """The address of an article's Markdown twin."""
    return f"{article.url}{TWIN}"


_NO_NAME = re.compile(r"[^\w.-]+")


def test_anchor(name: str) -> str:
    """The id of a test on its lab's page."""
    return name.replace("_", "-")


def claim_anchor(name: str) -> str:
    """The id of the first mark of a claim in its article; of each further one with ``-2``, ``-3``, … added."""
    return f"claim-{test_anchor(name)}"


def number_anchor(key: str) -> str:
    """The id of a measurement on its lab's page."""
    return f"number-{_NO_NAME.sub('-', key)}"


def chart_anchor(key: str) -> str:
    """The id of the data of a chart on its lab's page."""
    return f"chart-{_NO_NAME.sub('-', key)}"


def file_anchor(name: str) -> str:
    """The id of a file on its lab's page; of a line with ``-<number>`` added."""
    return f"file-{slugify(name)}"


def resolve_path(folder: str, target: str) -> str | None:
    """The path from the docs folder that *target* names in an article in *folder*; None if it leads out of it."""
    plain = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    joined = posixpath.normpath(posixpath.join(folder, plain))
    return None if joined == ".." or joined.startswith(("../", "/")) else joined
