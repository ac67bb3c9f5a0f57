"""The plan of a build, made when the host has found its files and before the first page is rendered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engblog.contract.previewed import Previewed
from engblog.contract.waivers import Check
from engblog.disk.docs import display_path
from engblog.disk.scans import Scans
from engblog.hosts.mkdocs.addresses import addresses_of, old_addresses, refuse_clashes
from engblog.hosts.mkdocs.assets import (
    assets_version,
    compact_code,
    drop_parent_theme,
    import_map,
    script_places,
    speculation_rules,
    take_inline_scripts,
    theme_scripts,
)
from engblog.hosts.mkdocs.cards import Cards, pictures_of, plan_cards
from engblog.hosts.mkdocs.labs import place_labs
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.place import keep_published, place_articles, place_views
from engblog.hosts.mkdocs.preview import previewed_of, unpublished_targets, warn_of_refusal, with_redirects
from engblog.hosts.mkdocs.rss_plugin import plugin_feeds, with_atom
from engblog.hosts.mkdocs.run import HostRun
from engblog.hosts.mkdocs.settings import docs_settings, identity_of, issues_url, repository_of
from engblog.hosts.mkdocs.sources import read_sources
from engblog.hosts.mkdocs.unchanged import Kept
from engblog.hosts.mkdocs.whole_feeds import card_pictures, feed_sheets
from engblog.html.policy import page_policy, script_sources
from engblog.model.article import Article
from engblog.model.publication import CardPicture
from engblog.model.site import Redirect, Site, View
from engblog.pages import PageData
from engblog.pages.head import Heads, Subject
from engblog.pages.jsonld import open_graph_locale
from engblog.site.planned_files import feed_files
from engblog.site.views import build_views
from engblog.source.handwritten import HandWritten

log = logging.getLogger("mkdocs.plugins.engblog")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that rendering does not change."""

    site: Site
    views: tuple[View, ...]
    data: PageData
    subjects: Mapping[str, Subject]
    """The subject of each page by the path of its file."""
    heads: Heads
    cards: Cards | None
    previewed: Previewed | None
    """The parts of a preview that a build does not have; None in a build."""
    feeds: list[dict[str, str]]
    """The feeds that mkdocs-rss-plugin will write."""
    feed_sheets: tuple[str, ...]
    """As in :class:`~engblog.model.publication.Publication`, like the three that follow."""
    card_pictures: Mapping[str, CardPicture]
    redirects: tuple[Redirect, ...]
    old_feeds: tuple[Redirect, ...]
    addresses: Mapping[str, str]
    """The same."""
    files: Files
    """All files that the host will render or copy."""
    shared: Mapping[str, Any]
    """The data for the templates of every page: ``config.extra.engblog``."""

    def article(self, path: str) -> Article | None:
        """The article whose text is the file at *path*, from the docs folder."""
        subject = self.subjects.get(path)
        return subject if isinstance(subject, Article) else None


def make_plan(
    files: Files, options: EngblogOptions, config: MkDocsConfig, run: HostRun, kept: Kept | None = None
) -> Plan:
    """Read the sources and add the articles and all generated pages to *files*.

    Raises ``PluginError``, with all problems of a kind at once.
    """
    docs, prefix = Path(config.docs_dir), display_path(Path(config.docs_dir))
    settings, identity = docs_settings(options, config), identity_of(config, options)
    preview = run.serves and options.preview_drafts
    scans = Scans(kept.store, kept.surroundings) if kept is not None else None
    may_lag = Check.LABS in options.allow
    sources = read_sources(files, config, settings, preview=preview, labs_may_lag=may_lag, run=run, scans=scans)
    site = sources.catalogue.site
    keep_published(files, sources.catalogue.files, config)
    home = files.get_file_from_path("index.md")
    front = sources.pages.get("index.md", HandWritten())
    cards = plan_cards(site.articles, identity, front.texts, config) if options.cards else None
    pictures = pictures_of(cards, site.articles, identity)
    known = bool(identity.url)  # feeds and twins contain absolute addresses
    data = PageData(
        site,
        cards=pictures,
        twins=known,
        related_count=options.related,
        issues_url=issues_url(config),
        repository=repository_of(config),
        lab_pages=options.lab_pages,
        feeds=known,
    )
    views = build_views(site, page_size=options.page_size, feeds=known)
    subjects = place_articles(site.articles, files, settings, data, config)
    subjects = {**sources.pages, **subjects}
    if options.lab_pages:
        subjects |= place_labs(site.articles, files, data, config)
    subjects |= place_views(views, files, data, config, home=home, front=front)
    addresses = addresses_of(files)
    if options.standalone_theme:
        drop_parent_theme(files, config)
    scripts = take_inline_scripts(files, docs)
    compact_code(files, config)
    version = assets_version(files)
    imports = import_map(files, config.site_url, version)
    speculation = speculation_rules(config.site_url)
    refuse_clashes(files, prefix)
    old = old_addresses(site, sources.moves, files, prefix, feeds=feed_files(views) | settings.whole_feeds)
    redirects = tuple(each for each in old if not each.is_feed)
    previewed = None
    if run.serves:
        previewed = previewed_of(site, views, files, config, page_size=options.page_size)
        refused = unpublished_targets(
            site, sources.moves, files, previewed, prefix, feeds=feed_files(views) | settings.whole_feeds
        )
        warn_of_refusal("old addresses lead to pages that are not published yet", refused)
        previewed = with_redirects(previewed, redirects)
    feeds = plugin_feeds(config)
    shared = data.site(
        plain_pages=frozenset(file.url for file in files.documentation_pages()),
        feeds=with_atom(feeds, config),
        assets_version=version,
        card=pictures.get(""),
        saving=run.is_for_readers,
    )
    script_files = script_sources(identity.url, script_places(theme_scripts(files, config)))
    log.info("%d articles, %d generated pages", len(site.articles), len(views))
    return Plan(
        site=site,
        views=views,
        data=data,
        subjects=subjects,
        heads=Heads(identity, site, search=shared["links"]["search"]),
        cards=cards,
        previewed=previewed,
        feeds=feeds,
        feed_sheets=feed_sheets(files, version),
        card_pictures=card_pictures(pictures),
        redirects=redirects,
        old_feeds=tuple(each for each in old if each.is_feed),
        addresses=addresses,
        files=files,
        shared=shared
        | {
            "policy": page_policy(
                [*scripts, *([imports] if imports else []), speculation],
                files=script_files,
                workers=script_files,
                nonce=run.nonce,
            ),
            "inline_scripts": [script.text for script in scripts],
            "import_map": imports.text if imports else "",
            "speculation_rules": speculation.text,
            "locale": open_graph_locale(identity.language),
        },
    )
