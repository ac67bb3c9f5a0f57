"""Reads the sources of a build. Problems end the build, all named at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from engblog.contract.waivers import Check
from engblog.disk.clock import ClockError
from engblog.disk.docs import DocsSettings, display_path, read_redirects, read_site
from engblog.disk.pictures import read_file
from engblog.disk.project import config_problems
from engblog.disk.scans import Scans
from engblog.hosts.mkdocs.preview import warn_of_refusal
from engblog.hosts.mkdocs.run import HostRun
from engblog.model.article import Article
from engblog.model.problems import Code, Problems, report
from engblog.site.catalogue import Catalogue
from engblog.source.handwritten import HandWritten, read_hand_written
from engblog.source.redirects import Move

log = logging.getLogger("mkdocs.plugins.engblog")


@dataclass(frozen=True, slots=True)
class CheckedSources:
    """The checked sources of a build."""

    catalogue: Catalogue
    moves: tuple[Move, ...]
    """The old addresses in the redirects file."""
    pages: Mapping[str, HandWritten]
    """Hand-written pages by path from the docs folder."""


def read_sources(
    files: Files,
    config: MkDocsConfig,
    settings: DocsSettings,
    *,
    preview: bool,
    labs_may_lag: bool,
    run: HostRun,
    scans: Scans | None = None,
) -> CheckedSources:
    """Read the site that the docs folder of *config* describes, and the hand-written pages among *files*.

    A lab that has changed since its recorded run is only logged in a *preview*; with *labs_may_lag*, it is not a
    problem; *run* says how to get there. If it serves a preview, files that nothing refers to are only logged: editors
    leave backups and locks while somebody writes. *scans* are what earlier builds have left. Raises ``PluginError``.
    """
    docs = Path(config.docs_dir)
    try:
        catalogue = read_site(docs, settings, preview=preview, labs_may_lag=labs_may_lag, scans=scans)
    except ClockError as error:
        raise PluginError(str(error)) from None
    problems = Problems([*catalogue.problems, *(() if run.serves else catalogue.strays)])
    if config.config_file_path:
        problems.found.extend(config_problems(Path(config.config_file_path)))
    moves = read_redirects(docs, settings, problems)
    prefix = display_path(docs)
    pages = dict(catalogue.pages)
    for file in files.documentation_pages(inclusion=lambda level: not level.is_excluded()):
        if not file.src_uri.startswith(f"{settings.articles_dir}/") and not is_below(docs, file):  # of another plugin
            name, templates = prefix + file.src_uri, settings.page_templates
            pages[file.src_uri] = read_hand_written(_bytes(file), name, problems, templates)
    if problems.found:
        said = "the sources have problems:\n" + report(problems.sorted())
        only_labs = {problem.code for problem in problems.found} == {Code.L002_STALE}
        raise PluginError(f"{said}\n{run.waive([Check.LABS])}" if only_labs else said)
    warn_of_refusal("the sources have problems", catalogue.accepted)
    warn_of_refusal("nothing refers to some files", catalogue.strays)
    for article in catalogue.site.articles if labs_may_lag else ():
        if article.lab and not article.lab.in_step:
            log.info("allowed: labs: the lab of %s has changed since its recorded run", article.src_uri)
    return CheckedSources(catalogue, moves, pages)


def late_page(file: File, prefix: str) -> HandWritten:
    """The page *file*, which another plugin added after the sources were read; *prefix* leads to the docs folder.

    Raises ``PluginError``.
    """
    problems = Problems()
    page = read_hand_written(_bytes(file), prefix + file.src_uri, problems)
    if problems.found:
        raise PluginError("a page has problems:\n" + report(problems.sorted()))
    return page


def is_below(docs: Path, file: File) -> bool:
    """True if *file* lies in the docs folder *docs*; otherwise, the theme or another plugin brings it."""
    return file.generated_by is None and file.src_dir is not None and Path(file.src_dir).resolve() == docs.resolve()


def _bytes(file: File) -> bytes | None:
    try:
        return file.content_bytes
    except OSError:
        return None


def texts_beside(articles: tuple[Article, ...], docs: Path) -> dict[str, str]:
    """The texts of the files that *articles* include and of their labs, by path from *docs*; other files are left
    out."""
    names: dict[str, None] = {}
    for article in articles:
        names.update(dict.fromkeys(article.includes))
        folder = article.src_uri.rpartition("/")[0]
        names.update((f"{folder}/lab/{name}", None) for name in (article.lab.files if article.lab else ()))
    return {name: text for name in names if (text := text_of(docs / name)) is not None}


def data_of_labs(articles: tuple[Article, ...], docs: Path, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of the files of the labs of *articles* that are not among *texts*, by path from *docs*."""
    found: dict[str, bytes] = {}
    for article in articles:
        folder = article.src_uri.rpartition("/")[0]
        for name in article.lab.files if article.lab else ():
            path = f"{folder}/lab/{name}"
            if path not in texts and (data := read_file(docs / path)) is not None:
                found[path] = data
    return found


def text_of(path: Path) -> str | None:
    """The text of the file *path*; None if it is missing or not text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
