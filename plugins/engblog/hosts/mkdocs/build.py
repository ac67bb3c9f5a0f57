"""One build: from files to the article model to pages, and the finished site into its place.

It conducts: what each step does is in the module that it names, as functions of values. The state of a build is here:
its :class:`~engblog.hosts.mkdocs.plan.Plan`, what was :class:`~engblog.hosts.mkdocs.render.Rendered`, and the
folder that the host writes to.
"""

from __future__ import annotations

import logging
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from engblog.disk.docs import display_path
from engblog.disk.staging import Staging
from engblog.hosts.mkdocs import render
from engblog.hosts.mkdocs.addresses import sources_of
from engblog.hosts.mkdocs.contract import check_contract
from engblog.hosts.mkdocs.labs import quote_articles
from engblog.hosts.mkdocs.offline import tell_weights
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.outputs import RenderedSite, write_outputs
from engblog.hosts.mkdocs.plan import HostRun, Plan, make_plan
from engblog.hosts.mkdocs.render import Rendered, describe, hand_written, note, refuse_unsafe
from engblog.hosts.mkdocs.rss_plugin import refuse_broken
from engblog.hosts.mkdocs.settings import root_of
from engblog.hosts.mkdocs.sources import texts_beside
from engblog.model.publication import Provenance, Publication
from engblog.publish.provenance import Revision, provenance, revision

log = logging.getLogger("mkdocs.plugins.engblog")

HOST = MkDocsConfig.__module__.partition(".")[0]
"""The package that renders: ``mkdocs``, or ``properdocs``, which goes by that name too."""


class Build:
    """State of one build. ``mkdocs serve`` makes a new one for every rebuild."""

    def __init__(self, options: EngblogOptions, config: MkDocsConfig, run: HostRun) -> None:
        """Check the host's settings and send its output to a folder beside the site, unless the build is dirty."""
        if not config.use_directory_urls:
            raise PluginError("engblog needs `use_directory_urls: true`: articles' addresses end with a slash")
        self._options = options
        self._run = run
        self._docs = Path(config.docs_dir)
        self._prefix = display_path(self._docs)
        self._plan: Plan | None = None
        self._rendered = Rendered()
        render.claim_settings(config)
        self._staging = None if run.dirty else Staging(Path(config.site_dir))
        if self._staging:
            config.site_dir = str(self._staging.folder)
        self._root = root_of(config)
        self._began = self._revision() if run.is_for_readers else None

    def add_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Place the articles and all generated pages among *files*. Any problem ends the build, all named at once."""
        plan = self._plan = make_plan(files, self._options, config, self._run)
        config.extra["engblog"] = dict(plan.shared)
        return files

    def order(self, nav: Navigation) -> Navigation:
        """Previous and next are older and newer, not the neighbours in the navigation."""
        for page in nav.pages:
            page.previous_page = page.next_page = None
        by_source = {page.file.src_uri: page for page in nav.pages}
        for article in self._planned.site.articles:
            if (own := by_source.get(article.src_uri)) is not None:
                older, newer = self._planned.data.neighbours(article)
                own.previous_page = by_source.get(older.src_uri) if older else None
                own.next_page = by_source.get(newer.src_uri) if newer else None
        return nav

    def prepare(self, markdown: str, page: Page, config: MkDocsConfig) -> str:
        """Tell the Markdown extensions about *page*, and have all that its template reads in its ``meta``."""
        plan, source = self._planned, page.file.src_uri
        folder = (self._docs / source).parent
        render.set_page(config, folder, plan.article(source), lab_pages=self._options.lab_pages)
        if "view" not in page.meta:
            page.meta["view"] = plan.data.plain(str(page.meta.get("title") or page.title or ""))
        describe(page, plan.subjects.get(source) or hand_written(page, self._prefix), plan.heads, config)
        return markdown

    def inspect(self, html: str, page: Page) -> None:
        """Note what *html*, the rendered text of *page*, must not have; of an article, keep what the search finds."""
        is_article = self._planned.article(page.file.src_uri) is not None
        note(self._rendered, html, page, self._prefix, is_article=is_article)

    def look_back(self, files: Files) -> None:
        """All pages are rendered: end the build if any has unsafe markup, tell those of labs what they verify, and
        those that readers can save how much that is."""
        refuse_unsafe(self._rendered)
        plan = self._planned
        quote_articles(plan.subjects, self._rendered.bodies, files)
        if plan.shared["saving"] and self._rendered.texts.keys() >= {article.src_uri for article in plan.site.articles}:
            tell_weights(plan.site, plan.views, self._rendered, files, plan.heads.identity.language)

    def finish(self, config: MkDocsConfig) -> None:
        """Write all that stands beside the pages and put the site in its place, unless something refuses it."""
        plan, site = self._planned, Path(config.site_dir)
        if self._staging is None:  # a dirty build renders what changed; what follows is made from all articles
            log.info("a dirty build renders what changed: the files beside the pages stay as they were")
            refuse_broken(site, plan.feeds)
            return
        publication = self._publication(plan)
        write_outputs(
            RenderedSite(
                publication,
                site,
                self._rendered.texts,
                self._prefix,
                plan.cards,
                self._root / self._options.cards_cache,
            )
        )
        refuse_broken(site, plan.feeds)
        check_contract(
            publication,
            config,
            sources=sources_of(plan.files, self._prefix),
            cards=plan.cards is not None,
            allowed=self._options.allow,
            serving=self._run.serves,
        )
        if config.strict and (count := _warnings()):
            raise Abort(f"Aborted with {count} warnings in strict mode; the last good site is unchanged.")
        config.site_dir = str(self._staging.target)
        self._staging.promote()
        self._staging = None

    def abandon(self) -> None:
        """Remove what was built so far."""
        if self._staging is not None:
            self._staging.discard()
            self._staging = None

    def _publication(self, plan: Plan) -> Publication:
        return Publication(
            plan.heads.identity,
            plan.site,
            plan.views,
            self._rendered.bodies,
            self._provenance(),
            texts=texts_beside(plan.site.articles, self._docs),
            addresses=plan.addresses,
            feeds=tuple((feed["title"], feed["url"]) for feed in plan.feeds),
            redirects=plan.redirects,
            titles=self._rendered.titles,
            feed_size=self._options.feed_size,
        )

    def _revision(self) -> Revision:
        ours = (self._staging.folder, self._staging.target) if self._staging else ()
        return revision(self._root, written=ours)

    def _provenance(self) -> Provenance | None:
        return provenance(self._root, HOST, self._began, self._revision()) if self._began else None

    @property
    def _planned(self) -> Plan:
        if self._plan is None:
            raise RuntimeError("no site has been read: on_files was not called")
        return self._plan


def _warnings() -> int:
    """How many warnings MkDocs has counted since the build began: what it is about to refuse a strict build for."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return sum(count for counter in counters for _, count in counter.get_counts())
