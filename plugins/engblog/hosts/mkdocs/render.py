"""Adds the data for each page's head, and replaces the host's date of the build with the day of the last change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from engblog.html.safety import unsafe_markup
from engblog.html.sections import Section, sections_of
from engblog.markdown.lab import Measured, Verified
from engblog.model.article import Article
from engblog.model.problems import Code, Mark, Problem, report
from engblog.model.urls import claim_anchor, number_anchor, page_address, test_anchor
from engblog.pages.head import HandWritten, Heads, Subject


def describe(page: Page, subject: Subject, heads: Heads, config: MkDocsConfig) -> None:
    """Add the data for the head to the dict of *page*, which is about *subject*."""
    description = str(page.meta.get("description") or config.site_description or "")
    view = page.meta["view"]
    page.meta["view"] = view | heads.of(subject, unquote(page.file.url), view, description)
    if heads.site.articles:  # MkDocs takes the latest of these for the time in sitemap.xml.gz, and needs one
        page.update_date = page.meta["view"]["modified"] or ""


def hand_written(page: Page, prefix: str) -> HandWritten:
    """Read the front matter of *page*, which is not an article; *prefix* leads to the docs folder.

    Raises ``PluginError`` for invalid values.
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


_OURS = "engblog.markdown"
_SNIPPETS = "pymdownx.snippets"


def claim_settings(config: MkDocsConfig) -> None:
    """Create the settings of the extension in *config*, so that all builds use the same object."""
    for extension in (_OURS, _SNIPPETS):
        if extension in config.markdown_extensions:
            config.mdx_configs.setdefault(extension, {})


def set_page(config: MkDocsConfig, folder: Path, article: Article | None, *, lab_pages: bool) -> None:
    """Set the extension's options for the next page: the *folder* of its source, and the lab of its *article*, if it is
    one."""
    if _SNIPPETS in config.mdx_configs:
        config.mdx_configs[_SNIPPETS]["base_path"] = [str(folder)]
    if _OURS in config.mdx_configs:
        config.mdx_configs[_OURS] = {"folder": str(folder), **_lab_settings(article, linked=lab_pages)}


def _lab_settings(article: Article | None, *, linked: bool) -> dict[str, Any]:
    lab = article.lab if article else None
    if lab is None:
        return {"numbers": {}, "charts": {}, "claims": {}}
    return {
        "charts": {chart.key: chart for chart in lab.charts},
        "numbers": {
            name: Measured(text, note, _link(number_anchor(number.key), linked), is_message=number.is_message)
            for number in lab.numbers
            for name, text, note in number.insertions
        },
        "claims": {
            test.name: Verified(
                _link(test_anchor(test.name), linked),
                claim_anchor(test.name),
                test.claim or test.name,
                tuple(counter.when for counter in test.counters),
            )
            for test in lab.tests
        },
    }


def _link(anchor: str, linked: bool) -> str:
    return f"lab/index.md#{anchor}" if linked else ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Grows with every page; complete when the host makes its template environment."""

    bodies: dict[str, str] = field(default_factory=dict)
    """HTML of each article's body by ``src_uri``."""
    texts: dict[str, tuple[Section, ...]] = field(default_factory=dict)
    """The sections of each article for the search, by ``src_uri``."""
    titles: dict[str, str] = field(default_factory=dict)
    """The title of every page by its address, a path from the site's root."""
    unsafe: list[Problem] = field(default_factory=list)
    """Unsafe markup in pages."""


def note(rendered: Rendered, html: str, page: Page, prefix: str, *, is_article: bool) -> None:
    """Add *html*, the text of *page*, to *rendered*, with its problems; *prefix* leads to the docs folder."""
    source = page.file.src_uri
    rendered.titles[page_address(page.file.dest_uri)] = str(page.meta.get("title") or page.title or "")
    for phrase in unsafe_markup(html):
        hint = "articles are Markdown; show code in a fence or in `backticks`"
        rendered.unsafe.append(
            Problem(Mark(prefix + source), Code.R007_RAW_HTML, f"{phrase} is not allowed in articles", hint)
        )
    if is_article:
        rendered.bodies[source] = html
        rendered.texts[source] = sections_of(html)


def refuse_unsafe(rendered: Rendered) -> None:
    """Raise ``PluginError`` if any page has unsafe markup, all named at once."""
    if rendered.unsafe:
        raise PluginError("pages have unsafe markup:\n" + report(rendered.unsafe))
