"""The MkDocs plugin: short hooks that call :mod:`engblog.hosts.mkdocs.build`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.base import ConfigErrors, ConfigWarnings, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engblog.disk import clock
from engblog.disk.docs import publication_hours, stray_links
from engblog.hosts.mkdocs.build import Build
from engblog.hosts.mkdocs.deploy import Deploy, no_room
from engblog.hosts.mkdocs.escaping import escape_by_default, mark_content
from engblog.hosts.mkdocs.options import EngblogOptions
from engblog.hosts.mkdocs.rebuilds import forget_last_build
from engblog.hosts.mkdocs.run import HostRun
from engblog.hosts.mkdocs.serving import allow_own_script, guard_server
from engblog.hosts.mkdocs.settings import docs_settings
from engblog.hosts.mkdocs.unchanged import Kept, LastBuild, kept_for, last_build
from engblog.hosts.mkdocs.warned import Warnings
from engblog.model.problems import report

log = logging.getLogger("mkdocs.plugins.engblog")


class EngblogPlugin(BasePlugin[EngblogOptions]):
    """Renders the article model with MkDocs. All state is one :class:`Build`, created for each build."""

    _command: str = "build"
    _dirty: bool = False
    _nonce: str = ""
    _build: Build | None = None
    _release_clock: Callable[[], None] = staticmethod(lambda: None)
    _deploy: Deploy | None = None
    _kept: Kept | None = None
    _last: LastBuild | None = None
    _warnings: Warnings | None = None
    _hours: tuple[datetime, ...] = ()

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Treat an unknown option as an error, because MkDocs would only warn and then build a site that nobody
        wanted."""
        errors, warnings = super().load_config(options, config_file_path)
        return [*errors, *((name, _as_error(said)) for name, said in warnings)], []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember the command: only ``serve`` previews drafts."""
        self._command, self._dirty = command, dirty
        self._nonce = secrets.token_hex(16) if command == "serve" else ""
        guard_server()
        self._deploy = None

    @event_priority(100)  # first: nothing is written yet
    def _preflight(self, config: MkDocsConfig) -> MkDocsConfig:
        """Refuse a deployment before anything is built, if a check fails."""
        if self._command == "gh-deploy":
            self._deploy = Deploy(self.config, config, dirty=self._dirty)
        return config

    @event_priority(100)  # first: other plugins prepare for the build
    def _forget(self, config: MkDocsConfig) -> MkDocsConfig:
        """Forget the last build of this process."""
        forget_last_build(config, dirty=self._dirty)
        return config

    @event_priority(100)  # first: nothing is done yet
    def _end_if_unchanged(self, config: MkDocsConfig) -> MkDocsConfig:
        """End a build that would make the site that is there already, with success."""
        self._release_clock()
        try:
            self._kept = kept_for(config, self.config)
            self._last = last_build(config, self.config, self._run, self._kept)
            if self._last is not None and self._last.is_current():
                log.info("nothing has changed since the last build: %s is as it was", config.site_dir)
                raise SystemExit(0)
        except clock.ClockError as error:
            raise PluginError(str(error)) from None
        return config

    @event_priority(100)  # first: other plugins note the moment of the build
    def _hold_clock(self, config: MkDocsConfig) -> MkDocsConfig:
        self._release_clock()
        try:
            settings = docs_settings(self.config, config)
            self._hours = tuple(publication_hours(Path(config.docs_dir), settings)) if not clock.is_set() else ()
            self._release_clock = clock.hold(self._hours)
        except clock.ClockError as error:
            raise PluginError(str(error)) from None
        return config

    @event_priority(-100)  # last: other plugins' checks of the configuration come first
    def _start(self, config: MkDocsConfig) -> MkDocsConfig:
        """Start a build: options checked, output sent to a staging folder."""
        if links := stray_links(Path(config.docs_dir)):  # MkDocs walks the folder next, along every link
            raise PluginError("the docs folder has files that no site can have:\n" + report(links))
        self._warnings = Warnings()
        self._build = Build(self.config, config, self._run, self._kept)
        return config

    on_config = CombinedEvent(_preflight, _forget, _end_if_unchanged, _hold_clock, _start)

    @event_priority(100)  # first: other plugins look at the page too
    def on_pre_page(self, page: Page, config: MkDocsConfig, files: Files) -> Page:
        """Give the page the time that it may take to be rendered."""
        self._current.watch(page)
        return page

    @event_priority(-100)  # last: other plugins have changed it
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        """Take note that the page is done."""
        self._current.unwatch()
        return output

    @event_priority(50)  # before plugins that look at the files
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Read and check all articles, then add them and the generated pages to the files."""
        return self._current.add_pages(files, config)

    @event_priority(50)  # before mkdocs-blog-plugin, which moves the section to the end
    def _order(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Set previous and next by date."""
        return self._current.order(nav)

    @event_priority(-100)  # last: all files have their addresses
    def _warm(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Render on all cores what has to be rendered."""
        self._current.render_in_workers(config)
        return nav

    on_nav = CombinedEvent(_order, _warm)

    def on_page_read_source(self, page: Page, config: MkDocsConfig) -> str | None:
        """Give the host the text of a hand-written page, whose front matter is read already."""
        return self._current.source_of(page)

    def on_page_markdown(self, markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell the Markdown extensions which page comes, and give a hand-written page its data."""
        return self._current.prepare(markdown, page, config)

    @event_priority(100)  # first: other plugins get what readers get
    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Inspect the rendered page."""
        shown = self._current.inspect(html, page)
        self._current.unwatch()
        return shown

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Refuse unsafe pages and compute sizes, now that all pages are rendered and none is written."""
        self._current.look_back(files)
        escape_by_default(env, config)
        return env

    @event_priority(-100)  # last: other plugins change the content as text
    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Tell the templates, which escape everything else, that the page's content is markup, and give the page's own
        the time that it may take."""
        mark_content(page)
        self._current.watch(page)
        return context

    @event_priority(-100)  # last: feeds and sitemaps are in place
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Put the finished site in its place."""
        epoch = clock.moment_of_build(())
        self._current.finish(config)
        self._release_clock()
        has_warned = self._warnings is None or self._warnings.end()
        if self._last is not None and not has_warned:
            self._last.record(self._hours, epoch, self._current.files_of_repository)
        if self._kept is not None:
            self._kept.digests.save()
            self._kept.store.prune()
        if self._deploy is not None:
            self._deploy.site = Path(config.site_dir)

    @event_priority(-100)  # last: it may end the build in a way of its own
    def on_build_error(self, error: Exception) -> None:
        """Drop the failed build; the last good site stays."""
        said = no_room(error)
        if self._build is not None:
            said = said or self._build.explain(error)
            self._build.abandon()
        if self._warnings is not None:
            self._warnings.end()
        self._release_clock()
        if said is not None:
            raise Abort(said) from None

    @event_priority(-100)  # last: other plugins have tidied up
    def on_shutdown(self) -> None:
        """Deploy the site that `gh-deploy` has built, because MkDocs itself would push it without a lease."""
        if self._deploy is not None:
            self._deploy.end()

    def on_serve(
        self, server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Serve the last good site after a failed rebuild; MkDocs would let every request hang until one succeeds.
        Pages run the server's own script and no other."""
        if self._nonce:
            allow_own_script(server, self._nonce)
        if not self._dirty:  # a dirty build writes into the site, which may be half done
            server.builder = _lenient(server.builder)
        return server

    @property
    def _run(self) -> HostRun:
        is_deployed = self._deploy is not None
        return HostRun(self._command == "serve", deploys=is_deployed, dirty=self._dirty, nonce=self._nonce)

    @property
    def _current(self) -> Build:
        if self._build is None:
            raise RuntimeError("no build has started: on_config was not called")
        return self._build


def _lenient(build: Callable[[], None]) -> Callable[[], None]:
    """Wrap *build* so that it logs an error instead of raising it."""

    def attempt() -> None:
        try:
            build()
        except Exception as error:
            # MkDocs has logged errors that end a build on purpose; anything else is shown with its traceback.
            log.error("%s", error, exc_info=None if isinstance(error, SystemExit) else error)
            log.error("The last good site is served until this is fixed.")

    return attempt


def _as_error(said: Any) -> Exception:
    return ValidationError(f"{said}. The options are documented in documentation/options.md")
