"""Finds the articles of a docs folder and reads the files that they refer to."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engblog.disk import clock
from engblog.disk.looker import Looker, check_theme, files_of_theme, kind_of_file, named_in_templates
from engblog.disk.part import Part
from engblog.disk.pictures import read_file
from engblog.disk.scans import Scans
from engblog.disk.walk import Exclusion, is_text, walk
from engblog.lab.record import RECORD_NAME, VERSIONS_NAME, lab_digest, lab_files
from engblog.model.article import LabFiles
from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote
from engblog.model.text import DIRECTION
from engblog.model.urls import MARKDOWN, is_elsewhere
from engblog.site.catalogue import Catalogue, build_catalogue
from engblog.site.causes import drop_consequences
from engblog.site.held_back import check_held_back
from engblog.site.page_references import check_html_of_articles, check_page_files, check_pages
from engblog.site.planned_files import check_clashes, feed_files, plan_files, planned_origins
from engblog.site.published_files import (
    DocsFolder,
    check_replacing,
    check_strays,
    check_unfit,
    is_known,
    published_files,
)
from engblog.site.redirects import resolve_redirects
from engblog.site.views import build_views
from engblog.source.docs_files import DocsFiles
from engblog.source.fields import Fields
from engblog.source.frontmatter import MAX_BYTES, decode, split
from engblog.source.handwritten import PAGE_TEMPLATES, described
from engblog.source.lab_settings import SETTINGS_NAME, LabSettings, read_settings
from engblog.source.parse import Parsed, Source, parse_article, parse_front
from engblog.source.parse_page import check_updated, parse_page
from engblog.source.redirects import Move, read_moves
from engblog.source.schema import KEYS
from engblog.source.vocabulary import read_people, read_taxonomy

_MAX_INCLUDE_BYTES = 1024 * 1024
_REDIRECTS = "redirects.yml"
_MISPLACED = frozenset({Code.S005_MISPLACED, Code.S008_LINK})
"""Problems with files that are then not reported again as files that nothing refers to."""


@dataclass(frozen=True, slots=True)
class DocsSettings:
    """The places of a site's sources, and the settings that decide which pages it has. Paths start at the docs
    folder."""

    articles_dir: str = "articles"
    taxonomy: str = "taxonomy.yml"
    authors: str = "authors.yml"
    redirects: str = _REDIRECTS
    page_size: int = 20
    lab_pages: bool = True
    sourced_figures: bool = True
    site_url: str = ""
    """The site's address; empty if it does not know it."""
    refused_links: frozenset[str] = frozenset()
    """The kinds of links that a strict build refuses: ``absolute_links``, ``unrecognized_links``."""
    exclude_docs: str = ""
    """The host's option of this name: patterns of files that are not published, one a line."""
    whole_feeds: frozenset[str] = frozenset()
    """The files of the whole site's feeds that ``mkdocs-rss-plugin`` writes."""
    draft_docs: str = ""
    """The same: patterns of files that only a preview shows."""
    named: frozenset[str] = frozenset()
    """Every text in the configuration, some of which are the paths of files."""
    theme: Path | None = None
    """The folder of the site's templates and of the files that they use (``theme.custom_dir``)."""
    root: Path | None = None
    """The folder of the configuration."""
    repository: str = ""
    """The address that readers' browsers put before the path of a file below :attr:`root`; empty if unknown."""

    def exclusion(self, *, preview: bool) -> Exclusion:
        """The files that the configuration leaves out."""
        return Exclusion(self.exclude_docs if preview else f"{self.exclude_docs}\n{self.draft_docs}")

    @property
    def page_templates(self) -> frozenset[str]:
        """The theme's templates that hand-written pages can ask for."""
        theme = self.theme
        return frozenset(name for name in PAGE_TEMPLATES if theme is not None and (theme / name).is_file())

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """The files that are read but not published."""
        return self.taxonomy, self.authors, self.redirects


def is_folder(path: str) -> bool:
    """True if *path* can be ``articles_dir``: names joined by single slashes."""
    return all(name.strip() and name not in {".", ".."} for name in path.split("/"))


def read_site(
    docs: Path,
    settings: DocsSettings,
    *,
    preview: bool = False,
    labs_may_lag: bool = False,
    scans: Scans | None = None,
) -> Catalogue:
    """Read every article below *docs* and check them all. Nothing is written, but *scans*, what earlier runs have left,
    gets what this one leaves.

    Paths in problems start at the working directory if *docs* is below it. Raises
    :class:`~engblog.disk.clock.ClockError` if ``SOURCE_DATE_EPOCH`` is not a time.
    """
    return _read_docs(docs, settings, preview=preview, labs_may_lag=labs_may_lag, scans=scans).catalogue


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything that was read from a docs folder."""

    catalogue: Catalogue
    articles: tuple[Source, ...]
    pages: tuple[Source, ...]
    """The hand-written pages."""
    docs: DocsFiles
    problems: Problems


def _read_docs(
    docs: Path,
    settings: DocsSettings,
    *,
    preview: bool,
    labs_may_lag: bool,
    scans: Scans | None = None,
    part: Part | None = None,
) -> _Read:
    prefix = display_path(docs)
    problems = Problems()
    taxonomy = read_taxonomy(read_file(docs / settings.taxonomy), prefix + settings.taxonomy, problems)
    problems.found.extend(stray_links(docs))
    exclusion = settings.exclusion(preview=preview)
    every = frozenset(walk(docs))
    folder = _docs_folder(docs, settings, every, exclusion, part)
    people = read_people(read_file(docs / settings.authors), prefix + settings.authors, problems, folder.files)
    looker = Looker(docs, folder)
    if scans is not None:
        texts_of_articles = {name: docs / name for name in sorted(folder.files) if _is_article(name, settings)}
        scans.prepare(texts_of_articles, prefix, sourced_figures=settings.sourced_figures)
    articles = tuple(find_sources(docs, folder, prefix, problems, looker, part, scans))
    read_pages = (name for name in folder.files if part is None or part.needs_whole(name))
    pages = tuple(_pages(docs, settings, folder.files, frozenset(read_pages), prefix, looker))
    with_lab = _folders_with_lab(folder.files)
    labs = {f"{each.folder}/lab/index.md" for each in articles if each.folder in with_lab and settings.lab_pages}
    others = {f"{source.folder}/lab/index.md" for source in articles} - labs  # files that only look like such a page
    withheld = _withheld(settings, every, exclusion, folder.files)
    names = DocsFiles((folder.files - others) | labs, withheld, settings.articles_dir)
    catalogue = build_catalogue(
        articles,
        taxonomy=taxonomy,
        people=people,
        docs=names,
        now=clock.now(),
        sourced_figures=settings.sourced_figures,
        preview=preview,
        labs_may_lag=labs_may_lag,
        path_prefix=prefix,
        problems=problems,
    )
    if scans is not None and not problems.found and not catalogue.accepted:
        scans.keep(source.parsed for source in articles)
    drop_consequences(
        problems, taxonomy, people, taxonomy_path=prefix + settings.taxonomy, people_path=prefix + settings.authors
    )
    for page in pages:
        check_page_files(page, names, problems)
        check_updated(page.parsed, clock.now(), problems)
    accepted, of_builds = Problems([*catalogue.accepted]), settings.exclusion(preview=False)
    built = [page for page in pages if not of_builds.leaves_out(page.src_uri)]
    check_held_back(articles, built, catalogue.site, settings.articles_dir, accepted if preview else problems)
    texts = (*articles, *pages)
    candidates = folder.referred(texts) | folder.in_labs | frozenset(filter(is_known, folder.files))
    if part is not None:
        candidates = frozenset(path for path in candidates if part.is_near(path) or not folder.article_of(path))
    unfit = looker.unfit((path for path in candidates if not path.endswith(MARKDOWN)), settings.named)
    folder = replace(folder, unfit=frozenset(unfit))
    check_unfit(folder, unfit, texts, prefix, problems)
    if part is None:
        looker.check_assets(prefix, problems)
    if settings.theme is not None and part is None:
        check_theme(settings.theme, display_path(settings.theme), problems)
    if settings.theme is not None:
        check_replacing(candidates - folder.unfit, files_of_theme(settings.theme), prefix, problems)
    strays, templates = Problems(), settings.page_templates
    misplaced = {problem.mark.path.removeprefix(prefix) for problem in problems.found if problem.code in _MISPLACED}
    check_strays(folder, misplaced, articles, pages, prefix, strays)
    catalogue = replace(
        catalogue,
        problems=problems.sorted(),
        accepted=accepted.sorted(),
        files=published_files(folder, articles, pages, catalogue.site),
        pages={page.src_uri: described(page.parsed.parts, Problems(), templates) for page in pages},
        strays=strays.sorted(),
    )
    return _Read(catalogue, articles, pages, names, problems)


def _is_article(name: str, settings: DocsSettings) -> bool:
    rest = name.removeprefix(f"{settings.articles_dir}/")
    return rest != name and rest.endswith("/index.md") and rest.count("/") == 1


def _docs_folder(
    docs: Path, settings: DocsSettings, every: frozenset[str], exclusion: Exclusion, part: Part | None
) -> DocsFolder:
    """The files below *docs*; the kinds of content of those in labs are known, references are not."""
    every -= {*settings.vocabularies}
    files = frozenset(path for path in every if not exclusion.leaves_out(path))
    lead = re.compile(rf"{re.escape(settings.articles_dir)}/[^/]+/lab/")
    in_labs = {path for path in every if lead.match(path)}
    if part is not None:
        in_labs = {path for path in in_labs if part.is_near(path)}
    hidden = frozenset(path for path in in_labs - files if not exclusion.is_named(path))
    kinds = {path: kind_of_file(docs / path) for path in in_labs & files}
    data = {
        path.removesuffix(f"/lab/{SETTINGS_NAME}"): frozenset(_lab_settings(docs / path).data)
        for path in in_labs & files
        if path.endswith(f"/lab/{SETTINGS_NAME}")
    }
    named = settings.named | (named_in_templates(settings.theme) if settings.theme else frozenset())
    return DocsFolder(files, hidden, named & files, lab_kinds=kinds, lab_data=data, articles_dir=settings.articles_dir)


def _lab_settings(path: Path) -> LabSettings:
    """The settings in the file *path*; its problems are noted where the article is checked."""
    data = read_file(path) or b""
    return read_settings(data.decode("utf-8", "replace"), "", Problems())


def _withheld(
    settings: DocsSettings, every: frozenset[str], exclusion: Exclusion, files: frozenset[str]
) -> dict[str, str]:
    """The files among *every* that are not published, which are not in *files*, each with the reason."""
    reasons = {}
    for path in every:
        if path in settings.vocabularies:
            reasons[path] = "is read by the build and not published"
        elif path not in files:
            by_author = exclusion.is_named(path)
            reasons[path] = (
                "is left out by mkdocs.yml" if by_author else "is hidden, and hidden files are not published"
            )
    return reasons


def publication_hours(docs: Path, settings: DocsSettings) -> Iterator[datetime]:
    """The moments from which the articles below *docs* are published. Articles without a date that can be read are left
    out: :func:`read_site` says what is wrong with them."""
    ignored = Problems()
    for path in sorted((docs / settings.articles_dir).glob("*/index.md")):
        data = read_file(path, MAX_BYTES + 1)
        text = decode(data, "", ignored) if data is not None else None
        parts = split(text, "", ignored) if text is not None else None
        if parts and parts.fields and (moment := Fields(parts.fields, ignored, known=KEYS).moment("date")):
            yield moment.instant


def read_redirects(docs: Path, settings: DocsSettings, problems: Problems) -> tuple[Move, ...]:
    """Read the redirects file of *docs*. It may be missing, unless the configuration names it."""
    data = read_file(docs / settings.redirects)
    shown = display_path(docs) + settings.redirects
    if data is None and settings.redirects != _REDIRECTS:
        hint = "create it, or delete the option `redirects`"
        problems.add(Mark(shown), Code.T006_NO_VOCABULARY, "the file is missing", hint)
    moves = read_moves(data, shown, problems, settings.repository)
    return tuple(move for move in moves if _leads_somewhere(move, settings, problems))


def _leads_somewhere(move: Move, settings: DocsSettings, problems: Problems) -> bool:
    """True unless *move* leads to a file that the repository does not have, which is noted."""
    if not is_elsewhere(move.target) or settings.root is None:
        return True
    name = move.target.removeprefix(settings.repository)
    if (settings.root / name).is_file():
        return True
    folder = posixpath.dirname(name)
    here = (path for path in (settings.root / folder).glob("*") if path.is_file())
    files = [posixpath.join(folder, path.name) for path in here]
    hint = did_you_mean(name, files) or "write the path of a file, from the folder of mkdocs.yml"
    message = f"the repository has no file {quote(name)}"
    problems.add(move.target_mark or move.mark, Code.A002_REDIRECT_TARGET, message, hint)
    return False


def check_docs(docs: Path, settings: DocsSettings, *, preview: bool = False, part: Part | None = None) -> Catalogue:
    """Do :func:`read_site`, and check everything else against all pages that the sources define: old addresses, the
    addresses of pages and files, and the references of hand-written pages.

    With *part*, only what concerns it: the problems of its files, of the vocabulary, and of other files that name one
    of its files. A build also knows the pages that themes and other plugins add, and checks again.
    """
    read = _read_docs(docs, settings, preview=preview, labs_may_lag=False, part=part)
    site, problems, prefix = read.catalogue.site, read.problems, display_path(docs)
    moves = read_redirects(docs, settings, problems)
    planned = tuple(
        plan_files(
            site,
            read.catalogue.files,
            articles_dir=settings.articles_dir,
            page_size=settings.page_size,
            lab_pages=settings.lab_pages,
            path_prefix=prefix,
            has_address=bool(settings.site_url),
        )
    )
    check_clashes(planned, problems)
    feeds = settings.whole_feeds
    if settings.site_url:
        feeds |= feed_files(build_views(site, page_size=settings.page_size))
    if moves or any(article.aliases for article in site.articles):
        resolve_redirects(
            site,
            moves,
            planned_origins(planned),
            feeds=feeds,
            path_prefix=prefix,
            problems=problems,
        )
    check_html_of_articles(read.articles, site, planned, settings.site_url, problems)
    check_pages(read.pages, read.docs, planned, settings.site_url, settings.refused_links, problems)
    problems.found.extend(read.catalogue.strays)
    if part is not None:
        problems.found[:] = (each for each in problems.found if _concerns(each, part, settings, prefix))
    return replace(read.catalogue, problems=problems.sorted(), strays=())


def _concerns(problem: Problem, part: Part, settings: DocsSettings, prefix: str) -> bool:
    """True if *problem* is one of *part*, or may be the cause of one, or a clash with one of its files."""
    path = problem.mark.path.removeprefix(prefix)
    return (
        part.has(path) or path in settings.vocabularies or any(prefix + text in problem.message for text in part.texts)
    )


def stray_links(docs: Path) -> list[Problem]:
    """Symbolic links below *docs* that a site must not follow, and names that are not text, by path.

    A link out of the docs folder would publish files from elsewhere. A link to a folder can lead back to a folder that
    contains it; two such links make more paths than anyone can walk, and the host walks them all.
    """
    prefix, within = display_path(docs), docs.resolve()
    found = []
    for folder, names, files in os.walk(docs):
        for name in (*names, *files):
            path = Path(folder, name)
            if not is_text(name):
                mark = Mark(prefix + path.relative_to(docs).as_posix())
                found.append(Problem(mark, Code.S004_SLUG, "the name is not UTF-8, so it has no address", "rename it"))
            if not path.is_symlink():
                continue
            try:
                inside = path.resolve().is_relative_to(within)
            except (OSError, RuntimeError):  # it leads to itself
                inside = False
            if not inside or not path.is_file():
                mark = Mark(prefix + path.relative_to(docs).as_posix())
                where = "to a folder" if path.is_dir() else "nowhere" if not path.exists() else "to something else"
                message = f"the symbolic link leads {where if inside else 'out of the site'}"
                found.append(Problem(mark, Code.S008_LINK, message, "copy the file itself here"))
    return sorted(found, key=lambda problem: problem.mark)


def display_path(docs: Path) -> str:
    """The path of *docs* in problems: from the working directory if it is below it, with a closing slash."""
    try:
        shown = docs.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        shown = docs.as_posix()
    return "" if shown == "." else f"{shown}/"


def find_sources(
    docs: Path,
    folder: DocsFolder,
    prefix: str,
    problems: Problems,
    looker: Looker,
    part: Part | None = None,
    scans: Scans | None = None,
) -> Iterator[Source]:
    """Every ``<articles_dir>/<slug>/index.md`` of *folder*, in order of path; Markdown files elsewhere are noted as
    problems. Of articles that do not concern *part*, only the front matter."""
    labs = _folders_with_lab(folder.files)
    for parsed in _articles(docs, folder.files, folder.articles_dir, prefix, problems, part, scans):
        has_lab = parsed.folder in labs and (part is None or part.has(parsed.src_uri))
        yield _source(docs, parsed, folder, looker, has_lab=has_lab)


def _folders_with_lab(files: Iterable[str]) -> frozenset[str]:
    """The folders of articles that have a lab, among all *files*."""
    return frozenset(name.partition("/lab/test_")[0] for name in files if "/lab/test_" in name and name.endswith(".py"))


def articles_below(docs: Path, settings: DocsSettings) -> Iterator[Parsed]:
    """Every article below *docs*, taken apart but not checked (:func:`read_site`)."""
    exclusion = settings.exclusion(preview=False)
    files = frozenset(path for path in walk(docs) if not exclusion.leaves_out(path))
    return _articles(docs, files, settings.articles_dir, display_path(docs), Problems())


def _articles(
    docs: Path,
    files: frozenset[str],
    articles_dir: str,
    prefix: str,
    problems: Problems,
    part: Part | None = None,
    scans: Scans | None = None,
) -> Iterator[Parsed]:
    lead = f"{articles_dir}/"
    for name in sorted(name for name in files if name.startswith(lead) and name.endswith(".md")):
        slug, _, rest = name.removeprefix(lead).partition("/")
        if rest == "index.md":
            data = read_file(docs / name, MAX_BYTES + 1)
            if part is not None and not part.needs_whole(name):
                yield parse_front(data, name, prefix)
            else:
                yield scans.parse(data, name, prefix) if scans is not None else parse_article(data, name, prefix)
        elif not rest:
            hint = f"move it to {prefix}{lead}{slug.removesuffix('.md') if slug != 'index.md' else '<slug>'}/index.md"
            problems.add(Mark(prefix + name), Code.S005_MISPLACED, "an article needs its own folder", hint)
        elif f"{lead}{slug}/index.md" not in files and not rest.startswith("lab/"):
            hint = f"an article's text is {prefix}{lead}{posixpath.basename(posixpath.dirname(name))}/index.md"
            problems.add(Mark(prefix + name), Code.S005_MISPLACED, "the file does not belong to an article", hint)


def _source(docs: Path, parsed: Parsed, folder: DocsFolder, looker: Looker, *, has_lab: bool) -> Source:
    includes = {name: _text(docs / parsed.folder / name, docs) for name in parsed.wanted}
    lab = _published_part(lab_state(docs / parsed.folder / "lab"), parsed, folder) if has_lab else None
    return Source(parsed, includes, lab, looker.pictures(parsed.local), looker.kinds(parsed.local))


def _published_part(lab: LabFiles, parsed: Parsed, folder: DocsFolder) -> LabFiles:
    """The *lab* of the article *parsed* without the files that readers do not get."""
    lead, referred = f"{parsed.folder}/lab/", {each.path for each in parsed.local}
    names = (
        name
        for name in lab.names
        if lead + name in folder.files and (lead + name in referred or folder.lab_fault(lead + name) is None)
    )
    return replace(lab, names=tuple(names))


def _pages(
    docs: Path, settings: DocsSettings, files: frozenset[str], wanted: frozenset[str], prefix: str, looker: Looker
) -> Iterator[Source]:
    """Every hand-written page among *wanted*. The host leaves out a ``README.md`` beside an ``index.md`` in *files*."""
    for name in sorted(wanted):
        place, base = posixpath.split(name)
        is_replaced = base == "README.md" and posixpath.join(place, "index.md") in files
        if name.endswith(MARKDOWN) and not name.startswith(f"{settings.articles_dir}/") and not is_replaced:
            parsed = parse_page(read_file(docs / name, MAX_BYTES + 1), name, prefix, settings.page_templates)
            includes = {each: _text((docs / name).parent / each, docs) for each in parsed.wanted}
            yield Source(parsed, includes, None, looker.pictures(parsed.local), looker.kinds(parsed.local))


def text_within(path: Path, folder: Path, docs: Path) -> str | None:
    """The text of *path*, if it is in *folder*, below *docs*."""
    return _text(path, docs) if path.resolve().is_relative_to(folder.resolve()) else None


def _text(path: Path, docs: Path) -> str | None:
    """The text of *path*; None if it has none, or if a symbolic link leads out of the docs folder."""
    if not path.resolve().is_relative_to(docs.resolve()):
        return None
    data = read_file(path, _MAX_INCLUDE_BYTES + 1)
    if data is None or len(data) > _MAX_INCLUDE_BYTES:
        return None
    return decode(data, str(path), Problems())


def lab_state(lab: Path) -> LabFiles:
    """The current state of the files of the lab in the folder *lab*."""
    files = lab_files(lab)
    record, runs, settings = (
        data.decode("utf-8", errors="replace") if (data := read_file(lab / name)) is not None else None
        for name in (RECORD_NAME, VERSIONS_NAME, SETTINGS_NAME)
    )
    turning = tuple(_turning(files))
    return LabFiles(lab_digest(files), record, runs, tuple(name for name, _ in files), settings, turning)


def _turning(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, int, int, str]]:
    """The first character of each of *files* that changes the direction of its text, with its place."""
    for name, data in files:
        text = data.decode("utf-8", "replace")
        if not text.isascii() and (found := DIRECTION.search(text)):
            before = text[: found.start()]
            yield name, before.count("\n") + 1, len(before) - before.rfind("\n"), found[0]
