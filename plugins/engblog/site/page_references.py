"""Checks the references of hand-written pages: what they lead to must exist, and nothing in them may run.

Articles are checked more strictly, when they are read. Hand-written pages may also link the pages that a build
generates, which are known only once all articles are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

from engblog.html.allowed import is_link, is_remote, refused_element
from engblog.model.problems import Code, Mark, Problems, did_you_mean, quote
from engblog.model.site import Site
from engblog.model.urls import MARKDOWN, page_file, resolve_path
from engblog.site.planned_files import GENERATED, Planned
from engblog.source.body import Reference
from engblog.source.docs_files import DocsFiles
from engblog.source.local_references import SCHEME, LocalReference, addresses_in, is_local
from engblog.source.parse import Parsed, Source
from engblog.source.parse_page import page_folder
from engblog.source.references import (
    check_element,
    check_found,
    check_html_link,
    check_include,
)

_BY_FILE = "write a link in Markdown to the page's file, by its path from this one"
_OF_THEMES = ("assets/", "css/", "fonts/", "img/", "js/")
"""Folders in which themes have files."""
_WRITTEN_LATER = (".json", ".opml", ".xml", ".zip")
"""Endings of files that the build or a plugin writes after the pages."""
_HOME = "index.md"
"""The page whose text gives way to the list of articles."""


def check_page_files(page: Source, docs: DocsFiles, problems: Problems) -> None:
    """Note the problems of *page* itself, and those with the files that it refers to; what may be missing is left to
    :func:`check_pages`."""
    problems.found.extend(page.parsed.problems)
    for each in page.parsed.local:
        if not check_html_link(each, page.parsed.path, problems) and each.path in docs:
            check_found(each, page, docs, problems)
    for reference in page.parsed.body.references if page.parsed.body else ():
        if reference.kind in {"include", "lost include"}:
            mark = Mark(page.parsed.path, reference.line, reference.column)
            check_include(reference, page, docs, mark, problems, only_code=False)


def check_pages(
    pages: Iterable[Source],
    docs: DocsFiles,
    planned: Iterable[Planned],
    site_url: str,
    refused: frozenset[str],
    problems: Problems,
) -> None:
    """Note the problems with the references of *pages*; *planned* are the files of the site at *site_url*.

    *refused* are the kinds of links that the host refuses even if they lead to a page.
    """
    planned = tuple(planned)
    known = _Known(
        docs,
        frozenset(each.path for each in planned),
        frozenset(f"{each.path.removesuffix('.html')}.md" for each in planned if each.origin == GENERATED),
        _root_of(site_url),
        refused,
    )
    for page in pages:
        if page.parsed.body is not None and page.src_uri != _HOME:
            for reference in page.parsed.body.references:
                _check(reference, page.parsed, known, problems)
            for each in page.parsed.local:
                if not each.target.endswith("/"):  # those are looked at as addresses
                    _check_html(each, each.path, page.parsed, known.paths, problems)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that a page can refer to."""

    docs: DocsFiles
    paths: frozenset[str]
    """The files of the site, by path from its root."""
    generated: frozenset[str]
    """The generated pages, by the names by which texts link them: ``tags/index.md``."""
    root: str
    """The path of the site's address, with a slash at its end."""
    refused: frozenset[str]
    """``absolute_links`` or ``unrecognized_links``, as the host calls links that it leaves as they were written."""


def _check(reference: Reference, page: Parsed, known: _Known, problems: Problems) -> None:
    mark, target = Mark(page.path, reference.line, reference.column), reference.target
    if reference.kind in {"element", "attributes"}:
        check_element(reference, mark, problems)
        _check_addresses(reference, page_folder(page.src_uri), mark, known.paths, known.root, problems)
    elif reference.kind not in {"image", "link"}:
        return
    elif not is_link(unescape(target)):
        problems.add(mark, Code.R007_RAW_HTML, f"{quote(target)} is not a link", "link to a page")
    elif reference.kind == "image" and is_remote(target):
        hint = "put the picture into the docs folder: pages load files only from this site"
        problems.add(mark, Code.R002_REMOTE, f"{quote(target)} is on another host", hint)
    elif is_local(target):
        path = resolve_path(page.folder, target)
        if path is not None and (path in known.docs or path in known.generated):
            return
        is_file = reference.kind == "image" or bool(posixpath.splitext(_bare(target))[1])  # as the host decides it
        if (
            is_file
            or "unrecognized_links" in known.refused
            or _leads_nowhere(target, page, known)
            or _wrong_address(target, page_folder(page.src_uri), known.paths, known.root)
        ):
            _note_missing(reference, path, page, known, mark, problems)
    elif re.match(r"/(?!/)", target) and "absolute_links" in known.refused:
        message = f"{quote(target)} is an absolute path, which breaks when the site moves"
        problems.add(mark, Code.R004_LINK, message, _BY_FILE)
    elif said := _wrong_address(target, page_folder(page.src_uri), known.paths, known.root):
        problems.add(mark, Code.R004_LINK, *said)


def check_html_of_articles(
    articles: Iterable[Source], site: Site, planned: Iterable[Planned], site_url: str, problems: Problems
) -> None:
    """Note the problems with HTML elements of *articles* that refer to something out of the article's folder, whose
    address depends on the article's; *planned* are the files of *site*, which is at *site_url*."""
    paths, root = frozenset(each.path for each in planned), _root_of(site_url)
    urls = {article.src_uri: article.url for article in site.articles}
    for source in articles:
        for each in source.parsed.local if source.src_uri in urls else ():
            if not each.path.startswith(f"{source.folder}/"):
                path = resolve_path(urls[source.src_uri].rstrip("/"), each.target) or ""
                if each.target.endswith("/"):
                    path = page_file("" if path == "." else f"{path}/")
                _check_html(each, path, source.parsed, paths, problems)
        body = source.parsed.body if source.src_uri in urls else None
        for reference in body.references if body else ():
            if reference.kind == "element" and refused_element(reference.target) is None:
                mark = Mark(source.parsed.path, reference.line, reference.column)
                folder = urls[source.src_uri].rstrip("/")
                _check_addresses(reference, folder, mark, paths, root, problems, only_absolute=True)


def _check_addresses(
    reference: Reference,
    folder: str,
    mark: Mark,
    paths: Container[str],
    root: str,
    problems: Problems,
    *,
    only_absolute: bool = False,
) -> None:
    """Note each address in the HTML element *reference*, of the page in *folder*, that leads to no page or out of the
    site, which has *paths* and begins at *root*."""
    for _, address in addresses_in(reference.text):
        said = None
        if is_local(address) and resolve_path(folder, address) is None:
            said = f"{quote(address)} leads out of the site", _BY_FILE
        elif not only_absolute or address.startswith("/"):
            said = _wrong_address(address, folder, paths, root)
        if said is not None:
            problems.add(mark, Code.R004_LINK if reference.target == "a" else Code.R001_PICTURE, *said)


def _check_html(each: LocalReference, path: str, page: Parsed, paths: frozenset[str], problems: Problems) -> None:
    """Note a problem if *each* is an HTML element that refers to *path*, and the site will have no such file. Files of
    themes and feeds are not known here."""
    reference = each.reference
    is_element = each.is_html and reference.kind == "element" and refused_element(reference.target) is None
    if not is_element or each.target.endswith((*MARKDOWN, *_WRITTEN_LATER)) or path.startswith(_OF_THEMES):
        return
    if path not in paths:
        code, what = (Code.R001_PICTURE, "picture") if each.is_picture else (Code.R004_LINK, "file")
        mark = Mark(page.path, reference.line, reference.column)
        hint = "write it in Markdown, by the path of the file; HTML needs the address on the site"
        problems.add(mark, code, f"there is no {what} {quote(each.target)}", hint)


def _leads_nowhere(address: str, page: Parsed, known: _Known) -> bool:
    """True if *address*, which has no ending, is neither that of a page nor of a file, as a browser takes it."""
    bare = _bare(address)
    path = resolve_path(page_folder(page.src_uri), bare)
    if path is None or bare.endswith("/"):
        return path is None
    is_folder = posixpath.basename(bare) in {"", ".", ".."}
    return (page_file("" if path == "." else f"{path}/") if is_folder else path) not in known.paths


def _root_of(site_url: str) -> str:
    return unquote(urlsplit(site_url).path).rstrip("/") + "/"


def _wrong_address(address: str, folder: str, paths: Container[str], root: str) -> tuple[str, str] | None:
    """The problem with *address*, as a browser takes it on the page in *folder*, if it is that of a page (it ends with
    a slash) of the site that begins at *root*; None if the site has the page in its *paths*, or if that cannot be known
    here."""
    bare = _bare(address)
    if not bare.endswith("/") or SCHEME.match(address) or bare.startswith("//") or "\\" in bare:
        return None
    if bare.startswith("/"):
        if not f"{bare}/".startswith(root):
            return f"{quote(address)} leads out of the site, which begins at {root}", _BY_FILE
        path: str | None = unquote(bare).removeprefix(root).strip("/")
    else:
        path = resolve_path(folder, bare)
    if path is not None and page_file("" if path in {"", "."} else f"{path}/") in paths:
        return None
    return f"there is no page {quote(address)}", _BY_FILE


def _bare(target: str) -> str:
    return target.partition("#")[0].partition("?")[0]


def _note_missing(
    reference: Reference, path: str | None, page: Parsed, known: _Known, mark: Mark, problems: Problems
) -> None:
    target, shown, docs = reference.target, reference.kind == "image", known.docs
    withheld = docs.withheld.get(path or "")
    folder = posixpath.dirname(path or "")
    near = [posixpath.relpath(name, page.folder or ".") for name in docs.names if posixpath.dirname(name) == folder]
    hint = did_you_mean(target, near) if len(near) < 40 and not withheld else ""
    at = resolve_path(page_folder(page.src_uri), target)  # as browsers take it
    files = (f"{path}/index.md", f"{path}.md", f"{at}/index.md", f"{at}.md")
    if not shown and (file := next((each for each in files if each in docs or each in known.generated), None)):
        hint = f"link to the file: {posixpath.relpath(file, page.folder or '.')}"
    message = f"there is no {'picture' if shown else 'file'} {quote(target)}" + (f": it {withheld}" if withheld else "")
    code = Code.R001_PICTURE if shown else Code.R004_LINK
    problems.add(mark, code, message, hint or "write the path of a file, relative to this one")
