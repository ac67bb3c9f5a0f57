"""Adds the data for each page's head, and replaces the host's date of the build with the day of the last change."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from engblog.hosts.mkdocs.renditions import Rendition
from engblog.hosts.mkdocs.texts import Text
from engblog.html.safety import without_seals
from engblog.html.sections import Section, sections_of
from engblog.markdown.figures import Noted
from engblog.markdown.lab import Measured, Verified
from engblog.model.article import Article
from engblog.model.problems import Problem, report
from engblog.model.urls import claim_anchor, number_anchor, page_address, test_anchor
from engblog.pages.head import Heads, Subject


def describe(page: Page, subject: Subject, heads: Heads, config: MkDocsConfig) -> None:
    """Add the data for the head to the dict of *page*, which is about *subject*."""
    description = str(page.meta.get("description") or config.site_description or "")
    view = page.meta["view"]
    page.meta["view"] = view | heads.of(subject, unquote(page.file.url), view, description)
    page.update_date = page.meta["view"]["modified"] or _UNKNOWN_DAY


class _UnknownDay(str):
    """A day that templates take for none. MkDocs needs a day for ``sitemap.xml.gz``: the latest of all pages'."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


_UNKNOWN_DAY = _UnknownDay("1980-01-01")


_OURS = "engblog.markdown"
_SNIPPETS = "pymdownx.snippets"


def claim_settings(config: MkDocsConfig) -> None:
    """Create the settings of the extension in *config*, so that all builds use the same object, with a new seal, and
    take out the extension that would read includes a second time."""
    if _OURS in config.markdown_extensions:
        config.mdx_configs[_OURS] = {"seal": secrets.token_hex(16)}
    own = [each for each in config.markdown_extensions if each == _OURS]
    others = [each for each in config.markdown_extensions if each not in {_OURS, _SNIPPETS}]
    config.markdown_extensions = [*others, *own]  # last: it takes the place of a part of another
    config.mdx_configs.pop(_SNIPPETS, None)


def set_page(
    config: MkDocsConfig,
    folder: Path,
    article: Article | None,
    *,
    lab_pages: bool,
    looked_at: Noted | None = None,
) -> None:
    """Set the extension's options for the next page: the *folder* of its source, and the lab of its *article*, if it is
    one. The extension adds the files that it looks at to *looked_at*."""
    if _OURS in config.mdx_configs:
        lab = _lab_settings(article, linked=lab_pages)
        files: Noted = looked_at if looked_at is not None else []
        config.mdx_configs[_OURS] = {"folder": str(folder), "seal": seal_of(config), "looked_at": files, **lab}


def seal_of(config: MkDocsConfig) -> str:
    """The seal of the engine's own elements in every text that is rendered with *config*."""
    return str(config.mdx_configs.get(_OURS, {}).get("seal", ""))


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
    written: dict[str, str] = field(default_factory=dict)
    """HTML of every text that somebody wrote, by the file of its page."""
    texts: dict[str, tuple[Section, ...]] = field(default_factory=dict)
    """The sections of each article, and of each page that is written by hand, for the search, by ``src_uri``."""
    titles: dict[str, str] = field(default_factory=dict)
    """The title of every page by its address, a path from the site's root."""
    problems: list[Problem] = field(default_factory=list)
    """Places where a page does not show what its text means."""


def note_kept(rendered: Rendered, page: Page, rendition: Rendition) -> str:
    """Add *rendition*, which an earlier build has made of the article of *page*, to *rendered*; return what readers
    get."""
    source = page.file.src_uri
    rendered.titles[page_address(page.file.dest_uri)] = str(page.meta.get("title") or page.title or "")
    rendered.written[page.file.dest_uri] = rendered.bodies[source] = rendition.html
    rendered.texts[source] = rendition.sections
    return rendition.html


def note(rendered: Rendered, html: str, page: Page, text: Text | None) -> str:
    """Add *html*, the page that was rendered of *text*, to *rendered*, with its problems; return what readers get."""
    source = page.file.src_uri
    problems = text.problems(html) if text is not None else []
    html = without_seals(html, text.seal) if text is not None else html
    rendered.titles[page_address(page.file.dest_uri)] = str(page.meta.get("title") or page.title or "")
    if not page.file.generated_by:
        rendered.written[page.file.dest_uri] = html
    if text is not None:
        rendered.problems.extend(problems)
        if text.is_article:
            rendered.bodies[source] = html
        rendered.texts[source] = sections_of(html)
    return html


def refuse_unfaithful(rendered: Rendered) -> None:
    """Raise ``PluginError`` if any page does not show what its text means, all named at once."""
    if rendered.problems:
        raise PluginError("pages would not show what was written:\n" + report(rendered.problems))
