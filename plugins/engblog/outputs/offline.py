"""Lists of files with digests, which a reader's browser needs to save a part of the site for reading offline.

=========================  =============================================================================================
``offline/index.json``     the one file whose address stays: it names the catalogue of this build
``offline/<d>.json``       the catalogue: the lists of the shell, of the search, and of each article and category, with
                           titles and bytes; or such a list: addresses, bytes and digests of files, and of an article
                           the texts that the search shows of it, which no other article needs
``offline/<d>.bin``        the rest of the search index, its many small files one after another: its list parts them
=========================  =============================================================================================

``<d>`` is the beginning of the SHA-256 of the file's bytes, so an unchanged file keeps its address, and by comparing
two catalogues a browser knows which files to fetch again. The shell is everything that each page needs: the front page,
the page that lists what is saved, style sheets, scripts, fonts and icons. Addresses are as pages request them, with
queries.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from engblog.html.page import read_page
from engblog.model.article import Article
from engblog.model.kinds import CATEGORY, SUBCATEGORY
from engblog.model.publication import Publication, Tree, Written
from engblog.model.site import View

PAGE = "offline/"
"""The page that lists what is saved. A site without it does not offer saving."""
INDEX = "offline/index.json"
FORMAT = 1
DIGITS = 16
"""The number of hexadecimal digits kept of a digest: 64 bits, enough to tell the files of one site apart."""

_ASSETS, _FONT, _CODE = "assets/", ".woff2", (".css", ".js")
_SEARCH_PARTS = "search/parts/"
_SEARCH, _SEARCH_BASE, _SEARCH_ENGINE = "search/", "search/base.json", "search/engine.mjs"
_HOST = "https://site.invalid/"
_UNQUOTED = "/:@!$&'()*+,;=[]|~"
"""Characters that browsers do not encode in the path of an address."""
Files = Mapping[str, str]
"""Paths in the tree by address, as pages request it from the site's root."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The amount that a reader saves, in bytes."""

    own: int
    """The article, or the category with its articles."""
    first: int
    """The extra amount for the first thing that is saved: the shell and the search."""
    count: int = 0
    """A category's articles."""


class FileRow(NamedTuple):
    """A file in a list: its address, bytes and digest."""

    address: str
    size: int
    digest: str


class ListRow(NamedTuple):
    """A list in the catalogue: its file's name, and the bytes of everything that it names and holds."""

    name: str
    size: int


class SavedArticleRow(NamedTuple):
    """An article in the catalogue, with its list."""

    address: str
    title: str
    name: str
    size: int


class CategoryRow(NamedTuple):
    """A category in the catalogue, with the list of its pages and the places of its articles."""

    address: str
    title: str
    name: str
    size: int
    articles: Sequence[int]


def offline_files(publication: Publication, tree: Tree) -> Written:
    """The files from which a reader saves articles; none if the site has no page at :data:`PAGE`."""
    paths = frozenset(tree.paths)
    if f"{PAGE}index.html" not in paths:
        return
    lists: dict[str, bytes] = {}

    def listed(files: Files, **more: Any) -> ListRow:
        return _add(lists, tree, {address: path for address, path in files.items() if path in paths}, **more)

    shell = listed(_shell(tree, paths))
    search = None
    texts: dict[str, dict[str, Any]] = {}
    if _SEARCH_BASE in paths:
        parts, texts = _index_parts(tree)
        pack = b"".join(tree.read(part) for part in parts)
        name = f"{PAGE}{_digest(pack)}.bin"
        yield name, pack
        own = {_SEARCH: f"{_SEARCH}index.html", _SEARCH_BASE: _SEARCH_BASE, _SEARCH_ENGINE: _SEARCH_ENGINE}
        search = listed(own, pack=(name, pack), parts=[[part, tree.size(part)] for part in parts])
    numbers = {article.src_uri: number for number, article in enumerate(publication.site.articles)}
    catalogue = {
        "shell": shell,
        "search": search,
        "articles": [
            SavedArticleRow(
                _address(article.url),
                article.title,
                *listed(_article(article, publication.body(article)), texts=texts.get(article.url)),
            )
            for article in publication.site.articles
        ],
        "categories": [
            CategoryRow(
                _address(views[0].url),
                views[0].title,
                *listed({_address(view.url): f"{view.url}index.html" for view in views}),
                [numbers[article.src_uri] for view in views if view.kind is CATEGORY for article in view.articles],
            )
            for views in _categories(publication.views)
        ],
    }
    yield from lists.items()
    data = _json(catalogue)
    name = f"{PAGE}{_digest(data)}.json"
    yield name, data
    yield INDEX, _json({"format": FORMAT, "catalogue": name})


def shown_pictures(url: str, html: str) -> dict[str, str]:
    """The files of this site that *html*, the body of the page at *url*, shows, by address."""
    found: dict[str, str] = {}
    for reference in read_page(html).references:
        if reference.element.endswith((" src", " srcset", " poster")):
            found |= _resolved(url, reference.address)
    return found


def index_bytes(texts: int, articles: int, *, english: bool) -> int:
    """Estimate how many bytes of the search a query may need, for *articles* with a total of *texts* bytes of text.

    Fitted to this site and to one of 1,000 generated articles: the engine, a row for each article, the meanings of
    English words, and postings, which grow more slowly than the text.
    """
    return 46_000 + (200 + 30 * english) * articles + 188_000 * english + round(4 * math.pow(texts, 0.8))


def is_shell(path: str) -> bool:
    """True if every page may need the file at *path*: a style sheet, a script or a font of the theme."""
    return path.startswith(_ASSETS) and path.endswith((*_CODE, _FONT))


def _shell(tree: Tree, paths: frozenset[str]) -> dict[str, str]:
    files = {"": "index.html", PAGE: f"{PAGE}index.html"}
    query = ""
    for reference in read_page(tree.read(f"{PAGE}index.html").decode()).references:
        asked = {address: path for address, path in _resolved(PAGE, reference.address).items() if path in paths}
        files |= {address: path for address, path in asked.items() if path.startswith(_ASSETS)}
        for address, path in asked.items():
            if path == f"{_ASSETS}js/site.js":
                query = address.removeprefix(path)  # scripts and styles that are fetched later have it as well
    for path in sorted(filter(is_shell, paths)):
        files[_address(path) + ("" if path.endswith(_FONT) else query)] = path
    return files


def _index_parts(tree: Tree) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """The files of the index that every search may need, and those with the texts of each article, by its address: of
    each file, what it has of the article."""
    shared: list[str] = []
    texts: dict[str, dict[str, Any]] = {}
    for path in sorted(path for path in tree.paths if path.startswith(_SEARCH_PARTS)):
        if not path.endswith(".json"):
            shared.append(path)
            continue
        for address, rows in json.loads(tree.read(path)).items():
            texts.setdefault(address, {})[path] = rows
    return shared, texts


def _article(article: Article, body: str) -> dict[str, str]:
    pages = {_address(url): f"{url}index.html" for url in (article.url, f"{article.url}lab/")}
    return pages | shown_pictures(article.url, body)


def _categories(views: Sequence[View]) -> Iterator[list[View]]:
    """The pages of each category, its own before those of its subcategories."""
    for first in views:
        if first.kind is CATEGORY and first.page == 1:
            own = [view for view in views if view.kind is CATEGORY and view.key == first.key]
            lead = f"{first.key}/"
            yield own + [view for view in views if view.kind is SUBCATEGORY and view.key.startswith(lead)]


def _add(
    lists: dict[str, bytes],
    tree: Tree,
    files: Files,
    *,
    pack: tuple[str, bytes] | None = None,
    parts: list[list[str | int]] | None = None,
    texts: Mapping[str, Any] | None = None,
) -> ListRow:
    """Add a list of *files* to *lists*, and return its row."""
    rows = [FileRow(address, tree.size(path), tree.digest(path)[:DIGITS]) for address, path in sorted(files.items())]
    content: dict[str, Any] = {"files": rows}
    if pack is not None:
        rows.append(FileRow(pack[0], len(pack[1]), _digest(pack[1])))
        content |= {"pack": pack[0], "parts": parts}
    if texts:
        content["texts"] = texts
    data = _json(content)
    name = f"{PAGE}{_digest(data)}.json"
    lists[name] = data
    return ListRow(name, sum(row.size for row in rows) + (len(_json(texts)) if texts else 0))


def _resolved(url: str, reference: str) -> dict[str, str]:
    """Resolve *reference* on the page at *url* to an address from the site's root, with its path; empty if it leads
    elsewhere."""
    whole = urlsplit(urljoin(_HOST + url, reference))
    if f"{whole.scheme}://{whole.netloc}/" != _HOST or not reference or reference.startswith("/"):
        return {}
    address = whole.path.removeprefix("/") + (f"?{whole.query}" if whole.query else "")
    return {address: unquote(whole.path.removeprefix("/"))}


def _address(path: str) -> str:
    return quote(path, safe=_UNQUOTED)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:DIGITS]


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
