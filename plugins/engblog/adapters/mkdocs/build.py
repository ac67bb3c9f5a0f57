"""One build: from files to the article model to pages, and the finished site into its place."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from engblog.adapters.mkdocs import contract
from engblog.adapters.mkdocs import files as model_files
from engblog.adapters.mkdocs.feeds import broken_feeds, feed_meta, feeds_of, with_atom
from engblog.adapters.mkdocs.options import EngblogOptions
from engblog.adapters.mkdocs.outputs import write_outputs
from engblog.core.addresses import page_address
from engblog.core.cards import Card, CardError, article_card, site_card
from engblog.core.checks import Check
from engblog.core.dependencies import page_dependencies
from engblog.core.feeds.ids import default_authority
from engblog.core.head import HandWritten, Heads, LabPage, Subject
from engblog.core.labpage import lab_html
from engblog.core.markup import unsafe_markup
from engblog.core.model import Article, Lab, Site, View
from engblog.core.offline import Weight, index_bytes, is_shell, shown_pictures
from engblog.core.outline import GENERATED
from engblog.core.pagedata import PageData, card_data, test_anchor
from engblog.core.policy import InlineScript, inline_script, page_policy
from engblog.core.problems import Code, Mark, Problem, Problems, report
from engblog.core.publication import Identity, Provenance, Publication
from engblog.core.redirects import Move, Redirect, resolve_redirects
from engblog.core.robots import robots
from engblog.core.search import Section, documents_of, sections_of
from engblog.core.structured import open_graph_locale
from engblog.core.views import INDEXES, build_views
from engblog.io.buildinfo import Revision, provenance, revision
from engblog.io.cards import STYLE, CardMaker, write_cards
from engblog.io.clock import ClockError
from engblog.io.search import write_search
from engblog.io.sources import Settings, display_path, read_redirects, read_site
from engblog.io.staging import Staging

log = logging.getLogger("mkdocs.plugins.engblog")

HOST = MkDocsConfig.__module__.partition(".")[0]
"""The package that renders: ``mkdocs``, or ``properdocs``, which goes by that name too."""
_EXTENSION = "engblog.markdown"
_SNIPPETS = "pymdownx.snippets"
_PAGE_BYTES, _ROW_BYTES = 14_000, 500
"""About how many bytes a page has beside its text, and a row of a list: a page says how much there is to save before it
is written. What is saved is counted."""
_LEFT_BY_TOOLS = frozenset({"__pycache__", "node_modules"})


class Build:
    """State of one build. ``mkdocs serve`` makes a new one for every rebuild."""

    def __init__(
        self,
        options: EngblogOptions,
        config: MkDocsConfig,
        *,
        preview: bool,
        staged: bool,
        traced: bool = False,
        reloads: bool = False,
    ) -> None:
        """Check the host's settings and, if *staged*, send its output to a folder beside the site; if *traced*, that
        says what it was built from. If it *reloads*, the host will write a script into every page that it serves.
        Nothing is offered to be saved for offline then: no digest would fit."""
        if not config.use_directory_urls:
            raise PluginError("engblog needs `use_directory_urls: true`: articles' addresses end with a slash")
        self._options = options
        self._preview = preview
        self._reloads = reloads
        self._docs = Path(config.docs_dir)
        self._articles: dict[str, Article] = {}
        self._files: Files | None = None
        self._publication: Publication | None = None
        self._data: PageData | None = None
        self._site: Site | None = None
        self._heads: Heads | None = None
        self._subjects: dict[str, Subject] = {}
        self._views: tuple[View, ...] = ()
        self._bodies: dict[str, str] = {}
        self._texts: dict[str, tuple[Section, ...]] = {}
        self._lab_bytes: dict[str, int] = {}
        self._unsafe: list[Problem] = []
        self._feeds: list[dict[str, str]] = []
        self._addresses: dict[str, str] = {}
        self._cards: dict[str, Card] = {}
        self._card_maker: CardMaker | None = None
        self._moves: tuple[Move, ...] = ()
        self._redirects: tuple[Redirect, ...] = ()
        self._titles: dict[str, str] = {}
        self.dependencies: Mapping[str, frozenset[str]] = {}
        for extension in (_EXTENSION, _SNIPPETS):
            if extension in config.markdown_extensions:
                config.mdx_configs.setdefault(extension, {})
        self._staging = Staging(Path(config.site_dir)) if staged else None
        if self._staging:
            config.site_dir = str(self._staging.folder)
        self._root = Path(config.config_file_path or ".").parent
        self._began = self._revision() if traced and self._staging else None

    # on_files

    def add_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Place the articles and all generated pages among *files*. Any problem ends the build, all named at once."""
        self._files = files
        site = self._site = self._read(config)
        self._feeds = feeds_of(config)
        home = files.get_file_from_path("index.md")
        hero = _front_matter(home, config) if home else {}
        pictures = self._plan_cards(site, hero, config)
        data = PageData(
            site,
            cards=pictures,
            twins=bool(config.site_url),
            related_count=self._options.related,
            issues_url=_issues_url(config),
            lab_pages=self._options.lab_pages,
            feeds=bool(config.site_url),
        )
        self._data = data
        views = self._views = build_views(site, page_size=self._options.page_size, feeds=bool(config.site_url))
        self._place_articles(files, site, data, config)
        self._place_views(files, home, hero, views, data, config)
        self._addresses = {file.src_uri: "" if file.url == "./" else file.url for file in files}
        if self._options.standalone_theme:
            for file in [file for file in files if model_files.is_parent_theme_file(file, config)]:
                files.remove(file)
        inline = _take_inline_scripts(files, self._docs)
        if files.get_file_from_path("robots.txt") is None:  # a maintainer's own stays as it is
            files.append(File.generated(config, "robots.txt", content=robots(_identity(config, self._options))))
        self._refuse_clashes(files)
        self._redirects = self._resolve_redirects(site, files)
        shared = data.site(
            plain_pages=frozenset(file.url for file in files.documentation_pages()),
            feeds=with_atom(self._feeds, config),
            assets_version=_digest_of_assets(files),
            card=pictures.get(""),
            saving=not self._reloads and self._staging is not None,
        )
        self._heads = Heads(_identity(config, self._options), site, search=shared["links"]["search"])
        config.extra["engblog"] = shared | {
            "policy": page_policy(inline, reloads=self._reloads),
            "inline_scripts": [script.text for script in inline],
            "locale": open_graph_locale(self._heads.identity.language),
        }
        self.dependencies = page_dependencies(site, views, data)
        log.info("%d articles, %d generated pages", len(site.articles), len(views))
        return files

    def _read(self, config: MkDocsConfig) -> Site:
        try:
            lag = Check.LABS in self._options.allow
            catalogue = read_site(self._docs, self._settings, preview=self._preview, labs_may_lag=lag)
        except ClockError as error:
            raise PluginError(str(error)) from None
        problems = Problems([*catalogue.problems])
        self._moves = read_redirects(self._docs, self._settings, problems)
        if problems.found:
            raise PluginError("the articles have problems:\n" + report(problems.sorted()))
        for article in catalogue.site.articles if lag else ():
            if article.lab and not article.lab.in_step:
                log.info("allowed: labs: the lab of %s has changed since its recorded run", article.src_uri)
        return catalogue.site

    def _plan_cards(self, site: Site, hero: Mapping[str, Any], config: MkDocsConfig) -> dict[str, dict[str, Any]]:
        """Decide on all cards; what pages say of them, by article's ``src_uri``, the site's own under the empty key."""
        if not self._options.cards:
            return {}
        identity = _identity(config, self._options)
        try:
            maker = self._card_maker = CardMaker(_theme_with_cards(config))
        except CardError as error:
            raise PluginError(f"cards cannot be drawn: {error}") from None
        self._cards = {article.src_uri: article_card(article, identity.name) for article in site.articles}
        self._cards[""] = site_card(identity, hero)
        return {owner: card_data(card, maker.path(card), identity) for owner, card in self._cards.items()}

    def _place_articles(self, files: Files, site: Site, data: PageData, config: MkDocsConfig) -> None:
        for vocabulary in self._settings.vocabularies:
            if (file := files.get_file_from_path(vocabulary)) is not None:
                files.remove(file)
        by_folder = {article.src_uri.rpartition("/")[0]: article for article in site.articles}
        lead = f"{self._options.articles_dir}/"
        for file in [file for file in files if file.src_uri.startswith(lead)]:
            folder = lead + file.src_uri.removeprefix(lead).partition("/")[0]
            article = by_folder.get(folder)
            left_by_tools = not _LEFT_BY_TOOLS.isdisjoint(file.src_uri.split("/"))
            if article is None or left_by_tools or (file.is_documentation_page() and file.src_uri != article.src_uri):
                files.remove(file)  # an article that is not shown takes its pictures and its lab with it
            elif file.src_uri == article.src_uri:
                self._articles[file.src_uri] = self._subjects[file.src_uri] = article
                model_files.add_article(article, file, _article_meta(article, data), config)
            else:
                model_files.move_beside_article(file, folder, article)
        for article in site.articles:
            if article.lab and self._options.lab_pages:
                self._add_lab_page(article, article.lab, files, data, config)

    def _add_lab_page(self, article: Article, lab: Lab, files: Files, data: PageData, config: MkDocsConfig) -> None:
        folder = article.src_uri.rpartition("/")[0]
        texts = [(name, _text(self._docs / folder / "lab" / name)) for name in lab.files]
        page = data.lab(article, lab)
        page["lab"]["files"] = [each for each, (_, text) in zip(page["lab"]["files"], texts, strict=True) if text]
        description = f"The code, the tests and the measurements behind “{article.title}”."
        meta = {"template": "views/lab.html", "title": page["title"], "description": description, "view": page}
        html = lab_html([(name, text) for name, text in texts if text])
        rows = len(lab.tests) + len(lab.numbers)
        self._lab_bytes[article.src_uri] = len(html.encode()) + _PAGE_BYTES + rows * _ROW_BYTES
        file = model_files.add_generated(
            f"{article.url}lab/", meta, config, files, html=html, src_uri=f"{folder}/lab/index.md"
        )
        self._subjects[file.src_uri] = LabPage(article, lab)

    def _place_views(
        self,
        files: Files,
        home: File | None,
        hero: Mapping[str, Any],
        views: tuple[View, ...],
        data: PageData,
        config: MkDocsConfig,
    ) -> None:
        for view in views:
            if view.kind == "home":
                page = data.home(view, hero)
                meta = model_files.list_meta(view, page, page["hero"]["tagline"] or config.site_description or "")
                meta["title"] = hero.get("title") or "Home" if view.page == 1 else f"Articles, page {view.page}"
            else:
                page = data.index(view) if view.kind in INDEXES else data.listing(view)
                meta = model_files.list_meta(view, page, _description(view, page))
            if view.url == "" and home is not None:
                model_files.replace_with_view(home, meta, config)
                self._subjects[home.src_uri] = view
            else:
                self._subjects[model_files.add_generated(view.url, meta, config, files).src_uri] = view

    def _refuse_clashes(self, files: Files) -> None:
        prefix = display_path(self._docs)
        owners: dict[str, File] = {}
        problems = []
        for file in files:
            if file.inclusion.is_excluded():
                continue
            other = owners.setdefault(file.dest_uri.casefold(), file)
            if other is not file:
                named, beside = (other, file) if file.generated_by else (file, other)
                message = f"the address /{file.url} belongs to {_origin(beside, prefix)} too"
                problems.append(
                    Problem(Mark(_origin(named, prefix)), Code.C001_URL_CLASH, message, "move or rename one of them")
                )
        if problems:
            raise PluginError("pages clash:\n" + report(problems))

    def _resolve_redirects(self, site: Site, files: Files) -> tuple[Redirect, ...]:
        """Old addresses, checked against all that *files* will be. What other plugins write later is a clash then."""
        prefix = display_path(self._docs)
        owners = {file.dest_uri: _origin(file, prefix) for file in files if not file.inclusion.is_excluded()}
        problems = Problems()
        redirects = resolve_redirects(site, self._moves, owners, path_prefix=prefix, problems=problems)
        if problems.found:
            raise PluginError("old addresses have problems:\n" + report(problems.sorted()))
        return redirects

    # on_nav

    def order(self, nav: Navigation) -> Navigation:
        """Previous and next are older and newer, not the neighbours in the navigation."""
        for page in nav.pages:
            page.previous_page = page.next_page = None
        by_source = {page.file.src_uri: page for page in nav.pages}
        for article in self._articles.values():
            if (own := by_source.get(article.src_uri)) is not None:
                older, newer = self._page_data.neighbours(article)
                own.previous_page = by_source.get(older.src_uri) if older else None
                own.next_page = by_source.get(newer.src_uri) if newer else None
        return nav

    # on_page_markdown

    def prepare(self, markdown: str, page: Page, config: MkDocsConfig) -> str:
        """Set the Markdown extensions' settings for *page*; they are read when its renderer is made."""
        folder = (self._docs / page.file.src_uri).parent
        if _SNIPPETS in config.mdx_configs:
            config.mdx_configs[_SNIPPETS]["base_path"] = [str(folder)]
        if _EXTENSION in config.mdx_configs:
            article = self._articles.get(page.file.src_uri)
            config.mdx_configs[_EXTENSION] = {"folder": str(folder), **_lab_settings(article, self._options.lab_pages)}
        if "view" not in page.meta:
            title = str(page.meta.get("title") or page.title or "")
            page.meta["view"] = self._page_data.plain(title)
        self._describe(page, config)
        return markdown

    def _describe(self, page: Page, config: MkDocsConfig) -> None:
        """Give *page* what its head says, and the day on which it changed in place of MkDocs' day of the build."""
        if self._heads is None or self._site is None:
            return
        subject = self._subjects.get(page.file.src_uri) or _hand_written(page, display_path(self._docs))
        description = str(page.meta.get("description") or config.site_description or "")
        view = page.meta["view"]
        page.meta["view"] = view | self._heads.of(subject, unquote(page.file.url), view, description)
        if self._site.articles:  # MkDocs takes the latest of these for the time in sitemap.xml.gz, and needs one
            page.update_date = page.meta["view"]["modified"] or ""

    # on_page_content, on_env

    def inspect(self, html: str, page: Page) -> None:
        """Note what *html*, the rendered text of *page*, must not have; of an article, keep what the search finds."""
        mark = Mark(display_path(self._docs) + page.file.src_uri)
        self._titles[page_address(page.file.dest_uri)] = str(page.meta.get("title") or page.title or "")
        for phrase in unsafe_markup(html):
            hint = "articles are Markdown; show code in a fence or in `backticks`"
            self._unsafe.append(Problem(mark, Code.R007_RAW_HTML, f"{phrase} is not for articles", hint))
        if page.file.src_uri in self._articles:
            self._bodies[page.file.src_uri] = html
            self._texts[page.file.src_uri] = sections_of(html)

    def refuse_unsafe(self) -> None:
        """End the build if any page has unsafe markup, all named at once."""
        if self._unsafe:
            raise PluginError("pages have unsafe markup:\n" + report(self._unsafe))

    def weigh(self, files: Files, config: MkDocsConfig) -> None:
        """Tell the pages of articles and categories about how much a reader saves there."""
        saving = config.extra["engblog"]["saving"]
        if self._site is None or not saving or len(self._bodies) < len(self._site.articles):
            return
        by_address = {file.dest_uri: file for file in files}
        english = str(config.theme.get("language") or "en").startswith("en")
        texts = sum(map(_text_bytes, self._texts.values()))
        first = index_bytes(texts, len(self._site.articles), english=english) + 2 * _PAGE_BYTES
        first += sum(_bytes_of(file) for path, file in by_address.items() if is_shell(path))
        own = {article.url: self._weight(article, by_address) for article in self._site.articles}
        for article in self._site.articles:
            _tell(by_address[f"{article.url}index.html"], article.url, Weight(own[article.url], first))
        of_category: dict[str, int] = {}
        for view in self._views:
            if view.kind == "category":
                more = sum(own[article.url] + 4 * _ROW_BYTES for article in view.articles) + _PAGE_BYTES
                of_category[view.key] = of_category.get(view.key, 0) + more
        for view in self._views:
            if view.kind == "category":
                weight = Weight(of_category[view.key], first, view.total)
                _tell(by_address[f"{view.url}index.html"], view.base_url, weight)

    def _weight(self, article: Article, by_address: Mapping[str, File]) -> int:
        """About how many bytes *article* has, its lab page, its pictures and what the search shows of it included."""
        body = self._bodies[article.src_uri]
        shown = [by_address[path] for path in shown_pictures(article.url, body).values() if path in by_address]
        beside = self._lab_bytes.get(article.src_uri, 0) + _text_bytes(self._texts[article.src_uri])
        return len(body.encode()) + _PAGE_BYTES + beside + sum(map(_bytes_of, shown))

    # on_post_build, on_build_error

    def finish(self, config: MkDocsConfig) -> None:
        """Write all that stands beside the pages and put the site in its place, unless something refuses it."""
        self._write_search(config)
        self._write_cards(config)
        self._write_outputs(config)
        if broken := broken_feeds(Path(config.site_dir), self._feeds):
            raise PluginError("\n".join(broken))
        if self._staging is None:
            return
        self._check_contract(config)
        if config.strict and (count := _warnings()):
            raise Abort(f"Aborted with {count} warnings in strict mode; the last good site is unchanged.")
        config.site_dir = str(self._staging.target)
        self._staging.promote()
        self._staging = None

    def _check_contract(self, config: MkDocsConfig) -> None:
        if self._publication is None:
            return
        prefix = display_path(self._docs)
        contract.check_contract(
            self._publication,
            config,
            sources={file.dest_uri: prefix + file.src_uri for file in self._files or () if not file.generated_by},
            cards=self._card_maker is not None,
            allowed=self._options.allow,
            serving=self._reloads,
        )

    def _write_search(self, config: MkDocsConfig) -> None:
        site = self._site
        if site is None:
            return
        silent = [article.src_uri for article in site.articles if article.src_uri not in self._texts]
        if silent and self._staging is None:
            log.info("a dirty build renders what changed: the search index stays as it was")
            return
        if silent:
            raise PluginError(
                "no page was rendered for these articles, so that nobody would find them: " + ", ".join(silent)
            )
        language = str(config.theme.get("language") or "en")
        documents = documents_of(site.articles, site.taxonomy, self._texts, language)
        try:
            write_search(Path(config.site_dir), documents)
        except OSError as error:
            raise PluginError(f"the search index could not be written: {error}") from None
        log.info("search index: %d articles", len(site.articles))

    def _write_cards(self, config: MkDocsConfig) -> None:
        if self._card_maker is None:
            return
        prefix = display_path(self._docs)
        cards = {prefix + owner if owner else "the site": card for owner, card in self._cards.items()}
        cache = Path(config.config_file_path or "mkdocs.yml").parent / self._options.cards_cache
        try:
            drawn = write_cards(Path(config.site_dir), cards, self._card_maker, cache)
        except CardError as error:
            raise PluginError(str(error)) from None
        log.info("%d cards, %d of them drawn anew", len(cards), drawn)

    def _write_outputs(self, config: MkDocsConfig) -> None:
        if self._site is None or self._staging is None:
            return  # a dirty build renders what changed, and these are made from all articles
        publication = Publication(
            _identity(config, self._options),
            self._site,
            self._views,
            self._bodies,
            self._provenance(),
            texts=self._texts_of_files(self._site),
            addresses=self._addresses,
            feeds=tuple((feed["title"], feed["url"]) for feed in self._feeds),
            redirects=self._redirects,
            titles=self._titles,
            feed_size=self._options.feed_size,
        )
        try:
            count = write_outputs(publication, Path(config.site_dir))
        except FileExistsError as error:
            name = Path(str(error.filename)).relative_to(config.site_dir).as_posix()
            raise PluginError(f"/{name} is written by the build, and by something else too: rename the other") from None
        except OSError as error:
            raise PluginError(f"the site could not be written: {error}") from None
        log.info("%d files beside the pages", count)
        self._publication = publication

    def _revision(self) -> Revision:
        ours = (self._staging.folder, self._staging.target) if self._staging else ()
        return revision(self._root, written=ours)

    def _provenance(self) -> Provenance | None:
        return provenance(self._root, HOST, self._began, self._revision()) if self._began else None

    def _texts_of_files(self, site: Site) -> dict[str, str]:
        """What articles include and what their labs are made of."""
        names: dict[str, None] = {}
        for article in site.articles:
            names.update(dict.fromkeys(article.includes))
            folder = article.src_uri.rpartition("/")[0]
            names.update((f"{folder}/lab/{name}", None) for name in (article.lab.files if article.lab else ()))
        return {name: text for name in names if (text := _text(self._docs / name)) is not None}

    def abandon(self) -> None:
        """Remove what was built so far."""
        if self._staging is not None:
            self._staging.discard()
            self._staging = None

    @property
    def _settings(self) -> Settings:
        options = self._options
        return Settings(options.articles_dir, options.taxonomy, options.authors, options.redirects)

    @property
    def _page_data(self) -> PageData:
        if self._data is None:
            raise RuntimeError("no site has been read: on_files was not called")
        return self._data


def _tell(file: File, url: str, weight: Weight) -> None:
    if file.page is not None:
        file.page.meta["view"]["offline"] = {"url": url, **asdict(weight)}


def _text_bytes(sections: tuple[Section, ...]) -> int:
    return sum(len(section.text.encode()) for section in sections)


def _bytes_of(file: File) -> int:
    return Path(file.abs_src_path).stat().st_size if file.abs_src_path else len(file.content_bytes)


def _warnings() -> int:
    """How many warnings MkDocs has counted since the build began: what it is about to refuse a strict build for."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return sum(count for counter in counters for _, count in counter.get_counts())


def _article_meta(article: Article, data: PageData) -> dict[str, Any]:
    """Front matter as templates and other plugins see it."""
    return {
        "template": "article.html",
        "title": article.title,
        "description": article.description,
        **feed_meta(article),
        "view": data.article(article),
    }


def _lab_settings(article: Article | None, linked: bool) -> dict[str, Any]:
    lab = article.lab if article else None
    if lab is None:
        return {"numbers": {}, "claims": {}}
    return {
        "numbers": {number.key: (number.text, number.note) for number in lab.numbers},
        "claims": {
            test.name: (f"lab/index.md#{test_anchor(test.name)}" if linked else "", test.claim or test.name)
            for test in lab.tests
        },
    }


def _description(view: View, page: Mapping[str, Any]) -> str:
    intro = page.get("intro")
    if intro and view.page == 1:
        return str(intro)
    noun = "article" if view.total == 1 else "articles"
    about = {
        "archive": f"All {view.total} {noun} by year.",
        "tags": f"{view.total} tags, by how many articles carry them.",
        "authors": "The people who write here.",
        "corrections": "What was wrong in an article and was put right, and what was brought up to date.",
        "feeds": "Every feed of this site: all articles, each category, tag and author, and corrections.",
        "year": f"{view.total} {noun} of {view.key}.",
        "author": f"{view.total} {noun} by {view.title}.",
        "series": f"The series “{view.title}” in {view.total} parts.",
    }.get(view.kind, f"{view.total} {noun} on {view.title}.")
    return f"{about[:-1]}, page {view.page} of {view.page_count}." if view.page > 1 else about


def _identity(config: MkDocsConfig, options: EngblogOptions) -> Identity:
    url = (config.site_url or "").rstrip("/")
    return Identity(
        name=config.site_name,
        url=f"{url}/" if url else "",
        description=config.site_description or "",
        language=str(config.theme.get("language") or "en"),
        copyright=config.copyright or "",
        repository=config.repo_url or "",
        authority=options.feed_authority or default_authority(url),
    )


def _theme_with_cards(config: MkDocsConfig) -> Path:
    """The theme's folder that has what cards are made of: the first, as for templates."""
    folders = [Path(folder) for folder in config.theme.dirs]
    return next((folder for folder in folders if (folder / STYLE).is_file()), folders[0])


def _issues_url(config: MkDocsConfig) -> str | None:
    repo = config.repo_url
    return f"{repo.rstrip('/')}/issues/new" if repo and "github.com" in repo else None


def _front_matter(file: File, config: MkDocsConfig) -> dict[str, Any]:
    page = Page(None, file, config)
    page.read_source(config)
    return dict(page.meta)


def _digest_of_assets(files: Files) -> str:
    """A short digest of all style sheets and scripts: part of their addresses, so that browsers fetch changed ones."""
    total = hashlib.sha256()
    for file in _assets(files):
        total.update(f"{file.dest_uri}\0".encode() + file.content_bytes)
    return quote_plus(total.hexdigest()[:8])


def _assets(files: Files) -> Iterator[File]:
    return iter(sorted((f for f in files if f.is_css() or f.is_javascript()), key=lambda file: file.dest_uri))


def _take_inline_scripts(files: Files, docs: Path) -> list[InlineScript]:
    """Take the theme's ``inline/*.js`` out of *files*: they stand in every page, by name, and not beside them.

    Raises ``PluginError``, naming all, if one cannot.
    """
    scripts, wrong = [], []
    for file in sorted(files, key=lambda file: file.src_uri):
        own = file.src_dir is not None and Path(file.src_dir).resolve() != docs.resolve()
        if own and file.generated_by is None and file.src_uri.startswith("inline/") and file.is_javascript():
            files.remove(file)
            try:
                scripts.append(inline_script(file.src_uri, file.content_bytes))
            except ValueError as error:
                wrong.append(f"{display_path(Path(str(file.src_dir)))}{error}")
    if wrong:
        raise PluginError("these scripts cannot stand in a page:\n" + "\n".join(wrong))
    return scripts


def _hand_written(page: Page, prefix: str) -> HandWritten:
    """What the front matter of a page that is no article says of it. Raises ``PluginError`` for what it cannot say."""
    mark = Mark(prefix + page.file.src_uri)
    updated, noindex = page.meta.get("updated"), page.meta.get("noindex", False)
    problems = []
    try:
        day = None if updated is None else date.fromisoformat(str(updated)[:10])
    except ValueError:
        day = None
        problems.append(
            Problem(mark, Code.F005_DATE, f"`updated: {updated}` is not a date", "write: updated: 2026-11-20")
        )
    if not isinstance(noindex, bool):
        hint = "write: noindex: true"
        problems.append(Problem(mark, Code.F003_TYPE, f"`noindex: {noindex}` is neither true nor false", hint))
    if problems:
        raise PluginError("pages have problems:\n" + report(problems))
    return HandWritten(day, noindex)


def _origin(file: File, prefix: str) -> str:
    return GENERATED if file.generated_by else prefix + file.src_uri


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
