"""Prepares front matter for mkdocs-rss-plugin, and checks the feeds that it wrote and our writer has filled.

Version 1.19 of the plugin does not escape names of people and terms in its RSS template, and treats a description as
HTML. This module handles both, so that a tag ``Q&A`` or a description with ``<`` is safe.

It also keeps the pages of all builds of one process: MkDocs uses the plugin's object again for every rebuild of a
preview, and the plugin empties its list only when the process starts. This module empties it for every build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.parsers import expat

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.model.article import Article
from engblog.model.urls import Format
from engblog.site.history import last_change

_NAME = "rss"
"""The plugin's name in ``mkdocs.yml``."""


class _Name(str):
    """Text that escapes itself in a template, and is plain in JSON."""

    __slots__ = ()

    def __str__(self) -> str:
        return escape(str.__str__(self), quote=False)


def feed_meta(article: Article) -> dict[str, Any]:
    """Dates, names and terms of *article* under the keys that ``mkdocs.yml`` names for the plugin."""
    terms = {"category": _Name(article.category.name)}
    if article.subcategory:
        terms["subcategory"] = _Name(article.subcategory.name)
    return {
        "published": article.published.instant,
        "modified": last_change(article).instant,
        "authors": [_Name(person.name) for person in article.authors],
        "tags": [_Name(tag.name) for tag in article.tags],
        "rss": {"feed_description": escape(article.description, quote=False)},
        **terms,
    }


_PAGES = "pages_to_filter"
"""The attribute in which the plugin collects the pages of its feeds."""


def forget_pages(config: MkDocsConfig) -> None:
    """Empty the plugin's list of pages, so that its feeds have only those of the build that begins.

    Raises ``PluginError`` if it has no such list, which may happen with another version, because its feeds would then
    be wrong after the first rebuild.
    """
    for name, plugin in config.plugins.items():
        if name != _NAME and not name.startswith(f"{_NAME} #"):  # MkDocs numbers further instances
            continue
        pages = getattr(plugin, _PAGES, None)
        if isinstance(pages, list):
            pages.clear()
        elif plugin.config.get("enabled", True):
            raise PluginError(
                f"mkdocs-rss-plugin {version('mkdocs-rss-plugin')} does not keep the pages of its feeds in the list "
                f"`{_PAGES}`, so they cannot be removed before a rebuild, and articles would be in its feeds several "
                "times.\n    Restart `mkdocs serve` if you have just added the plugin to mkdocs.yml; otherwise install "
                "version 1.19, which is known to have that list"
            )


def plugin_feeds(config: MkDocsConfig) -> list[dict[str, str]]:
    """The feeds that mkdocs-rss-plugin will write, from its own options: format, title, address, media type."""
    plugin = config.plugins.get(_NAME)
    if plugin is None or not plugin.config.get("enabled", True):
        return []
    names = plugin.config["feeds_filenames"]
    feeds = []
    if plugin.config["rss_feed_enabled"]:
        feeds.append(_feed(Format.RSS, names["rss_created"], config))
    if plugin.config["json_feed_enabled"]:
        feeds.append(_feed(Format.JSON, names["json_created"], config))
    return feeds


def with_atom(feeds: list[dict[str, str]], config: MkDocsConfig) -> list[dict[str, str]]:
    """*feeds* and the whole site's feed that mkdocs-rss-plugin does not write, in the order of the formats."""
    own = [_feed(Format.ATOM, Format.ATOM.file, config)] if config.site_url else []
    order = [format_.label for format_ in Format]
    return sorted([*feeds, *own], key=lambda feed: order.index(feed["label"]))


def _feed(format_: Format, url: str, config: MkDocsConfig) -> dict[str, str]:
    title = f"{config.site_name}, {format_.label}"
    return {"label": format_.label, "title": title, "url": url, "type": format_.media_type}


def digests_of_sheets(config: MkDocsConfig) -> dict[str, str]:
    """SHA-256, in hexadecimal, of the style sheet that the plugin adds to the site unless ``stylesheet`` is empty, by
    its path on the site."""
    plugin = config.plugins.get(_NAME)
    if plugin is None or plugin.config.get("stylesheet") != "auto":
        return {}
    sheet = Path(str(getattr(plugin, "tpl_folder", ""))) / "default.xsl"
    return {"rss.xsl": hashlib.sha256(sheet.read_bytes()).hexdigest()} if sheet.is_file() else {}


def refuse_broken(site: Path, feeds: Iterable[dict[str, str]]) -> None:
    """Raise ``PluginError`` if an XML feed below *site* is not well-formed, one line each."""
    found = []
    for feed in feeds:
        path = site / feed["url"]
        if feed["type"] == "application/feed+json" or not path.exists():
            continue
        try:
            expat.ParserCreate().Parse(path.read_bytes(), True)
        except expat.ExpatError as error:
            found.append(
                f"{feed['url']}: {error}; mkdocs-rss-plugin does not escape & and < in `site_name`: avoid them"
            )
    if found:
        raise PluginError("\n".join(found))
