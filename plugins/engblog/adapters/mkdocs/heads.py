"""Gives each page what its head says, and the day on which it changed in place of the host's day of the build."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from engblog.core.head import HandWritten, Heads, Subject
from engblog.core.problems import Code, Mark, Problem, report


def describe(page: Page, subject: Subject, heads: Heads, config: MkDocsConfig) -> None:
    """Add to the dict of *page*, which is about *subject*, what its head needs."""
    description = str(page.meta.get("description") or config.site_description or "")
    view = page.meta["view"]
    page.meta["view"] = view | heads.of(subject, unquote(page.file.url), view, description)
    if heads.site.articles:  # MkDocs takes the latest of these for the time in sitemap.xml.gz, and needs one
        page.update_date = page.meta["view"]["modified"] or ""


def hand_written(page: Page, prefix: str) -> HandWritten:
    """What the front matter of *page*, which is no article, says of it; *prefix* leads to the docs folder.

    Raises ``PluginError`` for what it cannot say.
    """
    mark = Mark(prefix + page.file.src_uri)
    updated, noindex = page.meta.get("updated"), page.meta.get("noindex", False)
    problems = []
    try:
        day = None if updated is None else date.fromisoformat(str(updated)[:10])
    except ValueError:
        day = None
        problems.append(
            Problem(mark, Code.F005_DATE, f"`updated: {updated}` is not a date", "write: updated: 2026-11-20")
        )
    if not isinstance(noindex, bool):
        hint = "write: noindex: true"
        problems.append(Problem(mark, Code.F003_TYPE, f"`noindex: {noindex}` is neither true nor false", hint))
    if problems:
        raise PluginError("pages have problems:\n" + report(problems))
    return HandWritten(day, noindex)
