"""Makes every rebuild of a preview like the first build of a process.

In ``mkdocs serve``, some objects outlive a build: plugins that have ``on_startup``, and filters of loggers. What they
remember is forgotten here before a build begins. Our own plugin keeps nothing but the command that started it.
"""

from __future__ import annotations

from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import DuplicateFilter

from engblog.hosts.mkdocs.rss_plugin import forget_pages


def forget_last_build(config: MkDocsConfig, *, dirty: bool) -> None:
    """Forget everything that a build in this process has left in the host and in the plugins of *config*.

    A *dirty* build renders only the pages that changed, so the others must be remembered. Raises ``PluginError`` if
    something cannot be forgotten.
    """
    if not dirty:
        forget_pages(config)
    _forget_messages()


def _forget_messages() -> None:
    """Let MkDocs log each message again. It logs an error that ends a build only once in a process, so an author who
    repeats a mistake would not be told."""
    for each in build.log.filters:
        if isinstance(each, DuplicateFilter):
            each.msgs.clear()
