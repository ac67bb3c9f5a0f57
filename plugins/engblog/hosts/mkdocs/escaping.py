"""Templates escape everything that is not markup already, whether or not they say so."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page


def escape_by_default(env: Environment, config: MkDocsConfig) -> None:
    """Make the templates of ``theme.custom_dir`` escape what they show. Those of a parent theme were written for an
    environment that does not, and stay unchanged."""
    custom = Path(config.theme.custom_dir) if config.theme.custom_dir else None

    def escapes(name: str | None) -> bool:
        return name is None or (custom is not None and (custom / name).is_file())

    env.autoescape = escapes


def mark_content(page: Page) -> None:
    """Tell templates that the content of *page*, which was looked at, is markup."""
    if page.content is not None:
        page.content = Markup(page.content)  # noqa: S704  (html/safety.py has looked at it)
