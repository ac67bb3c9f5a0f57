"""References to articles that readers cannot open yet: drafts, and articles that are dated in the future."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engblog.model.article import Article
from engblog.model.problems import Code, Mark, Problems, quote
from engblog.model.site import Site
from engblog.source.local_references import LocalReference
from engblog.source.parse import Source


def check_held_back(
    articles: Iterable[Source], pages: Iterable[Source], site: Site, articles_dir: str, problems: Problems
) -> None:
    """Note each reference of *articles* and of hand-written *pages* to an article that readers cannot open with it.

    A draft may refer to anything. An article that is dated in the future may refer to one that is published by then.
    """
    known = {article.src_uri.rpartition("/")[0]: article for article in (*site.articles, *site.hidden)}
    for source in articles:
        own = known.get(source.folder)
        if not source.parsed.is_draft:
            read_from = max(own.published.instant, site.now) if own else None
            for each, target in _referred(source, articles_dir, known):
                if target is not own:
                    _check(each, target, read_from, source, problems)
    for page in pages:
        for each, target in _referred(page, articles_dir, known):
            _check(each, target, site.now, page, problems)


def _referred(source: Source, articles_dir: str, known: dict[str, Article]) -> Iterator[tuple[LocalReference, Article]]:
    """Each reference of *source* to something in the folder of an article, with that article."""
    lead = f"{articles_dir}/"
    for each in source.parsed.local:
        if each.path.startswith(lead) and each.reference.kind != "include":
            slug = each.path.removeprefix(lead).partition("/")[0]
            if (article := known.get(lead + slug)) is not None:
                yield each, article


def _check(
    each: LocalReference, target: Article, read_from: datetime | None, source: Source, problems: Problems
) -> None:
    """Note a problem if readers, who can open *source* at the moment *read_from*, cannot open *target* then; if that
    moment is unknown, only drafts are problems."""
    belongs = "is" if each.path == target.src_uri else "belongs to"
    if target.status == "draft":
        message = f"{quote(each.target)} {belongs} a draft, which readers cannot open"
        hint = "publish that article first, or take the reference out until then"
    elif read_from is not None and target.published.instant > read_from:
        dated = "is dated" if each.path == target.src_uri else "belongs to an article that is dated"
        message = f"{quote(each.target)} {dated} {target.published.iso}, so readers cannot open it until then"
        hint = "take the reference out until then, or give this text the same date"
    else:
        return
    mark = Mark(source.parsed.path, each.reference.line, each.reference.column)
    problems.add(mark, Code.R012_HELD_BACK, message, hint)
