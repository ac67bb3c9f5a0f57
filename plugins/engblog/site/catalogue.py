"""All sources together, checked and in order and without clashes, or else every problem of every file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engblog.model.article import Article, Person, Taxonomy, newest_first
from engblog.model.problems import Code, Mark, Problem, Problems, did_you_mean, quote
from engblog.model.site import Site
from engblog.model.text import slugify
from engblog.site.selection import select
from engblog.source.docs_files import DocsFiles
from engblog.source.handwritten import HandWritten
from engblog.source.parse import Source
from engblog.source.schema import Vocabulary, read_article


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The outcome of reading all sources. With any problem, ``site`` still holds what could be read."""

    site: Site
    problems: tuple[Problem, ...]
    accepted: tuple[Problem, ...] = ()
    """Problems that only a preview accepts."""
    files: frozenset[str] = frozenset()
    """The files below the docs folder that the site publishes, by path from it, the texts of its pages included."""
    pages: Mapping[str, HandWritten] = field(default_factory=dict)
    """The hand-written pages, by path from the docs folder."""
    strays: tuple[Problem, ...] = ()
    """Problems with files that the site does not publish, because nothing refers to them; they concern no article."""


def build_catalogue(
    sources: Iterable[Source],
    *,
    taxonomy: Taxonomy,
    people: Mapping[str, Person],
    docs: DocsFiles,
    now: datetime,
    sourced_figures: bool = True,
    preview: bool = False,
    labs_may_lag: bool = False,
    path_prefix: str = "",
    problems: Problems | None = None,
) -> Catalogue:
    """Check *sources* against the vocabulary and each other.

    Articles are shown if they are published and not dated after *now* (with a zone). *preview* shows the others as
    well. Labs that have changed since their records are a problem, which a preview accepts, unless *labs_may_lag*.
    *problems* has the problems found while reading the vocabulary.
    """
    problems = problems or Problems()
    vocabulary = Vocabulary(taxonomy, people, docs, sourced_figures, now)
    every = sorted(sources, key=lambda source: source.src_uri)
    read = [read_article(source, vocabulary, problems, path_prefix=path_prefix) for source in every]
    articles = sorted((article for article in read if article), key=newest_first)
    _check_slugs(every, path_prefix, problems)
    _check_featured(articles, path_prefix, problems)
    _check_requires(articles, {source.slug for source in every}, path_prefix, problems)
    _check_series(articles, path_prefix, problems)
    _check_aliases(articles, path_prefix, problems)
    _check_ids(articles, path_prefix, problems)
    lagging = Problems()
    if not labs_may_lag:
        _check_labs(articles, path_prefix, lagging if preview else problems)
    site = select(articles, taxonomy=taxonomy, people=people, now=now, preview=preview)
    return Catalogue(site, problems.sorted(), lagging.sorted())


def _mark(article: Article, prefix: str) -> Mark:
    return Mark(prefix + article.src_uri)


def _check_slugs(sources: list[Source], prefix: str, problems: Problems) -> None:
    seen: dict[str, Source] = {}
    for source in sources:
        folded = unicodedata.normalize("NFC", source.slug).casefold()
        other = seen.setdefault(folded, source)
        if other is not source:
            message = f"the folders {quote(source.slug)} and {prefix}{other.folder} differ only by letter case"
            hint = "some file systems and readers cannot tell them apart; rename one"
            problems.add(Mark(prefix + source.src_uri), Code.C002_SLUG_CLASH, message, hint)


def _check_featured(articles: list[Article], prefix: str, problems: Problems) -> None:
    featured = [article for article in articles if article.featured]
    for article in featured[1:]:
        message = f"{prefix}{featured[0].src_uri} is also featured"
        problems.add(_mark(article, prefix), Code.C003_FEATURED, message, "keep `featured: true` in only one of them")


def _check_requires(articles: list[Article], slugs: set[str], prefix: str, problems: Problems) -> None:
    graph = {article.slug: article for article in articles}
    for article in articles:
        for slug in article.requires:
            if slug not in slugs:
                hint = did_you_mean(slug, slugs - {article.slug}) or "name the folder of an article"
                problems.add(
                    _mark(article, prefix), Code.C004_REQUIRES, f"there is no article {quote(slug)} to require", hint
                )
    done: set[str] = set()
    for article in sorted(articles, key=lambda each: each.slug):
        circle = _circle_from(article.slug, graph, done)
        if circle:
            message = f"articles require each other: {' → '.join(circle)}"
            problems.add(
                _mark(graph[circle[0]], prefix),
                Code.C005_REQUIRES_CYCLE,
                message,
                "remove one `requires` from the circle",
            )


def _circle_from(start: str, graph: Mapping[str, Article], done: set[str]) -> list[str] | None:
    """The first circle reached from *start*, as slugs with the first repeated; *done* grows. No recursion: chains are
    long."""
    path: list[str] = []
    on_path: set[str] = set()
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        slug, leaving = stack.pop()
        if leaving:
            path.pop()
            on_path.discard(slug)
            done.add(slug)
        elif slug in on_path:
            circle = [*path[path.index(slug) :], slug]
            done.update(circle)
            return circle
        elif slug in graph and slug not in done:
            path.append(slug)
            on_path.add(slug)
            stack.append((slug, True))
            stack.extend((needed, False) for needed in reversed(graph[slug].requires))
    return None


def _check_series(articles: list[Article], prefix: str, problems: Problems) -> None:
    parts: dict[tuple[str, int], Article] = {}
    names: dict[str, tuple[str, Article]] = {}
    for article in articles:
        if article.series is None:
            continue
        name, part = article.series.name, article.series.part
        slug = slugify(name)
        known, first = names.setdefault(slug, (name, article))
        if known != name:
            message = f"the series {quote(name)} is spelled {quote(known)} in {prefix}{first.src_uri}"
            problems.add(_mark(article, prefix), Code.C006_SERIES_PART, message, "use the same name in both")
        other = parts.setdefault((slug, part), article)
        if other is not article:
            message = f"part {part} of {quote(name)} is already {prefix}{other.src_uri}"
            problems.add(_mark(article, prefix), Code.C006_SERIES_PART, message, "give each part its own number")


def _check_aliases(articles: list[Article], prefix: str, problems: Problems) -> None:
    taken = {article.url: prefix + article.src_uri for article in articles}
    for article in articles:
        for alias in article.aliases:
            mark = Mark(prefix + article.src_uri, alias.line, alias.column)
            own = f"{mark.path}:{mark.line}:{mark.column}"
            other = taken.setdefault(alias.path, own)
            if other != own:
                message = f"the old address {quote(f'/{alias.path}')} belongs to {other}"
                problems.add(mark, Code.C007_ALIAS_CLASH, message, "delete it from one of them")


def _check_ids(articles: list[Article], prefix: str, problems: Problems) -> None:
    """Check ids that authors wrote; ids made from addresses can only clash if the addresses do."""
    written = [article for article in articles if article.id]
    known = {article.first_url: article for article in articles if not article.id}
    for article in sorted(written, key=lambda each: each.src_uri):
        if article.id and (other := known.setdefault(article.id.path, article)) is not article:
            place = f"{prefix}{other.src_uri}" + (f":{other.id.line}:{other.id.column}" if other.id else "")
            message = f"the id {quote(f'/{article.id.path}')} also belongs to {place}"
            hint = "feed readers tell articles apart by it: in the newer of the two, write an `id` that was never used"
            mark = Mark(prefix + article.src_uri, article.id.line, article.id.column)
            problems.add(mark, Code.C008_ID_CLASH, message, hint)


def _check_labs(articles: list[Article], prefix: str, problems: Problems) -> None:
    for article in articles:
        if article.lab and not article.lab.in_step and article.status != "draft":
            mark = Mark(f"{prefix}{article.src_uri.rpartition('/')[0]}/lab/record.json")
            message = "the lab has changed since this run was recorded"
            problems.add(mark, Code.L002_STALE, message, f"run: make lab ARTICLE={article.slug}")
        elif article.lab and not article.lab.runs_in_step and article.status != "draft":
            mark = Mark(f"{prefix}{article.src_uri.rpartition('/')[0]}/lab/versions.json")
            message = "the lab has changed since it ran on other versions"
            problems.add(mark, Code.L002_STALE, message, f"run: make lab ARTICLE={article.slug} VERSIONS=all")
