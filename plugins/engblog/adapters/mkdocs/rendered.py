"""What is kept of the pages as they are rendered: all else of a build is decided before."""

from __future__ import annotations

from dataclasses import dataclass, field

from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from engblog.core.addresses import page_address
from engblog.core.markup import unsafe_markup
from engblog.core.problems import Code, Mark, Problem, report
from engblog.core.search import Section, sections_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """Grows with every page; complete when the host makes its template environment."""

    bodies: dict[str, str] = field(default_factory=dict)
    """HTML of each article's body by ``src_uri``."""
    texts: dict[str, tuple[Section, ...]] = field(default_factory=dict)
    """What the search finds in each article, by ``src_uri``."""
    titles: dict[str, str] = field(default_factory=dict)
    """The title of every page by its address, a path from the site's root."""
    unsafe: list[Problem] = field(default_factory=list)
    """What pages must not have."""


def note(rendered: Rendered, html: str, page: Page, prefix: str, *, is_article: bool) -> None:
    """Add to *rendered* what there is to know of *html*, the text of *page*; *prefix* leads to the docs folder."""
    source = page.file.src_uri
    rendered.titles[page_address(page.file.dest_uri)] = str(page.meta.get("title") or page.title or "")
    for phrase in unsafe_markup(html):
        hint = "articles are Markdown; show code in a fence or in `backticks`"
        rendered.unsafe.append(
            Problem(Mark(prefix + source), Code.R007_RAW_HTML, f"{phrase} is not for articles", hint)
        )
    if is_article:
        rendered.bodies[source] = html
        rendered.texts[source] = sections_of(html)


def refuse_unsafe(rendered: Rendered) -> None:
    """Raise ``PluginError`` if any page has unsafe markup, all named at once."""
    if rendered.unsafe:
        raise PluginError("pages have unsafe markup:\n" + report(rendered.unsafe))
