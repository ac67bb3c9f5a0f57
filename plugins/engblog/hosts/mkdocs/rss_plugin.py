"""Prepares front matter for mkdocs-rss-plugin, and checks the feeds that it wrote.

Version 1.19 of the plugin does not escape names of people and terms in its RSS template, and treats a description as
HTML. This module handles both, so that a tag ``Q&A`` or a description with ``<`` is safe.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any
from xml.parsers import expat

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.model.article import Article
from engblog.model.urls import Format
from engblog.site.history import last_written


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
        "modified": last_written(article).instant,
        "authors": [_Name(person.name) for person in article.authors],
        "tags": [_Name(tag.name) for tag in article.tags],
        "rss": {"feed_description": escape(article.description, quote=False)},
        **terms,
    }


def plugin_feeds(config: MkDocsConfig) -> list[dict[str, str]]:
    """The feeds that mkdocs-rss-plugin will write, from its own options: format, title, address, media type."""
    plugin = config.plugins.get("rss")
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
