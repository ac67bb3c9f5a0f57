"""Tells the Markdown extensions which page comes: their settings are read when its renderer is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from engblog.core.labanchors import claim_anchor, number_anchor, test_anchor
from engblog.core.model import Article
from engblog.markdown.lab import Measured, Verified

_OURS = "engblog.markdown"
_SNIPPETS = "pymdownx.snippets"


def claim_settings(config: MkDocsConfig) -> None:
    """Have a place for the settings of the extensions that *config* names, so that all builds set the same one."""
    for extension in (_OURS, _SNIPPETS):
        if extension in config.markdown_extensions:
            config.mdx_configs.setdefault(extension, {})


def set_page(config: MkDocsConfig, folder: Path, article: Article | None, *, lab_pages: bool) -> None:
    """Set what the next page needs: the *folder* of its source, and the lab of its *article*, if it is one."""
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
