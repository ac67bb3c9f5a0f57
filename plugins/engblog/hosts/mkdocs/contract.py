"""Checks a finished site against its contract, with the facts that the host knows about it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from engblog.contract.check import CHECK_OF, Reader, check_preview, check_site, refusing
from engblog.contract.feeds import SiteFeed
from engblog.contract.files import Own
from engblog.contract.previewed import Previewed
from engblog.contract.waivers import Check
from engblog.disk.tree import SiteTree
from engblog.hosts.mkdocs.preview import mention_unpublished, warn_of_refusal
from engblog.hosts.mkdocs.run import HostRun
from engblog.model.problems import Problem, report
from engblog.model.publication import Publication

log = logging.getLogger("mkdocs.plugins.engblog")

_BROKEN = "the built site breaks its promises"


def check_contract(
    publication: Publication,
    config: MkDocsConfig,
    *,
    sources: Mapping[str, str],
    cards: bool,
    scripts: frozenset[str],
    own: Own,
    allowed: frozenset[Check],
    previewed: Previewed | None,
    run: HostRun,
    read: Reader | None = None,
) -> None:
    """End the build if the site in ``site_dir`` breaks its contract (:mod:`engblog.contract.check`).

    *sources* are the files of its pages, by path from the site's root; with *cards*, each article must have one;
    *scripts* are the files that pages may run; *own* are the files that the build made itself; *read* reads pages.
    Problems of *allowed* checks are only logged; *run* says how to allow the others. In a preview, which has
    *previewed* besides the pages of a build, all problems are only logged.
    """
    tree, feeds = SiteTree(Path(config.site_dir)), site_feeds_of(config)
    if previewed is None:
        found = check_site(
            tree, publication, feeds=feeds, sources=sources, cards=cards, scripts=scripts, own=own, read=read
        )
        refused = _refused(found, allowed)
        if refused:
            allow = run.waive(CHECK_OF[problem.code] for problem in refused)
            raise PluginError(f"{_BROKEN}:\n{report(refused)}\n{allow}")
        return
    built, unpublished = check_preview(
        tree, publication, previewed, feeds=feeds, sources=sources, cards=cards, scripts=scripts, own=own, read=read
    )
    warn_of_refusal(_BROKEN, _refused(built, allowed))
    mention_unpublished(_refused(unpublished, allowed))


def _refused(problems: tuple[Problem, ...], allowed: frozenset[Check]) -> list[Problem]:
    """The *problems* that end a build; the others are logged."""
    refused, waived = refusing(problems, allowed)
    for problem in waived:
        log.info("allowed by `allow`: %s", problem)
    return refused


def site_feeds_of(config: MkDocsConfig) -> tuple[SiteFeed, ...]:
    """The feeds of all articles that mkdocs-rss-plugin will write, including those by the last update."""
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
