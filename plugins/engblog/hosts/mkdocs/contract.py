"""Holds a finished site to what every site promises, with what the host knows of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.contract.check import check_site, refusing
from engblog.contract.feeds import SiteFeed
from engblog.contract.waivers import Check
from engblog.disk.tree import SiteTree
from engblog.model.problems import report
from engblog.model.publication import Publication

log = logging.getLogger("mkdocs.plugins.engblog")


def check_contract(
    publication: Publication,
    config: MkDocsConfig,
    *,
    sources: Mapping[str, str],
    cards: bool,
    allowed: frozenset[Check],
    serving: bool,
) -> None:
    """End the build if the site in ``site_dir`` breaks its contract (:mod:`engblog.contract.check`).

    *sources* are the files of its pages, by path from the site's root; with *cards*, each article must have one. What
    is *allowed* is said and does not end the build; when *serving*, nothing does.
    """
    tree = SiteTree(Path(config.site_dir))
    problems = check_site(tree, publication, feeds=site_feeds_of(config), sources=sources, cards=cards)
    refused, waived = refusing(problems, allowed)
    for problem in waived:
        log.info("allowed by `allow`: %s", problem)
    if not refused:
        return
    said = f"the built site breaks its promises:\n{report(refused)}"
    if not serving:
        raise PluginError(said)
    log.warning("%s\nIt is shown all the same; `mkdocs build` would refuse it.", said)


def site_feeds_of(config: MkDocsConfig) -> tuple[SiteFeed, ...]:
    """All feeds of all articles that mkdocs-rss-plugin will write, those by the last update too."""
    plugin = config.plugins.get("rss")
    if plugin is None or not plugin.config.get("enabled", True):
        return ()
    names, length = plugin.config["feeds_filenames"], int(plugin.config["length"])
    kinds: tuple[tuple[Literal["rss", "json"], bool], ...] = (
        ("rss", plugin.config["rss_feed_enabled"]),
        ("json", plugin.config["json_feed_enabled"]),
    )
    return tuple(
        SiteFeed(names[f"{kind}_{order}"], kind, by_update=order == "updated", length=length)
        for kind, enabled in kinds
        if enabled
        for order in ("created", "updated")
    )
