"""The files that a site is going to have, as far as its sources tell without a host."""

from __future__ import annotations

from collections.abc import Iterable

from engblog.model.site import Site
from engblog.model.urls import page_file
from engblog.site.views import build_views

GENERATED = "a generated page"
_MARKDOWN = (".md", ".markdown")
_INDEXES = frozenset({"index", "README"})


def outline(
    site: Site, files: Iterable[str], *, articles_dir: str, page_size: int, lab_pages: bool, path_prefix: str
) -> dict[str, str]:
    """The files of the published *site*, each with the name of its origin.

    *files* are the files below the docs folder. The files that themes and other plugins add are not known here, nor
    those that the host is told to leave out.
    """
    found = {"404.html": "the page for unknown addresses"}
    by_folder = {article.src_uri.rpartition("/")[0]: article for article in site.articles}
    for article in site.articles:
        found[page_file(article.url)] = path_prefix + article.src_uri
        if article.lab and lab_pages:
            found[page_file(f"{article.url}lab/")] = GENERATED
    for view in build_views(site, page_size=page_size):
        found.setdefault(page_file(view.url), GENERATED)
    lead = f"{articles_dir}/"
    for name in files:
        if not name.startswith(lead):
            found.setdefault(_written_file(name), path_prefix + name)
            continue
        slug, _, rest = name.removeprefix(lead).partition("/")
        if (owner := by_folder.get(lead + slug)) is not None and not name.endswith(_MARKDOWN):
            found.setdefault(owner.url + rest, path_prefix + name)
    return found


def _written_file(name: str) -> str:
    """The file that the host makes of *name*, a path from the docs folder."""
    stem, _, suffix = name.rpartition(".")
    if f".{suffix}" not in _MARKDOWN:
        return name
    folder, _, base = stem.rpartition("/")
    if base in _INDEXES:
        return f"{folder}/index.html" if folder else "index.html"
    return f"{stem}/index.html"
