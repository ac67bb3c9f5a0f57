"""Finds the articles of a docs folder and reads what their texts refer to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engblog.disk import clock
from engblog.lab.record import RECORD_NAME, VERSIONS_NAME, lab_digest, lab_files
from engblog.model.article import LabFiles
from engblog.model.problems import Code, Mark, Problem, Problems
from engblog.site.catalogue import Catalogue, build_catalogue
from engblog.site.planned_files import outline
from engblog.site.redirects import resolve_redirects
from engblog.source.frontmatter import MAX_BYTES, decode
from engblog.source.lab_settings import SETTINGS_NAME
from engblog.source.parse import Source, parse_article
from engblog.source.redirects import Move, read_moves
from engblog.source.vocabulary import read_people, read_taxonomy

_MAX_INCLUDE_BYTES = 1024 * 1024
_REDIRECTS = "redirects.yml"


@dataclass(frozen=True, slots=True)
class DocsSettings:
    """Where a site keeps its sources, and what decides which pages it has. Paths are relative to the docs folder."""

    articles_dir: str = "articles"
    taxonomy: str = "taxonomy.yml"
    authors: str = "authors.yml"
    redirects: str = _REDIRECTS
    page_size: int = 20
    lab_pages: bool = True
    sourced_figures: bool = True

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """The files that are read and not published."""
        return self.taxonomy, self.authors, self.redirects


def is_folder(path: str) -> bool:
    """Whether *path* can be ``articles_dir``: names joined by single slashes."""
    return all(name.strip() and name not in {".", ".."} for name in path.split("/"))


def read_site(docs: Path, settings: DocsSettings, *, preview: bool = False, labs_may_lag: bool = False) -> Catalogue:
    """Read every article below *docs* and check them all. Nothing is written.

    Paths in problems lead from the working directory where *docs* is below it. Raises
    :class:`~engblog.disk.clock.ClockError` when ``SOURCE_DATE_EPOCH`` is no time.
    """
    prefix = display_path(docs)
    problems = Problems()
    taxonomy = read_taxonomy(_read(docs / settings.taxonomy), prefix + settings.taxonomy, problems)
    people = read_people(_read(docs / settings.authors), prefix + settings.authors, problems)
    problems.found.extend(stray_links(docs))
    files = frozenset(_walk(docs))
    sources = list(find_sources(docs, settings.articles_dir, files, prefix, problems))
    return build_catalogue(
        sources,
        taxonomy=taxonomy,
        people=people,
        files=files | {f"{source.folder}/lab/index.md" for source in sources if source.lab},
        now=clock.now(),
        articles_dir=settings.articles_dir,
        sourced_figures=settings.sourced_figures,
        preview=preview,
        labs_may_lag=labs_may_lag,
        path_prefix=prefix,
        problems=problems,
    )


def read_redirects(docs: Path, settings: DocsSettings, problems: Problems) -> tuple[Move, ...]:
    """What the redirects file of *docs* says. It need not be there, unless the site names one of its own."""
    data = _read(docs / settings.redirects)
    shown = display_path(docs) + settings.redirects
    if data is None and settings.redirects != _REDIRECTS:
        hint = "create it, or delete the option `redirects`"
        problems.add(Mark(shown), Code.T006_NO_VOCABULARY, "the file is missing", hint)
    return read_moves(data, shown, problems)


def check_docs(docs: Path, settings: DocsSettings, *, preview: bool = False) -> Catalogue:
    """:func:`read_site`, and old addresses checked against all pages that the sources tell of.

    A build knows the rest too, what themes and other plugins add, and checks once more.
    """
    catalogue = read_site(docs, settings, preview=preview)
    problems = Problems([*catalogue.problems])
    prefix = display_path(docs)
    moves = read_redirects(docs, settings, problems)
    if moves or any(article.aliases for article in catalogue.site.articles):
        files = outline(
            catalogue.site,
            sorted(set(_walk(docs)) - {*settings.vocabularies}),
            articles_dir=settings.articles_dir,
            page_size=settings.page_size,
            lab_pages=settings.lab_pages,
            path_prefix=prefix,
        )
        resolve_redirects(catalogue.site, moves, files, path_prefix=prefix, problems=problems)
    return Catalogue(catalogue.site, problems.sorted())


def stray_links(docs: Path) -> list[Problem]:
    """Symbolic links below *docs* that a site must not follow, by path.

    One that leads out of the docs folder would publish what lies there. One to a folder can lead back to where it
    stands: two of those make more paths than anybody can walk, and the host walks them all.
    """
    prefix, within = display_path(docs), docs.resolve()
    found = []
    for folder, names, files in os.walk(docs):
        for name in (*names, *files):
            path = Path(folder, name)
            if not path.is_symlink():
                continue
            try:
                inside = path.resolve().is_relative_to(within)
            except (OSError, RuntimeError):  # it leads to itself
                inside = False
            if not inside or path.is_dir():
                mark = Mark(prefix + path.relative_to(docs).as_posix())
                message = "the symbolic link leads to a folder" if inside else "the symbolic link leads out of the site"
                found.append(Problem(mark, Code.S008_LINK, message, "put the file itself here"))
    return sorted(found, key=lambda problem: problem.mark)


def display_path(docs: Path) -> str:
    """How *docs* is named in problems: from the working directory if it is below it, with a closing slash."""
    try:
        shown = docs.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        shown = docs.as_posix()
    return "" if shown == "." else f"{shown}/"


def find_sources(
    docs: Path, articles_dir: str, files: frozenset[str], prefix: str, problems: Problems
) -> Iterator[Source]:
    """Every ``<articles_dir>/<slug>/index.md`` of *files*, in order of path; a Markdown file that lies elsewhere is
    noted."""
    lead = f"{articles_dir}/"
    labs = {name.partition("/lab/test_")[0] for name in files if "/lab/test_" in name and name.endswith(".py")}
    for name in sorted(name for name in files if name.startswith(lead) and name.endswith(".md")):
        slug, _, rest = name.removeprefix(lead).partition("/")
        if rest == "index.md":
            yield _source(docs, name, prefix, has_lab=name.removesuffix("/index.md") in labs)
        elif not rest:
            hint = f"move it to {prefix}{lead}{slug.removesuffix('.md') if slug != 'index.md' else '<slug>'}/index.md"
            problems.add(Mark(prefix + name), Code.S005_MISPLACED, "an article needs a folder of its own", hint)
        elif f"{lead}{slug}/index.md" not in files and not rest.startswith("lab/"):
            hint = f"an article is {prefix}{lead}{posixpath.basename(posixpath.dirname(name))}/index.md"
            problems.add(Mark(prefix + name), Code.S005_MISPLACED, "the file belongs to no article", hint)


def _source(docs: Path, src_uri: str, prefix: str, *, has_lab: bool) -> Source:
    parsed = parse_article(_read(docs / src_uri, MAX_BYTES + 1), src_uri, prefix)
    folder = docs / parsed.folder
    includes = {name: _text(folder / name, docs) for name in parsed.wanted}
    return Source(parsed, includes, lab_state(folder / "lab") if has_lab else None)


def _text(path: Path, docs: Path) -> str | None:
    """The text of *path*; None if there is none, or a symbolic link leads it out of the docs folder."""
    if not path.resolve().is_relative_to(docs.resolve()):
        return None
    data = _read(path, _MAX_INCLUDE_BYTES + 1)
    if data is None or len(data) > _MAX_INCLUDE_BYTES:
        return None
    return decode(data, str(path), Problems())


def lab_state(lab: Path) -> LabFiles:
    """The lab in the folder *lab* as its files are now."""
    files = lab_files(lab)
    record, runs, settings = (
        data.decode("utf-8", errors="replace") if (data := _read(lab / name)) is not None else None
        for name in (RECORD_NAME, VERSIONS_NAME, SETTINGS_NAME)
    )
    return LabFiles(lab_digest(files), record, runs, tuple(name for name, _ in files), settings)


def _read(path: Path, limit: int = -1) -> bytes | None:
    """Up to *limit* bytes of the file *path*; None if it is missing, no file, or may not be read."""
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return None


def _walk(docs: Path) -> Iterator[str]:
    """Every file below *docs* as a path from it. Hidden files and what tools leave behind are left out, as MkDocs
    does."""
    for folder, names, files in os.walk(docs):
        names[:] = sorted(
            name for name in names if not name.startswith(".") and name not in {"__pycache__", "node_modules"}
        )
        base = Path(folder).relative_to(docs).as_posix()
        for name in files:
            if not name.startswith("."):
                yield name if base == "." else f"{base}/{name}"
