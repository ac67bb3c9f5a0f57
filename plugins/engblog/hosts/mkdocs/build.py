"""One build: from files to the article model to pages, until the finished site is in its place.

This module only coordinates; the steps are functions of values in the modules that it calls. The state of a build is
here: its :class:`~engblog.hosts.mkdocs.plan.Plan`, the :class:`~engblog.hosts.mkdocs.render.Rendered` pages, and the
folder that the host writes to.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from engblog.contract.check import read_built
from engblog.contract.files import Own
from engblog.disk.docs import display_path
from engblog.disk.read_pages import ReadPages
from engblog.disk.staging import Staging, StagingError
from engblog.disk.time_limit import TimeLimit
from engblog.disk.workers import in_workers
from engblog.hosts.mkdocs import render
from engblog.hosts.mkdocs.addresses import sources_of
from engblog.hosts.mkdocs.assets import digests_of_theme, named_code, theme_scripts
from engblog.hosts.mkdocs.contract import check_contract
from engblog.hosts.mkdocs.failures import is_expected, problem_of_build
from engblog.hosts.mkdocs.labs import quote_articles
from engblog.hosts.mkdocs.offline import tell_weights
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.outputs import RenderedSite, write_outputs
from engblog.hosts.mkdocs.place import ModelPage
from engblog.hosts.mkdocs.plan import Plan, make_plan
from engblog.hosts.mkdocs.reads import HOST, sources_of_build
from engblog.hosts.mkdocs.render import Rendered, describe, note, note_kept, refuse_unfaithful
from engblog.hosts.mkdocs.renditions import Making, Rendition, Renditions, contents_of
from engblog.hosts.mkdocs.rss_plugin import digests_of_sheets, refuse_broken
from engblog.hosts.mkdocs.run import HostRun
from engblog.hosts.mkdocs.settings import docs_settings, root_of
from engblog.hosts.mkdocs.sources import data_of_labs, late_page, texts_beside
from engblog.hosts.mkdocs.texts import Text, first_line_of, read_text
from engblog.hosts.mkdocs.unchanged import Kept
from engblog.hosts.mkdocs.whole_feeds import take_whole_feeds
from engblog.markdown.figures import Noted
from engblog.model.article import Article
from engblog.model.problems import report
from engblog.model.publication import FeedTexts, Provenance, Publication
from engblog.pages.head import Subject
from engblog.publish.provenance import provenance, revision
from engblog.source.handwritten import HandWritten

log = logging.getLogger("mkdocs.plugins.engblog")


class Build:
    """State of one build. ``mkdocs serve`` makes a new one for every rebuild."""

    def __init__(self, options: EngblogOptions, config: MkDocsConfig, run: HostRun, kept: Kept | None = None) -> None:
        """Take what earlier builds have *kept*, check the host's settings and send its output to a folder beside the
        site, unless the build is dirty."""
        if not config.use_directory_urls:
            raise PluginError("engblog needs `use_directory_urls: true`, because articles' addresses end with a slash")
        self._options = options
        self._run = run
        self._root = root_of(config)
        self._docs = Path(config.docs_dir)
        self._prefix = display_path(self._docs)
        self._plan: Plan | None = None
        self._rendered = Rendered()
        self._limit = TimeLimit()
        self._config_file = display_path(self._root) + Path(config.config_file_path or "mkdocs.yml").name
        self._subjects: dict[str, Subject] = {}
        """The subjects of pages that the host has read."""
        self._text: Text | None = None
        """The text that is being rendered."""
        self._kept = kept
        self._renditions = Renditions(kept) if kept is not None else None
        self._making: Making | None = None
        self._repository = docs_settings(options, config).repository
        render.claim_settings(config)
        self._sources = sources_of_build(config, options)
        try:
            self._staging = None if run.dirty else Staging(Path(config.site_dir), is_ours=run.serves)
        except StagingError as error:
            raise PluginError(str(error)) from None
        if self._staging:
            config.site_dir = str(self._staging.folder)
            self._sources = replace(self._sources, written=(*self._sources.written, self._staging.folder))
        self._began = revision(self._sources) if run.is_for_readers else None

    def add_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Place the articles and all generated pages among *files*. Any problem ends the build, all named at once."""
        plan = self._plan = make_plan(files, self._options, config, self._run, self._kept)
        config.extra["engblog"] = dict(plan.shared)
        return files

    def order(self, nav: Navigation) -> Navigation:
        """Set previous and next by date instead of by the navigation."""
        for page in nav.pages:
            page.previous_page = page.next_page = None
        by_source = {page.file.src_uri: page for page in nav.pages}
        for article in self._planned.site.articles:
            if (own := by_source.get(article.src_uri)) is not None:
                older, newer = self._planned.data.neighbours(article)
                own.previous_page = by_source.get(older.src_uri) if older else None
                own.next_page = by_source.get(newer.src_uri) if newer else None
        return nav

    def render_in_workers(self, config: MkDocsConfig) -> None:
        """Render the articles of which no earlier build has left the page, on all cores. What a worker leaves is what
        an earlier build would have left; whatever it cannot render is rendered, and refused, in its turn."""
        plan, renditions = self._planned, self._renditions
        if renditions is None:
            return

        def is_new(article: Article) -> bool:
            page = self._page_of(article)
            return page is not None and not renditions.has(
                renditions.begin(article, page.file, article.body, self._folder_of(article))
            )

        def work(article: Article) -> None:
            if (page := self._page_of(article)) is not None:
                with TimeLimit(has_guard=False).of(article.src_uri):
                    page.meta = dict(page.model_meta)
                    page.markdown = self.prepare(article.body, page, config)
                    page.render(config, plan.files)
                    self.inspect(page.content or "", page)

        new = [article for article in plan.site.articles if is_new(article)]
        log.info(
            "articles: %d are rendered, %d are as an earlier build left them",
            len(new),
            len(plan.site.articles) - len(new),
        )
        in_workers(new, work)

    def _page_of(self, article: Article) -> ModelPage | None:
        file = self._planned.files.get_file_from_path(article.src_uri)
        return file.page if file is not None and isinstance(file.page, ModelPage) else None

    def _folder_of(self, article: Article) -> Path:
        return (self._docs / article.src_uri).parent

    def source_of(self, page: Page) -> str | None:
        """The text of a hand-written page, without the front matter that was read already; None for other pages."""
        source = page.file.src_uri
        if source not in self._subjects:
            self._subjects[source] = self._planned.subjects.get(source) or late_page(page.file, self._prefix)
        subject = self._subjects[source]
        # The host parses front matter in whatever it is given: an empty one keeps it from the text.
        return f"---\n{{}}\n---\n{subject.body}" if isinstance(subject, HandWritten) else None

    def prepare(self, markdown: str, page: Page, config: MkDocsConfig) -> str:
        """Write *markdown* for the renderer, tell its extensions about *page*, and put everything that its template
        reads into its ``meta``."""
        plan, source = self._planned, page.file.src_uri
        folder, article = (self._docs / source).parent, plan.article(source)
        making = self._begin(markdown, page, folder, article)
        looked_at = making.looked_at if making else None
        render.set_page(config, folder, article, lab_pages=self._options.lab_pages, looked_at=looked_at)
        subject = self._subjects.get(source) or plan.subjects.get(source) or late_page(page.file, self._prefix)
        if isinstance(subject, HandWritten):
            page.meta = {**subject.meta}
            page.meta["view"] = plan.data.plain(subject.texts.get("title") or str(page.title or ""))
        describe(page, subject, plan.heads, config)
        if isinstance(page, ModelPage) and page.rendition is not None:
            self._text = None
            return markdown
        self._text = self._read(markdown, page, folder, render.seal_of(config), looked_at)
        if self._text and (too_much := self._text.bounds()):
            raise PluginError("a page is too large:\n" + report(too_much))
        return self._text.canonical if self._text else markdown

    def inspect(self, html: str, page: Page) -> str:
        """Compare *html*, the rendered text of *page*, with its source; for an article, also keep it for the search.
        Returns what readers get."""
        if not isinstance(page, ModelPage):
            return note(self._rendered, html, page, self._text)
        if page.rendition is not None:
            return note_kept(self._rendered, page, page.rendition)
        problems = len(self._rendered.problems)
        html = note(self._rendered, html, page, self._text)
        if self._renditions and page.making and len(self._rendered.problems) == problems:
            links = {file.src_uri: each for file, each in (page.links_to_anchors or {}).items()}
            ids, sections = frozenset(page.present_anchor_ids or ()), self._rendered.texts[page.file.src_uri]
            self._renditions.keep(page.making, Rendition(html, contents_of(page.toc), ids, links, sections))
        return html

    def _begin(self, markdown: str, page: Page, folder: Path, article: Article | None) -> Making | None:
        """Look for what an earlier build has made of *page*; None if it is not one whose text is kept."""
        if self._renditions is None or article is None or not isinstance(page, ModelPage):
            return None
        page.making = self._making = self._renditions.begin(article, page.file, markdown, folder)
        page.rendition = self._renditions.find(page.making, self._planned.files)
        return page.making

    def _read(self, markdown: str, page: Page, folder: Path, seal: str, looked_at: Noted | None = None) -> Text | None:
        if page.file.generated_by:
            return None
        article = self._planned.article(page.file.src_uri)
        first = article.body_line if article else first_line_of(markdown, page.file.content_string)
        path = self._prefix + page.file.src_uri
        is_article = article is not None
        return read_text(
            markdown, first, path, folder, self._docs, is_article=is_article, seal=seal, looked_at=looked_at
        )

    def look_back(self, files: Files) -> None:
        """End the build if a page does not show what was written; then give the pages of labs the sentences that they
        verify, and pages that readers can save the size of that."""
        refuse_unfaithful(self._rendered)
        plan = self._planned
        quote_articles(plan.subjects, self._rendered.bodies, files)
        if plan.shared["saving"] and self._rendered.texts.keys() >= {article.src_uri for article in plan.site.articles}:
            tell_weights(plan.site, plan.views, self._rendered, files, plan.heads.identity.language)

    def finish(self, config: MkDocsConfig) -> None:
        """Write all files besides the pages and put the site into its place, unless a check refuses it."""
        plan, site = self._planned, Path(config.site_dir)
        if self._staging is None:  # a dirty build renders only changed pages; everything below needs all articles
            log.info("a dirty build renders only the pages that changed and leaves all other files unchanged")
            refuse_broken(site, plan.feeds)
            return
        publication = take_whole_feeds(self._publication(plan), config)
        written = write_outputs(
            RenderedSite(
                publication,
                site,
                self._rendered.texts,
                self._prefix,
                plan.cards,
                self._root / self._options.cards_cache,
                self._kept,
            )
        )
        refuse_broken(site, plan.feeds)
        check_contract(
            publication,
            config,
            sources=sources_of(plan.files, self._prefix),
            cards=plan.cards is not None,
            scripts=theme_scripts(plan.files, config),
            own=Own(
                digests_of_theme(plan.files, config) | digests_of_sheets(config) | written,
                plan.shared["policy"],
                named_code(plan.files, config),
            ),
            allowed=self._options.allow,
            previewed=replace(plan.previewed, texts=self._rendered.written) if plan.previewed else None,
            run=self._run,
            read=ReadPages(self._kept.store, self._kept.surroundings, read_built).read if self._kept else None,
        )
        if config.strict and (count := _warnings()):
            raise Abort(f"Aborted with {count} warnings in strict mode; the last good site is unchanged.")
        config.site_dir = str(self._staging.target)
        self._staging.promote()
        self._staging = None
        self._limit.close()

    @property
    def files_of_repository(self) -> tuple[str, ...]:
        """The files that old addresses lead to outside the docs folder, by path from the configuration's folder."""
        lead = self._repository
        return tuple(
            each.target.removeprefix(lead) for each in self._planned.redirects if each.target.startswith(lead) and lead
        )

    def watch(self, page: Page) -> None:
        """Let *page* take no longer than a page may."""
        self._limit.start(self._prefix + page.file.src_uri)

    def unwatch(self) -> None:
        """Take note that the page is done."""
        self._limit.stop()

    def explain(self, error: Exception) -> str | None:
        """Say with which file *error* ended the build; None for an error that says it."""
        self._limit.stop()
        if is_expected(error):
            return None
        log.debug("the build was ended by:", exc_info=error)
        problem = problem_of_build(error, self._prefix, self._config_file)
        return "the site cannot be built:\n" + report([problem])

    def abandon(self) -> None:
        """Remove the unfinished build."""
        if self._making is not None:
            self._making.end()
        self._limit.close()
        if self._staging is not None:
            self._staging.discard()
            self._staging = None

    def _publication(self, plan: Plan) -> Publication:
        texts = texts_beside(plan.site.articles, self._docs)
        return Publication(
            plan.heads.identity,
            plan.site,
            plan.views,
            self._rendered.bodies,
            self._provenance(),
            texts=texts,
            lab_data=data_of_labs(plan.site.articles, self._docs, texts),
            addresses=plan.addresses,
            feeds=tuple((feed["title"], feed["url"]) for feed in plan.feeds),
            feed_sheets=plan.feed_sheets,
            card_pictures=plan.card_pictures,
            redirects=plan.redirects,
            old_feeds=plan.old_feeds,
            titles=self._rendered.titles,
            feed_size=self._options.feed_size,
            feed_texts=FeedTexts(self._options.feed_texts),
        )

    def _provenance(self) -> Provenance | None:
        return provenance(self._root, HOST, self._began, revision(self._sources)) if self._began else None

    @property
    def _planned(self) -> Plan:
        if self._plan is None:
            raise RuntimeError("no site has been read: on_files was not called")
        return self._plan


def _warnings() -> int:
    """The number of warnings that MkDocs has counted since the build began, for which it will refuse a strict build."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return sum(count for counter in counters for _, count in counter.get_counts())
