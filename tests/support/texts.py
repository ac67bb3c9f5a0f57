"""Texts rendered as a build renders them, and by cmark-gfm, which GitHub uses and which shares no code with ours."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options
from engblog.hosts.mkdocs.ask import read_config
from engblog.hosts.mkdocs.render import claim_settings
from engblog.model.problems import Problem, Problems
from engblog.source.body import scan
from engblog.source.canonical import canonical
from engblog.source.citations import check_citations
from engblog.source.faithful import differences
from engblog.source.structure import check_structure
from engblog.source.tags import check_tags
from markdown import Markdown

REPOSITORY = Path(__file__).parents[2]


@cache
def extensions() -> tuple[list[str], dict[str, Any]]:
    """The extensions of the site in this repository, and their settings."""
    config = _claimed()
    return config.markdown_extensions, config.mdx_configs


@cache
def claimed_config() -> Any:
    """The configuration of the site in this repository, ready to render texts; whoever renders one changes it."""
    return _claimed()


def _claimed() -> Any:
    config, _ = read_config(str(REPOSITORY / "mkdocs.yml"))
    claim_settings(config)
    return config


def page_of(text: str) -> str:
    """The HTML of *text*, rendered with the site's extensions."""
    names, settings = extensions()
    return Markdown(extensions=names, extension_configs=settings).convert(canonical(scan(text).blocks))


def problems_of(text: str, html: str | None = None) -> list[Problem]:
    """The problems of *text* and of its page."""
    found, body = Problems(), scan(text)
    check_structure(body, "a.md", found)
    check_tags(body, "a.md", found)
    check_citations(body, "a.md", found)
    found.found += differences(body.blocks, page_of(text) if html is None else html, "a.md", 1, lambda _: None)
    return found.found


def on_github(text: str) -> str:
    """The HTML that cmark-gfm makes of *text*, with tables, struck text and bare addresses."""
    return str(
        cmarkgfm.markdown_to_html_with_extensions(
            text, options=Options.CMARK_OPT_UNSAFE, extensions=["table", "strikethrough", "autolink"]
        )
    )
